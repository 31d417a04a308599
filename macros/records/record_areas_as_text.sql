{#- All codes of a column in one text, in order, by which it is seen that there are others than before. -#}
{% macro record_areas_as_text(area_code) -%}
    {{ return(adapter.dispatch('record_areas_as_text', 'infant_mortality')(area_code)) }}
{%- endmacro %}

{% macro default__record_areas_as_text(area_code) -%}
    string_agg({{ area_code }}, ' ' order by {{ area_code }} asc nulls last)
{%- endmacro %}

{% macro spark__record_areas_as_text(area_code) -%}
    array_join(sort_array(collect_list({{ area_code }})), ' ')
{%- endmacro %}
