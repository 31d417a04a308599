-- No double column of any mart holds a NaN or an infinity. Names the table, the column and how many rows do.
-- Engines that order NaN put it above every number, so that one comparison finds both.
{%- set marts = [
    'dim_area',
    'fct_area_deprivation_correlations',
    'fct_claim_checks',
    'fct_combined_area_rankings',
    'fct_deprivation_gradient',
    'fct_england_comparisons',
    'fct_funnel_limits',
    'fct_funnel_points',
    'fct_persistence',
    'fct_published_rate_checks',
    'fct_rankings',
    'fct_rate_changes',
    'fct_rates',
    'fct_rolling_rates',
    'fct_stabilised_rates',
    'fct_trends',
] %}
{%- for mart in marts %}
    {%- set columns = [] %}
    {%- if execute %}
        {%- for column in adapter.get_columns_in_relation(ref(mart)) if column.is_float() %}
            {%- do columns.append(column.name) %}
        {%- endfor %}
    {%- else %}
        {%- do ref(mart) %}
    {%- endif %}
    {%- set outer_loop = loop %}
    {%- if columns %}
select *
from (
    select
        '{{ mart }}' as mart,
        {% for column in columns -%}
        sum(case when {{ column }} is not null and not abs({{ column }}) <= 1.7976931348623157e308 then 1 else 0 end)
        {% if not loop.last %}+ {% endif %}
        {%- endfor %} as values_not_finite
    from {{ ref(mart) }}
) as counted
where values_not_finite > 0
    {%- endif %}
{% if not outer_loop.last %}union all{% endif %}
{%- endfor %}
