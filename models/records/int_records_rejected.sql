{{ config(
    materialized='incremental',
    unique_key='source_file',
    partition_by='source_file',
    on_schema_change='fail'
) }}

{#- A file without rejected records is not read a second time. -#}
{%- set changed = changed_record_files(
    "select counted.file_path from " ~ ref('int_records_counted') ~ " as counted inner join " ~ ref('int_record_files_found')
    ~ " as found on counted.source_file = found.source_file and counted.file_version = found.file_version where counted.is_rejected"
    ~ " and not exists (select 1 from " ~ this
    ~ " as kept where kept.file_version = found.file_version and kept.source_file = found.source_file)"
) %}

with records as (

    select * from {{ ref('int_records_judged') }}
    where {{ record_path_is_among(changed) }}
        and is_rejected

),

files as (

    select * from {{ ref('int_record_files_found') }}

),

records_in_order as (

    select
        *,
        row_number() over (partition by file_path order by record_number asc nulls last) as place
    from records

),

records_rejected as (

    select
        files.source_file,
        files.file_version,
        records_in_order.record_number,
        records_in_order.problem_column,
        records_in_order.problem_value,
        records_in_order.problem
    from records_in_order
    inner join files on records_in_order.file_path = files.file_path
    where records_in_order.place <= {{ setting('rejected_records_listed') }}

)

select * from records_rejected
