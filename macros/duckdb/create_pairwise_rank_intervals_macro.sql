{#-
  The table macro pairwise_rank_intervals(ranking_level, period, measure, basis): csranks' confidence sets of the ranks of one ranking,
  with births as exposure (Bazylik, Mogstad, Romano, Shaikh and Wilhelm 2021). Each pair of areas is tested once: given the events of both,
  those of the higher rate are binomial with its share of the births. Of a ranking that is not there is one row, whose `reason` says so.
-#}
{% macro create_pairwise_rank_intervals_macro(schema) -%}
create or replace macro {{ schema }}.pairwise_rank_intervals(wanted_ranking_level, wanted_period, wanted_measure, wanted_basis) as table
with rates as (

    select
        area_code,
        rank_highest_first,
        areas_ranked,
        rate_per_1000,
        cast(numerator as double) as event_count,
        cast(denominator as double) as births,
        {{ events_times_log_rate('cast(numerator as double)', 'cast(denominator as double)') }} as events_times_log_rate
    from marts.fct_rankings
    where ranking_level = wanted_ranking_level and period = wanted_period and measure = wanted_measure and basis = wanted_basis
        and rank_highest_first is not null

),

-- The tail P(X >= x) of the higher one is the p-value of both "the higher is not higher" and "the lower is not lower"; equal rates
-- leave both at one half or more. Pairs too near each other to be significant are passed over before the tail is worked out.
pairs_far_apart as (

    select
        higher.area_code as higher_area_code,
        lower.area_code as lower_area_code,
        higher.areas_ranked,
        higher.event_count,
        higher.event_count + lower.event_count as total_count,
        higher.births / (higher.births + lower.births) as births_share
    from rates as higher
    inner join rates as lower on higher.rate_per_1000 > lower.rate_per_1000
    where {{ pair_may_differ('higher', 'lower') }}

),

tails_worked_out as (

    {{ beta_tails('pairs_far_apart', 'event_count', 'total_count - event_count + 1e0', 'births_share') }}

),

-- One test of a pair says two things: the one is higher, the other lower.
hypotheses as (

    select higher_area_code as area_code, 1 as is_other_lower, areas_ranked, lower_tail as p_value
    from tails_worked_out
    union all
    select lower_area_code as area_code, 0 as is_other_lower, areas_ranked, lower_tail as p_value
    from tails_worked_out

),

intervals as (

    {{ rank_intervals('rates', 'hypotheses', 'area_code') }}

)

select
    rates.area_code,
    rates.rank_highest_first,
    intervals.rank_interval_lower,
    intervals.rank_interval_upper,
    intervals.rank_pairwise_lower,
    intervals.rank_pairwise_upper,
    cast(null as varchar) as reason
from rates
inner join intervals on rates.area_code = intervals.area_code
union all by name
select
    case
        when not exists (select 1 from marts.dim_ranking_level where ranking_level = wanted_ranking_level)
            then 'No level is called ' || coalesce(wanted_ranking_level, 'NULL') || ' (dim_ranking_level).'
        when not exists (select 1 from marts.dim_measure where measure = wanted_measure)
            then 'No measure is called ' || coalesce(wanted_measure, 'NULL') || ' (dim_measure).'
        when coalesce(wanted_basis, '') not in ('registration', 'occurrence') then 'The basis is registration or occurrence.'
        else 'No areas are ranked in ' || coalesce(wanted_period, 'NULL') || ' on this basis.'
    end as reason
where not exists (select 1 from rates)
order by rank_highest_first, area_code
{%- endmacro %}
