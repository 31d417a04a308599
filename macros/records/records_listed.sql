{#- How many rejected records of a file are listed. DuckDB finds the first few of a group without sorting them all, and no more than 999,999. -#}
{% macro records_listed() -%}
    {%- set listed = var('rejected_records_listed') | int(-1) -%}
    {%- if listed < 1 or listed > 999999 -%}
        {{ exceptions.raise_compiler_error(
            'The variable rejected_records_listed is "' ~ var('rejected_records_listed') ~ '" where a whole number from 1 to 999999 was expected.'
        ) }}
    {%- endif -%}
    {{ return(listed) }}
{%- endmacro %}
