with figures as (

    select * from {{ ref('int_figures_unioned') }}

),

printed_rate_measures as (

    select * from {{ ref('printed_rate_measures') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}
    where role = 'denominator'

),

counts as (

    select * from {{ ref('int_counts_ordered') }}
    where choice = 1

),

combinations as (

    select * from {{ ref('area_lineage') }}
    where change_type = 'split_combination'

),

printed_rates as (

    select
        figures.publication,
        figures.source_table,
        figures.data_year,
        figures.basis,
        figures.area_code,
        figures.area_name_printed,
        figures.item,
        printed_rate_measures.measure,
        figures.printed_rate as printed_rate_text,
        figures.count_value as numerator,
        figures.source_file,
        figures.source_line
    from figures
    inner join printed_rate_measures on figures.item = printed_rate_measures.item
    where figures.printed_rate is not null

),

-- The births that stand beside the rate in the same publication; where it prints none (the registration tables),
-- those of the births publication of the year; for a part of a combination, those of the combination.
denominators_by_component as (

    select
        printed_rates.publication,
        printed_rates.data_year,
        printed_rates.area_code,
        printed_rates.item,
        coalesce(own_births.count_value, selected_births.count_value, combined_births.count_value) as births,
        measure_components.components
    from printed_rates
    inner join measure_components on printed_rates.measure = measure_components.measure
    left join figures as own_births
        on printed_rates.publication = own_births.publication
        and printed_rates.data_year = own_births.data_year
        and printed_rates.area_code = own_births.area_code
        and measure_components.item = own_births.item
    left join counts as selected_births
        on printed_rates.data_year = selected_births.data_year
        and printed_rates.area_code = selected_births.area_code
        and printed_rates.basis = selected_births.basis
        and measure_components.item = selected_births.item
    left join combinations on printed_rates.area_code = combinations.successor_code
    left join counts as combined_births
        on printed_rates.data_year = combined_births.data_year
        and combinations.predecessor_code = combined_births.area_code
        and printed_rates.basis = combined_births.basis
        and measure_components.item = combined_births.item

),

denominators_added_up as (

    select
        publication,
        data_year,
        area_code,
        item,
        case when count(births) = max(components) then cast(sum(births) as bigint) end as denominator
    from denominators_by_component
    group by publication, data_year, area_code, item

),

printed_rates_recomputed as (

    select
        printed_rates.publication,
        printed_rates.source_table,
        printed_rates.data_year,
        printed_rates.basis,
        printed_rates.area_code,
        printed_rates.area_name_printed,
        printed_rates.item,
        printed_rates.measure,
        printed_rates.printed_rate_text,
        cast(printed_rates.printed_rate_text as double precision) as printed_rate,
        cast({{ printed_decimals('printed_rates.printed_rate_text') }} as smallint) as printed_decimals,
        printed_rates.numerator,
        denominators_added_up.denominator,
        {{ rate_per_1000('printed_rates.numerator', 'denominators_added_up.denominator') }} as recomputed_rate,
        printed_rates.source_file,
        printed_rates.source_line
    from printed_rates
    inner join denominators_added_up
        on printed_rates.publication = denominators_added_up.publication
        and printed_rates.data_year = denominators_added_up.data_year
        and printed_rates.area_code = denominators_added_up.area_code
        and printed_rates.item = denominators_added_up.item

)

select * from printed_rates_recomputed
