with areas as (

    select * from {{ ref('areas') }}

),

clinical_commissioning_groups as (

    select * from {{ ref('clinical_commissioning_groups') }}

),

deprivation_deciles as (

    select * from {{ ref('deprivation_deciles') }}

),

centroids as (

    select * from {{ ref('area_centroids') }}

),

areas_unioned as (

    select
        area_code,
        area_name,
        area_level,
        is_lower_tier,
        is_upper_tier,
        county_code,
        region_code,
        country_code,
        first_year,
        last_year
    from areas
    union all
    select
        ccg_code as area_code,
        ccg_name as area_name,
        area_level,
        false as is_lower_tier,
        false as is_upper_tier,
        cast(null as varchar) as county_code,
        cast(null as varchar) as region_code,
        country_code,
        cast(null as smallint) as first_year,
        cast(null as smallint) as last_year
    from clinical_commissioning_groups

),

areas_described as (

    select
        areas_unioned.area_code,
        areas_unioned.area_name,
        areas_unioned.area_level,
        areas_unioned.is_lower_tier,
        areas_unioned.is_upper_tier,
        areas_unioned.county_code,
        areas_unioned.region_code,
        areas_unioned.country_code,
        areas_unioned.first_year,
        areas_unioned.last_year,
        deprivation_deciles.deprivation_decile,
        centroids.longitude,
        centroids.latitude
    from areas_unioned
    left join deprivation_deciles on areas_unioned.area_code = deprivation_deciles.area_code
    left join centroids on areas_unioned.area_code = centroids.area_code

)

select * from areas_described
