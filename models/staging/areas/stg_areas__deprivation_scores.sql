with local_authorities as (

    select * from {{ ref('imd_2015_local_authorities') }}

),

clinical_commissioning_groups as (

    select * from {{ ref('clinical_commissioning_groups') }}

),

scores_unioned as (

    select
        area_code,
        imd_2015_average_score as imd_2015_score
    from local_authorities
    union all
    select
        ccg_code as area_code,
        imd_2015_average_score as imd_2015_score
    from clinical_commissioning_groups

)

select * from scores_unioned
