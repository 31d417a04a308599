with counts as (

    select * from {{ ref('int_incoming_counts') }}

),

faults as (

    select
        source_file,
        source_line
    from {{ ref('int_incoming_count_faults') }}
    group by source_file, source_line

),

counts_without_fault as (

    select
        counts.*,
        -- What is compared: the number, or the mark in its place.
        coalesce(cast(counts.count_value as varchar), counts.count_mark) as count_said
    from counts
    left join faults
        on counts.source_file = faults.source_file
        and counts.source_line = faults.source_line
    where faults.source_file is null

),

mentions_in_order as (

    select
        *,
        row_number() over first_to_last as mention,
        first_value(source_file) over first_to_last as first_file,
        first_value(source_line) over first_to_last as first_line,
        min(count_said) over of_one_count as lowest_said,
        max(count_said) over of_one_count as highest_said
    from counts_without_fault
    window
        of_one_count as (partition by area_code, first_year, last_year, basis, item, precedence),
        first_to_last as (
            partition by area_code, first_year, last_year, basis, item, precedence
            order by source_file asc, source_line asc, place asc
        )

),

-- Two rows that say the same are one and a repeat; two that differ leave nobody to say which is right.
mentions_compared as (

    select
        source_file,
        source_line,
        place,
        precedence,
        area_code,
        area_name,
        first_year,
        last_year,
        basis,
        item,
        count_column,
        count_text,
        count_value,
        count_mark,
        case
            when lowest_said <> highest_said then 'counts_contradict'
            when mention > 1 then 'count_repeated'
        end as fault_code,
        case
            when lowest_said <> highest_said then lowest_said || ' and ' || highest_said || ' among them'
            when mention > 1 then first_file || ', line ' || cast(first_line as varchar)
        end as detail
    from mentions_in_order

)

select * from mentions_compared
