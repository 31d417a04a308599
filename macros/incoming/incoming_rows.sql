{#- A select of every line of the supplied files, each field as text, with file and line number. Reading files is DuckDB's alone: other
    databases get no rows. A file that cannot be read as a table at all stops the build here, before anything is published. -#}
{% macro incoming_rows() -%}
    {{ return(adapter.dispatch('incoming_rows', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__incoming_rows() -%}
select
    cast(null as varchar) as source_file,
    cast(null as integer) as source_line,
    cast(null as varchar) as line_text,
    cast(null as integer) as fields_found,
    cast(null as boolean) as is_well_quoted
    {%- for column in incoming_columns() %},
    cast(null as varchar) as {{ column }}_text
    {%- endfor %}
where 1 = 0
{%- endmacro %}

{% macro duckdb__incoming_rows() -%}
    {%- set pattern = (var('incoming_folder') ~ '/*.csv') | replace("'", "''") -%}
    {%- set files = run_query("select count(*) from glob('" ~ pattern ~ "')").columns[0].values()[0] if execute else 0 -%}
    {%- if files == 0 -%}
        {{ return(default__incoming_rows()) }}
    {%- endif -%}
    {%- set expected = incoming_columns() -%}
    {%- set field = ',("(?:[^"]|"")*"|[^,]*)' -%}
    {%- set lines_query -%}
with files as (

    select
        filename,
        try(decode(content)) as content
    from read_blob('{{ pattern }}')

),

lines as (

    select
        filename,
        generate_subscripts(string_split(content, chr(10)), 1) as source_line,
        unnest(string_split(content, chr(10))) as line_text
    from files

),

lines_trimmed as (

    select
        filename,
        source_line,
        trim(replace(case when source_line = 1 then ltrim(line_text, chr(65279)) else line_text end, chr(13), '')) as line_text
    from lines

),

lines_split as (

    select
        *,
        regexp_extract_all(',' || line_text, '{{ field }}', 1) as fields,
        array_to_string(regexp_extract_all(',' || line_text, '{{ field }}', 0), '') = ',' || line_text as is_well_quoted
    from lines_trimmed

)
    {%- endset -%}
    {%- set headers_query -%}
{{ lines_query }},

problems as (

    select filename || ' is not UTF-8 text; save it as CSV UTF-8.' as problem
    from files
    where content is null
    union all
    select
        filename || ', line 1' || coalesce(', column ' || (
            select min(place)
            from generate_series(1, {{ expected | length }}) as places (place)
            where lower(trim(coalesce(fields[place], ''), ' "')) <> ['{{ expected | join("', '") }}'][place]
        ), '') || ': the header is "' || line_text || '" where "{{ expected | join(',') }}" was expected.' as problem
    from lines_split
    where source_line = 1
        and [lower(trim(name, ' "')) for name in fields] <> ['{{ expected | join("', '") }}']

)

select problem from problems order by problem
    {%- endset -%}
    {%- set problems = run_query(headers_query).columns[0].values() -%}
    {%- if problems | length > 0 -%}
        {{ exceptions.raise_compiler_error(problems | join('\n')) }}
    {%- endif -%}
{{ lines_query }}

select
    parse_filename(filename) as source_file,
    cast(source_line as integer) as source_line,
    line_text,
    cast(len(fields) as integer) as fields_found,
    is_well_quoted
    {%- for column in expected %},
    nullif(trim(case
        when fields[{{ loop.index }}] like '"%"'
            then replace(substr(fields[{{ loop.index }}], 2, len(fields[{{ loop.index }}]) - 2), '""', '"')
        else fields[{{ loop.index }}]
    end), '') as {{ column }}_text
    {%- endfor %}
from lines_split
where source_line > 1 and line_text <> ''
{%- endmacro %}
