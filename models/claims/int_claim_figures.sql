with readings as (

    select * from {{ ref('int_claim_readings') }}

),

counts as (

    select * from {{ ref('int_claim_counts') }}

),

claim_values as (

    select * from {{ ref('claim_values') }}

),

-- Whose counts a statistic tells of, over which years, and what stands before the names of its numbers. Some statistics use the years at
-- hand where others need all.
counts_chosen (statistic, whose, span, prefix, what_is_told) as (

    values
    ('rate_per_1000', 'claimed', 'period', '', 'counts'),
    ('numerator', 'claimed', 'period', '', 'counts'),
    ('denominator', 'claimed', 'period', '', 'counts'),
    ('percent_change', 'claimed', 'period', '', 'counts'),
    ('percent_change', 'claimed', 'comparison_period', 'earlier_', 'counts'),
    ('rank_highest_first', 'claimed', 'period', '', 'counts'),
    ('rolling_rates_per_1000', 'claimed', 'period_window', 'window_', 'counts'),
    ('rolling_rates_per_1000', 'claimed', 'period', '', 'counts at hand'),
    ('rolling_rates_per_1000', 'claimed', 'period', '', 'years'),
    ('highest_in_most_deprived_decile', 'most_deprived', 'period', '', 'counts at hand'),
    ('highest_in_most_deprived_decile', 'most_deprived', 'period', '', 'years'),
    ('highest_in_most_deprived_decile', 'least_deprived', 'period', 'least_deprived_', 'counts at hand'),
    ('gap_narrowed', 'claimed', 'period', '', 'counts'),
    ('gap_narrowed', 'claimed', 'comparison_period', 'earlier_', 'counts'),
    ('gap_narrowed', 'comparison', 'period', 'comparison_area_', 'counts'),
    ('gap_narrowed', 'comparison', 'comparison_period', 'earlier_comparison_area_', 'counts'),
    ('unusually_high_year', 'claimed', 'period', '', 'counts'),
    ('unusually_high_year', 'claimed', 'comparison_period', '', 'years'),
    ('nearest_figure', 'claimed', 'period', '', 'counts'),
    ('nearest_figure', 'claimed', 'comparison_period', 'earlier_', 'counts')

),

counts_told as (

    select
        readings.claim_code,
        readings.reading,
        case when counts.span = 'period_window' then counts.first_year else 0 end as item,
        answers.value_code,
        answers.value,
        answers.lower_95,
        answers.upper_95,
        case when counts_chosen.what_is_told <> 'years' then counts.source_table end as source_table,
        counts.area_code,
        counts.period
    from readings
    inner join counts_chosen on readings.statistic = counts_chosen.statistic
    inner join counts
        on readings.claim_code = counts.claim_code
        and readings.reading = counts.reading
        and counts_chosen.whose = counts.whose
        and counts_chosen.span = counts.span
    cross join
        lateral (
            values
            ('counts', counts_chosen.prefix || 'deaths', cast(counts.numerator as double precision), null, null),
            ('counts', counts_chosen.prefix || 'births', counts.denominator, null, null),
            ('counts', counts_chosen.prefix || 'rate', counts.rate_per_1000, counts.lower_95, counts.upper_95),
            (
                'counts', 'recomputed_value',
                case readings.statistic
                    when 'numerator' then counts.numerator
                    when 'denominator' then counts.denominator
                    when 'rate_per_1000' then counts.rate_per_1000
                    when 'rolling_rates_per_1000' then counts.rate_per_1000
                end,
                case when readings.statistic in ('rate_per_1000', 'rolling_rates_per_1000') then counts.lower_95 end,
                case when readings.statistic in ('rate_per_1000', 'rolling_rates_per_1000') then counts.upper_95 end
            ),
            ('years', 'years_at_hand', counts.years_at_hand, null, null),
            ('years', 'years_stated', counts.years_stated, null, null),
            ('years', 'first_year', counts.first_year_at_hand, null, null),
            ('years', 'last_year', counts.last_year_at_hand, null, null)
        ) as answers (told_with, value_code, value, lower_95, upper_95)
    -- The numbers that an explanation uses, or an answer.
    inner join claim_values
        on readings.statistic = claim_values.statistic
        and answers.value_code = claim_values.value_code
    where counts_chosen.what_is_told in (answers.told_with, answers.told_with || ' at hand')
        and (counts.is_whole or counts_chosen.what_is_told <> 'counts')
        and not (answers.value_code = 'recomputed_value' and counts.span <> 'period')

),

readings_with_counts as (

    select
        readings.*,
        later.numerator,
        later.denominator,
        earlier.numerator as earlier_numerator,
        earlier.denominator as earlier_denominator,
        {{ rounded_rate_units('later.numerator', 'later.denominator') }} as rounded_units,
        {{ rounded_rate_units('earlier.numerator', 'earlier.denominator') }} as earlier_rounded_units
    from readings
    left join counts as later
        on readings.claim_code = later.claim_code
        and readings.reading = later.reading
        and later.whose = 'claimed'
        and later.span = 'period'
        and later.is_whole
    left join counts as earlier
        on readings.claim_code = earlier.claim_code
        and readings.reading = earlier.reading
        and earlier.whose = 'claimed'
        and earlier.span = 'comparison_period'
        and earlier.is_whole
    where readings.statistic in ('rate_per_1000', 'numerator', 'denominator', 'percent_change')

),

