with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic = 'nearest_figure'

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where is_complete

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

-- The spread beyond chance, beside the mean: areas of another measure are taken to differ in the same proportion. Without any there is no
-- gamma distribution.
rankings_found as (

    select
        readings.claim_code,
        readings.reading,
        rankings.ranking_id,
        nullif(spreads.standard_deviation_between_areas, 0e0) * rankings.births / rankings.deaths as relative_spread,
        power(rankings.deaths / (rankings.births * nullif(spreads.standard_deviation_between_areas, 0e0)), 2) as shape_between_areas,
        row_number() over (partition by readings.claim_code order by readings.reading asc nulls last) as place
    from readings
    inner join rankings
        on readings.ranking_level = rankings.ranking_level
        and readings.period = rankings.period
        and readings.measure = rankings.measure
        and readings.basis = rankings.basis
    inner join spreads on rankings.ranking_id = spreads.ranking_id
    where rankings.deaths > 0

),

-- One ranking a claim: of two bases the first that has one.
nearest_rankings_found as (

    select
        claim_code,
        reading,
        ranking_id,
        relative_spread,
        shape_between_areas
    from rankings_found
    where place = 1

)

select * from nearest_rankings_found
