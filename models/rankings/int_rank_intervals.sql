with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where has_pairs_compared

),

-- Each unordered pair once, the higher rate first. Given the events of both, those of the higher one are Binomial(total, share). Its
-- tail P(X >= x) is the p-value of both "the higher is not higher than the lower" and "the lower is not lower than the higher";
-- the opposite tail is at least one half and can never be significant, and equal rates (0 and 0 among them) leave both at one half or
-- more. Pairs too near each other to be significant are passed over before the tail is worked out: about eight of nine.
pairs_far_apart as (

    select
        higher.ranked_rate_id as higher_rate_id,
        lower.ranked_rate_id as lower_rate_id,
        higher.areas_ranked,
        higher.event_count,
        higher.event_count + lower.event_count as total_count,
        higher.births / (higher.births + lower.births) as births_share
    from rates as higher
    inner join rates as lower
        on higher.ranking_id = lower.ranking_id
        and higher.rate_per_1000 > lower.rate_per_1000
    where {{ pair_may_differ('higher', 'lower') }}

),

-- P(X >= x) of a binomial count is the lower tail of a beta distribution with the shapes x and total - x + 1.
tails_worked_out as (

    {{ beta_tails('pairs_far_apart', 'event_count', 'total_count - event_count + 1e0', 'births_share') }}

),

-- One test of a pair says two things: the one lies higher, the other lower.
hypotheses as (

    select
        higher_rate_id as ranked_rate_id,
        1 as is_other_lower,
        areas_ranked,
        lower_tail as p_value
    from tails_worked_out
    union all
    select
        lower_rate_id as ranked_rate_id,
        0 as is_other_lower,
        areas_ranked,
        lower_tail as p_value
    from tails_worked_out

),

rank_intervals as (

    {{ rank_intervals('rates', 'hypotheses', 'ranked_rate_id') }}

)

select * from rank_intervals
