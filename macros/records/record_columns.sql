{#- The columns that records of births must have, in any order. Kept once, here. -#}
{% macro record_columns() -%}
    {{ return(['birth_id', 'birth_date', 'area_code', 'birth_type', 'gestation_weeks', 'death_date']) }}
{%- endmacro %}
