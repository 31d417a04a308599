with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

deprivation_scores as (

    select * from {{ ref('stg_areas__imd_2015_local_authorities') }}

),

clinical_commissioning_groups as (

    select * from {{ ref('stg_areas__clinical_commissioning_groups') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_named') }}

),

areas_described as (

    select
        areas.area_code,
        areas.area_name,
        areas.area_level,
        areas.is_lower_tier,
        areas.is_upper_tier,
        areas.county_code,
        counties.area_name as county_name,
        areas.region_code,
        regions.area_name as region_name,
        areas.country_code,
        areas.first_year,
        areas.last_year,
        deprivation_scores.imd_2015_average_score as imd_2015_score
    from areas
    left join areas as counties on areas.county_code = counties.area_code
    left join areas as regions on areas.region_code = regions.area_code
    left join deprivation_scores on areas.area_code = deprivation_scores.area_code

),

clinical_commissioning_groups_described as (

    select
        ccg_code as area_code,
        ccg_name as area_name,
        'clinical_commissioning_group' as area_level,
        false as is_lower_tier,
        false as is_upper_tier,
        cast(null as varchar) as county_code,
        cast(null as varchar) as county_name,
        cast(null as varchar) as region_code,
        cast(null as varchar) as region_name,
        'E92000001' as country_code,
        cast(null as smallint) as first_year,
        cast(null as smallint) as last_year,
        imd_2015_average_score as imd_2015_score
    from clinical_commissioning_groups

),

supplied_areas_described as (

    select
        area_code,
        area_name,
        'supplied' as area_level,
        false as is_lower_tier,
        false as is_upper_tier,
        cast(null as varchar) as county_code,
        cast(null as varchar) as county_name,
        cast(null as varchar) as region_code,
        cast(null as varchar) as region_name,
        cast(null as varchar) as country_code,
        first_year,
        last_year,
        cast(null as {{ double_type() }}) as imd_2015_score
    from supplied_areas

),

areas_and_groups as (

    select * from areas_described
    union all
    select * from clinical_commissioning_groups_described
    union all
    select * from supplied_areas_described

)

select * from areas_and_groups
