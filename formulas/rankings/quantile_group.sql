{#- The group of a place among quantiles, 1 for the first places. Ties share the smallest of their places, and so a group. None where there
    are fewer areas than groups, since some group would be empty. The rule of PHEindicatormethods::phe_quantile. -#}
{% macro quantile_group(place, areas, groups) -%}
    case
        when {{ areas }} >= {{ groups }} then 1 + cast(floor({{ groups }}e0 * ({{ place }} - 1) / {{ areas }}) as bigint)
    end
{%- endmacro %}
