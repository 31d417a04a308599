with districts as (

    select * from {{ ref('deprivation_scores') }}

),

clinical_commissioning_groups as (

    select * from {{ ref('clinical_commissioning_groups') }}

),

scores_unioned as (

    select
        deprivation_index,
        area_code,
        average_score
    from districts
    union all
    select
        '2015' as deprivation_index,
        ccg_code as area_code,
        imd_2015_average_score as average_score
    from clinical_commissioning_groups

)

select * from scores_unioned
