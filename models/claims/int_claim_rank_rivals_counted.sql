with readings as (

    select * from {{ ref('int_claim_reading_counts') }}
    where family = 'rank'

),

areas as (

    select * from {{ ref('dim_area') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

-- Every other area of the level that existed in the period, whether its counts are at hand or not.
rivals as (

    select
        readings.claim_code,
        readings.reading,
        readings.measure,
        readings.basis,
        readings.period_start_year,
        readings.period_end_year,
        readings.numerator as claimed_numerator,
        readings.denominator as claimed_denominator,
        areas.area_code
    from readings
    inner join areas on {{ ranking_level_condition('readings.ranking_level', 'areas') }}
    where ' ' || readings.area_codes || ' ' not like '% ' || areas.area_code || ' %'
        and (
            areas.first_year is null
            or (areas.first_year <= readings.period_start_year and areas.last_year >= readings.period_end_year)
        )

),

rivals_counted as (

    select
        rivals.claim_code,
        rivals.reading,
        rivals.area_code,
        rivals.claimed_numerator,
        rivals.claimed_denominator,
        case
            when count(rates.numerator) = rivals.period_end_year - rivals.period_start_year + 1
                then cast(sum(rates.numerator) as bigint)
        end as numerator,
        case
            when count(rates.numerator) = rivals.period_end_year - rivals.period_start_year + 1
                then cast(sum(rates.denominator) as bigint)
        end as denominator
    from rivals
    left join rates
        on rivals.area_code = rates.area_code
        and rivals.measure = rates.measure
        and rivals.basis = rates.basis
        and rates.period_start_year between rivals.period_start_year and rivals.period_end_year
    group by
        rivals.claim_code, rivals.reading, rivals.area_code, rivals.claimed_numerator, rivals.claimed_denominator,
        rivals.period_start_year, rivals.period_end_year

)

select * from rivals_counted
