{%- set columns = [
    'source_file', 'source_line', 'place', 'precedence', 'area_code', 'area_name', 'first_year', 'last_year', 'basis', 'item',
    'count_column', 'count_text',
] -%}
{%- set count_key = 'source_file, area_code, first_year, last_year, basis, item' -%}
with counts as (

    select * from {{ ref('int_incoming_counts') }}

),

faults as (

    select
        source_file,
        source_line,
        max(case when fault_code like 'count_%' or fault_code = 'character_refused' then 1 else 0 end) = 1 as is_of_count
    from {{ ref('int_incoming_count_faults') }}
    group by source_file, source_line

),

counts_without_fault as (

    select counts.*
    from counts
    left join faults
        on counts.source_file = faults.source_file
        and counts.source_line = faults.source_line
    where faults.source_file is null

),

-- Rows that differ in a column of parts alone (sum in columns.csv, such as the sexes) are one count, which stands in the first of them.
parts as (

    select
        counts.*,
        case when faults.source_file is null then 0 else 1 end as is_faulty
    from counts
    left join faults
        on counts.source_file = faults.source_file
        and counts.source_line = faults.source_line
    where counts.sum_text is not null
        and (faults.source_file is null or faults.is_of_count)

),

parts_in_order as (

    select
        *,
        count(*) over (partition by {{ count_key }}, sum_text) as times_of_part,
        row_number() over (partition by {{ count_key }} order by source_line asc, place asc) as part_order,
        cast(sum(count_value) over (partition by {{ count_key }}) as bigint) as parts_total,
        max(count_mark) over (partition by {{ count_key }}) as parts_mark,
        max(is_faulty) over (partition by {{ count_key }}) = 1 as is_incomplete
    from parts

),

parts_compared as (

    select
        *,
        max(times_of_part) over (partition by {{ count_key }}) > 1 as is_part_repeated
    from parts_in_order

),

-- The sum is hidden where one of the parts is, and not made where one cannot be read; a part that stands there twice leaves nobody to say
-- which is right.
counts_added_up as (

    select
        {{ columns | join(',\n        ') }},
        count_value,
        count_mark,
        false as is_part_repeated,
        false as is_incomplete
    from counts_without_fault
    where sum_text is null
    union all
    select
        {{ columns | join(',\n        ') }},
        case when parts_mark is null and not is_part_repeated then parts_total end as count_value,
        parts_mark as count_mark,
        is_part_repeated,
        is_incomplete
    from parts_compared
    where is_faulty = 0 and (part_order = 1 or is_part_repeated or is_incomplete)

),

counts_to_compare as (

    select
        *,
        -- What is compared: the number, or the mark in its place.
        coalesce(cast(count_value as varchar), count_mark, count_text) as count_said
    from counts_added_up

),

mentions_in_order as (

    select
        *,
        row_number() over first_to_last as mention,
        first_value(source_file) over first_to_last as first_file,
        first_value(source_line) over first_to_last as first_line,
        min(count_said) over of_one_count as lowest_said,
        max(count_said) over of_one_count as highest_said
    from counts_to_compare
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
            when is_incomplete then 'sum_incomplete'
            when lowest_said <> highest_said or is_part_repeated then 'counts_contradict'
            when mention > 1 then 'count_repeated'
        end as fault_code,
        case
            when is_incomplete then null
            when is_part_repeated then 'one part of them twice'
            when lowest_said <> highest_said then lowest_said || ' and ' || highest_said || ' among them'
            when mention > 1 then first_file || ', line ' || cast(first_line as varchar)
        end as detail
    from mentions_in_order

)

select * from mentions_compared
