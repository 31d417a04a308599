with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_named') }}

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

all_areas as (

    select * from areas
    union all
    select
        area_code,
        area_name,
        area_level,
        false as is_lower_tier,
        false as is_upper_tier,
        cast(null as varchar) as county_code,
        cast(null as varchar) as region_code,
        cast(null as varchar) as country_code,
        first_year,
        last_year
    from supplied_areas

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
        all_areas.area_code,
        all_areas.area_name,
        all_areas.area_level,
        all_areas.is_lower_tier,
        all_areas.is_upper_tier,
        levels_in_order.ranking_level as first_ranking_level,
        levels_in_order.benchmark_area_code,
        all_areas.county_code,
        counties.area_name as county_name,
        all_areas.region_code,
        regions.area_name as region_name,
        all_areas.country_code,
        all_areas.first_year,
        all_areas.last_year,
        deprivation_scores.imd_2015_score,
        deprivation_deciles.deprivation_decile,
        coalesce(centroids.longitude, supplied_areas.longitude) as longitude,
        coalesce(centroids.latitude, supplied_areas.latitude) as latitude
    from all_areas
    left join levels_in_order
        on all_areas.area_code = levels_in_order.area_code
        and levels_in_order.place = 1
    left join areas as counties on all_areas.county_code = counties.area_code
    left join areas as regions on all_areas.region_code = regions.area_code
    left join deprivation_scores on all_areas.area_code = deprivation_scores.area_code
    left join deprivation_deciles on all_areas.area_code = deprivation_deciles.area_code
    left join centroids on all_areas.area_code = centroids.area_code
    left join supplied_areas on all_areas.area_code = supplied_areas.area_code

)

select * from areas_described
