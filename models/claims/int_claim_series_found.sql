with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic in ('years_above_benchmark', 'decreasing_trend')

),

persistence as (

    select * from {{ ref('fct_persistence') }}

),

trends as (

    select * from {{ ref('int_score_trends') }}
    where series = 'years'

),

-- The years of the other basis that come after; a year in both is not counted twice.
series_of_years as (

    select
        readings.claim_code,
        readings.reading,
        own.*,
        later.years_above_benchmark as later_years_above_benchmark,
        later.years_present as later_years_present,
        later.first_year as later_first_year,
        later.last_year as later_last_year,
        later.observed_deaths as later_observed_deaths,
        later.expected_deaths as later_expected_deaths,
        later.observed_over_expected as later_observed_over_expected,
        later.observed_over_expected_lower_95 as later_observed_over_expected_lower_95,
        later.observed_over_expected_upper_95 as later_observed_over_expected_upper_95
    from readings
    inner join persistence as own
        on readings.area_code = own.area_code
        and readings.measure = own.measure
        and readings.basis = own.basis
        and readings.ranking_level = own.ranking_level
    left join persistence as later
        on own.area_code = later.area_code
        and own.measure = later.measure
        and own.basis <> later.basis
        and own.ranking_level = later.ranking_level
        and own.last_year < later.first_year
    where readings.statistic = 'years_above_benchmark'

),

-- Chance of at least as many deaths at the benchmark's own rates: the statement says higher, so one tail, as for the years above.
totals as (

    select
        claim_code,
        reading,
        'total_chance' as value_code,
        cast(observed_deaths as double precision) as deaths,
        expected_deaths
    from series_of_years
    where expected_deaths > 0
    union all
    select
        claim_code,
        reading,
        'later_total_chance' as value_code,
        cast(later_observed_deaths as double precision) as deaths,
        later_expected_deaths as expected_deaths
    from series_of_years
    where later_expected_deaths > 0

),

total_tails as (

    {{ gamma_tails('totals', 'deaths', 'expected_deaths') }}

),

lines_unioned as (

    -- More than half of the years lie above, and by more than chance would put there; or else the total lies below, beyond its interval.
    select
        persistence.claim_code,
        persistence.reading,
        answers.*
    from series_of_years as persistence
    cross join
        lateral (
            values
            (
                'recomputed_value', cast(persistence.years_above_benchmark as double precision),
                cast(null as double precision), cast(null as double precision), persistence.chance_probability
            ),
            ('years_at_hand', persistence.years_present, null, null, null),
            ('first_year', persistence.first_year, null, null, null),
            ('last_year', persistence.last_year, null, null, null),
            ('deaths', persistence.observed_deaths, null, null, null),
            ('expected_deaths', persistence.expected_deaths, null, null, null),
            (
                'ratio', persistence.observed_over_expected,
                persistence.observed_over_expected_lower_95, persistence.observed_over_expected_upper_95, null
            ),
            (
                'excess_deaths', persistence.excess_deaths,
                persistence.excess_deaths_lower_95, persistence.excess_deaths_upper_95, null
            ),
            ('later_years_above', persistence.later_years_above_benchmark, null, null, null),
            ('later_years_at_hand', persistence.later_years_present, null, null, null),
            ('later_first_year', persistence.later_first_year, null, null, null),
            ('later_last_year', persistence.later_last_year, null, null, null),
            ('later_deaths', persistence.later_observed_deaths, null, null, null),
            ('later_expected_deaths', persistence.later_expected_deaths, null, null, null),
            (
                'later_ratio', persistence.later_observed_over_expected,
                persistence.later_observed_over_expected_lower_95, persistence.later_observed_over_expected_upper_95, null
            ),
            ('is_at_hand', 1, null, null, null),
            (
                'is_agreeing',
                case when 2 * persistence.years_above_benchmark > persistence.years_present then 1 else 0 end,
                null,
                null,
                null
            ),
            (
                'is_beyond_chance',
                case
                    when 2 * persistence.years_above_benchmark > persistence.years_present and persistence.chance_probability < 0.05 then 1
                    when 2 * persistence.years_above_benchmark <= persistence.years_present
                        and persistence.observed_over_expected_upper_99_8 < 1 then 1
                    else 0
                end,
                null, null, null
            )
        ) as answers (value_code, value, lower_95, upper_95, probability)
    union all
    select
        claim_code,
        reading,
        value_code,
        lower_tail as value,
        null as lower_95,
        null as upper_95,
        lower_tail as probability
    from total_tails
    union all
    -- Only a trend within the period stated, over at least half of its years, speaks to the statement.
    select
        readings.claim_code,
        readings.reading,
        answers.*
    from readings
    inner join trends
        on readings.area_code = trends.area_code
        and readings.measure = trends.measure
        and readings.basis = trends.basis
        and readings.period_end_year = trends.end_year
    cross join
        lateral (
            values
            (
                'recomputed_value', trends.annual_percent_change,
                trends.annual_percent_change_lower_95, trends.annual_percent_change_upper_95, trends.trend_p_value
            ),
            ('years_stated', readings.period_end_year - readings.period_start_year + 1, null, null, null),
            ('years_in_trend', trends.points, null, null, null),
            ('first_year', trends.first_year, null, null, null),
            ('last_year', trends.end_year, null, null, null),
            ('deaths', trends.deaths, null, null, null),
            ('is_at_hand', case when trends.trend_p_value is null then 0 else 1 end, null, null, null),
            (
                'is_computable',
                case
                    when trends.trend_p_value is not null
                        and trends.first_year >= readings.period_start_year
                        and 2 * trends.points >= readings.period_end_year - readings.period_start_year + 1 then 1
                    else 0
                end,
                null, null, null
            ),
            (
                'is_agreeing',
                case when trends.annual_percent_change < 0 then 1 when trends.annual_percent_change >= 0 then 0 end,
                null, null, null
            ),
            ('is_beyond_chance', case when trends.trend_p_value < 0.05 then 1 else 0 end, null, null, null)
        ) as answers (value_code, value, lower_95, upper_95, probability)
    where readings.statistic = 'decreasing_trend'

),

numbers as (

    select
        claim_code,
        reading,
        value_code,
        cast(value as double precision) as value,
        lower_95,
        upper_95,
        probability
    from lines_unioned
    where value is not null

)

select * from numbers
