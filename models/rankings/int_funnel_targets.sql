{%- set target_per_1000 = setting('funnel_target') %}
-- What winsorising a tenth on each side leaves of the mean square of standard normal deviates, 1.
{%- set mean_square_by_chance = '0.6787e0' %}
with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where is_complete

),

targets as (

    select
        ranking_id,
        most_births,
        {% if target_per_1000 -%}
        cast({{ double_literal(target_per_1000 / 1000) }} as double precision) as target_rate
        {%- else -%}
        cast(deaths as double precision) / cast(births as double precision) as target_rate
        {%- endif %}
    from rankings

),

deviates as (

    select
        rates.ranking_id,
        rates.ranked_rate_id,
        rates.births,
        {{ arcsine_z_score('(rates.event_count / rates.births)', 'targets.target_rate', 'rates.births') }} as z_score
    from rates
    inner join targets on rates.ranking_id = targets.ranking_id

),

tenths_of_deviates as (

    select
        ranking_id,
        percentile_cont(0.1) within group (order by z_score asc) as lowest_tenth,
        percentile_cont(0.9) within group (order by z_score asc) as highest_tenth
    from deviates
    group by ranking_id

),

winsorised_deviates_summed as (

    select
        deviates.ranking_id,
        cast(count(*) as double precision) as areas,
        -- In one order always: what is left after the subtraction below may be so small that the order of adding up would show in it.
        sum(
            power(greatest(least(deviates.z_score, tenths_of_deviates.highest_tenth), tenths_of_deviates.lowest_tenth), 2)
            order by deviates.ranked_rate_id asc
        ) as sum_squares,
        sum(4e0 * deviates.births) as sum_weight,
        sum(16e0 * deviates.births * deviates.births) as sum_weight_squared
    from deviates
    inner join tenths_of_deviates on deviates.ranking_id = tenths_of_deviates.ranking_id
    group by deviates.ranking_id

),

funnel_targets as (

    select
        targets.ranking_id,
        targets.most_births,
        targets.target_rate,
        winsorised_deviates_summed.sum_squares / winsorised_deviates_summed.areas as overdispersion_phi,
        winsorised_deviates_summed.sum_squares / winsorised_deviates_summed.areas / {{ mean_square_by_chance }}
            as overdispersion_phi_rescaled,
        -- DerSimonian and Laird's moment estimate, from the sum of squares with what winsorising took away given back: without that it
        -- finds a third of the variance. One area alone has no variance between areas.
        coalesce(
            greatest(
                winsorised_deviates_summed.sum_squares / {{ mean_square_by_chance }} - (winsorised_deviates_summed.areas - 1e0), 0e0
            )
            / nullif(
                winsorised_deviates_summed.sum_weight
                - winsorised_deviates_summed.sum_weight_squared / winsorised_deviates_summed.sum_weight,
                0e0
            ),
            0e0
        ) as tau_squared
    from targets
    inner join winsorised_deviates_summed on targets.ranking_id = winsorised_deviates_summed.ranking_id

)

select * from funnel_targets
