with areas as (

    {{ record_areas() | indent(4) }}

),

-- Records are matched whatever the case of their codes.
areas_known as (

    select
        upper(area_code) as area_code_matched,
        min(area_code) as area_code
    from areas
    group by upper(area_code)

)

select * from areas_known
