{{ config(
    materialized='incremental',
    unique_key='file_path',
    partition_by='source_file',
    on_schema_change='fail',
    post_hook='{{ store_unreadable_lines() }}'
) }}

{%- set changed = changed_record_files(
    "select found.file_path from " ~ ref('int_record_files') ~ " as found where found.file_format = 'csv' and found.problem is null"
    ~ " and not exists (select 1 from " ~ this
    ~ " as kept where kept.file_version = found.file_version and kept.file_path = found.file_path)"
) %}

with files as (

    select * from {{ ref('int_record_files') }}

),

lines as (

    {{ record_lines(changed) | indent(4) }}

),

lines_of_files as (

    select
        files.source_file,
        lines.file_path,
        files.file_version,
        lines.record_number,
        {%- for column in record_columns() %}
        lines.{{ column }}_text,
        {%- endfor %}
        lines.line_text,
        lines.line_problem
    from lines
    inner join files on lines.file_path = files.file_path

)

select * from lines_of_files
