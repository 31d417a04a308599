with counts as (

    select * from {{ ref('int_incoming_counts_listed') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_named') }}

),

names_known as (

    select
        area_code,
        area_name
    from areas
    union all
    select
        area_code,
        area_name
    from supplied_areas

),

-- The name belongs to the code; another one beside it may be a slip of the code, and is told.
names_compared as (

    select
        counts.source_file,
        counts.source_line,
        counts.area_code,
        min(counts.area_name) as area_name,
        min(names_known.area_name) as area_name_known
    from counts
    inner join names_known on counts.area_code = names_known.area_code
    where lower(counts.area_name) <> lower(names_known.area_name)
    group by counts.source_file, counts.source_line, counts.area_code

)

select * from names_compared
