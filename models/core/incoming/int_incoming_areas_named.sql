with figures as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- The name that stands in the first row is the one to go by.
names_in_order as (

    select
        *,
        row_number() over (partition by area_code order by source_file asc, source_line asc, source_place asc) as mention
    from figures

),

-- Areas of the user's own: codes that the project does not know.
areas_named as (

    select
        names_in_order.area_code,
        min(case when names_in_order.mention = 1 then names_in_order.area_name_printed end) as area_name,
        cast(min(names_in_order.data_year) as smallint) as first_year,
        cast(max(names_in_order.data_year) as smallint) as last_year
    from names_in_order
    left join areas on names_in_order.area_code = areas.area_code
    where areas.area_code is null
    group by names_in_order.area_code

)

select * from areas_named
