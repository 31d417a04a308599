with files as (

    {{ record_files({
        'source_file': 'varchar', 'file_path': 'varchar', 'file_format': 'varchar', 'file_state': 'varchar', 'reading': 'varchar',
        'lines_in_file': 'bigint', 'problem': 'varchar',
    }) | indent(4) }}

),

areas as (

    select area_code from {{ ref('int_record_areas_known') }}

),

-- A code that was unknown when a file was read may be known now.
areas_listed as (

    select {{ record_areas_as_text('area_code') }} as area_codes
    from areas

),

files_versioned as (

    select
        files.source_file,
        files.file_path,
        files.file_format,
        case
            when files.problem is null
                then md5(files.file_state || files.reading || '{{ record_settings() }}' || areas_listed.area_codes)
        end as file_version,
        files.reading,
        files.lines_in_file,
        files.problem
    from files
    cross join areas_listed

)

select * from files_versioned
