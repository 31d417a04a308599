-- The groups that a user edits: known areas, none counted twice (listed twice, or beside an area that contains it), one name a group.
{%- set query -%}
with members as (

    select * from {{ ref('stg_areas__groups') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

faults as (

    select
        'group ' || coalesce(members.group_code, '(no code)') || ' has a member that is not in dim_area: '
        || coalesce(members.member_area_code, '(no code)') as fault
    from members
    left join areas on members.member_area_code = areas.area_code
    where areas.area_code is null or members.group_code is null
    union all
    select 'group ' || group_code || ' lists ' || member_area_code || ' ' || count(*) || ' times' as fault
    from members
    group by group_code, member_area_code
    having count(*) > 1
    union all
    select
        'group ' || members.group_code || ' counts ' || members.member_area_code || ' twice: by itself and within '
        || containers.member_area_code as fault
    from members
    inner join areas on members.member_area_code = areas.area_code
    inner join members as containers
        on members.group_code = containers.group_code
        and members.member_area_code <> containers.member_area_code
        and (
            containers.member_area_code in (areas.county_code, areas.region_code, areas.country_code)
            -- The code of two areas published as one holds the codes of both.
            or containers.member_area_code like '%' || members.member_area_code || '%'
        )
    union all
    select 'group ' || group_code || ' has more than one name: ' || min(group_name) || ', ' || max(group_name) as fault
    from members
    group by group_code
    having count(distinct group_name) > 1

)

select 'seeds/scenarios/area_groups.csv: ' || fault as problem from faults
order by fault asc nulls last
{%- endset %}
{{ fail_with_sentences(query) }}
