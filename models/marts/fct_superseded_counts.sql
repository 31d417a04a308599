with counts as (

    select * from {{ ref('int_counts_completed') }}

),

counts_selected as (

    select * from {{ ref('int_counts_selected') }}

),

counts_that_differ as (

    select
        counts.area_code,
        counts.data_year,
        counts.basis,
        counts.item,
        counts.publication,
        counts.source_table,
        counts.count_value as superseded_count,
        counts.count_status as superseded_status,
        counts_selected.count_value as count_used,
        counts_selected.publication as publication_used
    from counts
    inner join counts_selected
        on counts.area_code = counts_selected.area_code
        and counts.data_year = counts_selected.data_year
        and counts.basis = counts_selected.basis
        and counts.item = counts_selected.item
    where (counts.publication <> counts_selected.publication or counts.source_table <> counts_selected.source_table)
        and counts.count_value is distinct from counts_selected.count_value

)

select * from counts_that_differ
