with files as (

    select * from {{ counted_records('int_record_files_found') }}

),

counted as (

    select * from {{ counted_records('int_records_counted') }}

),

repeated as (

    select * from {{ counted_records('int_record_ids_repeated') }}

),

-- What was counted of a file that is no longer there, or was another then, counts no more.
records_summed as (

    select
        files.source_file,
        sum(counted.records) as rows_read,
        sum(case when counted.is_rejected then counted.records else 0 end) as rows_with_faults
    from files
    inner join counted
        on files.source_file = counted.source_file
        and files.file_version = counted.file_version
    group by files.source_file

),

repeats_summed as (

    select
        source_file,
        sum(case when is_rejected then 0 else 1 end) as rows_repeated_only
    from repeated
    group by source_file

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
        cast(coalesce(records_summed.rows_with_faults, 0) + coalesce(repeats_summed.rows_repeated_only, 0) as bigint) as rows_rejected
    from files
    left join records_summed on files.source_file = records_summed.source_file
    left join repeats_summed on files.source_file = repeats_summed.source_file

)

select * from files_counted
