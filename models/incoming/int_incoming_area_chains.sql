with recursive supplied as (

    select * from {{ ref('int_incoming_areas') }}

),

faults as (

    select
        source_file,
        source_line
    from {{ ref('int_incoming_area_faults') }}
    group by source_file, source_line

),

known_levels as (

    select * from {{ ref('ranking_levels') }}

),

areas_without_fault as (

    select supplied.*
    from supplied
    left join faults
        on supplied.source_file = faults.source_file
        and supplied.source_line = faults.source_line
    where faults.source_file is null

),

ancestors as (

    select
        area_code,
        parent_area_code as ancestor_code,
        1 as steps
    from areas_without_fault
    where parent_area_code is not null
    union all
    select
        ancestors.area_code,
        areas_without_fault.parent_area_code as ancestor_code,
        ancestors.steps + 1 as steps
    from ancestors
    inner join areas_without_fault on ancestors.ancestor_code = areas_without_fault.area_code
    where areas_without_fault.parent_area_code is not null and ancestors.steps < 30

),

ancestors_in_order as (

    select
        *,
        row_number() over (partition by area_code order by steps desc) as place_from_top
    from ancestors

),

-- The top of the chain of parents is what an area is compared with. A level of the user's own never mixes with one of the same name that
-- is known.
areas_below_tops as (

    select
        areas_without_fault.*,
        ancestors_in_order.ancestor_code as top_area_code,
        case when known_levels.ranking_level is not null then 'supplied_' else '' end
        || replace(areas_without_fault.area_level, ' ', '_') as level_key
    from areas_without_fault
    left join known_levels on replace(areas_without_fault.area_level, ' ', '_') = known_levels.ranking_level
    left join ancestors_in_order
        on areas_without_fault.area_code = ancestors_in_order.area_code
        and ancestors_in_order.place_from_top = 1

),

levels_counted as (

    select
        level_key,
        top_area_code,
        count(*) as areas_of_level,
        count(*) over (partition by level_key) as tops_of_level
    from areas_below_tops
    where top_area_code is not null
    group by level_key, top_area_code

),

-- Nor with that of another whole.
levels_named as (

    select
        level_key,
        top_area_code,
        level_key || case when tops_of_level > 1 then '_' || lower(top_area_code) else '' end as level_name
    from levels_counted
    where areas_of_level > 1

),

-- Levels q of the wholes A and B, beside a level q_a of a third one: no name of a level has a blank, so that these are apart.
levels_told_apart as (

    select
        level_key,
        top_area_code,
        level_name || case when count(*) over (partition by level_name) > 1 then ' (' || top_area_code || ')' else '' end as ranking_level
    from levels_named

),

areas_placed as (

    select
        areas_below_tops.source_file,
        areas_below_tops.source_line,
        areas_below_tops.area_code,
        areas_below_tops.area_name,
        areas_below_tops.area_level,
        areas_below_tops.parent_area_code,
        areas_below_tops.top_area_code,
        levels_told_apart.ranking_level,
        cast(100 + dense_rank() over (order by levels_told_apart.ranking_level asc nulls last) as smallint) as display_order,
        areas_below_tops.longitude,
        areas_below_tops.latitude,
        cast(areas_below_tops.first_year as smallint) as first_year,
        cast(areas_below_tops.last_year as smallint) as last_year
    from areas_below_tops
    left join levels_told_apart
        on areas_below_tops.level_key = levels_told_apart.level_key
        and areas_below_tops.top_area_code = levels_told_apart.top_area_code

)

select * from areas_placed
