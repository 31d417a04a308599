with published_figures as (

    select * from {{ ref('int_figures_published') }}

),

supplied_figures as (

    select * from {{ ref('int_incoming_figures') }}
    union all
    select * from {{ ref('int_record_figures') }}

),

figures_unioned as (

    select * from published_figures
    union all
    select
        publication,
        source_table,
        data_year,
        years_in_count,
        basis,
        precedence,
        area_code,
        area_name_printed,
        item,
        count_value,
        count_status,
        count_as_printed,
        count_mark,
        cast(null as varchar) as printed_rate,
        cast(null as varchar) as printed_rate_mark,
        cast(null as varchar) as reliability_mark,
        cast(null as varchar) as printed_lower_95,
        cast(null as varchar) as printed_upper_95,
        source_file,
        source_line,
        true as is_supplied
    from supplied_figures

)

select * from figures_unioned
