with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}

),

ranked_rates as (

    select
        *,
        cast(numerator as {{ double_type() }}) as deaths,
        cast(denominator as {{ double_type() }}) as births,
        rate_per_1000 / 1000e0 as proportion
    from rates
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
                ranked_rates.proportion - cast(rankings_summed.sum_deaths as {{ double_type() }}) / cast(rankings_summed.sum_births as {{ double_type() }}), 2
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
        ranked_rates.area_code,
        ranked_rates.period,
        ranked_rates.measure,
        ranked_rates.basis,
        ranked_rates.ranking_level,
        ranked_rates.births,
        ranked_rates.proportion,
        rankings_with_variance.areas_ranked,
        rankings_with_variance.mean_rate,
        rankings_with_variance.variance_between_areas,
        coalesce(
            rankings_with_variance.variance_between_areas
            / nullif(rankings_with_variance.variance_between_areas + rankings_with_variance.mean_rate / ranked_rates.births, 0e0),
            0e0
        ) as weight,
        -- The posterior gamma distribution: shape m²/a + n, rate m/a + b.
        case
            when rankings_with_variance.variance_between_areas > 0e0
                then power(rankings_with_variance.mean_rate, 2) / rankings_with_variance.variance_between_areas + ranked_rates.deaths
        end as shape,
        case
            when rankings_with_variance.variance_between_areas > 0e0
                then rankings_with_variance.mean_rate / rankings_with_variance.variance_between_areas + ranked_rates.births
        end as gamma_rate
    from ranked_rates
    inner join rankings_with_variance
        on ranked_rates.period = rankings_with_variance.period
        and ranked_rates.measure = rankings_with_variance.measure
        and ranked_rates.basis = rankings_with_variance.basis
        and ranked_rates.ranking_level = rankings_with_variance.ranking_level

),

rates_stabilised as (

    select
        *,
        1000e0 * (mean_rate + weight * (proportion - mean_rate)) as stabilised_rate_per_1000,
        case when shape >= 0.5e0 then shape end as usable_shape
    from rates_weighed

),

quantiles_started as (

    select
        *,
        {{ gamma_quantile_start('usable_shape', 'lower') }} as lower_start,
        {{ gamma_quantile_start('usable_shape', 'upper') }} as upper_start
    from rates_stabilised

),

quantiles_measured as (

    select
        *,
        {{ gamma_quantile_residual('usable_shape', 'lower_start', 'lower') }} as lower_residual,
        {{ gamma_quantile_residual('usable_shape', 'upper_start', 'upper') }} as upper_residual
    from quantiles_started

),

rates_with_interval as (

    select
        *,
        1000e0 * {{ gamma_quantile_refined('usable_shape', 'lower_start', 'lower_residual') }} / gamma_rate as stabilised_lower_95,
        1000e0 * {{ gamma_quantile_refined('usable_shape', 'upper_start', 'upper_residual') }} / gamma_rate as stabilised_upper_95,
        rank() over (
            partition by period, measure, basis, ranking_level
            order by stabilised_rate_per_1000 desc nulls last
        ) as stabilised_rank_highest_first
    from quantiles_measured

),

stabilised_rates as (

    select
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.status,
        rates_with_interval.stabilised_rate_per_1000,
        rates_with_interval.stabilised_lower_95,
        rates_with_interval.stabilised_upper_95,
        rates_with_interval.weight,
        cast(rates_with_interval.stabilised_rank_highest_first as integer) as stabilised_rank_highest_first,
        cast(rates_with_interval.areas_ranked as integer) as areas_ranked,
        1000e0 * rates_with_interval.mean_rate as mean_rate_per_1000,
        1000e0 * sqrt(rates_with_interval.variance_between_areas) as standard_deviation_between_areas_per_1000,
        case
            when rates.status <> 'ok' then 'no_rate'
            when rates_with_interval.mean_rate = 0e0 then 'no_deaths_in_any_area'
            when rates_with_interval.variance_between_areas = 0e0 then 'no_variation_beyond_chance'
            when rates_with_interval.shape < 0.5e0 then 'variation_too_great'
        end as reason_no_interval
    from rates
    left join rates_with_interval
        on rates.area_code = rates_with_interval.area_code
        and rates.period = rates_with_interval.period
        and rates.measure = rates_with_interval.measure
        and rates.basis = rates_with_interval.basis
        and rates.ranking_level = rates_with_interval.ranking_level

)

select * from stabilised_rates
