{#- What decides, beside the file itself, how its records are judged: the variables, and the text of the models that read and judge.
    Where it changes, every file is read anew. -#}
{% macro record_settings() -%}
    {%- set settings = [var('records_latest_date') | string, var('rejected_records_listed') | string] -%}
    {%- if execute -%}
        {%- for name in ['int_record_lines', 'int_records', 'int_record_counts', 'int_records_rejected'] -%}
            {%- do settings.append(graph.nodes['model.infant_mortality.' ~ name].checksum.checksum) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(local_md5(settings | join(' '))) }}
{%- endmacro %}

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
        {%- elif step == 'int_record_files' -%}
            {{ exceptions.raise_compiler_error(
                'The variable records_engine is spark, and ' ~ folder ~ ' holds no counts of records from it: run '
                ~ '`dbt build --target spark --select models/records` first.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(own) }}
{%- endmacro %}
