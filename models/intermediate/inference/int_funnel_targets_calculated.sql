-- Target rate and overdispersion of each ranking.
with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}
    where status = 'ok'

),

targets as (

    select
        period,
        measure,
        basis,
        ranking_level,
        count(*) as areas_ranked,
        max(denominator) as most_births,
        cast(sum(numerator) as {{ double_type() }}) / cast(sum(denominator) as {{ double_type() }}) as target_rate
    from rates
    group by period, measure, basis, ranking_level

),

deviates as (

    select
        rates.area_code,
        rates.period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        cast(rates.denominator as {{ double_type() }}) as births,
        -- The arcsine of the root steadies the variance at 1/(4 births), whatever the rate.
        2e0 * sqrt(cast(rates.denominator as {{ double_type() }}))
        * (asin(sqrt(least(rates.rate_per_1000 / 1000e0, 1e0))) - asin(sqrt(least(targets.target_rate, 1e0)))) as z_score
    from rates
    inner join targets
        on rates.period = targets.period
        and rates.measure = targets.measure
        and rates.basis = targets.basis
        and rates.ranking_level = targets.ranking_level

),

tenths_of_deviates as (

    select
        period,
        measure,
        basis,
        ranking_level,
        percentile_cont(0.1) within group (order by z_score asc) as lowest_tenth,
        percentile_cont(0.9) within group (order by z_score asc) as highest_tenth
    from deviates
    group by period, measure, basis, ranking_level

),

-- In one order always: what is left after the subtraction below may be so small that the order of adding up would show in it.
winsorised_deviates_summed as (

    select
        deviates.period,
        deviates.measure,
        deviates.basis,
        deviates.ranking_level,
        cast(count(*) as {{ double_type() }}) as areas,
        sum(
            power(greatest(least(deviates.z_score, tenths_of_deviates.highest_tenth), tenths_of_deviates.lowest_tenth), 2)
            order by deviates.area_code asc
        ) as sum_squares,
        sum(4e0 * deviates.births) as sum_weight,
        sum(16e0 * deviates.births * deviates.births) as sum_weight_squared
    from deviates
    inner join tenths_of_deviates
        on deviates.period = tenths_of_deviates.period
        and deviates.measure = tenths_of_deviates.measure
        and deviates.basis = tenths_of_deviates.basis
        and deviates.ranking_level = tenths_of_deviates.ranking_level
    group by deviates.period, deviates.measure, deviates.basis, deviates.ranking_level

),

funnel_targets as (

    select
        targets.period,
        targets.measure,
        targets.basis,
        targets.ranking_level,
        targets.areas_ranked,
        targets.most_births,
        targets.target_rate,
        winsorised_deviates_summed.sum_squares / winsorised_deviates_summed.areas as overdispersion_phi,
        -- DerSimonian and Laird's moment estimate; one area alone has no variance between areas.
        coalesce(
            greatest(winsorised_deviates_summed.sum_squares - (winsorised_deviates_summed.areas - 1e0), 0e0)
            / nullif(
                winsorised_deviates_summed.sum_weight
                - winsorised_deviates_summed.sum_weight_squared / winsorised_deviates_summed.sum_weight,
                0e0
            ),
            0e0
        ) as tau_squared
    from targets
    inner join winsorised_deviates_summed
        on targets.period = winsorised_deviates_summed.period
        and targets.measure = winsorised_deviates_summed.measure
        and targets.basis = winsorised_deviates_summed.basis
        and targets.ranking_level = winsorised_deviates_summed.ranking_level

)

select * from funnel_targets
