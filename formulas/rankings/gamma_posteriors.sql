{#-
  A select of the gamma distribution that describes an area's underlying rate: `key`, posterior_shape, posterior_rate. `rates` has
  `key`, ranking_id, event_count and births; `spreads` (int_spreads) has what the underlying rates of a ranking may be distributed like:
  ranking_id, gamma_shape, mean_rate and weight. Given one of them the underlying rate is gamma distributed; over all of them its mean
  and its mean square add up, and the one gamma distribution with that mean and variance is taken.

  Wilson and Hilferty: the cube root of a gamma variable is as good as normal. root_of_mean, the square root of the mean, and
  cube_root_mean and cube_root_deviation, the moments of the cube root of the rate over its mean, describe it on that scale.
-#}
{% macro gamma_posteriors(rates, spreads, key) -%}
    {%- set coefficients = infant_mortality.coefficients_of_variation() -%}
    -- In columns, so that the sums have one order.
    with weights_side_by_side as (

        select
            ranking_id,
            max(mean_rate) as mean_rate
            {%- for coefficient in coefficients %},
            coalesce(max(case when round(100e0 / sqrt(gamma_shape)) = {{ (100 * coefficient) | round | int }} then weight end), 0e0)
                as weight_{{ loop.index }}
            {%- endfor %}
        from {{ spreads }}
        group by ranking_id

    ),

    moments_of_rates as (

        select
            rates.{{ key }},
            {%- for power in [1, 2] %}
            {% for coefficient in coefficients -%}
            {%- set shape = infant_mortality.double_literal(1 / (coefficient * coefficient)) -%}
            {%- set births = '(' ~ shape ~ ' / spreads.mean_rate + rates.births)' -%}
            {{ '+ ' if not loop.first }}spreads.weight_{{ loop.index }} * ({{ shape }} + rates.event_count) / {{ births }}
            {%- if power == 2 %} * ({{ shape }} + rates.event_count + 1e0) / {{ births }}{% endif %}
            {% endfor -%}
            as {{ 'posterior_mean' if power == 1 else 'posterior_mean_square' }}{{ ',' if power == 1 }}
            {%- endfor %}
        from {{ rates }} as rates
        inner join weights_side_by_side as spreads on rates.ranking_id = spreads.ranking_id

    ),

    distributions_found as (

        select
            {{ key }},
            posterior_mean * posterior_mean / (posterior_mean_square - posterior_mean * posterior_mean) as posterior_shape,
            posterior_mean / (posterior_mean_square - posterior_mean * posterior_mean) as posterior_rate
        from moments_of_rates

    )

    select
        {{ key }},
        posterior_shape,
        posterior_rate,
        sqrt(posterior_shape / posterior_rate) as root_of_mean,
        1e0 - 1e0 / (9e0 * posterior_shape) as cube_root_mean,
        1e0 / (3e0 * sqrt(posterior_shape)) as cube_root_deviation
    from distributions_found
{%- endmacro %}
