{#-
  A number that int_rank_levels has for four neighbouring levels, at a part of the step past the second of them: a cubic, and its slope
  for a whole step.
-#}
{% macro between_levels(number, part) -%}
    (levels.{{ number }}_0
    + {{ part }} * (levels.{{ number }}_1 + {{ part }} * (levels.{{ number }}_2 + {{ part }} * levels.{{ number }}_3)))
{%- endmacro %}

{% macro slope_between_levels(number, part) -%}
    (levels.{{ number }}_1 + {{ part }} * (2e0 * levels.{{ number }}_2 + {{ part }} * 3e0 * levels.{{ number }}_3))
{%- endmacro %}

{#- Where in the levels a rate lies, from the cube root of it over its mean: at most a hair below the last. -#}
{% macro level_position(cube_root) -%}
    greatest(0e0, least(last_level - 1e-9, (root_of_mean * {{ cube_root }} * sqrt({{ cube_root }}) - lowest_root) / step))
{%- endmacro %}

{#-
  A select of the ends of the 95 % range of a rank. `own` has a row per area: `key`, ranking_id, areas_ranked (itself among them) and the
  distribution of its underlying rate (root_of_mean, cube_root_mean, cube_root_deviation). Not among the others is the area itself, or, for
  the same keys, whatever has its distribution in `left_out`: the members of a group. `levels` is int_rank_levels.

  An end of the range is where own rate and number of others above together are as improbable as 2.5 %. Both are near enough to normal,
  so that the likeliest point of that kind has a share of the deviate 1.96 for the own rate and the rest for the others: the shares are
  those of their spreads there, and the point is moved until they agree (the first-order reliability method). Each step leaves a
  fraction of what it was off by; four leave less than a place.
-#}
{% macro rank_ranges(own, levels, key, left_out=none, kept='') -%}
    {#- What they add up to at the own rate, and how fast that falls for an own deviate. -#}
    {%- set mean, variance, third_moment, fall = 'left_out.mean_above', 'left_out.variance_above', 'left_out.third_moment_above',
        'left_out.fall_of_mean' -%}
    {%- if not left_out -%}
        {%- set mean = 'rates.chance_above' -%}
        {%- set variance = '(rates.chance_above * (1e0 - rates.chance_above))' -%}
        {%- set third_moment = '(rates.chance_above * (1e0 - rates.chance_above) * (1e0 - 2e0 * rates.chance_above))' -%}
        {%- set fall = infant_mortality.normal_density('rates.deviate') -%}
    {%- endif -%}
    {%- set cube_root = 'greatest(cube_root_mean + own_deviate * cube_root_deviation, 1e-2)' -%}
    with points_0 as (

        select
            own.{{ key }},
            own.ranking_id,
            own.areas_ranked,
            own.root_of_mean,
            own.cube_root_mean,
            own.cube_root_deviation,
            levels.lowest_root,
            levels.step,
            levels.last_level,
            ends.deviate as end_deviate,
            ends.deviate as own_deviate
        from {{ own }} as own
        inner join {{ levels }} as levels on own.ranking_id = levels.ranking_id
        cross join (
            values
            (cast({{ infant_mortality.standard_normal_quantile('95') }} as double precision)),
            (cast(-{{ infant_mortality.standard_normal_quantile('95') }} as double precision))
        ) as ends (deviate)
        where levels.level_number = 0

    ),
    {% for number in range(1, 5) %}
    rates_{{ number }} as (

        select
            *,
            {{ cube_root }} as cube_root,
            {{ infant_mortality.level_position(cube_root) }} as level_position
        from points_{{ number - 1 }}

    ),

    {% if left_out -%}
    deviates_left_out_{{ number }} as (

        select
            rates.{{ key }},
            rates.end_deviate,
            power(rates.root_of_mean / left_out.root_of_mean, 2e0 / 3e0)
            * rates.cube_root_deviation / left_out.cube_root_deviation as deviates_an_own_deviate,
            (power(rates.root_of_mean / left_out.root_of_mean, 2e0 / 3e0) * rates.cube_root - left_out.cube_root_mean)
            / left_out.cube_root_deviation as deviate
        from rates_{{ number }} as rates
        inner join {{ left_out }} as left_out on rates.{{ key }} = left_out.{{ key }}

    ),

    chances_left_out_{{ number }} as (

        select
            *,
            {{ infant_mortality.normal_lower_tail_approximate('(-deviate)') }} as chance_above
        from deviates_left_out_{{ number }}

    ),

    sums_left_out_{{ number }} as (

        select
            {{ key }},
            end_deviate,
            sum(chance_above) as mean_above,
            sum(chance_above * (1e0 - chance_above)) as variance_above,
            sum(chance_above * (1e0 - chance_above) * (1e0 - 2e0 * chance_above)) as third_moment_above,
            sum(deviates_an_own_deviate * {{ infant_mortality.normal_density('deviate') }}) as fall_of_mean
        from chances_left_out_{{ number }}
        group by {{ key }}, end_deviate

    ),
    {%- else -%}
    own_deviates_{{ number }} as (

        select
            *,
            (cube_root - cube_root_mean) / cube_root_deviation as deviate
        from rates_{{ number }}

    ),

    own_chances_{{ number }} as{{ kept }} (

        select
            *,
            {{ infant_mortality.normal_lower_tail_approximate('(-deviate)') }} as chance_above
        from own_deviates_{{ number }}

    ),
    {%- endif %}

    others_{{ number }} as{{ kept }} (

        select
            rates.{{ key }},
            rates.ranking_id,
            rates.areas_ranked,
            rates.root_of_mean,
            rates.cube_root_mean,
            rates.cube_root_deviation,
            rates.lowest_root,
            rates.step,
            rates.last_level,
            rates.end_deviate,
            {{ infant_mortality.between_levels('mean_above', '(rates.level_position - floor(rates.level_position))') }}
            - {{ mean }} as mean_above,
            greatest(
                levels.variance_above + (rates.level_position - floor(rates.level_position)) * levels.variance_change
                - {{ variance }},
                1e-9
            ) as variance_above,
            levels.third_moment_above + (rates.level_position - floor(rates.level_position)) * levels.third_moment_change
            - {{ third_moment }} as third_moment_above,
            -- How many others fewer lie above where the own deviate is higher by one.
            greatest(
                -{{ infant_mortality.slope_between_levels('mean_above', '(rates.level_position - floor(rates.level_position))') }}
                * 1.5e0 * rates.root_of_mean * rates.cube_root_deviation * sqrt(rates.cube_root) / rates.step
                - {{ fall }},
                1e-9
            ) as fall_of_mean
        from {{ 'rates_' if left_out else 'own_chances_' }}{{ number }} as rates
        inner join {{ levels }} as levels
            on rates.ranking_id = levels.ranking_id
            and cast(floor(rates.level_position) as bigint) = levels.level_number
        {% if left_out -%}
        inner join sums_left_out_{{ number }} as left_out
            on rates.{{ key }} = left_out.{{ key }}
            and rates.end_deviate = left_out.end_deviate
        {%- endif %}

    ),

    points_{{ number }} as (

        select
            *,
            end_deviate / sqrt(1e0 + variance_above / (fall_of_mean * fall_of_mean)) as own_deviate
        from others_{{ number }}

    ),
    {% endfor %}
    ends_with_deviate_of_others as (

        select
            *,
            case when end_deviate > 0e0 then -1e0 else 1e0 end
            * sqrt(greatest(end_deviate * end_deviate - own_deviate * own_deviate, 0e0)) as deviate_of_others,
            greatest(-1e0, least(1e0, third_moment_above / (variance_above * sqrt(variance_above)))) as skewness
        from points_4

    ),

    ends_found as (

        select
            {{ key }},
            end_deviate,
            cast(greatest(1e0, least(
                cast(areas_ranked as double precision),
                1e0 + ceil(
                    mean_above + sqrt(variance_above) * (deviate_of_others + skewness * (deviate_of_others * deviate_of_others - 1e0) / 6e0)
                    - 0.5e0 - 1e-9
                )
            )) as bigint) as rank_at_end
        from ends_with_deviate_of_others

    )

    select
        {{ key }},
        max(case when end_deviate > 0e0 then rank_at_end end) as rank_lower_95,
        max(case when end_deviate < 0e0 then rank_at_end end) as rank_upper_95
    from ends_found
    group by {{ key }}
{%- endmacro %}
