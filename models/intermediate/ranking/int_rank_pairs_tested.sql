with pairs as (

    select * from {{ ref('int_rank_pairs_selected') }}

),

tails_worked_out as (

    {{ far_upper_tails('pairs') }}

),

pairs_tested as (

    select
        higher_rate_number,
        lower_rate_number,
        areas_ranked,
        upper_tail as p_value
    from tails_worked_out

)

select * from pairs_tested
