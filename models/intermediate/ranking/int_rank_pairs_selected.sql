with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

combined_areas as (

    select * from {{ ref('int_combined_areas_ranked') }}
    where status = 'ok'

),

members as (

    select * from {{ ref('stg_scenarios__area_groups') }}

),

-- Each unordered pair once, the higher rate first. Given the events of both, those of the higher one are Binomial(total, share). Its
-- tail P(X >= x) is the p-value of both "the higher is not higher than the lower" and "the lower is not lower than the higher";
-- the opposite tail is at least one half and can never be significant, and equal rates (0 and 0 among them) leave both at one half or more.
area_pairs as (

    select
        higher.rate_number as higher_rate_number,
        lower.rate_number as lower_rate_number,
        higher.areas_ranked,
        higher.event_count,
        higher.event_count + lower.event_count as total_count,
        higher.births / (higher.births + lower.births) as births_share
    from rates as higher
    inner join rates as lower
        on higher.ranking_number = lower.ranking_number
        and higher.rate_per_1000 > lower.rate_per_1000
    where {{ pair_may_differ('higher', 'lower') }}

),

-- A group against each area that is not in it. Such a pair says something of the group alone, so the area's number is left out.
pairs_with_higher_group as (

    select
        higher.rate_number as higher_rate_number,
        cast(null as bigint) as lower_rate_number,
        higher.areas_ranked,
        higher.event_count,
        higher.event_count + lower.event_count as total_count,
        higher.births / (higher.births + lower.births) as births_share
    from combined_areas as higher
    inner join rates as lower
        on higher.ranking_number = lower.ranking_number
        and higher.rate_per_1000 > lower.rate_per_1000
    left join members
        on higher.group_code = members.group_code
        and lower.area_code = members.member_area_code
    where members.group_code is null and {{ pair_may_differ('higher', 'lower') }}

),

pairs_with_lower_group as (

    select
        cast(null as bigint) as higher_rate_number,
        lower.rate_number as lower_rate_number,
        lower.areas_ranked,
        higher.event_count,
        higher.event_count + lower.event_count as total_count,
        higher.births / (higher.births + lower.births) as births_share
    from rates as higher
    inner join combined_areas as lower
        on higher.ranking_number = lower.ranking_number
        and higher.rate_per_1000 > lower.rate_per_1000
    left join members
        on lower.group_code = members.group_code
        and higher.area_code = members.member_area_code
    where members.group_code is null and {{ pair_may_differ('higher', 'lower') }}

),

pairs_far_apart as (

    select * from area_pairs
    union all
    select * from pairs_with_higher_group
    union all
    select * from pairs_with_lower_group

)

select * from pairs_far_apart
-- Like depths of the continued fraction side by side: the next step then works on whole blocks of rows.
order by event_count
