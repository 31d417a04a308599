with areas as (

    select * from {{ ref('areas') }}

)

select * from areas
