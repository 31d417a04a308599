with counts as (

    select * from {{ ref('int_incoming_counts_listed') }}

),

areas as (

    select * from {{ ref('int_areas_known') }}

),

-- The name belongs to the code; another one beside it may be a slip of the code, and is told.
names_compared as (

    select
        counts.source_file,
        counts.source_line,
        counts.area_code,
        min(counts.area_name) as area_name,
        min(areas.area_name) as area_name_known
    from counts
    inner join areas on counts.area_code = areas.area_code
    where lower(counts.area_name) <> lower(areas.area_name)
    group by counts.source_file, counts.source_line, counts.area_code

)

select * from names_compared
