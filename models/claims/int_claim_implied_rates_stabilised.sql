-- Rates at which chances are worked out, evenly spread on the scale of the square root up to the highest likely one.
{%- set levels = 1000 %}
with implied_counts as (

    select * from {{ ref('int_claim_implied_counts_found') }}

),

-- The underlying rates of the level's areas are gamma distributed around the benchmark's rate, as much in proportion as those of the
-- nearest ranking; an area's own deaths then leave it a gamma distribution with this shape and rate.
posteriors as (

    select
        claim_code,
        assumption_order,
        role,
        births,
        areas_in_level,
        benchmark_rate,
        greatest(1, cast(floor(areas_in_level / 10e0) as bigint)) as worst_places,
        shape_between_areas,
        shape_between_areas / benchmark_rate as rate_between_areas,
        shape_between_areas + deaths as posterior_shape,
        shape_between_areas / benchmark_rate + births as posterior_rate
    from implied_counts
    where role in ('group_rate', 'group_rank') and benchmark_rate > 0 and shape_between_areas is not null

),

limits_wanted as (

    select
        posteriors.claim_code,
        posteriors.assumption_order,
        posteriors.posterior_rate,
        posteriors.posterior_shape,
        limits.deviate
    from posteriors
    cross join (
        values
        (cast(-{{ standard_normal_quantile('95') }} as double precision)),
        (cast({{ standard_normal_quantile('95') }} as double precision))
    ) as limits (deviate)

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'posterior_shape', 'deviate') }}

),

limits_side_by_side as (

    select
        claim_code,
        assumption_order,
        1000e0 * min(gamma_quantile / posterior_rate) as lower_95,
        1000e0 * max(gamma_quantile / posterior_rate) as upper_95
    from limits_found
    group by claim_code, assumption_order

),

above_benchmark as (

    {{ gamma_tails('posteriors', 'posterior_shape', 'benchmark_rate * posterior_rate') }}

),

-- Beyond ten standard deviations of either distribution nothing is left.
levels_laid as (

    select
        posteriors.claim_code,
        posteriors.assumption_order,
        posteriors.areas_in_level,
        posteriors.worst_places,
        posteriors.shape_between_areas,
        posteriors.rate_between_areas,
        posteriors.posterior_shape,
        posteriors.posterior_rate,
        level_numbers.level_number,
        greatest(
            (posteriors.shape_between_areas + 10e0 * sqrt(posteriors.shape_between_areas) + 20e0) / posteriors.rate_between_areas,
            (posteriors.posterior_shape + 10e0 * sqrt(posteriors.posterior_shape) + 20e0) / posteriors.posterior_rate
        ) * power(level_numbers.level_number / {{ levels }}e0, 2) as level_rate
    from posteriors
    cross join generate_series(1, {{ levels }}) as level_numbers (level_number)
    where posteriors.role = 'group_rank'

),

own_tails as (

    {{ gamma_tails('levels_laid', 'posterior_shape', 'level_rate * posterior_rate') }}

),

own_chances as (

    select
        claim_code,
        assumption_order,
        areas_in_level,
        worst_places,
        shape_between_areas,
        rate_between_areas,
        level_number,
        level_rate,
        upper_tail as own_chance_above
    from own_tails

),

other_tails as (

    {{ gamma_tails('own_chances', 'shape_between_areas', 'level_rate * rate_between_areas') }}

),

-- Of the other areas no figures are at hand: each lies above the level with the chance that the spread between areas gives, so their
-- number is binomial. A share of 0 or 1 has no odds.
places_asked as (

    select
        other_tails.claim_code,
        other_tails.assumption_order,
        other_tails.level_number,
        other_tails.own_chance_above,
        places.value_code,
        places.places,
        cast(other_tails.areas_in_level - places.places as double precision) as second_shape_of_places,
        greatest(1e-15, least(1e0 - 1e-15, other_tails.upper_tail)) as other_chance_above
    from other_tails
    cross join
        lateral (
            values
            ('truly_highest', cast(1 as bigint)),
            ('in_worst_tenth', other_tails.worst_places)
        ) as places (value_code, places)

),

