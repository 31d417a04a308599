with groups_ranked as (

    select * from {{ ref('int_groups_ranked') }}
    where status = 'ok'

),

rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

members as (

    select * from {{ ref('stg_scenarios__area_groups') }}

),

-- A group against each area that is not in it.
groups_beside_other_areas as (

    select
        groups_ranked.group_rate_id,
        groups_ranked.areas_ranked,
        groups_ranked.event_count as group_event_count,
        groups_ranked.births as group_births,
        groups_ranked.rate_per_1000 as group_rate_per_1000,
        rates.event_count,
        rates.births,
        rates.rate_per_1000
    from groups_ranked
    inner join rates on groups_ranked.ranking_id = rates.ranking_id
    left join members
        on groups_ranked.group_code = members.group_code
        and rates.area_code = members.member_area_code
    where members.group_code is null and groups_ranked.rate_per_1000 <> rates.rate_per_1000
        and {{ pair_may_differ('groups_ranked', 'rates') }}

),

-- As in int_rank_pairs_tested: the events of the one with the higher rate, given those of both.
pairs_far_apart as (

    select
        group_rate_id,
        areas_ranked,
        case when group_rate_per_1000 > rate_per_1000 then 1 else 0 end as is_other_lower,
        case when group_rate_per_1000 > rate_per_1000 then group_event_count else event_count end as event_count,
        group_event_count + event_count as total_count,
        case when group_rate_per_1000 > rate_per_1000 then group_births else births end / (group_births + births) as births_share
    from groups_beside_other_areas

),

tails_worked_out as (

    {{ beta_tails('pairs_far_apart', 'event_count', 'total_count - event_count + 1e0', 'births_share') }}

),

hypotheses as (

    select
        group_rate_id,
        is_other_lower,
        areas_ranked,
        lower_tail as p_value
    from tails_worked_out

),

rank_intervals as (

    {{ rank_intervals('groups_ranked', 'hypotheses', 'group_rate_id') }}

)

select * from rank_intervals
