-- Where areas are many this table and that step each take much memory: one after the other.
-- depends_on: {{ ref('int_score_trends') }}
with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period in ({{ setting('rolling_window_years') | join(', ') }})

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rolling_rates as (

    select
        rates.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        measures.measure_name,
        rates.basis,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        cast({{ setting('chosen_confidence') }} as double precision) as chosen_confidence,
        rates.lower_chosen,
        rates.upper_chosen,
        rates.status,
        rates.reliability_flag,
        rates.rate_display,
        rates.is_like_for_like,
        rates.is_from_two_sources,
        rates.numerator_publication,
        rates.denominator_publication,
        rates.years_published,
        rates.is_complete,
        rates.is_non_overlapping
    from rates
    inner join areas on rates.area_code = areas.area_code
    inner join measures on rates.measure = measures.measure

)

select * from rolling_rates
