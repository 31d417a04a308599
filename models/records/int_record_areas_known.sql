with areas as (

    select * from {{ ref('stg_areas__areas') }}

),

supplied_areas as (

    select * from {{ ref('int_incoming_areas_named') }}

),

-- Records are matched whatever the case of their codes.
areas_known as (

    select
        upper(area_code) as area_code_matched,
        area_code
    from areas
    union all
    select
        upper(area_code) as area_code_matched,
        min(area_code) as area_code
    from supplied_areas
    where upper(area_code) not in (select upper(area_code) from areas)
    group by upper(area_code)

)

select * from areas_known
