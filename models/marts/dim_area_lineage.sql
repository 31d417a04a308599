with area_lineage as (

    select * from {{ ref('area_lineage') }}

)

select
    predecessor_code,
    successor_code,
    change_type,
    change_year,
    note
from area_lineage
