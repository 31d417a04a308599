{#- The text of a field of a record, trimmed; NULL where nothing is said: blank, or NA or null as other programs write it. -#}
{% macro record_text(text) -%}
    case when lower(trim({{ text }})) not in ('', 'na', 'null') then trim({{ text }}) end
{%- endmacro %}

{#- The text of a date as ISO 8601 writes it, where all dates of its file and column have another form; anything else stays as it is. -#}
{% macro as_iso_date(text, form) -%}
    {%- if form -%}
        coalesce(strftime(try_strptime(trim({{ text }}), '{{ form }}'), '%Y-%m-%d'), {{ text }})
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}

{#- A select of all records, typed: Parquet files straight from their columns, CSV files from the text that was read of them. A value that
    cannot be read is NULL, with a column that says so. What has the right type is not made text of as well: a hundred million times that
    costs more than the counting. -#}
{% macro record_rows(lines) -%}
    {{ return(adapter.dispatch('record_rows', 'infant_mortality')(lines)) }}
{%- endmacro %}

{% macro default__record_rows(lines) -%}
select
    file_path,
    record_number,
    {%- for column in record_columns() %}
    {{ column }}_text,
    {%- endfor %}
    birth_id_text as birth_id,
    cast(null as bigint) as birth_id_number,
    birth_id_text is not null as has_id,
    cast(null as date) as birth_date,
    birth_type_text as birth_type,
    cast(null as bigint) as gestation_weeks,
    false as has_unreadable_weeks,
    cast(null as date) as death_date,
    false as has_unreadable_death,
    line_text,
    line_problem
from {{ lines }}
where 1 = 0
{%- endmacro %}

{% macro duckdb__record_rows(lines) -%}
    {{ return(record_rows_of_all_files(lines, 'file_row_number + 1', parquet_records_in_duckdb)) }}
{%- endmacro %}

{#- The select over all sources: lines of CSV files, and Parquet files, where `number` is the place of a record in its file. The macro
    `parquet_records` names those of one reading, as a select can: each record with its file and its place in it. -#}
{% macro record_rows_of_all_files(lines, number, parquet_records) -%}
    {%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{{ record_rows_of(lines, 'record_number', {}, 'line_text', 'line_problem') }}
    {%- for reading in record_readings('parquet') %}
union all
{{ record_rows_of(parquet_records(reading), number, reading, no_text, no_text) }}
    {%- endfor -%}
{%- endmacro %}

{% macro parquet_records_in_duckdb(reading) -%}
    {{ return(
        'read_parquet(' ~ paths_as_list(reading['paths'])
        ~ ", filename = 'file_path', file_row_number = true, hive_partitioning = false)"
    ) }}
{%- endmacro %}

{#- The select over one source. `reading` holds the name and the type of each column there; without, it is text, trimmed, and named so. -#}
{% macro record_rows_of(source, number, reading, line_text, line_problem) -%}
    {%- set names, types, forms = reading.get('names', {}), reading.get('types', {}), reading.get('date_forms', {}) -%}
    {#- As DuckDB and Spark call them. -#}
    {%- set whole_numbers = ['TINYINT', 'SMALLINT', 'INT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'] -%}
    {%- set dates = ['DATE', 'TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'] -%}
    {%- set right_types = {'birth_id': whole_numbers, 'birth_date': dates, 'gestation_weeks': whole_numbers, 'death_date': dates} -%}
    {%- set string = dbt.type_string() -%}
    {%- set field, text, is_typed = {}, {}, {} -%}
    {%- for column in record_columns() -%}
        {%- do field.update({column: adapter.quote(names.get(column, column) | replace('"', '""'))}) -%}
        {%- do is_typed.update({column: types.get(column, '') | upper in right_types.get(column, [])}) -%}
        {%- set field_as_text = 'cast(' ~ field[column] ~ ' as ' ~ string ~ ')' -%}
        {%- if not types.get(column) -%}
            {%- do text.update({column: column ~ '_text'}) -%}
        {%- elif is_typed[column] or column not in right_types -%}
            {#- Codes and types stay as they stand: to trim those of all records takes longer than to read them. -#}
            {%- do text.update({column: field_as_text}) -%}
        {%- else -%}
            {%- do text.update({column: record_text(as_iso_date(field_as_text, forms.get(column)))}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set date, unreadable = {}, {} -%}
    {%- for column in ('birth_date', 'death_date') -%}
        {%- if is_typed[column] -%}
            {#- A moment is midnight in UTC, or its file has been refused; the zone of the machine changes no date. -#}
            {%- set is_moment = types[column] | upper == 'TIMESTAMP WITH TIME ZONE' -%}
            {%- set day = "timezone('UTC', " ~ field[column] ~ ')' if is_moment else field[column] -%}
            {%- do date.update({column: 'cast(' ~ day ~ ' as date)'}) -%}
            {%- do unreadable.update({column: 'false'}) -%}
        {%- else -%}
            {%- do date.update({column: text_as_date(text[column])}) -%}
            {%- do unreadable.update({column: '(' ~ text[column] ~ ' is not null and ' ~ date[column] ~ ' is null)'}) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- Of numbers that are all there none has to be read before ids are compared. -#}
    {%- set has_ids = is_typed['birth_id'] and reading.get('every_record_has_an_id') -%}
    {%- set weeks_are_typed = is_typed['gestation_weeks'] -%}
    {%- set weeks = 'cast(' ~ field['gestation_weeks'] ~ ' as bigint)' if weeks_are_typed else text_as_weeks(text['gestation_weeks']) -%}
select
    file_path,
    {{ number }} as record_number,
    {%- for column in record_columns() %}
    {{ 'cast(null as ' ~ string ~ ')' if is_typed[column] else text[column] }} as {{ column }}_text,
    {%- endfor %}
    {{ text['birth_id'] }} as birth_id,
    {{ field['birth_id'] if is_typed['birth_id'] else text_as_number(text['birth_id']) }} as birth_id_number,
    {{ 'true' if has_ids else (field['birth_id'] if is_typed['birth_id'] else text['birth_id']) ~ ' is not null' }} as has_id,
    {{ date['birth_date'] }} as birth_date,
    lower(trim({{ text['birth_type'] }})) as birth_type,
    {{ weeks }} as gestation_weeks,
    {{ 'false' if weeks_are_typed else '(' ~ text['gestation_weeks'] ~ ' is not null and ' ~ weeks ~ ' is null)' }} as has_unreadable_weeks,
    {{ date['death_date'] }} as death_date,
    {{ unreadable['death_date'] }} as has_unreadable_death,
    {{ line_text }} as line_text,
    {{ line_problem }} as line_problem
from {{ source }}
{%- endmacro %}

{#- Text as a date: year, month and day as ISO 8601 writes them, at midnight if a time stands beside them; NULL for anything else. -#}
{% macro text_as_date(text) -%}
    case
        when {{ text_is_like(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00([.]0+)?)?') }}
            then try_cast(substr({{ text }}, 1, 10) as date)
    end
{%- endmacro %}

{#- A number for each text, by which double ids are looked for: it takes eight bytes of memory, however long the id. A whole number is
    itself, whether its file has it as a number or as text; else two texts may have one number, so that what is found by it is looked at
    again. -#}
{% macro text_as_number(text) -%}
    case
        when {{ text_is_like(text, '0|-?[1-9][0-9]{0,17}') }} then cast({{ text }} as bigint)
        when {{ text }} is not null then {{ record_id_hash(text) }}
    end
{%- endmacro %}

{#- Text as a whole number of weeks, `39` or `39.0`; NULL for anything else. -#}
{% macro text_as_weeks(text) -%}
    case when {{ text_is_like(text, '[0-9]{1,3}([.]0*)?') }} then cast(split_part({{ text }}, '.', 1) as bigint) end
{%- endmacro %}

{#- Whether the whole of a text is as a regular expression says. -#}
{% macro text_is_like(text, expression) -%}
    {{ return(adapter.dispatch('text_is_like', 'infant_mortality')(text, expression)) }}
{%- endmacro %}

{% macro default__text_is_like(text, expression) -%}
    {{ text }} similar to '{{ expression }}'
{%- endmacro %}

{#- A number of eight bytes for a birth_id that is no number itself. Two ids may have one number. -#}
{% macro record_id_hash(birth_id) -%}
    {{ return(adapter.dispatch('record_id_hash', 'infant_mortality')(birth_id)) }}
{%- endmacro %}

{% macro default__record_id_hash(birth_id) -%}
    cast(hash({{ birth_id }}) >> 1 as bigint)
{%- endmacro %}
