{#- A select of the records in CSV files, each field as text, with their number in the file. Which lines cannot be read DuckDB notes in
    tables of its own, from which `store_unreadable_lines` takes them. -#}
{% macro record_lines(paths) -%}
    {{ return(adapter.dispatch('record_lines', 'infant_mortality')(paths)) }}
{%- endmacro %}

{% macro default__record_lines(paths) -%}
select
    cast(null as {{ dbt.type_string() }}) as file_path,
    cast(null as bigint) as record_number,
    {%- for column in record_columns() %}
    cast(null as {{ dbt.type_string() }}) as {{ column }}_text,
    {%- endfor %}
    cast(null as {{ dbt.type_string() }}) as line_text,
    cast(null as {{ dbt.type_string() }}) as line_problem
where 1 = 0
{%- endmacro %}

{% macro duckdb__record_lines(paths) -%}
    {%- set readings = record_readings('csv', paths) -%}
    {%- if not readings -%}
        {{ return(default__record_lines(paths)) }}
    {%- endif -%}
with records as (
{% for reading in readings %}
    {#- File by file: of several read together DuckDB does not note a last line that cannot be read. -#}
    {%- for path in reading['paths'] %}
    select
        file_path,
        row_number() over () as record_number,
        {{ record_columns() | join(',\n        ') }}
    from read_csv(
        {{ paths_as_list([path]) }}, auto_detect = false, header = true, delim = '{{ reading["delimiter"] }}', quote = '"', escape = '"',
        compression = '{{ "gzip" if reading["is_packed"] else "none" }}', filename = 'file_path', store_rejects = true,
        rejects_table = 'record_rejects', rejects_scan = 'record_scans',
        columns = {
            {%- for column in reading['columns'] -%}
            '{{ column or "column_" ~ loop.index }}': 'varchar'{{ ', ' if not loop.last }}
            {%- endfor -%}
        }
    )
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
{%- endfor %}
)

select
    file_path,
    record_number,
    {%- for column in record_columns() %}
    {{ record_text(column) }} as {{ column }}_text,
    {%- endfor %}
    cast(null as {{ dbt.type_string() }}) as line_text,
    cast(null as {{ dbt.type_string() }}) as line_problem
from records
{%- endmacro %}
