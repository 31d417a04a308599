with figures as (

    select * from {{ ref('clinical_commissioning_group_indicators') }}

),

figures_typed as (

    select
        'clinical_commissioning_group_indicators' as source_file,
        -- The seed is written in this order; its header is line 1.
        row_number() over (
            order by
                publication asc nulls last,
                data_year asc nulls last,
                source_table asc nulls last,
                area_code asc nulls last,
                item asc nulls last
        ) + 1 as source_line,
        publication,
        data_year,
        source_table,
        area_code,
        area_name_printed,
        item,
        {{ count_from_mark('count_value', 'count_mark') }} as count_value,
        -- The rate has a row of its own: the deaths that it counts together are printed apart, in rows of theirs.
        case
            when count_value is null and count_mark is null then 'missing'
            else {{ status_from_mark('count_value', 'count_mark') }}
        end as count_status,
        count_value as count_as_printed,
        count_mark,
        printed_rate,
        printed_rate_mark,
        reliability_mark,
        printed_lower_95,
        printed_upper_95
    from figures

)

select * from figures_typed
