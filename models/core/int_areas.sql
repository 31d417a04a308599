with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}

),

mentions as (

    select * from {{ ref('int_incoming_mentions') }}

),

-- The name that stands in the first row is the one to go by.
mentions_in_order as (

    select
        *,
        row_number() over (partition by area_code order by source_file asc, source_line asc, place asc) as mention
    from mentions

),

areas_mentioned as (

    select
        area_code,
        min(case when mention = 1 then area_name end) as area_name,
        cast(min(first_year) as smallint) as first_year,
        cast(max(last_year) as smallint) as last_year
    from mentions_in_order
    group by area_code

),

-- Which areas there are is known before any count is: an area is one whether its counts come to be used or not.
areas_known as (

    select
        area_code,
        area_name,
        area_level,
        is_lower_tier,
        is_upper_tier,
        county_code,
        region_code,
        country_code,
        deprivation_decile,
        longitude,
        latitude,
        first_year,
        last_year
    from areas
    union all
    -- Areas of the user's own: other codes. What a file of areas says of them comes before what stands beside counts.
    select
        coalesce(supplied_areas.area_code, areas_mentioned.area_code) as area_code,
        coalesce(supplied_areas.area_name, areas_mentioned.area_name) as area_name,
        coalesce(supplied_areas.area_level, 'supplied') as area_level,
        false as is_lower_tier,
        false as is_upper_tier,
        cast(null as varchar) as county_code,
        cast(null as varchar) as region_code,
        cast(null as varchar) as country_code,
        cast(null as integer) as deprivation_decile,
        supplied_areas.longitude,
        supplied_areas.latitude,
        coalesce(supplied_areas.first_year, areas_mentioned.first_year) as first_year,
        coalesce(supplied_areas.last_year, areas_mentioned.last_year) as last_year
    from areas_mentioned
    full outer join supplied_areas on areas_mentioned.area_code = supplied_areas.area_code
    left join areas on coalesce(supplied_areas.area_code, areas_mentioned.area_code) = areas.area_code
    where areas.area_code is null

)

select * from areas_known
