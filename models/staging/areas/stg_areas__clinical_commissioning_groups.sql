with clinical_commissioning_groups as (

    select * from {{ ref('clinical_commissioning_groups') }}

)

select * from clinical_commissioning_groups
