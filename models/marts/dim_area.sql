with areas as (

    select * from {{ ref('int_areas_known') }}

),

areas_in_levels as (

    select * from {{ ref('int_areas_assigned_to_levels') }}

),

deprivation_scores as (

    select * from {{ ref('stg_areas__deprivation_scores') }}

),

centroids as (

    select * from {{ ref('area_centroids') }}

),

deprivation_deciles as (

    select * from {{ ref('deprivation_deciles') }}

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
        deprivation_scores.imd_2015_score,
        deprivation_deciles.deprivation_decile,
        coalesce(centroids.longitude, areas.longitude) as longitude,
        coalesce(centroids.latitude, areas.latitude) as latitude
    from areas
    left join levels_in_order
        on areas.area_code = levels_in_order.area_code
        and levels_in_order.place = 1
    left join areas as counties on areas.county_code = counties.area_code
    left join areas as regions on areas.region_code = regions.area_code
    left join deprivation_scores on areas.area_code = deprivation_scores.area_code
    left join deprivation_deciles on areas.area_code = deprivation_deciles.area_code
    left join centroids on areas.area_code = centroids.area_code

)

select * from areas_described
