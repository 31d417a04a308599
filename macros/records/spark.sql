{#- The folder of supplied files as Spark finds it: a place such as s3a://bucket/folder, or a path, made whole where it begins in the
    project's folder. -#}
{% macro incoming_folder_on_spark() -%}
    {%- set folder = ((env_var('INCOMING_FOLDER', '') or var('incoming_folder') or '') | trim or 'data/incoming').rstrip('/') -%}
    {%- if not modules.re.match('/|[A-Za-z][A-Za-z0-9+.-]*:', folder) -%}
        {%- set folder = invocation_args_dict.get('project_dir') ~ '/' ~ folder -%}
    {%- endif -%}
    {{ return(folder) }}
{%- endmacro %}

{#- SQL of Parquet files as Spark reads them without a table: one path, or several files within a folder. Characters that would stand for
    others stand for themselves. -#}
{% macro parquet_files_on_spark(path, files=none) -%}
    {%- set found = path_on_spark(path) -%}
    {%- if files is not none -%}
        {%- set names = [] -%}
        {%- for name in files -%}
            {#- Twice: between braces one level of escaping is taken off. -#}
            {%- do names.append(path_on_spark(path_on_spark(name))) -%}
        {%- endfor -%}
        {%- set found = found ~ '/{' ~ names | join(',') ~ '}' -%}
    {%- endif -%}
    {{ return('parquet.`' ~ found | replace('`', '``') ~ '`') }}
{%- endmacro %}

{% macro path_on_spark(path) -%}
    {{ return(modules.re.sub('([][{}*?,\\\\])', '\\\\\\1', path)) }}
{%- endmacro %}

{#- A text as a literal of Spark's SQL, where a backslash is none of the text's own. -#}
{% macro text_on_spark(text) -%}
    {{ return("'" ~ text | string | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}

{#- Of each thing in the folder of records: its path as Spark shows it beside a record, its path from the incoming folder on, and a text
    that changes with it. It takes a table to be shown such paths. Empty files Spark does not list. -#}
{% macro record_paths_on_spark() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set folder = incoming_folder_on_spark() ~ '/births' -%}
    {%- set listed = this.incorporate(path={'identifier': 'record_files_listed'}) -%}
    {%- do run_query('drop table if exists ' ~ listed) -%}
    {%- do run_query(
        'create table ' ~ listed ~ ' using binaryFile options (path ' ~ text_on_spark(folder) ~ ", recursiveFileLookup 'true')"
    ) -%}
    {#- The same folder may stand there as file:/folder or hdfs://host/folder. -#}
    {%- set place = modules.re.sub('^[A-Za-z][A-Za-z0-9+.-]*:/*', '/', folder) ~ '/' -%}
    {%- set found = run_query(
        "select _metadata.file_path, concat('births/', substring_index(path, " ~ text_on_spark(place) ~ ", -1)), "
        ~ "concat(length, ' bytes of ', unix_micros(modificationTime)) from " ~ listed
        ~ " where _metadata.file_name <> 'README.md' order by 1"
    ) -%}
    {%- do run_query('drop table ' ~ listed) -%}
    {{ return(found.rows) }}
{%- endmacro %}

{#- How a Parquet file is to be read, as DuckDB's model in Python says it: in JSON the name of each column there and its type; or the
    problem, where they are not those of records. -#}
{% macro record_reading_on_spark(source_file) -%}
    {%- set described = run_query(
        'describe query select * from ' ~ parquet_files_on_spark(incoming_folder_on_spark() ~ '/' ~ source_file)
    ) -%}
    {%- set names, types, found, missing, doubled = {}, {}, [], [], [] -%}
    {%- for row in described.rows -%}
        {%- set column = modules.re.sub('[ _-]+', '_', row[0].strip().lower()) -%}
        {%- do found.append(column) -%}
        {%- do names.update({column: row[0]}) -%}
        {%- do types.update({column: row[1]}) -%}
    {%- endfor -%}
    {%- for column in record_columns() -%}
        {%- do missing.append(column) if column not in found -%}
        {%- do doubled.append(column) if found.count(column) > 1 -%}
    {%- endfor -%}
    {%- if missing or doubled -%}
        {%- set wrong = missing or doubled -%}
        {{ return({
            'problem': wrong | join(', ') ~ (' is ' if wrong | length == 1 else ' are ')
                ~ ('missing' if missing else 'there more than once') ~ '; found were ' ~ found | join(', ') ~ '; expected were '
                ~ record_columns() | join(', ') ~ ', in any order'
        }) }}
    {%- endif -%}
    {%- set reading = {'names': {}, 'types': {}} -%}
    {%- for column in record_columns() -%}
        {%- do reading['names'].update({column: names[column]}) -%}
        {%- do reading['types'].update({column: types[column]}) -%}
    {%- endfor -%}
    {{ return({'reading': tojson(reading)}) }}
{%- endmacro %}

{% macro spark__record_files(columns) -%}
    {#- A row without a file keeps the columns where there is none. -#}
    {%- set rows = [{}] -%}
    {%- for file_path, source_file, file_state in record_paths_on_spark() -%}
        {%- set row = {'source_file': source_file, 'file_path': file_path, 'file_state': file_state} -%}
        {%- set name = source_file.lower() -%}
        {%- if name.endswith(('.csv', '.csv.gz')) -%}
            {%- do row.update({'file_format': 'csv', 'problem': 'Spark reads records from Parquet files alone; DuckDB reads this one'}) -%}
        {%- elif not name.endswith('.parquet') -%}
            {%- do row.update({'problem': 'this ending is not read among records of births; on Spark .parquet is'}) -%}
        {%- else -%}
            {%- do row.update({'file_format': 'parquet'}) -%}
            {%- do row.update(record_reading_on_spark(source_file)) -%}
        {%- endif -%}
        {%- do rows.append(row) -%}
    {%- endfor %}
select
    {%- for column, type in columns.items() %}
    cast({{ column }} as {{ dbt.type_string() if type == 'varchar' else type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from values
    {%- for row in rows %}
    (
        {%- for column in columns -%}
            {{ text_on_spark(row[column]) if row.get(column) else 'null' }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ){{ ',' if not loop.last }}
    {%- endfor %}
    as files ({{ columns | join(', ') }})
where source_file is not null
{%- endmacro %}

{#- Spark knows the file and the place of each record by columns that it shows on demand. -#}
{% macro parquet_records_in_spark(reading) -%}
    {%- set fields = [] -%}
    {%- for name in reading['names'].values() -%}
        {%- do fields.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {{ return(
        '(select ' ~ fields | join(', ') ~ ', _metadata.file_path, _metadata.row_index from '
        ~ parquet_files_on_spark(incoming_folder_on_spark(), reading['source_files']) ~ ')'
    ) }}
{%- endmacro %}

{% macro spark__record_rows(lines) -%}
    {{ return(record_rows_of_all_files(lines, 'row_index + 1', parquet_records_in_spark)) }}
{%- endmacro %}

{#- The end is not `$`, before which Java lets a line break stand. -#}
{% macro spark__text_is_like(text, expression) -%}
    {{ text }} rlike '^({{ expression }})\\z'
{%- endmacro %}

{% macro spark__record_id_hash(birth_id) -%}
    xxhash64({{ birth_id }})
{%- endmacro %}

{% macro spark__record_areas() -%}
select area_code from {{ parquet_files_on_spark(var('records_areas_file')) }}
{%- endmacro %}

{% macro spark__codes_as_text(area_code) -%}
    array_join(sort_array(collect_list({{ area_code }})), ' ')
{%- endmacro %}
