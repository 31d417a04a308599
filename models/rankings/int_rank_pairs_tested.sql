with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

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
    -- Like depths of the continued fraction side by side: each step of it then works on whole blocks of rows.
    order by higher.event_count asc nulls last

),

tails_worked_out as (

    {{ far_upper_tails('pairs_far_apart') }}

),

pairs_tested as (

    select
        higher_rate_id,
        lower_rate_id,
        areas_ranked,
        upper_tail as p_value
    from tails_worked_out

)

select * from pairs_tested
