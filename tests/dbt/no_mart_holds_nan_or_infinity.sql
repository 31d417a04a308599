-- No double column of any mart holds a NaN or an infinity. Names the table and how many values are none.
-- Engines that order NaN put it above every number, so that one comparison finds both.
{%- set marts = [
    'dim_area',
    'dim_area_deprivation',
    'fct_area_comparisons',
    'dim_ranking_level',
    'fct_claim_checks',
    'fct_combined_area_rankings',
    'fct_control_limits',
    'fct_deprivation_gradient',
    'fct_detectability',
    'fct_extremes',
    'fct_forecasts',
    'fct_funnel_limits',
    'fct_persistence',
    'fct_published_rate_checks',
    'fct_rankings',
    'fct_rate_changes',
    'fct_rates',
    'fct_rolling_rates',
    'fct_trends',
] %}
with values_counted as (

    {% for mart in marts -%}
    select
        '{{ mart }}' as mart,
        0
        {%- for column in adapter.get_columns_in_relation(ref(mart)) if column.is_float() %}
        + sum(case when {{ column.name }} is not null and not abs({{ column.name }}) <= 1.7976931348623157e308 then 1 else 0 end)
        {%- endfor %} as values_not_finite
    from {{ ref(mart) }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from values_counted
where values_not_finite > 0
