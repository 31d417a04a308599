with readings as (

    select * from {{ ref('int_claim_readings') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

areas as (

    select * from {{ ref('dim_area') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

tenths as (

    select
        area_code,
        country_code,
        case
            when deprivation_decile = 1 then 'most_deprived'
            when deprivation_decile = max(deprivation_decile) over (partition by country_code) then 'least_deprived'
            else 'tenth_' || cast(deprivation_decile as varchar)
        end as whose
    from areas
    where deprivation_decile is not null

),

-- Whose counts a reading needs: those of the areas that the statement names, of the area it compares them with, of tenths by deprivation.
areas_to_count as (

    select
        readings.claim_code,
        readings.reading,
        choices.whose,
        areas.area_code,
        choices.areas_named
    from readings
    cross join
        lateral (
            values
            ('claimed', readings.area_codes, readings.areas_named),
            ('comparison', readings.comparison_area_code, 1)
        ) as choices (whose, area_codes, areas_named)
    inner join areas on ' ' || choices.area_codes || ' ' like '% ' || areas.area_code || ' %'
    union all
    select
        readings.claim_code,
        readings.reading,
        tenths.whose,
        tenths.area_code,
        1 as areas_named
    from readings
    inner join tenths on readings.area_codes = tenths.country_code
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
        max(case when rates.numerator_publication like 'supplied/%' or rates.denominator_publication like 'supplied/%' then 1 else 0 end)
            as is_supplied
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

-- The periods of the statement, each year of either period, and each window within the period.
spans as (

    select
        readings.claim_code,
        readings.reading,
        choices.span,
        years.first_year,
        years.first_year + choices.years_stated - 1 as last_year
    from readings
    cross join
        lateral (
            values
            ('period', period_start_year, period_end_year, period_end_year - period_start_year + 1),
            ('comparison_period', comparison_start_year, comparison_end_year, comparison_end_year - comparison_start_year + 1),
            ('period_year', period_start_year, period_end_year, 1),
            ('comparison_year', comparison_start_year, comparison_end_year, 1),
            ('period_window', period_start_year, period_end_year, {{ setting('default_window_years') }})
        ) as choices (span, first_year, last_year, years_stated)
    cross join
        lateral generate_series(
            cast(choices.first_year as integer), cast(choices.last_year - choices.years_stated + 1 as integer)
        ) as years (first_year)

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
