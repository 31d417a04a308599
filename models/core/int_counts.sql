with figures as (

    select * from {{ ref('int_figures') }}
    where count_as_printed is not null or count_mark is not null

),

combinations as (

    select * from {{ ref('area_lineage') }}
    where change_type = 'split_combination'

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

item_differences as (

    select * from {{ ref('item_differences') }}

),

combination_years as (

    select
        combinations.successor_code as part_code,
        combinations.predecessor_code as combination_code,
        areas.first_year,
        areas.last_year,
        count(*) over (partition by combinations.predecessor_code) as parts
    from combinations
    inner join areas on combinations.predecessor_code = areas.area_code

),

-- Two areas published as one are one area in those years, also where a single table prints them apart (the deaths of 2013 print
-- Hackney and the City of London apart, the births do not): their counts are added up, so that the pair has one row a year. A part that a
-- user gives alone is not the pair.
figures_beside_combinations as (

    select
        figures.*,
        combination_years.combination_code,
        combination_years.parts,
        count(*) over (
            partition by
                combination_years.combination_code, figures.publication, figures.source_table, figures.data_year, figures.years_in_count,
                figures.basis, figures.precedence, figures.item
        ) as parts_given
    from figures
    left join combination_years
        on figures.area_code = combination_years.part_code
        and figures.data_year between combination_years.first_year and combination_years.last_year

),

figures_assigned_to_areas as (

    select
        *,
        case when parts_given = parts then combination_code else area_code end as assigned_area_code
    from figures_beside_combinations

),

counts as (

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
        end as count_value,
        min(source_file) as source_file,
        -- A sum has no line of its own.
        case when count(*) = 1 then min(source_line) end as source_line
    from figures_assigned_to_areas
    group by publication, source_table, data_year, years_in_count, basis, precedence, is_supplied, assigned_area_code, item

),

-- What a table leaves out but its own other columns fix: deaths under 7 days = perinatal deaths - stillbirths.
counts_differenced as (

    select
        wholes.publication,
        wholes.source_table,
        wholes.data_year,
        wholes.years_in_count,
        wholes.basis,
        wholes.precedence,
        wholes.is_supplied,
        wholes.area_code,
        item_differences.item,
        case
            when 'invalid' in (wholes.count_status, parts.count_status) then 'invalid'
            when 'suppressed' in (wholes.count_status, parts.count_status) then 'suppressed'
            when 'missing' in (wholes.count_status, parts.count_status) then 'missing'
            when wholes.count_value < parts.count_value then 'invalid'
            else 'ok'
        end as count_status,
        wholes.count_value - parts.count_value as count_value,
        wholes.source_file,
        cast(null as bigint) as source_line
    from item_differences
    inner join counts as wholes on item_differences.whole_item = wholes.item
    inner join counts as parts
        on item_differences.part_item = parts.item
        and wholes.publication = parts.publication
        and wholes.source_table = parts.source_table
        and wholes.data_year = parts.data_year
        and wholes.years_in_count = parts.years_in_count
        and wholes.area_code = parts.area_code
    -- Only what the publication itself does not print.
    left join counts as printed
        on item_differences.item = printed.item
        and wholes.publication = printed.publication
        and wholes.data_year = printed.data_year
        and wholes.years_in_count = printed.years_in_count
        and wholes.area_code = printed.area_code
    where printed.item is null

),

counts_completed as (

    select
        *,
        false as is_derived
    from counts
    union all
    select
        *,
        true as is_derived
    from counts_differenced

),

-- Where several publications give a count: the lowest precedence, and of equals the later edition. The first choice is the one used.
counts_ordered as (

    select
        *,
        row_number() over (
            partition by area_code, data_year, years_in_count, basis, item
            order by precedence asc nulls last, publication desc nulls last, source_table desc nulls last
        ) as choice
    from counts_completed

)

select * from counts_ordered
