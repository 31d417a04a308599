{{ config(materialized='view') }}

with lines as (

    select * from {{ ref('int_record_lines_read') }}

),

files as (

    select * from {{ ref('int_record_files_found') }}

),

-- The lines of a file that is gone, or was another then, are not read any more.
current_lines as (

    select lines.*
    from lines
    inner join files
        on lines.file_path = files.file_path
        and lines.file_version = files.file_version

),

records as (

    {{ record_rows('current_lines') | indent(4) }}

)

select * from records
