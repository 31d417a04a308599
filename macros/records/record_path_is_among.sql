{#- The filter on paths that goes with changed_record_files. -#}
{% macro record_path_is_among(paths) -%}
    {%- if paths is none -%}
        1 = 1
    {%- elif not paths -%}
        1 = 0
    {%- else -%}
        {%- set quoted = [] -%}
        {%- for path in paths -%}
            {%- do quoted.append("'" ~ dbt.escape_single_quotes(path) ~ "'") -%}
        {%- endfor -%}
        file_path in ({{ quoted | join(', ') }})
    {%- endif -%}
{%- endmacro %}
