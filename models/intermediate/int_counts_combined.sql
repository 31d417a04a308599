with figures as (

    select * from {{ ref('int_figures_unioned') }}
    where count_as_printed is not null or count_mark is not null

),

combinations as (

    select * from {{ ref('stg_areas__area_lineage') }}
    where change_type = 'split_combination'

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

-- Hackney and the City of London were published as one area until 2013, but the deaths table of 2013 prints
-- them apart: in the years of the combination its parts are added up, so that it has one row a year.
combination_years as (

    select
        combinations.successor_code as part_code,
        combinations.predecessor_code as combination_code,
        areas.first_year,
        areas.last_year
    from combinations
    inner join areas on combinations.predecessor_code = areas.area_code

),

figures_assigned_to_areas as (

    select
        figures.publication,
        figures.data_year,
        figures.source_table,
        figures.basis,
        figures.precedence,
        coalesce(combination_years.combination_code, figures.area_code) as area_code,
        figures.item,
        figures.count_value,
        figures.count_status
    from figures
    left join combination_years
        on figures.area_code = combination_years.part_code
        and figures.data_year between combination_years.first_year and combination_years.last_year

),

counts_added_up as (

    select
        publication,
        data_year,
        source_table,
        basis,
        precedence,
        area_code,
        item,
        {{ worst_status('count_status') }} as count_status,
        case
            when {{ worst_status('count_status') }} in ('ok', 'invalid') then cast(sum(count_value) as bigint)
        end as count_value
    from figures_assigned_to_areas
    group by publication, data_year, source_table, basis, precedence, area_code, item

)

select * from counts_added_up
