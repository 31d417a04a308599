-- Every area code and every measure of a fact stands in its dimension.
{%- set with_area_and_measure = [
    'fct_area_comparisons',
    'fct_area_summaries',
    'fct_control_limits',
    'fct_detectability',
    'fct_forecasts',
    'fct_persistence',
    'fct_published_rate_checks',
    'fct_rankings',
    'fct_rate_changes',
    'fct_rates',
    'fct_rolling_rates',
    'fct_trends',
] %}
{%- set with_measure = [
    'fct_combined_area_rankings',
    'fct_coverage',
    'fct_deprivation_gradient',
    'fct_extremes',
    'fct_funnel_limits',
] %}
with keys_in_use as (

    {% for fact in with_area_and_measure -%}
    select
        '{{ fact }}' as fact,
        area_code,
        measure
    from {{ ref(fact) }}
    group by area_code, measure
    union all
    {% endfor -%}
    {% for fact in with_measure -%}
    select
        '{{ fact }}' as fact,
        'E92000001' as area_code,
        measure
    from {{ ref(fact) }}
    group by measure
    union all
    {% endfor -%}
    select
        'fct_area_comparisons' as fact,
        compared_area_code as area_code,
        measure
    from {{ ref('fct_area_comparisons') }}
    group by compared_area_code, measure
    union all
    select
        'fct_counts' as fact,
        area_code,
        'infant' as measure
    from {{ ref('fct_counts') }}
    group by area_code
    union all
    select
        'int_figures' as fact,
        area_code,
        'infant' as measure
    from {{ ref('int_figures') }}
    group by area_code

)

select keys_in_use.*
from keys_in_use
left join {{ ref('dim_area') }} as areas on keys_in_use.area_code = areas.area_code
left join {{ ref('dim_measure') }} as measures on keys_in_use.measure = measures.measure
where areas.area_code is null or measures.measure is null
