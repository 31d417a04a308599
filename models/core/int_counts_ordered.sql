with counts as (

    select * from {{ ref('int_counts_combined') }}

),

item_differences as (

    select * from {{ ref('item_differences') }}

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
        wholes.count_value - parts.count_value as count_value
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
