with pairs as (

    select * from {{ ref('int_rank_pairs_selected') }}

),

tails_worked_out as (

    select
        higher_rate_number,
        lower_rate_number,
        areas_ranked,
        {{ binomial_point_probability('event_count', 'total_count', 'births_share') }}
        * ({{ binomial_tail_over_point('event_count', 'total_count', 'births_share') }}) as p_value
    from pairs

)

select * from tails_worked_out
