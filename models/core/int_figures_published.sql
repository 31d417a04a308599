with ons_figures as (

    select * from {{ ref('stg_ons__figures') }}

),

nhs_figures as (

    select * from {{ ref('stg_nhs__figures') }}

),

publication_tables as (

    select * from {{ ref('publication_tables') }}

),

misprints as (

    select * from {{ ref('known_misprints') }}
    where is_replaced

),

implied_counts as (

    select
        *,
        {{ whole_number('implied_value') }} as implied_count
    from misprints

),

published_figures as (

    select
        *,
        cast(null as varchar) as printed_lower_95,
        cast(null as varchar) as printed_upper_95
    from ons_figures
    union all
    select * from nhs_figures

),

-- Where the sums of the table itself show that a count was misprinted, the count that they imply stands in its place.
misprints_corrected as (

    select
        published_figures.publication,
        published_figures.source_table,
        published_figures.data_year,
        cast(1 as smallint) as years_in_count,
        publication_tables.basis,
        publication_tables.precedence,
        published_figures.area_code,
        published_figures.area_name_printed,
        published_figures.item,
        coalesce(implied_counts.implied_count, published_figures.count_value) as count_value,
        case when implied_counts.implied_count is not null then 'ok' else published_figures.count_status end as count_status,
        published_figures.count_as_printed,
        published_figures.count_mark,
        published_figures.printed_rate,
        published_figures.printed_rate_mark,
        published_figures.reliability_mark,
        published_figures.printed_lower_95,
        published_figures.printed_upper_95,
        published_figures.source_file,
        published_figures.source_line,
        false as is_supplied
    from published_figures
    inner join publication_tables on published_figures.source_file = publication_tables.source_file
    left join implied_counts
        on published_figures.publication = implied_counts.publication
        and published_figures.source_table = implied_counts.source_table
        and published_figures.data_year = implied_counts.data_year
        and published_figures.area_code = implied_counts.area_code
        and published_figures.item = implied_counts.item

)

select * from misprints_corrected
