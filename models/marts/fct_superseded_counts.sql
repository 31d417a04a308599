with counts as (

    select * from {{ ref('int_counts_ordered') }}

),

superseded_counts as (

    select
        counts.area_code,
        counts.data_year,
        counts.years_in_count,
        counts.basis,
        counts.item,
        counts.publication,
        counts.source_table,
        counts.count_value as superseded_count,
        counts.count_status as superseded_status,
        counts_used.count_value as count_used,
        counts_used.publication as publication_used
    from counts
    inner join counts as counts_used
        on counts.area_code = counts_used.area_code
        and counts.data_year = counts_used.data_year
        and counts.years_in_count = counts_used.years_in_count
        and counts.basis = counts_used.basis
        and counts.item = counts_used.item
        and counts_used.choice = 1
    where counts.choice > 1
        and counts.count_value is distinct from counts_used.count_value

)

select * from superseded_counts
