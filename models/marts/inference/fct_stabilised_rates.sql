with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}

),

-- Rows without a rate stay, and have none of these.
rates_with_counts as (

    select
        *,
        case when status = 'ok' then cast(numerator as {{ double_type() }}) end as deaths,
        case when status = 'ok' then cast(denominator as {{ double_type() }}) end as births,
        case when status = 'ok' then rate_per_1000 / 1000e0 end as proportion
    from rates

),

ranked_rates as (

    select * from rates_with_counts
    where status = 'ok'

),

rankings_summed as (

    select
        period,
        measure,
        basis,
        ranking_level,
        count(*) as areas_ranked,
        sum(numerator) as sum_deaths,
        sum(denominator) as sum_births
    from ranked_rates
    group by period, measure, basis, ranking_level

),

rankings_with_spread as (

    select
        ranked_rates.period,
        ranked_rates.measure,
        ranked_rates.basis,
        ranked_rates.ranking_level,
        rankings_summed.areas_ranked,
        cast(rankings_summed.sum_deaths as {{ double_type() }}) / cast(rankings_summed.sum_births as {{ double_type() }}) as mean_rate,
        cast(rankings_summed.sum_births as {{ double_type() }}) / cast(rankings_summed.areas_ranked as {{ double_type() }}) as mean_births,
        sum(
            ranked_rates.births * power(
                ranked_rates.proportion
                - cast(rankings_summed.sum_deaths as {{ double_type() }}) / cast(rankings_summed.sum_births as {{ double_type() }}),
                2
            )
        ) / cast(rankings_summed.sum_births as {{ double_type() }}) as spread
    from ranked_rates
    inner join rankings_summed
        on ranked_rates.period = rankings_summed.period
        and ranked_rates.measure = rankings_summed.measure
        and ranked_rates.basis = rankings_summed.basis
        and ranked_rates.ranking_level = rankings_summed.ranking_level
    group by
        ranked_rates.period,
        ranked_rates.measure,
        ranked_rates.basis,
        ranked_rates.ranking_level,
        rankings_summed.areas_ranked,
        rankings_summed.sum_deaths,
        rankings_summed.sum_births

),

-- Variance between areas beyond chance; where chance alone would spread them as much, none is left.
rankings_with_variance as (

    select
        period,
        measure,
        basis,
        ranking_level,
        areas_ranked,
        mean_rate,
        greatest(spread - mean_rate / mean_births, 0e0) as variance_between_areas
    from rankings_with_spread

),

rates_weighed as (

    select
        rates_with_counts.*,
        rankings_with_variance.areas_ranked,
        rankings_with_variance.mean_rate,
        rankings_with_variance.variance_between_areas,
        coalesce(
            rankings_with_variance.variance_between_areas
            / nullif(rankings_with_variance.variance_between_areas + rankings_with_variance.mean_rate / rates_with_counts.births, 0e0),
            case when rates_with_counts.births is not null then 0e0 end
        ) as weight,
        -- The posterior gamma distribution: shape m²/a + n, rate m/a + b.
        case
            when rankings_with_variance.variance_between_areas > 0e0
                then power(rankings_with_variance.mean_rate, 2) / rankings_with_variance.variance_between_areas + rates_with_counts.deaths
        end as shape,
        case
            when rankings_with_variance.variance_between_areas > 0e0
                then rankings_with_variance.mean_rate / rankings_with_variance.variance_between_areas + rates_with_counts.births
        end as gamma_rate
    from rates_with_counts
    left join rankings_with_variance
        on rates_with_counts.period = rankings_with_variance.period
        and rates_with_counts.measure = rankings_with_variance.measure
        and rates_with_counts.basis = rankings_with_variance.basis
        and rates_with_counts.ranking_level = rankings_with_variance.ranking_level

),

rates_stabilised as (

    select
        *,
        1000e0 * (mean_rate + weight * (proportion - mean_rate)) as stabilised_rate_per_1000,
        case when shape >= 0.5e0 then shape end as usable_shape
    from rates_weighed

),

limits_wanted as (

    {% for deviate in ['-' ~ standard_normal_quantile('95'), standard_normal_quantile('95')] -%}
    select
        area_code,
        period,
        measure,
        basis,
        ranking_level,
        gamma_rate,
        usable_shape,
        {{ deviate }} as deviate
    from rates_stabilised
    where usable_shape is not null
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor %}
),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'usable_shape', 'deviate') }}

),

limits_side_by_side as (

    select
        area_code,
        period,
        measure,
        basis,
        ranking_level,
        1000e0 * min(gamma_quantile / gamma_rate) as stabilised_lower_95,
        1000e0 * max(gamma_quantile / gamma_rate) as stabilised_upper_95
    from limits_found
    group by area_code, period, measure, basis, ranking_level

),

rates_placed as (

    select
        rates_stabilised.*,
        limits_side_by_side.stabilised_lower_95,
        limits_side_by_side.stabilised_upper_95,
        rank() over (
            partition by rates_stabilised.period, rates_stabilised.measure, rates_stabilised.basis, rates_stabilised.ranking_level
            order by rates_stabilised.stabilised_rate_per_1000 desc nulls last
        ) as place_highest_first
    from rates_stabilised
    left join limits_side_by_side
        on rates_stabilised.area_code = limits_side_by_side.area_code
        and rates_stabilised.period = limits_side_by_side.period
        and rates_stabilised.measure = limits_side_by_side.measure
        and rates_stabilised.basis = limits_side_by_side.basis
        and rates_stabilised.ranking_level = limits_side_by_side.ranking_level

),

stabilised_rates as (

    select
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        ranking_level,
        numerator,
        denominator,
        rate_per_1000,
        status,
        stabilised_rate_per_1000,
        stabilised_lower_95,
        stabilised_upper_95,
        weight,
        case when status = 'ok' then cast(place_highest_first as integer) end as stabilised_rank_highest_first,
        case when status = 'ok' then cast(areas_ranked as integer) end as areas_ranked,
        1000e0 * mean_rate as mean_rate_per_1000,
        1000e0 * sqrt(variance_between_areas) as standard_deviation_between_areas_per_1000,
        case
            when status <> 'ok' then 'no_rate'
            when mean_rate = 0e0 then 'no_deaths_in_any_area'
            when variance_between_areas = 0e0 then 'no_variation_beyond_chance'
            when shape < 0.5e0 then 'variation_too_great'
        end as reason_no_interval
    from rates_placed

)

select * from stabilised_rates
