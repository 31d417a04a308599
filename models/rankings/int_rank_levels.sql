{#- The levels at which the areas above are counted are at most so many standard deviations of an underlying rate apart: of an area as they
    mostly are, and of the one whose rate is known best. Between levels a cubic is near enough. -#}
{#- PostgreSQL would work out a step anew wherever the next one names it; DuckDB would keep all its rows. -#}
{%- set kept = ' materialized' if target.type == 'postgres' else '' %}
{%- set widest_step_of_mean, widest_step_of_narrowest = '0.25e0', '0.35e0' %}
with posteriors as (

    select * from {{ ref('int_posteriors') }}

),

-- From where one in ten million lies below to where one in ten million lies above, on the scale of the square root, on which the spread of
-- a count is the same whatever its size.
ranges as (

    select
        ranking_id,
        min(root_of_mean * power(greatest(cube_root_mean - 5.2e0 * cube_root_deviation, 1e-2), 1.5e0)) as lowest_root,
        max(root_of_mean * power(cube_root_mean + 5.2e0 * cube_root_deviation, 1.5e0)) as highest_root,
        least(
            {{ widest_step_of_mean }} * avg(0.5e0 / sqrt(posterior_rate)),
            {{ widest_step_of_narrowest }} * min(0.5e0 / sqrt(posterior_rate))
        ) as widest_step,
        greatest(400e0, 20000e0 / max(areas_ranked)) as most_levels
    from posteriors
    group by ranking_id

),

scales as (

    select
        ranking_id,
        lowest_root,
        cast(ceil(least((highest_root - lowest_root) / widest_step, most_levels)) as bigint) as last_level,
        (highest_root - lowest_root) / ceil(least((highest_root - lowest_root) / widest_step, most_levels)) as step
    from ranges

),

levels as (

    select
        scales.ranking_id,
        levels_numbered.level_number,
        power(scales.lowest_root + scales.step * levels_numbered.level_number, 2) as level_rate
    from scales
    cross join lateral generate_series(0, scales.last_level) as levels_numbered (level_number)

),

level_deviates as{{ kept }} (

    select
        posteriors.ranking_id,
        levels.level_number,
        posteriors.posterior_shape,
        levels.level_rate * posteriors.posterior_rate as scaled_level,
        {{ gamma_deviate_approximate('posteriors.posterior_shape', '(levels.level_rate * posteriors.posterior_rate)') }} as deviate
    from posteriors
    inner join levels on posteriors.ranking_id = levels.ranking_id

),

chances_above as{{ kept }} (

    select
        ranking_id,
        level_number,
        {{ gamma_upper_tail_approximate('posterior_shape', 'scaled_level', 'deviate') }} as chance_above
    from level_deviates

),

-- The number of areas above a level is a sum of independent yes and no: its mean, variance and third moment add up.
numbers_above as (

    select
        ranking_id,
        level_number,
        {{ sum_in_any_order('chance_above', 2 ** 40) }} as mean_above,
        {{ sum_in_any_order('chance_above * (1e0 - chance_above)', 2 ** 40) }} as variance_above,
        {{ sum_in_any_order('chance_above * (1e0 - chance_above) * (1e0 - 2e0 * chance_above)', 2 ** 40) }} as third_moment_above,
        {{ sum_in_any_order('ln(greatest(1e0 - chance_above, 1e-16))', 2 ** 30) }} as log_chance_of_none_above
    from chances_above
    group by ranking_id, level_number

),

numbers_beside_neighbours as (

    select
        ranking_id,
        level_number,
        {%- for number in ['mean_above', 'log_chance_of_none_above'] %}
        coalesce(lag({{ number }}) over levels_upwards, {{ number }}) as {{ number }}_before,
        {{ number }},
        lead({{ number }}) over levels_upwards as {{ number }}_after,
        coalesce(lead({{ number }}, 2) over levels_upwards, lead({{ number }}) over levels_upwards) as {{ number }}_second,
        {%- endfor %}
        variance_above,
        lead(variance_above) over levels_upwards - variance_above as variance_change,
        third_moment_above,
        lead(third_moment_above) over levels_upwards - third_moment_above as third_moment_change
    from numbers_above
    window levels_upwards as (partition by ranking_id order by level_number asc nulls last)

),

-- The cubic through four levels: its coefficients for the part of a step past the second of them.
levels_with_cubics as (

    select
        numbers_beside_neighbours.ranking_id,
        numbers_beside_neighbours.level_number,
        scales.lowest_root,
        scales.step,
        scales.last_level,
        {%- for number in ['mean_above', 'log_chance_of_none_above'] %}
        {{ number }} as {{ number }}_0,
        {{ number }}_after - {{ number }}_before / 3e0 - {{ number }} / 2e0 - {{ number }}_second / 6e0 as {{ number }}_1,
        ({{ number }}_before + {{ number }}_after) / 2e0 - {{ number }} as {{ number }}_2,
        ({{ number }} - {{ number }}_after) / 2e0 + ({{ number }}_second - {{ number }}_before) / 6e0 as {{ number }}_3,
        {%- endfor %}
        variance_above,
        variance_change,
        third_moment_above,
        third_moment_change
    from numbers_beside_neighbours
    inner join scales on numbers_beside_neighbours.ranking_id = scales.ranking_id

)

select * from levels_with_cubics
