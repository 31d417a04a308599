{#- An area's own rate is taken at points a fifth of its standard deviation apart. -#}
{#- As in int_rank_levels. -#}
{%- set kept = ' materialized' if target.type == 'postgres' else '' %}
{%- set nodes_on_each_side, nodes_a_deviate = 22, 5 %}
with posteriors as (

    select * from {{ ref('int_posteriors') }}

),

levels as (

    select * from {{ ref('int_rank_levels') }}

),

-- An area's own rate, in deviates of its own distribution: how much of it lies above each, and about it.
deviates as (

    select
        node / {{ nodes_a_deviate }}e0 as own_deviate,
        {{ normal_upper_tail('(node / ' ~ nodes_a_deviate ~ 'e0)') }} as own_chance_above,
        {{ normal_density('(node / ' ~ nodes_a_deviate ~ 'e0)') }} as own_density
    from generate_series(-{{ nodes_on_each_side }}, {{ nodes_on_each_side }}) as nodes (node)

),

nodes as (

    select
        *,
        (
            lag(own_chance_above, 1, 1e0) over (order by own_deviate asc nulls last)
            - lead(own_chance_above, 1, 0e0) over (order by own_deviate asc nulls last)
        ) / 2e0 as chance_about_node
    from deviates

),

own_points as (

    select
        posteriors.ranking_id,
        posteriors.ranked_rate_id,
        posteriors.areas_ranked,
        posteriors.root_of_mean,
        posteriors.cube_root_deviation,
        levels.lowest_root,
        levels.step,
        levels.last_level,
        nodes.own_chance_above,
        nodes.own_density,
        nodes.chance_about_node,
        greatest(1, cast(floor(posteriors.areas_ranked / 10e0) as bigint)) as worst_ranks,
        greatest(posteriors.cube_root_mean + nodes.own_deviate * posteriors.cube_root_deviation, 1e-2) as cube_root
    from posteriors
    inner join levels on posteriors.ranking_id = levels.ranking_id
    cross join nodes
    where levels.level_number = 0

),

own_rates as (

    select
        *,
        1.5e0 * root_of_mean * cube_root_deviation * sqrt(cube_root) as root_a_deviate,
        {{ level_position('cube_root') }} as level_position
    from own_points

),

own_rates_between_levels as{{ kept }} (

    select
        *,
        cast(floor(level_position) as bigint) as level_number,
        level_position - floor(level_position) as part_of_step
    from own_rates

),

-- Of the other areas alone.
others_above as{{ kept }} (

    select
        own.ranked_rate_id,
        own.areas_ranked,
        own.worst_ranks,
        own.chance_about_node,
        own.own_density / {{ nodes_a_deviate }}e0 as chance_at_node,
        {{ between_levels('mean_above', 'own.part_of_step') }} - own.own_chance_above as mean_above,
        greatest(
            levels.variance_above + own.part_of_step * levels.variance_change - own.own_chance_above * (1e0 - own.own_chance_above), 1e-12
        ) as variance_above,
        -- How many others fewer lie above from half a node before to half a node after.
        -({{ slope_between_levels('mean_above', 'own.part_of_step') }} * own.root_a_deviate / own.step + own.own_density)
        / {{ nodes_a_deviate }}e0 as fall_over_node,
        levels.third_moment_above + own.part_of_step * levels.third_moment_change
        - own.own_chance_above * (1e0 - own.own_chance_above) * (1e0 - 2e0 * own.own_chance_above) as third_moment_above,
        {{ between_levels('log_chance_of_none_above', 'own.part_of_step') }} - ln(greatest(1e0 - own.own_chance_above, 1e-16))
            as log_chance_of_none_above
    from own_rates_between_levels as own
    inner join levels
        on own.ranking_id = levels.ranking_id
        and own.level_number = levels.level_number

),

others_above_with_deviate as{{ kept }} (

    select
        *,
        (worst_ranks - 0.5e0 - mean_above) / sqrt(variance_above) as deviate,
        fall_over_node / sqrt(variance_above) / 2e0 as half_fall
    from others_above

),

-- The chance that fewer others than there are worst ranks lie above: exact for one rank, else the Poisson-binomial distribution in its
-- normal form with skewness, which can pass 0 and 1 by a little. In long lists it rises from 0 to 1 between two nodes: there its mean
-- over the node.
chances_of_worst_ranks as (

    select
        ranked_rate_id,
        areas_ranked,
        chance_about_node,
        -- A mean over the node is spread out already.
        case when half_fall > 1.2e0 and worst_ranks > 1 then chance_at_node else chance_about_node end as chance_of_node,
        mean_above,
        case
            when worst_ranks = 1 then {{ exponential('least(log_chance_of_none_above, 0e0)') }}
            when deviate < -6e0 - half_fall then 0e0
            when deviate > 6e0 + half_fall then 1e0
            when half_fall > 1.2e0
                then (
                    (deviate + half_fall) * {{ normal_lower_tail_approximate('(deviate + half_fall)') }}
                    - (deviate - half_fall) * {{ normal_lower_tail_approximate('(deviate - half_fall)') }}
                    + {{ normal_density('(deviate + half_fall)') }} - {{ normal_density('(deviate - half_fall)') }}
                ) / (2e0 * half_fall)
            else
                {{ normal_lower_tail_approximate('deviate') }}
                + third_moment_above / (6e0 * variance_above * sqrt(variance_above)) * (1e0 - deviate * deviate)
                * {{ normal_density('deviate') }}
        end as chance_of_worst_ranks
    from others_above_with_deviate

),

chances_added_up as (

    select
        ranked_rate_id,
        greatest(1e0, least(cast(areas_ranked as double precision), 1e0 + sum(chance_about_node * mean_above))) as expected_rank,
        case
            when areas_ranked = 1 then 1e0
            else greatest(0e0, least(1e0, sum(chance_of_node * greatest(0e0, least(1e0, chance_of_worst_ranks)))))
        end as probability_worst_tenth
    from chances_of_worst_ranks
    group by ranked_rate_id, areas_ranked

),

ranges_found as (

    {{ rank_ranges('posteriors', 'levels', 'ranked_rate_id', kept=kept) }}

),

ranks_described as (

    select
        chances_added_up.ranked_rate_id,
        chances_added_up.expected_rank,
        ranges_found.rank_lower_95,
        ranges_found.rank_upper_95,
        chances_added_up.probability_worst_tenth
    from chances_added_up
    inner join ranges_found on chances_added_up.ranked_rate_id = ranges_found.ranked_rate_id

)

select * from ranks_described
