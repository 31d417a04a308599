with area_lineage as (

    select * from {{ ref('stg_areas__area_lineage') }}

),

changes_described as (

    select
        predecessor_code,
        successor_code,
        change_type,
        change_year,
        note
    from area_lineage

)

select * from changes_described
