with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where is_complete and deaths > 0

),

spreads as (

    {{ gamma_spreads('rates', 'rankings') }}

)

select * from spreads
