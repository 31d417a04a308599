with ranking_levels as (

    select * from {{ ref('ranking_levels') }}

),

areas_in_levels as (

    select * from {{ ref('int_areas_assigned_to_levels') }}

),

areas_counted as (

    select
        ranking_level,
        count(*) as areas
    from areas_in_levels
    group by ranking_level

),

levels_described as (

    select
        ranking_levels.ranking_level,
        ranking_levels.ranking_level_name,
        ranking_levels.areas_in_words,
        ranking_levels.benchmark_area_code,
        ranking_levels.display_order,
        coalesce(areas_counted.areas, 0) as areas
    from ranking_levels
    left join areas_counted on ranking_levels.ranking_level = areas_counted.ranking_level

)

select * from levels_described
