with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

areas_matched as (

    select
        published_figures.claim_code,
        areas.area_code,
        areas.area_name,
        row_number() over (
            partition by published_figures.claim_code
            order by position(areas.area_code in published_figures.area_codes) asc nulls last
        ) as place
    from published_figures
    inner join areas on ' ' || published_figures.area_codes || ' ' like '% ' || areas.area_code || ' %'

),

areas_named as (

    select
        claim_code,
        count(*) as areas_named,
        case
            when count(*) = 1 then max(area_name)
            when count(*) = 2 then max(case when place = 1 then area_name end) || ' and ' || max(case when place = 2 then area_name end)
            else max(case when place = 1 then area_name end) || ' and ' || cast(count(*) - 1 as varchar) || ' other areas'
        end as area_names
    from areas_matched
    group by claim_code

)

select * from areas_named
