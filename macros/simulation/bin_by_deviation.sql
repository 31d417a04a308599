{#- The bin of a level of the rate, 0 to 9: cut where the expected number of areas above passes k, the worst places, by so many of its standard
    deviations. Bins are narrow where the last of the worst places most often falls. -#}
{% macro bin_by_deviation(expected_above, variance_above, worst_places) -%}
    {%- for deviations in [-2.2, -1.5, -1.0, -0.6, -0.2, 0.2, 0.6, 1.0, 1.5] %}
        {{ "+ " if not loop.first }}case when {{ worst_places }} - {{ expected_above }} > {{ deviations }}e0 * sqrt({{ variance_above }}) then 1 else 0 end
    {%- endfor %}
{%- endmacro %}
