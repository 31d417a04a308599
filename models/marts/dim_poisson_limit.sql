with poisson_limits as (

    select * from {{ ref('stg_reference__poisson_limits') }}

)

select * from poisson_limits
