with files as (

    select * from {{ counted_records('int_record_files') }}

),

counted as (

    select * from {{ counted_records('int_record_counts') }}

),

repeated as (

    select * from {{ counted_records('int_record_ids_repeated') }}

),

areas as (

    select * from {{ ref('int_record_areas') }}

),

-- What was counted of a file that is no longer there, or has changed since, is left out. The code of a record with a fault is not kept.
records_summed as (

    select
        files.source_file,
        sum(counted.records) as rows_read,
        sum(case when areas.area_code is null then counted.records else 0 end) as rows_with_faults
    from files
    inner join counted
        on files.source_file = counted.source_file
        and files.file_version = counted.file_version
    left join areas on counted.area_code_text = areas.area_code_text
    group by files.source_file

),

repeats_summed as (

    select
        repeated.source_file,
        count(*) as rows_repeated_only
    from repeated
    inner join areas on repeated.area_code_text = areas.area_code_text
    where not repeated.is_rejected
    group by repeated.source_file

),

files_counted as (

    select
        files.source_file,
        files.file_format,
        files.problem as reading_problem,
        cast(coalesce(records_summed.rows_read, 0) as bigint) as rows_read,
        cast(
            coalesce(records_summed.rows_read, 0) - coalesce(records_summed.rows_with_faults, 0)
            - coalesce(repeats_summed.rows_repeated_only, 0) as bigint
        ) as rows_used,
        cast(coalesce(records_summed.rows_with_faults, 0) as bigint) as rows_with_faults,
        cast(coalesce(records_summed.rows_with_faults, 0) + coalesce(repeats_summed.rows_repeated_only, 0) as bigint) as rows_rejected
    from files
    left join records_summed on files.source_file = records_summed.source_file
    left join repeats_summed on files.source_file = repeats_summed.source_file

)

select * from files_counted
