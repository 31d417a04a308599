with figures as (

    select * from {{ ref('int_figures') }}

),

printed_rate_measures as (

    select * from {{ ref('printed_rate_measures') }}

),

measure_components as (

    select * from {{ ref('stg_reference__measure_components') }}
    where role in ('numerator', 'denominator')

),

denominator_counts as (

    select * from {{ ref('int_denominators') }}
    where years_in_count = 1 and offered_by = 'published'

),

combinations as (

    select * from {{ ref('area_lineage') }}
    where change_type = 'split_combination'

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

printed_rates as (

    select
        figures.*,
        printed_rate_measures.measure
    from figures
    inner join printed_rate_measures on figures.item = printed_rate_measures.item
    where figures.printed_rate is not null

),

-- Both sides from the table that prints the rate, as its publisher had them. Where it prints no births (the registration tables), those of
-- the births publication of the year; for a part of a combination, those of the combination.
components_found as (

    select
        printed_rates.publication,
        printed_rates.source_table,
        printed_rates.data_year,
        printed_rates.area_code,
        printed_rates.item,
        measure_components.role,
        measure_components.components,
        case
            when measure_components.role = 'numerator' then printed_counts.count_value
            else coalesce(printed_counts.count_value, chosen_births.count_value, combined_births.count_value)
        end as count_value
    from printed_rates
    inner join measure_components on printed_rates.measure = measure_components.measure
    left join figures as printed_counts
        on printed_rates.publication = printed_counts.publication
        and printed_rates.source_table = printed_counts.source_table
        and printed_rates.data_year = printed_counts.data_year
        and printed_rates.area_code = printed_counts.area_code
        and measure_components.item = printed_counts.item
    left join denominator_counts as chosen_births
        on printed_rates.data_year = chosen_births.data_year
        and printed_rates.area_code = chosen_births.area_code
        and printed_rates.basis = chosen_births.basis
        and measure_components.item = chosen_births.item
    left join combinations on printed_rates.area_code = combinations.successor_code
    left join denominator_counts as combined_births
        on printed_rates.data_year = combined_births.data_year
        and combinations.predecessor_code = combined_births.area_code
        and printed_rates.basis = combined_births.basis
        and measure_components.item = combined_births.item

),

sides_added_up as (

    select
        publication,
        source_table,
        data_year,
        area_code,
        item,
        role,
        case when count(count_value) = max(components) then cast(sum(count_value) as bigint) end as side_count
    from components_found
    group by publication, source_table, data_year, area_code, item, role

),

-- The count printed beside the rate comes first; where the table prints only its parts (stillbirths and deaths under 28 days), their sum.
printed_rates_beside_counts as (

    select
        printed_rates.*,
        coalesce(printed_rates.count_value, numerators.side_count) as numerator,
        denominators.side_count as denominator
    from printed_rates
    inner join sides_added_up as numerators
        on printed_rates.publication = numerators.publication
        and printed_rates.source_table = numerators.source_table
        and printed_rates.data_year = numerators.data_year
        and printed_rates.area_code = numerators.area_code
        and printed_rates.item = numerators.item
        and numerators.role = 'numerator'
    inner join sides_added_up as denominators
        on printed_rates.publication = denominators.publication
        and printed_rates.source_table = denominators.source_table
        and printed_rates.data_year = denominators.data_year
        and printed_rates.area_code = denominators.area_code
        and printed_rates.item = denominators.item
        and denominators.role = 'denominator'

),

rates_with_limits as (

    select
        printed_rates_beside_counts.*,
        {{ rate_per_1000('printed_rates_beside_counts.numerator', 'printed_rates_beside_counts.denominator') }} as recomputed_rate,
        {{ poisson_rate_limit(
            'lower', '95', 'printed_rates_beside_counts.numerator', 'printed_rates_beside_counts.denominator', 'poisson_limits.lower_95'
        ) }} as recomputed_lower_95,
        {{ poisson_rate_limit(
            'upper', '95', 'printed_rates_beside_counts.numerator', 'printed_rates_beside_counts.denominator', 'poisson_limits.upper_95'
        ) }} as recomputed_upper_95
    from printed_rates_beside_counts
    left join poisson_limits on printed_rates_beside_counts.numerator = poisson_limits.event_count

),

statistics as (

    select statistic
    from (values ('rate'), ('lower_95'), ('upper_95')) as named (statistic)

),

-- A row for the rate, and one for each limit that is printed beside it.
statistics_in_rows as (

    select
        rates_with_limits.*,
        statistics.statistic,
        case statistics.statistic
            when 'rate' then rates_with_limits.printed_rate
            when 'lower_95' then rates_with_limits.printed_lower_95
            when 'upper_95' then rates_with_limits.printed_upper_95
        end as printed_text,
        case statistics.statistic
            when 'rate' then rates_with_limits.recomputed_rate
            when 'lower_95' then rates_with_limits.recomputed_lower_95
            when 'upper_95' then rates_with_limits.recomputed_upper_95
        end as recomputed_value
    from rates_with_limits
    cross join statistics

),

printed_rates_recomputed as (

    select
        publication,
        source_table,
        data_year,
        basis,
        area_code,
        area_name_printed,
        item,
        measure,
        statistic,
        printed_text as printed_rate_text,
        cast(printed_text as double precision) as printed_rate,
        cast({{ printed_decimals('printed_text') }} as smallint) as printed_decimals,
        numerator,
        denominator,
        recomputed_value as recomputed_rate,
        source_file,
        source_line
    from statistics_in_rows
    where printed_text is not null

)

select * from printed_rates_recomputed
