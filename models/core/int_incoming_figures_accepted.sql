with incoming as (

    select * from {{ ref('int_incoming_counts_checked') }}
    where problem_column is null

),

-- Precedence 9: where ONS published the count, that is used.
figures_accepted as (

    select
        'supplied/' || source_file as publication,
        cast(year_text as smallint) as data_year,
        'supplied figures by ' || basis_text as source_table,
        basis_text as basis,
        9 as precedence,
        area_code_text as area_code,
        area_name_text as area_name_printed,
        item_text as item,
        {{ whole_number('count_text') }} as count_value,
        case
            when {{ whole_number('count_text') }} is not null then 'ok'
            else {{ status_from_mark('cast(null as varchar)', 'count_text') }}
        end as count_status,
        case when {{ whole_number('count_text') }} is not null then count_text end as count_as_printed,
        case when {{ whole_number('count_text') }} is null then count_text end as count_mark,
        source_file,
        cast(source_line as bigint) as source_line
    from incoming

)

select * from figures_accepted