-- Each figure as an exact quotient of whole numbers, so that rounding half up loses nothing.
quotients as (

    select
        *,
        case
            when statistic = 'rate_per_1000' then 1000 * numerator
            when statistic = 'numerator' then numerator
            when statistic = 'denominator' then denominator
            when is_from_rounded then 100 * (rounded_units - earlier_rounded_units)
            else 100 * (numerator * earlier_denominator - earlier_numerator * denominator)
        end as dividend,
        case
            when statistic = 'rate_per_1000' then denominator
            when statistic in ('numerator', 'denominator') then 1
            when is_from_rounded then nullif(earlier_rounded_units, 0)
            else nullif(earlier_numerator * denominator, 0)
        end as divisor
    from readings_with_counts

),

figures_compared as (

    select
        *,
        cast(dividend as double precision) / cast(divisor as double precision) as recomputed_value,
        case relation
            when 'more_than' then cast(dividend as double precision) / cast(divisor as double precision) > published_number
            else {{ quotient_rounded_to_units('dividend', 'divisor', 'decimals') }} = published_units
        end as is_fit
    from quotients

),

-- A statement is contradicted only where every reading of its first measure could be tried.
readings_beside_each_other as (

    select
        *,
        min(case when recomputed_value is not null or not is_first_measure then 1 else 0 end) over each_claim as is_computable,
        max(case when recomputed_value is not null then 1 else 0 end) over each_claim as is_any_at_hand,
        max(case when is_fit then 1 else 0 end) over each_claim as is_any_fit,
        max(case when is_fit and is_as_worded then 1 else 0 end) over each_claim as is_worded_fit
    from figures_compared
    window each_claim as (partition by claim_code)

),

-- The rates of windows of several years beside the one that was printed.
windows_counted as (

    select
        readings.claim_code,
        readings.reading,
        readings.area_code,
        readings.period,
        all_years.years_at_hand,
        all_years.years_stated,
        count(*) as windows,
        sum(case
            when {{ quotient_rounded_to_units('(1000 * windows.numerator)', 'windows.denominator', 'readings.decimals') }}
                = readings.published_units then 1
            else 0
        end) as windows_fitting
    from readings
    inner join counts as windows
        on readings.claim_code = windows.claim_code
        and readings.reading = windows.reading
        and windows.whose = 'claimed'
        and windows.span = 'period_window'
        and windows.is_whole
    inner join counts as all_years
        on readings.claim_code = all_years.claim_code
        and readings.reading = all_years.reading
        and all_years.whose = 'claimed'
        and all_years.span = 'period'
    where readings.statistic = 'rolling_rates_per_1000'
    group by
        readings.claim_code, readings.reading, readings.area_code, readings.period, all_years.years_at_hand, all_years.years_stated

),

lines_unioned as (

    select * from counts_told
    union all
    select
        readings.claim_code,
        readings.reading,
        0 as item,
        answers.value_code,
        answers.value,
        null as lower_95,
        null as upper_95,
        null as source_table,
        readings.area_code,
        case when answers.value_code = 'earlier_rounded_rate' then readings.comparison_period else readings.period end as period
    from readings_beside_each_other as readings
    cross join
        lateral (
            values
            -- Other figures are counts and rates as they stand.
            ('recomputed_value', case when readings.statistic = 'percent_change' then readings.recomputed_value end),
            ('rounded_rate', case when readings.is_from_rounded then readings.rounded_units / 10e0 end),
            ('earlier_rounded_rate', case when readings.is_from_rounded then readings.earlier_rounded_units / 10e0 end),
            ('is_at_hand', case when readings.recomputed_value is null then 0 else 1 end),
            ('is_computable', readings.is_computable),
            ('is_fit', case when readings.is_fit then 1 when not readings.is_fit then 0 end),
            ('is_as_worded', case when readings.is_any_fit = 1 then readings.is_worded_fit end),
            ('is_from_rounded', case when readings.is_from_rounded then 1 else 0 end),
            ('is_any_at_hand', readings.is_any_at_hand),
            (
                'is_absent_beside_others',
                case when readings.recomputed_value is null and not readings.is_from_rounded then readings.is_any_at_hand end
            )
        ) as answers (value_code, value)
    union all
    select
        claim_code,
        reading,
        0 as item,
        'window_years' as value_code,
        {{ setting('default_window_years') }} as value,
        null as lower_95,
        null as upper_95,
        null as source_table,
        area_code,
        null as period
    from readings
    where statistic in ('rolling_rates_per_1000', 'pooling_tells_areas_apart')
    union all
    select
        windows_counted.claim_code,
        windows_counted.reading,
        0 as item,
        answers.value_code,
        answers.value,
        null as lower_95,
        null as upper_95,
        null as source_table,
        windows_counted.area_code,
        windows_counted.period
    from windows_counted
    cross join
        lateral (
            values
            ('windows', windows_counted.windows),
            ('windows_fitting', windows_counted.windows_fitting),
            ('is_at_hand', 1),
            -- A rate of fewer than half of the years says nothing about all of them.
            ('is_computable', case when 2 * windows_counted.years_at_hand >= windows_counted.years_stated then 1 else 0 end),
            ('is_complete', case when windows_counted.years_at_hand = windows_counted.years_stated then 1 else 0 end),
            ('is_fit', case when windows_counted.windows_fitting = windows_counted.windows then 1 else 0 end)
        ) as answers (value_code, value)

),

numbers as (

    select
        claim_code,
        reading,
        cast(item as smallint) as item,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(null as double precision) as probability,
        source_table,
        area_code,
        period,
        cast(null as varchar) as basis,
        cast(null as varchar) as ranking_level
    from lines_unioned
    where value is not null

)

select * from numbers
