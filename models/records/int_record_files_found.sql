with files as (

    {{ record_files() | indent(4) }}

),

areas as (

    select area_code from {{ ref('int_record_areas_known') }}

),

-- A code that was unknown when a file was read may be known now.
areas_listed as (

    select string_agg(area_code, ' ' order by area_code asc nulls last) as area_codes
    from areas

),

files_versioned as (

    select
        files.source_file,
        files.file_path,
        files.file_format,
        md5(files.file_state || '{{ record_settings() }}' || areas_listed.area_codes) as file_version
    from files
    cross join areas_listed

)

select * from files_versioned
