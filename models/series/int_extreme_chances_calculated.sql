with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where is_complete

),

extreme_areas as (

    select * from {{ ref('int_extreme_areas_found') }}

),

stabilised_rates as (

    select * from {{ ref('int_rates_stabilised') }}

),

spreads as (

    select
        ranking_id,
        max(standard_deviation_between_areas_per_1000) / 1000e0 as standard_deviation_between_areas
    from stabilised_rates
    group by ranking_id

),

-- The fewest deaths that give an area the highest rate: a quotient of whole numbers, which a double gives without error where it is whole
-- itself. The rate times the births would be off there by a digit of the last place, and so by a death.
counts_to_reach as (

    select
        rates.ranking_id,
        ceil(
            cast(extreme_areas.highest_numerator * rates.denominator as double precision)
            / cast(extreme_areas.highest_denominator as double precision)
        ) as deaths_to_reach,
        rates.births * rankings.deaths / cast(rankings.births as double precision) as expected_deaths,
        power(rankings.deaths / cast(rankings.births as double precision) / nullif(spreads.standard_deviation_between_areas, 0e0), 2)
            as shape_between_areas
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id
    inner join extreme_areas on rates.ranking_id = extreme_areas.ranking_id
    inner join spreads on rates.ranking_id = spreads.ranking_id

),

chances_at_equal_risk as (

    {{ gamma_tails('counts_to_reach', 'deaths_to_reach', 'expected_deaths') }}

),

counts_at_equal_risk as (

    select
        ranking_id,
        deaths_to_reach,
        expected_deaths,
        shape_between_areas,
        lower_tail as chance_at_equal_risk
    from chances_at_equal_risk

),

counts_with_spread as (

    select * from counts_at_equal_risk
    where shape_between_areas is not null

),

chances_at_fitted_spread as (

    {{ beta_tails(
        'counts_with_spread', 'deaths_to_reach', 'shape_between_areas', '(expected_deaths / (expected_deaths + shape_between_areas))'
    ) | indent(4) }}

),

-- Where no spread is left beyond chance, the two are one.
chances_of_areas as (

    select
        ranking_id,
        chance_at_equal_risk,
        lower_tail as chance_at_fitted_spread
    from chances_at_fitted_spread
    union all
    select
        ranking_id,
        chance_at_equal_risk,
        chance_at_equal_risk as chance_at_fitted_spread
    from counts_at_equal_risk
    where shape_between_areas is null

),

-- The chance that no area reaches it, as a sum of logarithms; an area certain to reach it leaves none.
chances_calculated as (

    select
        ranking_id,
        1e0 - {{ exponential('sum(ln(greatest(1e0 - chance_at_equal_risk, 1e-300)))') }} as probability_equal_risk,
        1e0 - {{ exponential('sum(ln(greatest(1e0 - chance_at_fitted_spread, 1e-300)))') }} as probability_fitted_spread
    from chances_of_areas
    group by ranking_id

)

select * from chances_calculated
