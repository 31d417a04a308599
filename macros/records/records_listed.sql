{#- How many rejected records of a file are listed. DuckDB finds the first few of a group without sorting all of them, and no more than
    999,999. -#}
{% macro records_listed() -%}
    {%- set listed = var('rejected_records_listed') | int(-1) -%}
    {%- if listed < 1 or listed > 999999 -%}
        {%- set expected = '" where a whole number from 1 to 999999 was expected.' -%}
        {{ exceptions.raise_compiler_error('The variable rejected_records_listed is "' ~ var('rejected_records_listed') ~ expected) }}
    {%- endif -%}
    {{ return(listed) }}
{%- endmacro %}
