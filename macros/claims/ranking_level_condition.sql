{#- SQL condition that an area of dim_area belongs to a ranking level. -#}
{% macro ranking_level_condition(ranking_level, areas) -%}
    case {{ ranking_level }}
        when 'region' then {{ areas }}.area_level = 'region'
        when 'upper_tier' then {{ areas }}.is_upper_tier
        when 'lower_tier' then {{ areas }}.is_lower_tier
        when 'clinical_commissioning_group' then {{ areas }}.area_level = 'clinical_commissioning_group'
        else false
    end
{%- endmacro %}
