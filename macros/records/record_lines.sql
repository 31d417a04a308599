{#- A select of the records in CSV files, each field as text, with their number in the file. Which lines cannot be read DuckDB notes in
    tables of its own, from which `store_unreadable_lines` takes them. -#}
{% macro record_lines(paths) -%}
    {{ return(adapter.dispatch('record_lines', 'infant_mortality')(paths)) }}
{%- endmacro %}

{% macro default__record_lines(paths) -%}
select
    cast(null as varchar) as file_path,
    cast(null as bigint) as record_number,
    {%- for column in record_columns() %}
    cast(null as varchar) as {{ column }}_text,
    {%- endfor %}
    cast(null as varchar) as line_text,
    cast(null as varchar) as line_problem,
    cast(null as bigint) as lines_in_file
where 1 = 0
{%- endmacro %}

{% macro duckdb__record_lines(paths) -%}
    {%- if not paths -%}
        {{ return(default__record_lines()) }}
    {%- endif -%}
    {#- Files with the same columns are read together. -#}
    {%- set groups = {} -%}
    {%- for header in csv_headers(paths) -%}
        {%- do groups.setdefault((header['delimiter'], header['columns'] | join('\n')), []).append(header['path']) -%}
    {%- endfor -%}
with lines as (

    {{ csv_lines(paths) | indent(4) }}

),

files as (

    select
        filename,
        count(*) as lines_in_file
    from lines
    group by filename

),

records as (
{% for (delimiter, columns), group_paths in groups.items() %}
    select
        filename,
        row_number() over () as place,
        {{ record_columns() | join(',\n        ') }}
    from read_csv(
        {{ paths_as_list(group_paths) }}, auto_detect = false, header = true, delim = '{{ delimiter }}', quote = '"', escape = '"',
        columns = {
            {%- for column in columns.split('\n') -%}
            '{{ column if column in record_columns() else "column_" ~ loop.index }}': 'varchar'{{ ', ' if not loop.last }}
            {%- endfor -%}
        },
        filename = true, store_rejects = true, rejects_table = 'record_rejects', rejects_scan = 'record_scans'
    )
    {% if not loop.last %}union all{% endif %}
{%- endfor %}
),

first_records as (

    select
        filename,
        min(place) as first_place
    from records
    group by filename

)

select
    records.filename as file_path,
    records.place - first_records.first_place + 1 as record_number,
    {%- for column in record_columns() %}
    nullif(trim(records.{{ column }}), '') as {{ column }}_text,
    {%- endfor %}
    cast(null as varchar) as line_text,
    cast(null as varchar) as line_problem,
    files.lines_in_file
from records
inner join first_records on records.filename = first_records.filename
inner join files on records.filename = files.filename
{%- endmacro %}
