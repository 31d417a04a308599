with figures as (

    select * from {{ ref('int_figures_unioned') }}
    where count_as_printed is not null or count_mark is not null

),

combinations as (

    select * from {{ ref('area_lineage') }}
    where change_type = 'split_combination'

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

combination_years as (

    select
        combinations.successor_code as part_code,
        combinations.predecessor_code as combination_code,
        areas.first_year,
        areas.last_year
    from combinations
    inner join areas on combinations.predecessor_code = areas.area_code

),

-- Two areas published as one are one area in those years, also where a single table prints them apart (the deaths of 2013 print
-- Hackney and the City of London apart, the births do not): their counts are added up, so that the pair has one row a year.
figures_assigned_to_areas as (

    select
        figures.*,
        coalesce(combination_years.combination_code, figures.area_code) as assigned_area_code
    from figures
    left join combination_years
        on figures.area_code = combination_years.part_code
        and figures.data_year between combination_years.first_year and combination_years.last_year

),

counts_added_up as (

    select
        publication,
        source_table,
        data_year,
        years_in_count,
        basis,
        precedence,
        is_supplied,
        assigned_area_code as area_code,
        item,
        {{ worst_status('count_status') }} as count_status,
        case
            when {{ worst_status('count_status') }} in ('ok', 'invalid') then cast(sum(count_value) as bigint)
        end as count_value
    from figures_assigned_to_areas
    group by publication, source_table, data_year, years_in_count, basis, precedence, is_supplied, assigned_area_code, item

)

select * from counts_added_up
