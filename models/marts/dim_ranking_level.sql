with ranking_levels as (

    select * from {{ ref('ranking_levels') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}
    where ranking_level is not null

),

-- Levels of users' own areas are called what the users call them.
all_levels as (

    select
        ranking_level,
        ranking_level_name,
        areas_in_words,
        benchmark_area_code,
        display_order
    from ranking_levels
    union all
    select
        ranking_level,
        min(area_level) as ranking_level_name,
        min(area_level) || ' areas' as areas_in_words,
        min(top_area_code) as benchmark_area_code,
        min(display_order) as display_order
    from supplied_areas
    group by ranking_level

),

areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

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
        all_levels.ranking_level,
        all_levels.ranking_level_name,
        all_levels.areas_in_words,
        all_levels.benchmark_area_code,
        all_levels.display_order,
        coalesce(areas_counted.areas, 0) as areas
    from all_levels
    left join areas_counted on all_levels.ranking_level = areas_counted.ranking_level

)

select * from levels_described
