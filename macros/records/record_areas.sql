{#- A select of the codes that a record may name. Spark has none of the tables that say which areas there are, and reads them in `dim_area`
    as the last build published it. -#}
{% macro record_areas() -%}
    {{ return(adapter.dispatch('record_areas', 'infant_mortality')()) }}
{%- endmacro %}

{% macro default__record_areas() -%}
select area_code from {{ ref('int_areas_known') }}
{%- endmacro %}

{% macro spark__record_areas() -%}
select area_code from {{ parquet_files_on_spark(var('records_areas_file')) }}
{%- endmacro %}
