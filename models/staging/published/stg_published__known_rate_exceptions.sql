with known_rate_exceptions as (

    select * from {{ ref('known_rate_exceptions') }}

)

select * from known_rate_exceptions
