{#-
  A select of what the underlying rates of a ranking may be distributed like: gamma distributions around its mean rate, one for each of some
  coefficients of variation, with the weight that the areas' deaths give it: ranking_id, coefficient_of_variation, gamma_shape, mean_rate,
  weight; the weights of a ranking add up to 1. `rates` has a row per area: ranking_id, event_count and births (doubles); `rankings` a row
  per ranking: ranking_id and the deaths and births of all its areas, both above 0. For gamma_posteriors.
-#}
{% macro gamma_spreads(rates, rankings) -%}
    {%- set coefficients = infant_mortality.coefficients_of_variation() -%}
    -- The prior is flat: a coefficient has half the distance between its neighbours, one at an end the whole distance to its one neighbour.
    -- Given a coefficient, the underlying rates are gamma distributed with this shape.
    with coefficients as (

        select
            coefficient_of_variation,
            1e0 / (coefficient_of_variation * coefficient_of_variation) as gamma_shape,
            prior_weight
        from (
            values
            {%- for coefficient in coefficients %}
            {%- set before = coefficients[loop.index0 - 1] if not loop.first else 2 * coefficient - coefficients[1] %}
            {%- set after = coefficients[loop.index0 + 1] if not loop.last else 2 * coefficient - coefficients[-2] %}
            (cast({{ coefficient }} as double precision), cast({{ (after - before) / 2 }} as double precision)){{ ',' if not loop.last }}
            {%- endfor %}
        ) as listed (coefficient_of_variation, prior_weight)

    ),

    -- The chance of each area's deaths is negative binomial; what does not change with the coefficient is left out. Decimals add up to the
    -- same sum in any order.
    log_likelihoods as (

        select
            rankings.ranking_id,
            coefficients.coefficient_of_variation,
            coefficients.gamma_shape,
            coefficients.prior_weight,
            cast(rankings.deaths as double precision) / cast(rankings.births as double precision) as mean_rate,
            sum(cast(
                {{ infant_mortality.log_gamma('(rates.event_count + coefficients.gamma_shape)') }}
                - (rates.event_count + coefficients.gamma_shape) * ln(
                    coefficients.gamma_shape + rates.births * rankings.deaths / cast(rankings.births as double precision)
                )
                - {{ infant_mortality.log_gamma('coefficients.gamma_shape') }}
                + coefficients.gamma_shape * ln(coefficients.gamma_shape)
                as decimal(38, 12)
            )) as log_likelihood
        from {{ rankings }} as rankings
        inner join {{ rates }} as rates on rankings.ranking_id = rates.ranking_id
        cross join coefficients
        group by
            rankings.ranking_id, coefficients.coefficient_of_variation, coefficients.gamma_shape, coefficients.prior_weight,
            rankings.deaths, rankings.births

    ),

    -- Over the greatest one, so that no exponential ends at 0 for all of them.
    weights as (

        select
            *,
            prior_weight
            * {{ infant_mortality.exponential('cast(log_likelihood - greatest_log_likelihood as double precision)') }} as weight
        from (
            select
                *,
                max(log_likelihood) over (partition by ranking_id) as greatest_log_likelihood
            from log_likelihoods
        ) as likelihoods_beside_greatest

    )

    select
        ranking_id,
        coefficient_of_variation,
        gamma_shape,
        mean_rate,
        weight / sum(weight) over (
            partition by ranking_id
            order by coefficient_of_variation asc nulls last
            rows between unbounded preceding and unbounded following
        ) as weight
    from weights
{%- endmacro %}

{#- Coefficients of variation that the areas' underlying rates may have; none is known, so each has a weight. -#}
{% macro coefficients_of_variation() -%}
    {{ return([
        0.02, 0.04, 0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.23, 0.26, 0.30, 0.35, 0.40, 0.50, 0.65, 0.80, 1.0,
    ]) }}
{%- endmacro %}
