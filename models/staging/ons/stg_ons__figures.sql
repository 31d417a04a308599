with figures as (

    select
        'births_and_stillbirths_2023' as source_file,
        *
    from {{ ref('births_and_stillbirths_2023') }}
    union all
    select
        'child_mortality_by_area' as source_file,
        *
    from {{ ref('child_mortality_by_area') }}
    union all
    select
        'child_mortality_by_deprivation_decile' as source_file,
        *
    from {{ ref('child_mortality_by_deprivation_decile') }}
    union all
    select
        'child_mortality_england_and_wales' as source_file,
        *
    from {{ ref('child_mortality_england_and_wales') }}
    union all
    select
        'deaths_registered_by_area' as source_file,
        *
    from {{ ref('deaths_registered_by_area') }}
    union all
    select
        'live_births_2017_second_hand' as source_file,
        *
    from {{ ref('live_births_2017_second_hand') }}
    union all
    select
        'live_births_2021' as source_file,
        *
    from {{ ref('live_births_2021') }}
    union all
    select
        'live_births_by_area' as source_file,
        *
    from {{ ref('live_births_by_area') }}

),

figures_typed as (

    select
        source_file,
        -- The seeds are written in this order; their header is line 1.
        row_number() over (
            partition by source_file
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
        {{ status_from_mark('count_value', 'count_mark') }} as count_status,
        count_value as count_as_printed,
        count_mark,
        printed_rate,
        printed_rate_mark,
        reliability_mark
    from figures

)

select * from figures_typed
