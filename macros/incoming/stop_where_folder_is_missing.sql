{#- Stops the build with one sentence where the folder of supplied files does not exist; writes nothing. -#}
{% macro stop_where_folder_is_missing(lines) -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set problems = run_query("select problem from " ~ lines ~ " where source_file = ''").columns[0].values() -%}
        {%- if problems | length > 0 -%}
            {{ exceptions.raise_compiler_error(problems | join('\n')) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
