with pairs as (

    select * from {{ ref('int_rank_pairs_selected') }}

),

-- P(X >= x) of a binomial count is the lower tail of a beta distribution.
tails_worked_out as (

    {{ beta_tails('pairs', 'event_count', 'total_count - event_count + 1e0', 'births_share') }}

),

pairs_tested as (

    select
        higher_rate_number,
        lower_rate_number,
        areas_ranked,
        lower_tail as p_value
    from tails_worked_out

)

select * from pairs_tested
