{#- The files of records that an incremental model has to read, as paths: those that a query finds. All of them (`none`) where the model is
    built anew. Paths and no join, because DuckDB opens only files whose paths a filter names. -#}
{% macro changed_record_files(query) -%}
    {%- if not execute or not is_incremental() -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{%- endmacro %}

{#- The filter on paths that goes with it. -#}
{% macro record_path_is_among(paths) -%}
    {%- if paths is none -%}
        1 = 1
    {%- elif not paths -%}
        1 = 0
    {%- else -%}
        {%- set quoted = [] -%}
        {%- for path in paths -%}
            {%- do quoted.append("'" ~ path | replace("'", "''") ~ "'") -%}
        {%- endfor -%}
        file_path in ({{ quoted | join(', ') }})
    {%- endif -%}
{%- endmacro %}