chances_of_full_places as (

    {{ beta_tails('places_asked', 'cast(places as double precision)', 'second_shape_of_places', 'other_chance_above') }}

),

-- The chance that the area's own rate lies between two levels, times the chance of a place there: the mean of both ends.
bands as (

    select
        claim_code,
        assumption_order,
        value_code,
        own_chance_above - lead(own_chance_above, 1, 0e0) over levels_upwards as own_chance,
        1e0 - (lower_tail + lead(lower_tail, 1, 0e0) over levels_upwards) / 2e0 as chance_of_a_place
    from chances_of_full_places
    window levels_upwards as (partition by claim_code, assumption_order, value_code order by level_number asc nulls last)

),

chances_of_places as (

    select
        claim_code,
        assumption_order,
        value_code,
        sum(own_chance * chance_of_a_place) as probability
    from bands
    group by claim_code, assumption_order, value_code

),

-- Deaths of a next period with as many births: a Poisson count whose mean has the posterior's distribution, so a negative binomial.
next_counts as (

    select
        posteriors.claim_code,
        posteriors.assumption_order,
        posteriors.posterior_shape,
        posteriors.births / (posteriors.births + posteriors.posterior_rate) as births_share,
        counts.deaths,
        cast(counts.deaths + 1 as double precision) as next_count
    from posteriors
    cross join
        lateral generate_series(
            0,
            cast(ceil(
                20e0 + posteriors.births / posteriors.posterior_rate
                * (posteriors.posterior_shape + 10e0 * sqrt(posteriors.posterior_shape) + 20e0)
            ) as integer)
        ) as counts (deaths)
    where posteriors.role = 'group_rate'

),

next_tails as (

    {{ beta_tails('next_counts', 'next_count', 'posterior_shape', 'births_share') }}

),

-- P(Y <= y) is the upper tail for y + 1.
next_ranges as (

    select
        claim_code,
        assumption_order,
        min(case when upper_tail >= 0.025e0 then deaths end) as lower_95,
        min(case when upper_tail >= 0.975e0 then deaths end) as upper_95
    from next_tails
    group by claim_code, assumption_order

),

lines_unioned as (

    select
        posteriors.claim_code,
        posteriors.assumption_order,
        answers.*
    from above_benchmark as posteriors
    inner join limits_side_by_side as limits
        on posteriors.claim_code = limits.claim_code
        and posteriors.assumption_order = limits.assumption_order
    cross join
        lateral (
            values
            ('stabilised_rate', 1000e0 * posteriors.posterior_shape / posteriors.posterior_rate, limits.lower_95, limits.upper_95, null),
            ('above_benchmark', posteriors.upper_tail, null, null, posteriors.upper_tail)
        ) as answers (value_code, value, lower_95, upper_95, probability)
    where posteriors.role = 'group_rate'
    union all
    select
        posteriors.claim_code,
        posteriors.assumption_order,
        'next_deaths' as value_code,
        posteriors.births * posteriors.posterior_shape / posteriors.posterior_rate as value,
        next_ranges.lower_95,
        next_ranges.upper_95,
        null as probability
    from posteriors
    inner join next_ranges
        on posteriors.claim_code = next_ranges.claim_code
        and posteriors.assumption_order = next_ranges.assumption_order
    union all
    select
        posteriors.claim_code,
        posteriors.assumption_order,
        answers.*,
        null as lower_95,
        null as upper_95,
        null as probability
    from posteriors
    cross join
        lateral (
            values
            ('solution_deaths', posteriors.posterior_shape - posteriors.shape_between_areas),
            ('middle_births', posteriors.births),
            ('worst_places', posteriors.worst_places)
        ) as answers (value_code, value)
    where posteriors.role = 'group_rank'
    union all
    select
        claim_code,
        assumption_order,
        value_code,
        probability as value,
        null as lower_95,
        null as upper_95,
        probability
    from chances_of_places

),

numbers as (

    select
        claim_code,
        assumption_order as item,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(probability as double precision) as probability
    from lines_unioned
    where value is not null

)

select * from numbers
