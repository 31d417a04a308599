with ons_figures as (

    select * from {{ ref('stg_ons__figures') }}

),

ons_tables as (

    select * from {{ ref('ons_tables') }}

),

supplied_figures as (

    select * from {{ ref('int_incoming_figures_accepted') }}

),

misprints as (

    select * from {{ ref('stg_published__known_misprints') }}
    where is_replaced

),

-- Where the sums of the table itself show that a count was misprinted, the count that they imply stands in its place.
misprints_corrected as (

    select
        ons_figures.publication,
        ons_figures.source_table,
        ons_figures.data_year,
        ons_tables.basis,
        ons_tables.precedence,
        ons_figures.area_code,
        ons_figures.area_name_printed,
        ons_figures.item,
        coalesce(misprints.implied_count, ons_figures.count_value) as count_value,
        case when misprints.implied_count is not null then 'ok' else ons_figures.count_status end as count_status,
        ons_figures.count_as_printed,
        ons_figures.count_mark,
        ons_figures.printed_rate,
        ons_figures.printed_rate_mark,
        ons_figures.reliability_mark,
        ons_figures.source_file,
        ons_figures.source_line,
        false as is_supplied
    from ons_figures
    inner join ons_tables on ons_figures.source_file = ons_tables.source_file
    left join misprints
        on ons_figures.publication = misprints.publication
        and ons_figures.source_table = misprints.source_table
        and ons_figures.data_year = misprints.data_year
        and ons_figures.area_code = misprints.area_code
        and ons_figures.item = misprints.item

),

figures_unioned as (

    select * from misprints_corrected
    union all
    select
        publication,
        source_table,
        data_year,
        basis,
        precedence,
        area_code,
        area_name_printed,
        item,
        count_value,
        count_status,
        count_as_printed,
        count_mark,
        cast(null as varchar) as printed_rate,
        cast(null as varchar) as printed_rate_mark,
        cast(null as varchar) as reliability_mark,
        source_file,
        source_line,
        true as is_supplied
    from supplied_figures

)

select * from figures_unioned
