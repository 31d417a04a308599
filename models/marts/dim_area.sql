with areas as (

    select * from {{ ref('int_areas') }}

),

areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

deprivation as (

    select * from {{ ref('dim_area_deprivation') }}
    where is_newest

),

-- An area that stands in two levels is told of in the one that comes first.
levels_in_order as (

    select
        *,
        row_number() over (partition by area_code order by display_order asc nulls last) as place
    from areas_in_levels

),

areas_described as (

    select
        areas.area_code,
        areas.area_name,
        areas.area_level,
        areas.is_lower_tier,
        areas.is_upper_tier,
        levels_in_order.ranking_level as first_ranking_level,
        levels_in_order.benchmark_area_code,
        areas.county_code,
        counties.area_name as county_name,
        areas.region_code,
        regions.area_name as region_name,
        areas.country_code,
        areas.first_year,
        areas.last_year,
        deprivation.deprivation_score,
        deprivation.deprivation_index,
        areas.deprivation_decile,
        areas.longitude,
        areas.latitude
    from areas
    left join levels_in_order
        on areas.area_code = levels_in_order.area_code
        and levels_in_order.place = 1
    left join areas as counties on areas.county_code = counties.area_code
    left join areas as regions on areas.region_code = regions.area_code
    left join deprivation on areas.area_code = deprivation.area_code

)

select * from areas_described
