with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic in ('years_above_benchmark', 'decreasing_trend')

),

persistence as (

    select * from {{ ref('int_persistence_counted') }}

),

trends as (

    select * from {{ ref('int_score_trends_fitted') }}
    where series = 'years'

),

lines_unioned as (

    -- More than half of the years lie above, and by more than chance would put there; or else the total lies below, beyond its interval.
    select
        readings.claim_code,
        readings.reading,
        answers.*
    from readings
    inner join persistence
        on readings.area_code = persistence.area_code
        and readings.measure = persistence.measure
        and readings.basis = persistence.basis
        and readings.ranking_level = persistence.ranking_level
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
            ('ratio_lower_99_8', persistence.observed_over_expected_lower_99_8, null, null, null),
            ('ratio_upper_99_8', persistence.observed_over_expected_upper_99_8, null, null, null),
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
    where readings.statistic = 'years_above_benchmark'
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
