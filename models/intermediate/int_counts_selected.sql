with counts as (

    select * from {{ ref('int_counts_completed') }}

),

counts_by_precedence as (

    select
        *,
        row_number() over (
            partition by area_code, data_year, basis, item
            order by precedence asc nulls last, publication desc nulls last, source_table desc nulls last
        ) as choice
    from counts

),

counts_selected as (

    select
        area_code,
        data_year,
        basis,
        item,
        count_value,
        count_status,
        is_derived,
        publication,
        source_table
    from counts_by_precedence
    where choice = 1

)

select * from counts_selected
