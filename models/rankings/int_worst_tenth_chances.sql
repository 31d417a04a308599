-- Rates at which the chances are worked out, evenly spread between the lowest and the highest likely one of the ranking.
{%- set levels = 80 %}
-- Deviate beyond which lies one in ten million of a normal distribution.
{%- set far_out = '5.2e0' %}

with posteriors as (

    select
        ranking_id,
        ranked_rate_id,
        posterior_shape,
        posterior_rate,
        greatest(1, cast(floor(areas_ranked / 10e0) as bigint)) as worst_places,
        areas_ranked
    from {{ ref('int_stabilised_rates') }}
    where has_pairs_compared

),

-- On the scale of the square root, on which a count's spread is the same whatever its size. Wilson and Hilferty's quantiles: near enough
-- to say where nothing is left, but for the upper one of shapes far below one, which falls below zero; that of one lies above them all.
ranges_found as (

    select
        ranking_id,
        min(sqrt(
            posterior_shape / posterior_rate
            * power(greatest(1e0 - 1e0 / (9e0 * posterior_shape) - {{ far_out }} / (3e0 * sqrt(posterior_shape)), 1e-2), 3)
        )) as lowest_root,
        max(sqrt(
            greatest(posterior_shape, 1e0) / posterior_rate
            * power(1e0 - 1e0 / (9e0 * greatest(posterior_shape, 1e0)) + {{ far_out }} / (3e0 * sqrt(greatest(posterior_shape, 1e0))), 3)
        )) as highest_root
    from posteriors
    where posterior_shape is not null
    group by ranking_id

),

levels_laid as (

    select
        ranges_found.ranking_id,
        level_numbers.level_number,
        power(
            ranges_found.lowest_root
            + (ranges_found.highest_root - ranges_found.lowest_root) * level_numbers.level_number / {{ levels }}e0,
            2
        ) as level_rate
    from ranges_found
    cross join generate_series(0, {{ levels }}) as level_numbers (level_number)

),

levels_crossed as (

    select
        posteriors.ranking_id,
        posteriors.ranked_rate_id,
        levels_laid.level_number,
        posteriors.worst_places,
        posteriors.posterior_shape,
        levels_laid.level_rate * posteriors.posterior_rate as scaled_level,
        -- The normal form is near enough from four on; smaller shapes are carried there by four terms of the gamma recurrence.
        case when posteriors.posterior_shape < 4e0 then posteriors.posterior_shape + 4e0 else posteriors.posterior_shape end
            as carried_shape
    from posteriors
    inner join levels_laid on posteriors.ranking_id = levels_laid.ranking_id

),

-- Beyond nine standard deviations lies less than one in 10^18, and PostgreSQL would stop on products of what is left.
deviates as materialized (

    select
        *,
        greatest(-9e0, least(9e0, {{ gamma_deviate('carried_shape', 'scaled_level') }})) as deviate
    from levels_crossed

),

-- The chance that the area's underlying rate lies above the level.
chances_above as (

    select
        ranking_id,
        ranked_rate_id,
        level_number,
        worst_places,
        case
            when posterior_shape < 4e0
                then
                    greatest(
                        0e0,
                        {{ normal_lower_tail_approximate('deviate') }} - {{ gamma_recurrence_terms('posterior_shape', 'scaled_level') }}
                    )
            else {{ normal_lower_tail_approximate('deviate') }}
        end as chance_above
    from deviates

),

numbers_above as (

    select
        ranking_id,
        level_number,
        sum(chance_above) as mean_above,
        sum(chance_above * (1e0 - chance_above)) as variance_above,
        sum(chance_above * (1e0 - chance_above) * (1e0 - 2e0 * chance_above)) as third_moment_above,
        sum(ln(greatest(1e0 - chance_above, 1e-16))) as log_chance_of_none_above,
        sum(chance_above / greatest(1e0 - chance_above, 1e-16)) as odds_above,
        sum(power(chance_above / greatest(1e0 - chance_above, 1e-16), 2)) as squared_odds_above
    from chances_above
    group by ranking_id, level_number

),

