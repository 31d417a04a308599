with measures as (

    select * from {{ ref('measures') }}

)

select * from measures
