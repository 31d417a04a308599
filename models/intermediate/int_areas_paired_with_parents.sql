with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

children_with_parents as (

    {# Each line: the children, the parent they must sum to. -#}
    {% set hierarchies = [
        ('regions to England', "area_level = 'region'", "'E92000001'"),
        ('upper tier to England', 'is_upper_tier', "'E92000001'"),
        ('lower tier to England', 'is_lower_tier', "'E92000001'"),
        ('upper tier to region', 'is_upper_tier', 'region_code'),
        ('lower tier to region', 'is_lower_tier', 'region_code'),
        ('lower tier to county', 'is_lower_tier and county_code is not null', 'county_code'),
        ('deprivation deciles to England', "area_level = 'deprivation_decile'", "'E92000001'"),
        ('Welsh unitary authorities to Wales', "area_level = 'welsh_unitary_authority'", "'W92000004'"),
        ('Welsh health boards to Wales', "area_level = 'welsh_health_board'", "'W92000004'"),
        ('council areas to Scotland', "area_level = 'scottish_council_area'", "'S92000003'"),
        ('districts to Northern Ireland', "area_level = 'northern_ireland_district'", "'N92000002'"),
        ('countries and elsewhere to England and Wales', "area_code in ('E92000001', 'W92000004', 'J99000001')", "'K04000001'"),
        ('countries to England and Wales residents', "area_code in ('E92000001', 'W92000004')", "'K04000001_residents'"),
        ('parts to the United Kingdom', "area_code in ('K04000001', 'S92000003', 'N92000002')", "'K02000001'"),
    ] -%}
    {% for hierarchy, children, parent in hierarchies -%}
    select
        '{{ hierarchy }}' as hierarchy,
        area_code as child_code,
        {{ parent }} as parent_code
    from areas
    where {{ children }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from children_with_parents