-- Of the other areas alone. Levels so low that more areas than there are places must lie above them add nothing and are left out.
others_above as (

    select
        chances_above.ranked_rate_id,
        chances_above.level_number,
        chances_above.worst_places,
        chances_above.chance_above,
        numbers_above.mean_above - chances_above.chance_above as mean_above,
        greatest(numbers_above.variance_above - chances_above.chance_above * (1e0 - chances_above.chance_above), 1e-12)
            as variance_above,
        numbers_above.third_moment_above
        - chances_above.chance_above * (1e0 - chances_above.chance_above) * (1e0 - 2e0 * chances_above.chance_above)
            as third_moment_above,
        numbers_above.log_chance_of_none_above - ln(greatest(1e0 - chances_above.chance_above, 1e-16)) as log_chance_of_none_above,
        greatest(0e0, numbers_above.odds_above - chances_above.chance_above / greatest(1e0 - chances_above.chance_above, 1e-16))
            as odds_above,
        greatest(
            0e0,
            numbers_above.squared_odds_above - power(chances_above.chance_above / greatest(1e0 - chances_above.chance_above, 1e-16), 2)
        ) as squared_odds_above
    from chances_above
    inner join numbers_above
        on chances_above.ranking_id = numbers_above.ranking_id
        and chances_above.level_number = numbers_above.level_number
    where numbers_above.mean_above <= chances_above.worst_places + 6e0 * sqrt(numbers_above.variance_above) + 10e0

),

others_above_with_deviate as materialized (

    select
        *,
        (worst_places - 0.5e0 - mean_above) / sqrt(variance_above) as deviate
    from others_above

),

-- The chance that at most all places but one are taken by others, if the area stood at the level: exact for up to three places, else
-- the Poisson-binomial distribution in its normal form with skewness.
chances_of_a_place as (

    select
        ranked_rate_id,
        level_number,
        chance_above,
        case
            when worst_places <= 3
                then
                    {{ exponential('log_chance_of_none_above') }}
                    * (
                        1e0
                        + case when worst_places >= 2 then odds_above else 0e0 end
                        + case when worst_places >= 3 then (odds_above * odds_above - squared_odds_above) / 2e0 else 0e0 end
                    )
            else
                {{ normal_lower_tail_approximate('deviate') }}
                + third_moment_above / (6e0 * power(variance_above, 1.5e0)) * (1e0 - deviate * deviate)
                * 0.3989422804014327e0 * {{ exponential('(-0.5e0 * deviate * deviate)') }}
        end as chance_of_a_place
    from others_above_with_deviate

),

-- The form with skewness can pass 0 and 1 by a little.
chances_within_bounds as (

    select
        ranked_rate_id,
        level_number,
        chance_above,
        greatest(0e0, least(1e0, chance_of_a_place)) as chance_of_a_place
    from chances_of_a_place

),

-- The chance that the area's own rate lies about a level is the fall of chance_above there, by differences of the fourth order, since the
-- levels are even steps of the root: as near at 80 levels as plain differences at 300. Beyond the levels nothing falls.
chances_about_levels as (

    select
        ranked_rate_id,
        chance_of_a_place,
        (lag(chance_above, 1, chance_above) over levels_upwards - lead(chance_above, 1, chance_above) over levels_upwards) * 2e0 / 3e0
        - (lag(chance_above, 2, chance_above) over levels_upwards - lead(chance_above, 2, chance_above) over levels_upwards) / 12e0
            as chance_about_level
    from chances_within_bounds
    window levels_upwards as (partition by ranked_rate_id order by level_number asc nulls last)

),

chances_added_up as (

    select
        ranked_rate_id,
        sum(chance_about_level * chance_of_a_place) as probability_worst_tenth
    from chances_about_levels
    group by ranked_rate_id

),

chances_calculated as (

    select
        posteriors.ranked_rate_id,
        case
            -- Where chance alone explains the spread, every area has the same chance.
            when posteriors.posterior_shape is null then cast(posteriors.worst_places as double precision) / posteriors.areas_ranked
            else greatest(0e0, least(1e0, coalesce(chances_added_up.probability_worst_tenth, 0e0)))
        end as probability_worst_tenth
    from posteriors
    left join chances_added_up on posteriors.ranked_rate_id = chances_added_up.ranked_rate_id

)

select * from chances_calculated
