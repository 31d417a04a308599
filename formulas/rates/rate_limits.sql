{#-
  A select that adds two confidence limits of a rate per 1,000 to a relation, at any confidence, with no table beside: exact below ten
  deaths, Byar's approximation from ten on, as poisson_count_limit has them. Each number of deaths below ten is worked out once.
-#}
{% macro rate_limits(relation, deaths, births, confidence=95, lower='lower_limit', upper='upper_limit') -%}
    {%- set tail = '((100e0 - cast(' ~ confidence ~ ' as double precision)) / 200e0)' -%}
    {%- set deviate = '(' ~ infant_mortality.normal_quantile(tail) ~ ')' -%}
    with rates_given as (

        select * from {{ relation }}

    ),

    few_deaths as (

        select distinct
            cast({{ deaths }} as double precision) as limit_count,
            {{ tail }} as limit_tail
        from rates_given
        where {{ deaths }} >= 0 and {{ deaths }} < 10 and {{ births }} > 0

    ),

    -- The lower limit is a quantile of a gamma distribution with the shape n, the upper one with the shape n + 1.
    limits_wanted as (

        select
            few_deaths.limit_count,
            few_deaths.limit_tail,
            sides.is_upper,
            few_deaths.limit_count + sides.is_upper as limit_shape,
            (2e0 * sides.is_upper - 1e0) * ({{ infant_mortality.normal_quantile('few_deaths.limit_tail') }}) as limit_deviate
        from few_deaths
        cross join (values (cast(0 as double precision)), (cast(1 as double precision))) as sides (is_upper)
        where few_deaths.limit_count + sides.is_upper > 0e0 and few_deaths.limit_tail > 0e0 and few_deaths.limit_tail < 0.5e0

    ),

    limits_found as (

        {{ infant_mortality.gamma_quantiles('limits_wanted', 'limit_shape', 'limit_deviate') | indent(4) }}

    ),

    exact_limits as (

        select
            limit_count,
            limit_tail,
            coalesce(max(case when is_upper = 0e0 then gamma_quantile end), 0e0) as exact_lower,
            max(case when is_upper = 1e0 then gamma_quantile end) as exact_upper
        from limits_found
        group by limit_count, limit_tail

    )

    select
        rates_given.*,
        {{ infant_mortality.poisson_rate_limit('lower', none, deaths, births, 'exact_limits.exact_lower', deviate) }} as {{ lower }},
        {{ infant_mortality.poisson_rate_limit('upper', none, deaths, births, 'exact_limits.exact_upper', deviate) }} as {{ upper }}
    from rates_given
    left join exact_limits on cast({{ deaths }} as double precision) = exact_limits.limit_count and {{ tail }} = exact_limits.limit_tail
{%- endmacro %}
