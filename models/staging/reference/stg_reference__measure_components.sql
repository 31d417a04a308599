with components as (

    select * from {{ ref('measure_components') }}

),

components_counted as (

    select
        measure,
        role,
        item,
        count(*) over (partition by measure, role) as components
    from components

)

select * from components_counted
