with implied_counts as (

    select * from {{ ref('int_claim_implied_counts_found') }}

),

area_sizes as (

    select * from {{ ref('claim_area_sizes') }}

),

-- The risk of the benchmark by the measure that the statement names first.
risks as (

    select distinct
        implied_counts.claim_code,
        implied_counts.nearest_reading,
        implied_counts.rate_units,
        implied_counts.rate_decimals,
        implied_counts.areas_in_level,
        implied_counts.benchmark_rate,
        implied_counts.relative_spread,
        implied_counts.shape_between_areas
    from implied_counts
    where implied_counts.role = 'group_rank'
        and implied_counts.is_first_measure
        and implied_counts.benchmark_rate is not null
        and implied_counts.nearest_reading is not null

),

-- The fewest deaths whose rate prints as it, or higher: in whole numbers, from half a unit of the last place below.
counts_to_reach as (

    select
        risks.*,
        area_sizes.size_order,
        area_sizes.births,
        ceil(
            cast(area_sizes.births * (2 * risks.rate_units - 1) as double precision) / (2000e0 * power(10e0, risks.rate_decimals))
        ) as deaths_needed,
        area_sizes.births * risks.benchmark_rate as expected_deaths
    from risks
    cross join area_sizes

),

tails_at_equal_risk as (

    {{ gamma_tails('counts_to_reach', 'deaths_needed', 'expected_deaths') }}

),

counts_at_equal_risk as (

    select
        claim_code,
        nearest_reading,
        areas_in_level,
        benchmark_rate,
        relative_spread,
        shape_between_areas,
        size_order,
        births,
        deaths_needed,
        expected_deaths,
        lower_tail as one_at_equal_risk
    from tails_at_equal_risk

),

counts_with_spread as (

    select
        *,
        expected_deaths / (expected_deaths + shape_between_areas) as expected_share
    from counts_at_equal_risk
    where shape_between_areas is not null

),

-- A Poisson count whose mean is gamma distributed between areas is negative binomial.
tails_with_spread as (

    {{ beta_tails('counts_with_spread', 'deaths_needed', 'shape_between_areas', 'expected_share') }}

),

chances_of_any as (

    select
        counts_at_equal_risk.*,
        1e0 - {{ exponential('counts_at_equal_risk.areas_in_level * ln(greatest(1e0 - counts_at_equal_risk.one_at_equal_risk, 1e-300))') }}
            as chance_at_equal_risk,
        case
            when tails_with_spread.lower_tail is not null
                then
                    1e0
                    - {{ exponential('counts_at_equal_risk.areas_in_level * ln(greatest(1e0 - tails_with_spread.lower_tail, 1e-300))') }}
        end as chance_with_spread
    from counts_at_equal_risk
    left join tails_with_spread
        on counts_at_equal_risk.claim_code = tails_with_spread.claim_code
        and counts_at_equal_risk.size_order = tails_with_spread.size_order

),

lines_unioned as (

    select
        risks.claim_code,
        risks.nearest_reading,
        0 as item,
        answers.*,
        cast(null as double precision) as probability
    from risks
    cross join
        lateral (
            values
            ('areas_compared', cast(risks.areas_in_level as double precision)),
            ('risk_taken', 1000e0 * risks.benchmark_rate),
            ('is_highest_asked', 1e0),
            ('is_spread_at_hand', case when risks.shape_between_areas is null then 0e0 else 1e0 end)
        ) as answers (value_code, value)
    union all
    -- How far risks differ is told wherever it is used.
    select distinct
        implied_counts.claim_code,
        implied_counts.nearest_reading,
        0 as item,
        answers.*,
        cast(null as double precision) as probability
    from implied_counts
    cross join
        lateral (
            values
            ('relative_spread', 100e0 * implied_counts.relative_spread),
            ('is_spread_used', case when implied_counts.role = 'group_rate' and implied_counts.relative_spread is not null then 1e0 end)
        ) as answers (value_code, value)
    where implied_counts.role in ('group_rate', 'group_rank') and implied_counts.benchmark_rate is not null
    union all
    select
        chances_of_any.claim_code,
        chances_of_any.nearest_reading,
        chances_of_any.size_order as item,
        answers.*
    from chances_of_any
    cross join lateral (
        values
        ('births_each', cast(chances_of_any.births as double precision), null),
        ('deaths_needed', chances_of_any.deaths_needed, null),
        ('chance_at_equal_risk', chances_of_any.chance_at_equal_risk, chances_of_any.chance_at_equal_risk),
        ('chance_with_spread', chances_of_any.chance_with_spread, chances_of_any.chance_with_spread)
    ) as answers (value_code, value, probability)

),

numbers as (

    select
        claim_code,
        nearest_reading as reading,
        cast(item as smallint) as item,
        value_code,
        cast(value as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(probability as double precision) as probability
    from lines_unioned
    where value is not null and nearest_reading is not null

)

select * from numbers
