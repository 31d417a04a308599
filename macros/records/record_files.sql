{#- A select of the files of records with what tells one state of a file from another: size, time of change. Stops the build, before
    anything is read, where a file has not the columns of a record. -#}
{% macro record_files() -%}
    {{ return(adapter.dispatch('record_files', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__record_files() -%}
select
    cast(null as varchar) as source_file,
    cast(null as varchar) as file_path,
    cast(null as varchar) as file_format,
    cast(null as varchar) as file_state
where 1 = 0
{%- endmacro %}

{% macro duckdb__record_files() -%}
    {%- set parquet_paths = record_paths('parquet') -%}
    {%- set csv_paths = record_paths('csv') -%}
    {%- if not parquet_paths and not csv_paths -%}
        {{ return(default__record_files()) }}
    {%- endif -%}
    {%- set problems = parquet_problems(parquet_paths) + csv_problems(csv_headers(csv_paths)) -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error(problems | join('\n')) }}
    {%- endif -%}
select
    {{ record_source_file('filename') }} as source_file,
    filename as file_path,
    case when lower(filename) like '%.parquet' then 'parquet' else 'csv' end as file_format,
    cast(size as varchar) || ' bytes of ' || cast(epoch_us(last_modified) as varchar) as file_state
from read_blob({{ paths_as_list(parquet_paths + csv_paths) }})
{%- endmacro %}

{#- The name by which a file of records is told of: its path from the incoming folder on. -#}
{% macro record_source_file(path) -%}
    substr({{ path }}, {{ record_folder() | length - 'births/' | length + 1 }})
{%- endmacro %}

{#- What is wrong with the columns of a file, in one sentence; empty where nothing is. -#}
{% macro columns_problem(path, found) -%}
    {%- set expected = record_columns() -%}
    {%- set missing = expected | reject('in', found) | list -%}
    {%- set doubled = [] -%}
    {%- for column in expected if found | select('equalto', column) | list | length > 1 -%}
        {%- do doubled.append(column) -%}
    {%- endfor -%}
    {%- set told = modules.re.sub('[^\\x20-\\x7e\\xa1-\\uffff]', '?', found | join(', ')) -%}
    {%- if not missing and not doubled -%}
        {{ return('') }}
    {%- endif -%}
    {%- set problem = ' is missing' if missing | length == 1 else (' are missing' if missing else ' stands there twice') -%}
    {{ return(path ~ ': ' ~ (missing or doubled[:1]) | join(', ') ~ problem ~ '; found were '
        ~ (told if told | length <= 200 else told[:200] ~ ' …') ~ ', expected were ' ~ expected | join(', ') ~ ', in any order.') }}
{%- endmacro %}

{#- The sentences on Parquet files, from their schemas. -#}
{% macro parquet_problems(paths) -%}
    {%- set problems = [] -%}
    {%- if paths -%}
        {#- A column that is itself made of columns has children; it is told of by its own name. -#}
        {%- set schemas = run_query(
            "select file_name, string_agg(lower(name), chr(10)) from parquet_schema(" ~ paths_as_list(paths) ~ ") "
            ~ "where num_children is null group by file_name order by file_name"
        ) -%}
        {%- for path, names in schemas.rows -%}
            {%- do problems.append(columns_problem(path, names.split('\n'))) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(problems | select | list) }}
{%- endmacro %}

{#- The sentences on CSV files, from their first lines. -#}
{% macro csv_problems(headers) -%}
    {%- set problems = [] -%}
    {%- for header in headers -%}
        {%- if header['columns'] -%}
            {%- do problems.append(columns_problem(header['path'], header['columns'])) -%}
        {%- else -%}
            {%- do problems.append(header['path'] ~ ': the file is empty, or its first line is no UTF-8 text.') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(problems | select | list) }}
{%- endmacro %}

{#- Path, delimiter and columns of each CSV file, read off its first line: capitals, spaces and quotation marks do not matter. -#}
{% macro csv_headers(paths) -%}
    {%- set headers = [] -%}
    {%- for path in paths -%}
        {%- set first_line = run_query("select line from (" ~ csv_lines([path]) ~ ") limit 1").columns[0].values() -%}
        {%- set text = ((first_line[0] if first_line | length else '') or '').lstrip('\ufeff') -%}
        {%- set best = namespace(delimiter=',', columns=[], known=-1) -%}
        {%- for delimiter in [',', ';', '\t', '|'] -%}
            {%- set columns = [] -%}
            {%- for name in text.split(delimiter) -%}
                {%- do columns.append(modules.re.sub('[ _-]+', '_', name.strip(' "\t\r').lower())) -%}
            {%- endfor -%}
            {%- set known = columns | select('in', record_columns()) | list | length -%}
            {%- if text and known > best.known -%}
                {%- set best.delimiter = delimiter -%}
                {%- set best.columns = columns -%}
                {%- set best.known = known -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do headers.append({'path': path, 'delimiter': best.delimiter, 'columns': best.columns}) -%}
    {%- endfor -%}
    {{ return(headers) }}
{%- endmacro %}

{#- A select of the lines of files as they stand, one field each. -#}
{% macro csv_lines(paths) -%}
select
    filename,
    line
from read_csv(
    {{ paths_as_list(paths) }}, auto_detect = false, header = false, columns = {'line': 'varchar'}, delim = chr(1), quote = '', escape = '',
    filename = true, ignore_errors = true
)
{%- endmacro %}
