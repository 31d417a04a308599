with area_lineage as (

    select * from {{ ref('area_lineage') }}

)

select * from area_lineage
