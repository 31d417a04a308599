{%- set window_years = setting('default_window_years') -%}
with readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1 and status = 'ok'

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

deprivation_deciles as (

    select * from {{ ref('deprivation_deciles') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

tenths_named as (

    select
        areas.area_code,
        areas.country_code as whole_area_code,
        case
            when deprivation_deciles.deprivation_decile = 1 then 'most_deprived'
            when deprivation_deciles.deprivation_decile = max(deprivation_deciles.deprivation_decile) over (partition by areas.country_code)
                then 'least_deprived'
            else 'tenth_' || cast(deprivation_deciles.deprivation_decile as varchar)
        end as whose
    from deprivation_deciles
    inner join areas on deprivation_deciles.area_code = areas.area_code

),

-- Whose counts a reading needs: those of the areas that the statement names, of the area it compares them with, of tenths by deprivation.
areas_to_count as (

    select
        readings.claim_code,
        readings.reading,
        'claimed' as whose,
        split_part(readings.area_codes, ' ', cast(places.place as integer)) as area_code,
        readings.areas_named
    from readings
    cross join lateral generate_series(1, readings.areas_named) as places (place)
    union all
    select
        claim_code,
        reading,
        'comparison' as whose,
        comparison_area_code as area_code,
        1 as areas_named
    from readings
    where comparison_area_code is not null
    union all
    select
        readings.claim_code,
        readings.reading,
        tenths_named.whose,
        tenths_named.area_code,
        1 as areas_named
    from readings
    inner join tenths_named on readings.area_codes = tenths_named.whole_area_code
    where readings.statistic = 'highest_in_most_deprived_decile'

),

-- The counts of a year; none where one of the areas lacks them.
years_added as (

    select
        areas_to_count.claim_code,
        areas_to_count.reading,
        areas_to_count.whose,
        rates.period_start_year as data_year,
        case when areas_to_count.areas_named = 1 then max(areas_to_count.area_code) end as area_code,
        sum(rates.numerator) as numerator,
        sum(rates.denominator) as denominator,
        max(case when rates.is_supplied then 1 else 0 end) as is_supplied
    from areas_to_count
    inner join readings
        on areas_to_count.claim_code = readings.claim_code
        and areas_to_count.reading = readings.reading
    inner join rates
        on areas_to_count.area_code = rates.area_code
        and readings.measure = rates.measure
        and readings.basis = rates.basis
    group by
        areas_to_count.claim_code, areas_to_count.reading, areas_to_count.whose, areas_to_count.areas_named, rates.period_start_year
    having count(*) = areas_to_count.areas_named

),

-- The periods of the statement, the last year, each year of either period, and each window within the period.
spans as (

    select
        readings.claim_code,
        readings.reading,
        choices.span,
        choices.first_year,
        choices.last_year
    from readings
    cross join
        lateral (
            values
            ('period', readings.period_start_year, readings.period_end_year),
            ('comparison_period', readings.comparison_start_year, readings.comparison_end_year),
            ('last_year', readings.period_end_year, readings.period_end_year)
        ) as choices (span, first_year, last_year)
    where choices.first_year is not null
    union all
    select
        readings.claim_code,
        readings.reading,
        'period_year' as span,
        years.data_year as first_year,
        years.data_year as last_year
    from readings
    cross join
        lateral generate_series(
            cast(readings.period_start_year as integer), cast(readings.period_end_year as integer)
        ) as years (data_year)
    union all
    select
        readings.claim_code,
        readings.reading,
        'comparison_year' as span,
        years.data_year as first_year,
        years.data_year as last_year
    from readings
    cross join
        lateral generate_series(
            cast(readings.comparison_start_year as integer), cast(readings.comparison_end_year as integer)
        ) as years (data_year)
    union all
    select
        readings.claim_code,
        readings.reading,
        'period_window' as span,
        years.data_year as first_year,
        years.data_year + {{ window_years - 1 }} as last_year
    from readings
    cross join lateral generate_series(
        cast(readings.period_start_year as integer), cast(readings.period_end_year as integer) - {{ window_years - 1 }}
    ) as years (data_year)

),

counts_added as (

    select
        spans.claim_code,
        spans.reading,
        years_added.whose,
        spans.span,
        spans.first_year,
        spans.last_year,
        years_added.area_code,
        count(*) as years_at_hand,
        min(years_added.data_year) as first_year_at_hand,
        max(years_added.data_year) as last_year_at_hand,
        cast(sum(years_added.numerator) as bigint) as numerator,
        cast(sum(years_added.denominator) as bigint) as denominator,
        max(years_added.is_supplied) = 1 as is_supplied
    from spans
    inner join years_added
        on spans.claim_code = years_added.claim_code
        and spans.reading = years_added.reading
        and years_added.data_year between spans.first_year and spans.last_year
    group by
        spans.claim_code, spans.reading, years_added.whose, spans.span, spans.first_year, spans.last_year, years_added.area_code

),

counts_rated as (

    select
        counts.claim_code,
        counts.reading,
        counts.whose,
        counts.span,
        cast(counts.first_year as smallint) as first_year,
        cast(counts.last_year as smallint) as last_year,
        case
            when counts.first_year = counts.last_year then cast(counts.last_year as varchar)
            else cast(counts.first_year as varchar) || '-' || cast(counts.last_year as varchar)
        end as period,
        counts.area_code,
        counts.years_at_hand,
        cast(counts.last_year - counts.first_year + 1 as bigint) as years_stated,
        counts.years_at_hand = counts.last_year - counts.first_year + 1 as is_whole,
        counts.first_year_at_hand,
        counts.last_year_at_hand,
        counts.numerator,
        counts.denominator,
        {{ rate_per_1000('counts.numerator', 'counts.denominator') }} as rate_per_1000,
        {{ poisson_rate_limit('lower', '95', 'counts.numerator', 'counts.denominator', 'poisson_limits.lower_95') }} as lower_95,
        {{ poisson_rate_limit('upper', '95', 'counts.numerator', 'counts.denominator', 'poisson_limits.upper_95') }} as upper_95,
        counts.is_supplied,
        -- The published table that has the same figure in a row of its own.
        case
            when counts.area_code is null
                or counts.years_at_hand < counts.last_year - counts.first_year + 1 then null
            when counts.first_year = counts.last_year then 'fct_rates'
            when counts.last_year - counts.first_year + 1 in ({{ setting('rolling_window_years') | join(', ') }})
                then 'fct_rolling_rates'
        end as source_table
    from counts_added as counts
    left join poisson_limits on counts.numerator = poisson_limits.event_count

)

select * from counts_rated
