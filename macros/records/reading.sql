{#- The columns that records of births must have, in any order. Kept once, here. -#}
{% macro record_columns() -%}
    {{ return(['birth_id', 'birth_date', 'area_code', 'birth_type', 'gestation_weeks', 'death_date']) }}
{%- endmacro %}

{#- A select of what lies in the folder of records, and how each file is to be read. DuckDB has looked at them in a model in Python; Spark
    lists them without opening any, and is asked for the columns of each Parquet file. -#}
{% macro record_files(columns) -%}
    {{ return(adapter.dispatch('record_files', 'infant_mortality')(columns)) }}
{%- endmacro %}

{% macro default__record_files(columns) -%}
    {{ from_files('int_record_files_opened', columns) }}
{%- endmacro %}

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
        {%- for column in record_columns() %}
        {{ as_iso_date(column, reading.get('date_forms', {}).get(column)) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
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

{#- The ways in which files of records of one format, `parquet` or `csv`, are to be read, as a list of dictionaries, each with the files
    that are read in that way, as `paths` and as `source_files`; of some paths only where they are given. Files with the same columns are
    read together. -#}
{% macro record_readings(format, paths=none) -%}
    {%- set files = ref('int_record_files') -%}
    {%- if not is_built(files) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set found = run_query(
        "select reading, file_path, source_file from " ~ files ~ " where problem is null and file_format = '" ~ format
        ~ "' order by source_file"
    ) -%}
    {%- set groups = {} -%}
    {%- for reading, path, source_file in found.rows if paths is none or path in paths -%}
        {%- set files_alike = groups.setdefault(reading, {'paths': [], 'source_files': []}) -%}
        {%- do files_alike['paths'].append(path) -%}
        {%- do files_alike['source_files'].append(source_file) -%}
    {%- endfor -%}
    {%- set readings = [] -%}
    {%- for reading, files_alike in groups.items() -%}
        {%- set known = fromjson(reading) -%}
        {%- do known.update(files_alike) -%}
        {%- do readings.append(known) -%}
    {%- endfor -%}
    {{ return(readings) }}
{%- endmacro %}

{#- The files of records that an incremental model has to read, as paths: those that a query finds. All of them (`none`) where the model is
    built anew. Paths and no join, because DuckDB opens only files whose paths a filter names. -#}
{% macro changed_record_files(query) -%}
    {%- if not execute or not is_incremental() -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{%- endmacro %}

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

{#- The filter on the numbers of records up to the one that a query on a step finds. A number and no subquery, because DuckDB passes over
    what stands behind it in a file only then. -#}
{% macro record_number_is_up_to(query, step) -%}
    {%- set found = run_query(query).columns[0].values()[0] if is_built(step) else none -%}
    {{ '1 = 1' if found is none else 'record_number <= ' ~ found | int }}
{%- endmacro %}

{#- Whether a step can be asked while others are compiled. In a unit test it is rows of the test's own. -#}
{% macro is_built(step) -%}
    {{ return(execute and not step.is_cte and load_relation(step) is not none) }}
{%- endmacro %}

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

{#- A select of the codes that a record may name. Spark has none of the tables that say which areas there are, and reads them in `dim_area`
    as the last build published it. -#}
{% macro record_areas() -%}
    {{ return(adapter.dispatch('record_areas', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__record_areas() -%}
select area_code from {{ ref('int_areas') }}
{%- endmacro %}

{#- All codes of a column in one text, in order: it changes when they do. -#}
{% macro codes_as_text(area_code) -%}
    {{ return(adapter.dispatch('codes_as_text', 'infant_mortality')(area_code)) }}
{%- endmacro %}

{% macro default__codes_as_text(area_code) -%}
    string_agg({{ area_code }}, ' ' order by {{ area_code }} asc nulls last)
{%- endmacro %}
