-- Rates of windows of several years: beside a printed figure, and beside the rates of their years.
{%- set window_years = setting('default_window_years') %}
with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic in ('rolling_rates_per_1000', 'pooling_tells_areas_apart')

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

    select * from {{ ref('int_rank_intervals') }}

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

-- The area's own intervals: a window has more deaths than its years, so a narrower one is arithmetic and judges nothing.
widths_compared as (

    select
        windows.claim_code,
        windows.reading,
        avg(windows.upper_95 - windows.lower_95) as mean_window_width,
        avg(years.upper_95 - years.lower_95) as mean_year_width
    from windows
    inner join counts as years
        on windows.claim_code = years.claim_code
        and windows.reading = years.reading
        and years.span = 'period_year'
        and years.first_year between windows.first_year and windows.last_year
    where windows.statistic = 'pooling_tells_areas_apart'
    group by windows.claim_code, windows.reading

),

levels_counted as (

    select
        rates.ranking_level,
        rates.measure,
        rates.basis,
        rates.years_in_period,
        rates.period_start_year,
        rates.period_end_year,
        max(rates.areas_ranked) as areas_ranked,
        avg(rank_intervals.rank_interval_upper - rank_intervals.rank_interval_lower + 1) as places,
        sum(case when benchmark_comparisons.verdict <> 'similar' then 1 else 0 end) as areas_apart
    from rates
    left join rank_intervals on rates.ranked_rate_id = rank_intervals.ranked_rate_id
    left join benchmark_comparisons on rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id
    group by
        rates.ranking_level, rates.measure, rates.basis, rates.years_in_period, rates.period_start_year, rates.period_end_year

),

-- Each window beside each of its years, over all areas of the level: do more of them stand apart from the benchmark?
levels_compared as (

    select
        readings.claim_code,
        readings.reading,
        count(*) as pairs,
        max(pooled.areas_ranked) as areas_ranked,
        sum(case when pooled.areas_apart > single.areas_apart then 1 else 0 end) as pairs_telling_more,
        avg(cast(single.areas_apart as double precision)) as areas_apart_by_year,
        avg(cast(pooled.areas_apart as double precision)) as areas_apart_by_window,
        avg(cast(single.places as double precision)) as places_by_year,
        avg(cast(pooled.places as double precision)) as places_by_window
    from readings
    inner join levels_counted as pooled
        on readings.ranking_level = pooled.ranking_level
        and readings.measure = pooled.measure
        and readings.basis = pooled.basis
        and pooled.years_in_period = {{ window_years }}
        and readings.period_start_year <= pooled.period_start_year
        and readings.period_end_year >= pooled.period_end_year
    inner join levels_counted as single
        on pooled.ranking_level = single.ranking_level
        and pooled.measure = single.measure
        and pooled.basis = single.basis
        and single.years_in_period = 1
        and single.period_end_year between pooled.period_start_year and pooled.period_end_year
    where readings.statistic = 'pooling_tells_areas_apart'
    group by readings.claim_code, readings.reading

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
            ('mean_window_width', widths_compared.mean_window_width),
            ('mean_year_width', widths_compared.mean_year_width)
        ) as answers (value_code, value)
    union all
    select
        levels_compared.claim_code,
        levels_compared.reading,
        answers.*
    from levels_compared
    cross join lateral (
        values
        ('recomputed_value', levels_compared.areas_apart_by_window / nullif(levels_compared.areas_apart_by_year, 0e0)),
        ('areas_ranked', levels_compared.areas_ranked),
        ('pairs', levels_compared.pairs),
        ('pairs_telling_more', levels_compared.pairs_telling_more),
        ('areas_apart_by_year', levels_compared.areas_apart_by_year),
        ('areas_apart_by_window', levels_compared.areas_apart_by_window),
        ('places_by_year', levels_compared.places_by_year),
        ('places_by_window', levels_compared.places_by_window),
        ('is_at_hand', 1),
        ('is_agreeing', case when levels_compared.pairs_telling_more = levels_compared.pairs then 1 else 0 end),
        ('is_possible', case when levels_compared.pairs_telling_more > 0 then 1 else 0 end)
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
