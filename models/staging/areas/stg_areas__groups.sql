with area_groups as (

    select * from {{ ref('area_groups') }}

),

codes_trimmed as (

    select
        trim(group_code) as group_code,
        trim(group_name) as group_name,
        trim(member_area_code) as member_area_code
    from area_groups

)

select * from codes_trimmed
