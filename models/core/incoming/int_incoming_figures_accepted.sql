with counts as (

    select * from {{ ref('int_incoming_counts_listed') }}

),

lines_judged as (

    select * from {{ ref('int_incoming_lines_judged') }}

),

counts_compared as (

    select * from {{ ref('int_incoming_counts_compared') }}

),

-- Every count of a line without fault, but those that another line has given already.
figures_accepted as (

    select
        'supplied/' || counts.source_file as publication,
        cast(counts.first_year as smallint) as data_year,
        cast(counts.last_year - counts.first_year + 1 as smallint) as years_in_count,
        'supplied figures by ' || counts.basis as source_table,
        counts.basis,
        cast(counts.precedence as integer) as precedence,
        counts.area_code,
        counts.area_name as area_name_printed,
        counts.item,
        counts.count_value,
        case
            when counts.count_value is not null then 'ok'
            else {{ status_from_mark('cast(null as varchar)', 'counts.count_mark') }}
        end as count_status,
        case when counts.count_value is not null then cast(counts.count_value as varchar) end as count_as_printed,
        case when counts.count_value is null then counts.count_mark end as count_mark,
        counts.source_file,
        counts.source_line,
        counts.place as source_place
    from counts
    inner join lines_judged
        on counts.source_file = lines_judged.source_file
        and counts.source_line = lines_judged.source_line
    left join counts_compared
        on counts.source_file = counts_compared.source_file
        and counts.source_line = counts_compared.source_line
        and counts.place = counts_compared.place
    where not lines_judged.is_rejected
        and counts_compared.place is null

)

select * from figures_accepted
