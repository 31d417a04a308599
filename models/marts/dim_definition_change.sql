with changes as (

    select * from {{ ref('definition_changes') }}

),

measures_touched as (

    select * from {{ ref('definition_change_measures') }}

),

changes_by_measure as (

    select
        changes.area_code,
        measures_touched.measure,
        changes.change_code,
        changes.change_date,
        changes.first_year_after,
        changes.label,
        changes.fact,
        changes.source,
        changes.link
    from changes
    inner join measures_touched on changes.change_code = measures_touched.change_code

)

select * from changes_by_measure
