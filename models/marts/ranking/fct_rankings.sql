with rates as (

    select * from {{ ref('int_rates_ranked') }}

),

rejections as (

    select * from {{ ref('int_rank_intervals_counted') }}

),

worst_tenth as (

    select * from {{ ref('int_worst_tenth_draws_counted') }}

),

rankings as (

    select
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.status,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.rank_highest_first,
        rates.rank_lowest_first,
        rates.areas_ranked,
        {{ rank_interval_columns('rates', 'rejections') }},
        worst_tenth.probability_worst_tenth,
        rates.quintile
    from rates
    left join rejections on rates.rate_number = rejections.rate_number
    left join worst_tenth on rates.rate_number = worst_tenth.rate_number

)

select * from rankings
