{#- Which engine counts records, `duckdb` or `spark`: the variable of that name. -#}
{% macro records_engine() -%}
    {%- set engine = var('records_engine') -%}
    {%- if engine not in ('duckdb', 'spark') -%}
        {{ exceptions.raise_compiler_error('The variable records_engine is "' ~ engine ~ '" where duckdb or spark was expected.') }}
    {%- endif -%}
    {{ return(engine) }}
{%- endmacro %}
