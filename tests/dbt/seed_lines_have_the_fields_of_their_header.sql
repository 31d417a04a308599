{{ config(enabled=target.type == 'duckdb') }}
-- A line of a seed with a field too many or too few is an error that names its file and its line. dbt stops there as well, but counts the
-- line from 0 below the header where fields are too many, and names no line where they are too few; so this test reads the files, waits for
-- no seed, and says it beside dbt. DuckDB only; elsewhere dbt's own message stands.
{%- set query -%}
with lines as (

    select
        filename as file,
        generate_subscripts(string_split(content, chr(10)), 1) as line,
        replace(unnest(string_split(content, chr(10))), chr(13), '') as line_text
    from read_text('seeds/*/*.csv')

),

lines_counted as (

    select
        file,
        line,
        len(regexp_extract_all(',' || line_text, ',("(?:[^"]|"")*"|[^,]*)')) as fields
    from lines
    where line_text <> ''

),

lines_beside_header as (

    select
        file,
        line,
        fields,
        first_value(fields) over (partition by file order by line) as header_fields
    from lines_counted

)

select
    file || ', line ' || line || ': ' || fields || ' fields stand where the header has ' || header_fields
    || '; a field with a comma in it must stand in quotation marks.' as problem
from lines_beside_header
where fields <> header_fields
order by file, line
{%- endset %}
{{ fail_with_sentences(query) }}
