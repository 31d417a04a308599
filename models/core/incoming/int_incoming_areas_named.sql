with figures as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_placed') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- The name that stands in the first row is the one to go by.
names_in_order as (

    select
        *,
        row_number() over (partition by area_code order by source_file asc, source_line asc, source_place asc) as mention
    from figures

),

areas_counted as (

    select
        area_code,
        min(case when mention = 1 then area_name_printed end) as area_name,
        cast(min(data_year) as smallint) as first_year,
        cast(max(data_year + years_in_count - 1) as smallint) as last_year
    from names_in_order
    group by area_code

),

-- Areas of the user's own: codes that the project does not know. What a file of areas says of them comes before what stands beside counts.
areas_named as (

    select
        coalesce(supplied_areas.area_code, areas_counted.area_code) as area_code,
        coalesce(supplied_areas.area_name, areas_counted.area_name) as area_name,
        coalesce(supplied_areas.area_level, 'supplied') as area_level,
        supplied_areas.longitude,
        supplied_areas.latitude,
        coalesce(supplied_areas.first_year, areas_counted.first_year) as first_year,
        coalesce(supplied_areas.last_year, areas_counted.last_year) as last_year
    from areas_counted
    full outer join supplied_areas on areas_counted.area_code = supplied_areas.area_code
    left join areas on coalesce(supplied_areas.area_code, areas_counted.area_code) = areas.area_code
    where areas.area_code is null

)

select * from areas_named
