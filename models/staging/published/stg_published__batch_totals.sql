with batch_totals as (

    select * from {{ ref('batch_totals') }}

)

select * from batch_totals
