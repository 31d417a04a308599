with claim_statistics as (

    select * from {{ ref('claim_statistics') }}

)

select * from claim_statistics
