{#- A path as DuckDB's readers take it in a string: characters that would stand for others stand for themselves. -#}
{% macro path_as_pattern(path) -%}
    {{ return(modules.re.sub('([*?]|\\[)', '[\\1]', path) | replace("'", "''")) }}
{%- endmacro %}

{#- Paths as a list of strings in SQL. -#}
{% macro paths_as_list(paths) -%}
    {%- set quoted = [] -%}
    {%- for path in paths -%}
        {%- do quoted.append("'" ~ path_as_pattern(path) ~ "'") -%}
    {%- endfor -%}
    {{ return('[' ~ quoted | join(', ') ~ ']') }}
{%- endmacro %}
