{#- The files of records that an incremental model has to read, as paths: those that a query finds. All of them (`none`) where the model is
    built anew. Paths and no join, because DuckDB opens only files whose paths a filter names. -#}
{% macro changed_record_files(query) -%}
    {%- if not execute or not is_incremental() -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{%- endmacro %}
