with areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

area_parts as (

    select * from {{ ref('area_parts') }}

),

-- A level covers its benchmark area once, and so it does each region and county.
areas_paired_with_wholes as (

    select
        parts,
        whole_code,
        part_code
    from area_parts
    union all
    select
        ranking_level as parts,
        benchmark_area_code as whole_code,
        area_code as part_code
    from areas_in_levels
    union all
    select
        ranking_level || ' of a region' as parts,
        region_code as whole_code,
        area_code as part_code
    from areas_in_levels
    where region_code <> area_code
    union all
    select
        ranking_level || ' of a county' as parts,
        county_code as whole_code,
        area_code as part_code
    from areas_in_levels
    where county_code <> area_code

)

select * from areas_paired_with_wholes
