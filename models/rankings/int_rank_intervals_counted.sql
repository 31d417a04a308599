with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where has_pairs_compared

),

pairs as (

    select * from {{ ref('int_rank_pairs_tested') }}

),

-- One test of a pair says two things: the one lies higher, the other lower.
hypotheses as (

    select
        higher_rate_id as ranked_rate_id,
        1 as is_other_lower,
        areas_ranked,
        p_value
    from pairs
    union all
    select
        lower_rate_id as ranked_rate_id,
        0 as is_other_lower,
        areas_ranked,
        p_value
    from pairs

),

rank_intervals as (

    {{ rank_intervals('rates', 'hypotheses', 'ranked_rate_id') }}

)

select * from rank_intervals
