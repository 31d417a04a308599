{#- A level with more areas than this has no pairs here: they would be most rows of the database. -#}
{%- set most_areas = 200 -%}
with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked and years_in_period = 1 and areas_ranked <= {{ most_areas }}

),

posteriors as (

    select * from {{ ref('int_posteriors') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rates_newest_first as (

    select
        rates.*,
        posteriors.posterior_shape,
        posteriors.posterior_rate,
        dense_rank() over (
            partition by rates.ranking_level, rates.measure
            order by rates.period_end_year desc nulls last, rates.basis asc nulls last
        ) as years_back
    from rates
    inner join posteriors on rates.ranked_rate_id = posteriors.ranked_rate_id

),

pairs as (

    select
        own.ranking_level,
        own.measure,
        own.period,
        own.basis,
        own.area_code,
        beside.area_code as compared_area_code,
        own.posterior_shape as shape_of_first,
        beside.posterior_shape as shape_of_second,
        own.posterior_rate / (own.posterior_rate + beside.posterior_rate) as share_of_sum
    from rates_newest_first as own
    inner join rates_newest_first as beside
        on own.ranking_id = beside.ranking_id
        and own.area_code < beside.area_code
    where own.years_back = 1

),

-- Of two gamma variables, each over its own rate, the first is the larger where its part of their sum exceeds that share.
probabilities_found as (

    {{ beta_tails('pairs', 'shape_of_first', 'shape_of_second', 'share_of_sum') }}

),

area_pairs as (

    select
        probabilities_found.ranking_level,
        probabilities_found.measure,
        measures.measure_name,
        probabilities_found.period,
        probabilities_found.basis,
        probabilities_found.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        probabilities_found.compared_area_code,
        compared_areas.area_name as compared_area_name,
        probabilities_found.upper_tail as probability_higher
    from probabilities_found
    inner join areas on probabilities_found.area_code = areas.area_code
    inner join areas as compared_areas on probabilities_found.compared_area_code = compared_areas.area_code
    inner join measures on probabilities_found.measure = measures.measure

)

select * from area_pairs
