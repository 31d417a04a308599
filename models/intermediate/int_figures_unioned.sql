{%- set staged = [
    'stg_ons__live_births_by_area',
    'stg_ons__live_births_2017_second_hand',
    'stg_ons__deaths_registered_by_area',
    'stg_ons__child_mortality_by_area',
    'stg_ons__child_mortality_england_and_wales',
    'stg_ons__child_mortality_by_deprivation_decile',
    'stg_ons__live_births_2021',
    'stg_ons__births_and_stillbirths_2023',
    'int_incoming_figures_accepted',
] -%}
with figures_unioned as (

    {% for model in staged -%}
    select * from {{ ref(model) }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

misprints as (

    select * from {{ ref('stg_published__known_misprints') }}
    where is_replaced

),

figures_with_misprints_corrected as (

    select
        figures_unioned.publication,
        figures_unioned.data_year,
        figures_unioned.source_table,
        figures_unioned.basis,
        figures_unioned.precedence,
        figures_unioned.area_code,
        figures_unioned.area_name_printed,
        figures_unioned.item,
        coalesce(misprints.implied_count, figures_unioned.count_value) as count_value,
        case when misprints.implied_count is not null then 'ok' else figures_unioned.count_status end as count_status,
        figures_unioned.count_as_printed,
        figures_unioned.count_mark,
        figures_unioned.printed_rate,
        figures_unioned.printed_rate_mark,
        figures_unioned.reliability_mark,
        figures_unioned.source_file,
        figures_unioned.source_line,
        misprints.implied_count is not null as is_misprint_corrected
    from figures_unioned
    left join misprints
        on figures_unioned.publication = misprints.publication
        and figures_unioned.source_table = misprints.source_table
        and figures_unioned.data_year = misprints.data_year
        and figures_unioned.area_code = misprints.area_code
        and figures_unioned.item = misprints.item

)

select * from figures_with_misprints_corrected
