with recursive areas as (

    select * from {{ ref('stg_areas__areas') }}

),

areas_paired_with_wholes as (

    select * from {{ ref('int_area_parts') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_area_chains') }}

),

area_lineage as (

    select * from {{ ref('area_lineage') }}

),

pairs_known as (

    select
        part_code,
        whole_code
    from areas_paired_with_wholes
    union
    select
        area_code as part_code,
        county_code as whole_code
    from areas
    where county_code is not null
    union
    select
        area_code as part_code,
        region_code as whole_code
    from areas
    where region_code is not null
    union
    select
        area_code as part_code,
        country_code as whole_code
    from areas
    where country_code is not null
    union
    select
        area_code as part_code,
        parent_area_code as whole_code
    from supplied_areas
    where parent_area_code is not null

),

-- What lies in a part lies in the whole; `union` ends where nothing new is found.
pairs_of_any_distance as (

    select
        part_code,
        whole_code
    from pairs_known
    where part_code <> whole_code
    union
    select
        pairs_of_any_distance.part_code,
        pairs_known.whole_code
    from pairs_of_any_distance
    inner join pairs_known on pairs_of_any_distance.whole_code = pairs_known.part_code
    where pairs_of_any_distance.part_code <> pairs_known.whole_code

),

areas_overlapping as (

    select
        part_code as area_code,
        whole_code as overlapping_area_code,
        'part_of' as overlap
    from pairs_of_any_distance
    union all
    select
        area_lineage.predecessor_code as area_code,
        area_lineage.successor_code as overlapping_area_code,
        'became' as overlap
    from area_lineage
    left join pairs_of_any_distance
        on area_lineage.predecessor_code = pairs_of_any_distance.part_code
        and area_lineage.successor_code = pairs_of_any_distance.whole_code
    where pairs_of_any_distance.part_code is null

)

select * from areas_overlapping
