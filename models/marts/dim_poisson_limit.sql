with poisson_limits as (

    select * from {{ ref('poisson_limits') }}

)

select * from poisson_limits
