with figures as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- Areas of the user's own: codes that the project does not know.
areas_named as (

    select
        figures.area_code,
        min(figures.area_name_printed) as area_name,
        cast(min(figures.data_year) as smallint) as first_year,
        cast(max(figures.data_year) as smallint) as last_year
    from figures
    left join areas on figures.area_code = areas.area_code
    where areas.area_code is null
    group by figures.area_code

)

select * from areas_named
