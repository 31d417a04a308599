with printed_rate_measures as (

    select * from {{ ref('printed_rate_measures') }}

)

select * from printed_rate_measures
