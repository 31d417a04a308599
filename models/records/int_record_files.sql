with files as (

    {{ record_files({
        'source_file': 'varchar', 'file_path': 'varchar', 'file_format': 'varchar', 'file_state': 'varchar', 'reading': 'varchar',
        'lines_in_file': 'bigint', 'problem': 'varchar',
    }) | indent(4) }}

),

files_versioned as (

    select
        files.source_file,
        files.file_path,
        files.file_format,
        case
            when files.problem is null then md5(files.file_state || files.reading || '{{ record_settings() }}')
        end as file_version,
        files.reading,
        files.lines_in_file,
        files.problem
    from files

)

select * from files_versioned
