with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}
    where ranking_level is not null

),

ranking_levels as (

    select * from {{ ref('ranking_levels') }}

),

ranking_level_members as (

    select * from {{ ref('ranking_level_members') }}

),

area_lineage as (

    select * from {{ ref('area_lineage') }}

),

-- An area begins when it succeeds another and ends when another succeeds it. The years for which figures were published say less:
-- an area goes on after the last of them. Counts of an area from before its first year, such as a series on today's boundaries, are
-- ranked; but not those of a part of areas that were published as one, which stand there themselves.
lives_bounded as (

    select
        areas.*,
        case when areas.area_code in (select successor_code from area_lineage) then areas.first_year end as exists_from_year,
        case when areas.area_code in (select predecessor_code from area_lineage) then areas.last_year end as exists_to_year,
        case
            when
                areas.area_code in (
                    select successor_code
                    from area_lineage
                    where change_type = 'split_combination'
                )
                then areas.first_year
        end as ranked_from_year
    from areas

),

areas_assigned_to_levels as (

    select
        ranking_levels.ranking_level,
        ranking_levels.display_order,
        ranking_levels.benchmark_area_code,
        lives_bounded.area_code,
        lives_bounded.county_code,
        lives_bounded.region_code,
        lives_bounded.exists_from_year,
        lives_bounded.exists_to_year,
        lives_bounded.ranked_from_year
    from lives_bounded
    inner join ranking_level_members on lives_bounded.area_level = ranking_level_members.area_level
    inner join ranking_levels on ranking_level_members.ranking_level = ranking_levels.ranking_level
    union all
    select
        ranking_level,
        display_order,
        top_area_code as benchmark_area_code,
        area_code,
        cast(null as varchar) as county_code,
        cast(null as varchar) as region_code,
        first_year as exists_from_year,
        last_year as exists_to_year,
        cast(null as smallint) as ranked_from_year
    from supplied_areas

)

select * from areas_assigned_to_levels
