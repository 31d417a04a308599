with changes as (

    select * from {{ ref('stg_reference__definition_changes') }}

),

changes_published as (

    select
        area_code,
        measure,
        change_code,
        change_date,
        first_year_after,
        label,
        fact,
        source,
        link
    from changes

)

select * from changes_published
