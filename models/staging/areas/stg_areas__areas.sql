with areas as (

    select * from {{ ref('areas') }}

),

clinical_commissioning_groups as (

    select * from {{ ref('clinical_commissioning_groups') }}

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

)

select * from areas_unioned
