{{ config(
    materialized='incremental',
    unique_key='source_file',
    partition_by='source_file',
    on_schema_change='append_new_columns'
) }}

{%- set changed = changed_record_files(
    "select file_path from " ~ ref('int_record_files') ~ " where problem is null and not exists (select 1 from " ~ this
    ~ " as kept where kept.file_version = int_record_files.file_version and kept.source_file = int_record_files.source_file)"
) %}

with records as (

    select * from {{ ref('int_records') }}
    where {{ record_path_is_among(changed) }}

),

files as (

    select * from {{ ref('int_record_files') }}

),

-- Codes are counted as they are written: which areas they mean is asked of the groups, which are few (int_record_areas). What is told of
-- records with a fault is where they stand, to within a hundred thousand records, for the first of them are read again.
records_alike as (

    select
        file_path,
        is_rejected,
        case when is_rejected then cast(ceil(record_number / 100000.0) * 100000 as bigint) end as last_record_number,
        area_code_text,
        birth_year,
        outcome,
        death_year,
        count(*) as records
    from records
    group by 1, 2, 3, 4, 5, 6, 7

),

-- Nothing else is kept of records with a fault; of those alive at one year no year of death is, for it counts nowhere.
records_grouped as (

    select
        file_path,
        is_rejected,
        last_record_number,
        case when not is_rejected then area_code_text end as area_code_text,
        case when not is_rejected then birth_year end as birth_year,
        case when not is_rejected then outcome end as outcome,
        case when not is_rejected and outcome <> 'alive_at_one_year' then death_year end as death_year,
        cast(sum(records) as bigint) as records
    from records_alike
    group by 1, 2, 3, 4, 5, 6, 7

),

records_counted as (

    select
        files.source_file,
        files.file_path,
        files.file_version,
        records_grouped.is_rejected,
        records_grouped.last_record_number,
        records_grouped.area_code_text,
        records_grouped.birth_year,
        records_grouped.outcome,
        records_grouped.death_year,
        records_grouped.records
    from records_grouped
    inner join files on records_grouped.file_path = files.file_path

)

select * from records_counted
