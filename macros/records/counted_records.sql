{#- The relation of a step that has counted records: the step's own table or, where Spark has counted them for a build on DuckDB, the
    Parquet files that it left. Of a step without rows it leaves none, and the step's own table stands in: it has no rows either, or none
    of a file that Spark has found. -#}
{% macro counted_records(step) -%}
    {%- set own = ref(step) -%}
    {%- if setting('records_engine') == 'duckdb' or target.type != 'duckdb' -%}
        {{ return(own) }}
    {%- endif -%}
    {%- set left_by_spark = source('counted_on_spark', step) -%}
    {%- if execute -%}
        {%- set folder = var('records_counted_folder') -%}
        {%- set files = run_query("select count(*) from glob('" ~ path_as_pattern(folder ~ '/' ~ step) ~ "/**/*.parquet')") -%}
        {%- if files.columns[0].values()[0] > 0 -%}
            {{ return(left_by_spark) }}
        {%- elif step == 'int_record_files_found' -%}
            {{ exceptions.raise_compiler_error(
                'The variable records_engine is spark, and ' ~ folder ~ ' holds no counts of records from it: run '
                ~ '`dbt build --target spark --select models/records` first.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(own) }}
{%- endmacro %}
