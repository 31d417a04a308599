-- Rates of windows of several years: beside a printed figure, and beside the rates of their years.
{%- set window_years = var('default_window_years') %}
with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic in ('rolling_rates_per_1000', 'pooling_narrows_intervals')

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}
    where whose = 'claimed'

),

rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

rank_intervals as (

    select * from {{ ref('int_rank_intervals_counted') }}

),

benchmark_comparisons as (

    select * from {{ ref('int_benchmark_comparisons_tested') }}

),

windows as (

    select
        readings.statistic,
        counts.*,
        {{ quotient_rounded_to_units('(1000 * counts.numerator)', 'counts.denominator', 'readings.decimals') }}
        = readings.published_units as is_fit
    from readings
    inner join counts
        on readings.claim_code = counts.claim_code
        and readings.reading = counts.reading
        and counts.span = 'period_window'
        and counts.is_whole

),

windows_counted as (

    select
        windows.claim_code,
        windows.reading,
        all_years.years_at_hand,
        all_years.years_stated,
        count(*) as windows,
        sum(case when windows.is_fit then 1 else 0 end) as windows_fitting
    from windows
    inner join counts as all_years
        on windows.claim_code = all_years.claim_code
        and windows.reading = all_years.reading
        and all_years.span = 'period'
    where windows.statistic = 'rolling_rates_per_1000'
    group by windows.claim_code, windows.reading, all_years.years_at_hand, all_years.years_stated

),

-- Each window beside each of its years.
widths_compared as (

    select
        windows.claim_code,
        windows.reading,
        count(*) as pairs,
        sum(case when windows.upper_95 - windows.lower_95 < years.upper_95 - years.lower_95 then 1 else 0 end) as pairs_narrower,
        avg((windows.upper_95 - windows.lower_95) / nullif(years.upper_95 - years.lower_95, 0e0)) as mean_width_ratio,
        avg(windows.upper_95 - windows.lower_95) as mean_window_width,
        avg(years.upper_95 - years.lower_95) as mean_year_width
    from windows
    inner join counts as years
        on windows.claim_code = years.claim_code
        and windows.reading = years.reading
        and years.span = 'period_year'
        and years.first_year between windows.first_year and windows.last_year
    where windows.statistic = 'pooling_narrows_intervals'
    group by windows.claim_code, windows.reading

),

places_covered as (

    select
        rates.*,
        rates.years_in_period = 1 as is_year,
        rates.areas_ranked - coalesce(rank_intervals.areas_higher_holm, 0) - coalesce(rank_intervals.areas_lower_holm, 0) as places,
        case when benchmark_comparisons.verdict <> 'similar' then 1 else 0 end as is_apart
    from rates
    left join rank_intervals on rates.ranked_rate_id = rank_intervals.ranked_rate_id
    left join benchmark_comparisons on rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id

),

-- What narrower intervals buy, over all areas of the level: shorter rank intervals, more areas told from the benchmark.
levels_compared as (

    select
        readings.claim_code,
        readings.reading,
        readings.period_end_year,
        max(places_covered.areas_ranked) as areas_ranked,
        avg(case when places_covered.is_year then places_covered.places end) as places_by_year,
        avg(case when not places_covered.is_year then places_covered.places end) as places_by_window,
        sum(case when places_covered.is_year then places_covered.is_apart else 0 end) as areas_apart_by_year,
        sum(case when not places_covered.is_year then places_covered.is_apart else 0 end) as areas_apart_by_window
    from readings
    inner join places_covered
        on readings.ranking_level = places_covered.ranking_level
        and readings.measure = places_covered.measure
        and readings.basis = places_covered.basis
        and readings.period_end_year = places_covered.period_end_year
    where readings.statistic = 'pooling_narrows_intervals'
    group by readings.claim_code, readings.reading, readings.period_end_year

),

lines_unioned as (

    select
        claim_code,
        reading,
        'window_years' as value_code,
        cast({{ window_years }} as double precision) as value
    from readings
    union all
    select
        windows_counted.claim_code,
        windows_counted.reading,
        answers.*
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
    union all
    select
        widths_compared.claim_code,
        widths_compared.reading,
        answers.*
    from widths_compared
    cross join
        lateral (
            values
            ('recomputed_value', widths_compared.mean_width_ratio),
            ('pairs', widths_compared.pairs),
            ('pairs_narrower', widths_compared.pairs_narrower),
            ('mean_window_width', widths_compared.mean_window_width),
            ('mean_year_width', widths_compared.mean_year_width),
            ('is_at_hand', 1),
            ('is_agreeing', case when widths_compared.pairs_narrower = widths_compared.pairs then 1 else 0 end),
            ('is_possible', case when widths_compared.pairs_narrower > 0 then 1 else 0 end)
        ) as answers (value_code, value)
    union all
    select
        levels_compared.claim_code,
        levels_compared.reading,
        answers.*
    from levels_compared
    cross join lateral (
        values
        ('areas_ranked', levels_compared.areas_ranked),
        ('last_year', levels_compared.period_end_year),
        ('places_by_year', levels_compared.places_by_year),
        ('places_by_window', levels_compared.places_by_window),
        ('areas_apart_by_year', levels_compared.areas_apart_by_year),
        ('areas_apart_by_window', levels_compared.areas_apart_by_window)
    ) as answers (value_code, value)

),

numbers as (

    select
        claim_code,
        reading,
        value_code,
        value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as double precision) as probability
    from lines_unioned
    where value is not null

)

select * from numbers
