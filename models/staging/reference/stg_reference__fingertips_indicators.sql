with indicators as (

    select * from {{ ref('fingertips_indicators') }}

)

select * from indicators
