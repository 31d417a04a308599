{#-
  A select of the gamma distribution that describes an area's underlying rate: `key`, posterior_shape, posterior_rate. `rates` has
  `key`, ranking_id, event_count and births; `spreads` (int_spreads) has what the underlying rates of a ranking may be distributed like:
  ranking_id, gamma_shape, mean_rate and weight. Given one of them the underlying rate is gamma distributed; over all of them its mean
  and its mean square add up, and the one gamma distribution with that mean and variance is taken.

  Wilson and Hilferty: the cube root of a gamma variable is as good as normal. root_of_mean, the square root of the mean, and
  cube_root_mean and cube_root_deviation, the moments of the cube root of the rate over its mean, describe it on that scale.
-#}
{% macro gamma_posteriors(rates, spreads, key) -%}
    select
        {{ key }},
        posterior_shape,
        posterior_rate,
        sqrt(posterior_shape / posterior_rate) as root_of_mean,
        1e0 - 1e0 / (9e0 * posterior_shape) as cube_root_mean,
        1e0 / (3e0 * sqrt(posterior_shape)) as cube_root_deviation
    from (
        select
            {{ key }},
            posterior_mean * posterior_mean / (posterior_mean_square - posterior_mean * posterior_mean) as posterior_shape,
            posterior_mean / (posterior_mean_square - posterior_mean * posterior_mean) as posterior_rate
        from (
            select
                rates.{{ key }},
                sum(spreads.weight * (spreads.gamma_shape + rates.event_count) / (spreads.gamma_shape / spreads.mean_rate + rates.births))
                    as posterior_mean,
                sum(
                    spreads.weight * (spreads.gamma_shape + rates.event_count) * (spreads.gamma_shape + rates.event_count + 1e0)
                    / power(spreads.gamma_shape / spreads.mean_rate + rates.births, 2)
                ) as posterior_mean_square
            from {{ rates }} as rates
            inner join {{ spreads }} as spreads on rates.ranking_id = spreads.ranking_id
            -- Weights so small change no digit.
            where spreads.weight > 1e-13
            group by rates.{{ key }}
        ) as moments
    ) as distributions
{%- endmacro %}
