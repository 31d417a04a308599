with mentions as (

    select * from {{ ref('int_incoming_mentions') }}

),

impossible_counts as (

    select * from {{ ref('int_incoming_impossible_counts') }}
    where fault_code <> 'parts_rounded'

),

lines_set_aside as (

    select
        source_file,
        source_line
    from mentions
    where fault_code in ('counts_contradict', 'sum_incomplete')
    union
    select
        source_file,
        source_line
    from impossible_counts

),

-- Every count of a line without fault, but those that another line has given already.
figures_accepted as (

    select
        'supplied/' || mentions.source_file as publication,
        cast(mentions.first_year as smallint) as data_year,
        cast(mentions.last_year - mentions.first_year + 1 as smallint) as years_in_count,
        'supplied figures by ' || mentions.basis as source_table,
        mentions.basis,
        mentions.precedence,
        mentions.area_code,
        mentions.area_name as area_name_printed,
        mentions.item,
        mentions.count_value,
        case
            when mentions.count_value is not null then 'ok'
            else {{ status_from_mark('cast(null as varchar)', 'mentions.count_mark') }}
        end as count_status,
        case when mentions.count_value is not null then cast(mentions.count_value as varchar) end as count_as_printed,
        case when mentions.count_value is null then mentions.count_mark end as count_mark,
        mentions.source_file,
        mentions.source_line,
        mentions.place as source_place
    from mentions
    left join lines_set_aside
        on mentions.source_file = lines_set_aside.source_file
        and mentions.source_line = lines_set_aside.source_line
    where mentions.fault_code is null
        and lines_set_aside.source_file is null

)

select * from figures_accepted
