with control_totals as (

    select * from {{ ref('control_totals') }}

)

select * from control_totals
