with counts as (

    select * from {{ ref('int_counts') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

-- A publication that prints a count in several tables has one row: that of the table which comes first.
counts_ordered as (

    select
        *,
        row_number() over (
            partition by area_code, data_year, years_in_count, basis, item, publication
            order by choice asc nulls last
        ) as table_order
    from counts

),

other_tables_listed as (

    select
        area_code,
        data_year,
        years_in_count,
        basis,
        item,
        publication,
        {{ dbt.listagg("source_table || ': ' || coalesce(cast(count_value as varchar), count_status)", "', '", "order by choice") }}
            as other_tables
    from counts_ordered
    where table_order > 1
    group by area_code, data_year, years_in_count, basis, item, publication

),

counts_used as (

    select * from counts
    where choice = 1

),

counts_beside_those_used as (

    select
        counts_ordered.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        counts_ordered.data_year,
        counts_ordered.years_in_count,
        counts_ordered.basis,
        counts_ordered.item,
        counts_ordered.publication,
        counts_ordered.source_table,
        counts_ordered.count_value,
        counts_ordered.count_status,
        counts_ordered.choice = 1 as is_used,
        counts_ordered.is_derived,
        counts_ordered.is_supplied,
        case
            when counts_ordered.choice = 1 then cast(null as varchar)
            when counts_ordered.precedence = counts_used.precedence then 'later_edition_used'
            else 'other_publication_comes_first'
        end as reason,
        counts_used.publication as publication_used,
        counts_used.count_value as count_used,
        other_tables_listed.other_tables,
        counts_ordered.source_file,
        counts_ordered.source_line
    from counts_ordered
    inner join areas on counts_ordered.area_code = areas.area_code
    inner join counts_used
        on counts_ordered.area_code = counts_used.area_code
        and counts_ordered.data_year = counts_used.data_year
        and counts_ordered.years_in_count = counts_used.years_in_count
        and counts_ordered.basis = counts_used.basis
        and counts_ordered.item = counts_used.item
    left join other_tables_listed
        on counts_ordered.area_code = other_tables_listed.area_code
        and counts_ordered.data_year = other_tables_listed.data_year
        and counts_ordered.years_in_count = other_tables_listed.years_in_count
        and counts_ordered.basis = other_tables_listed.basis
        and counts_ordered.item = other_tables_listed.item
        and counts_ordered.publication = other_tables_listed.publication
    where counts_ordered.table_order = 1

)

select * from counts_beside_those_used
