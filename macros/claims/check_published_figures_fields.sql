{#- Before anything is built: every line of the seed published_figures has as many fields as its header. dbt itself would stop, but count
    the row from 0 and below the header. Reads the file, so DuckDB only; elsewhere dbt's own message stands. -#}
{% macro check_published_figures_fields() -%}
    {{ return(adapter.dispatch('check_published_figures_fields', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__check_published_figures_fields() -%}
{%- endmacro %}

{% macro duckdb__check_published_figures_fields() -%}
    {%- if execute and flags.WHICH in ('build', 'seed') -%}
        {%- set file = 'seeds/published/published_figures.csv' -%}
        {%- set query -%}
with lines as (

    select
        generate_subscripts(string_split(content, chr(10)), 1) as line,
        replace(unnest(string_split(content, chr(10))), chr(13), '') as line_text
    from read_text('{{ file }}')

),

lines_counted as (

    select
        line,
        len(regexp_extract_all(',' || line_text, ',("(?:[^"]|"")*"|[^,]*)')) as fields
    from lines
    where line_text <> ''

),

lines_beside_header as (

    select
        line,
        fields,
        first(fields) over (order by line) as header_fields
    from lines_counted

)

select
    '{{ file }}, line ' || line || ': ' || fields || ' fields stand where the header has ' || header_fields
    || '; a field with a comma in it must stand in quotation marks.' as problem
from lines_beside_header
where fields <> header_fields
order by line
        {%- endset -%}
        {%- if run_query("select count(*) from glob('" ~ file ~ "')").columns[0].values()[0] > 0 -%}
            {%- set problems = run_query(query).columns[0].values() -%}
            {%- if problems | length > 0 -%}
                {{ exceptions.raise_compiler_error(problems | join('\n')) }}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
