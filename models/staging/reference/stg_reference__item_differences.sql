with item_differences as (

    select * from {{ ref('item_differences') }}

)

select * from item_differences
