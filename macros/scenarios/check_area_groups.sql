{#-
  Stops the build with one sentence for each fault of the groups of areas: an unknown code, an area counted twice (listed twice, or
  listed beside an area that contains it), two names for one group. Runs before the groups are added up; writes nothing.
-#}
{% macro check_area_groups(area_groups, areas, clinical_commissioning_groups) %}
    {%- if execute -%}
        {%- set faults_query -%}
            with members as (select * from {{ area_groups }}),

            known_areas as (
                select area_code, county_code, region_code, country_code from {{ areas }}
                union all
                select ccg_code as area_code, null as county_code, null as region_code, 'E92000001' as country_code
                from {{ clinical_commissioning_groups }}
            ),

            faults as (
                select
                    'group ' || coalesce(members.group_code, '(no code)') || ' has a member that is not in dim_area: '
                    || coalesce(members.member_area_code, '(no code)') as fault
                from members
                left join known_areas on members.member_area_code = known_areas.area_code
                where known_areas.area_code is null or members.group_code is null
                union all
                select 'group ' || group_code || ' lists ' || member_area_code || ' ' || count(*) || ' times'
                from members
                group by group_code, member_area_code
                having count(*) > 1
                union all
                select
                    'group ' || members.group_code || ' counts ' || members.member_area_code || ' twice: by itself and within '
                    || containers.member_area_code
                from members
                inner join known_areas on members.member_area_code = known_areas.area_code
                inner join members as containers
                    on members.group_code = containers.group_code
                    and members.member_area_code <> containers.member_area_code
                    and (
                        containers.member_area_code in (known_areas.county_code, known_areas.region_code, known_areas.country_code)
                        or containers.member_area_code like '%' || members.member_area_code || '%'
                    )
                union all
                select 'group ' || group_code || ' has more than one name: ' || min(group_name) || ', ' || max(group_name)
                from members
                group by group_code
                having count(distinct group_name) > 1
            )

            select fault from faults order by fault
        {%- endset -%}
        {%- set faults = run_query(faults_query).columns[0].values() -%}
        {%- if faults | length > 0 -%}
            {{ exceptions.raise_compiler_error("seeds/scenarios/area_groups.csv: " ~ faults | join("; ")) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
