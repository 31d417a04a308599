with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where is_complete

),

extreme_areas as (

    select * from {{ ref('int_extreme_areas_found') }}

),

-- The next year, or the next window that shares no year with this one.
rankings_with_next as (

    select
        rankings.ranking_id,
        next_rankings.ranking_id as next_ranking_id
    from rankings
    inner join rankings as next_rankings
        on rankings.ranking_level = next_rankings.ranking_level
        and rankings.measure = next_rankings.measure
        and rankings.basis = next_rankings.basis
        and rankings.years_in_period = next_rankings.years_in_period
        and rankings.period_end_year + 1 = next_rankings.period_start_year

),

-- An area whose boundary changed has another code: it is not followed.
areas_followed as (

    select
        rankings_with_next.ranking_id,
        rankings_with_next.next_ranking_id,
        rates.area_code = extreme_areas.highest_area_code as is_highest,
        rates.rank_highest_first <= extreme_areas.worst_places as is_worst,
        next_rates.numerator as next_numerator,
        next_rates.denominator as next_denominator,
        next_rates.rank_highest_first as next_rank,
        next_rates.rank_highest_first <= next_extreme_areas.worst_places as is_worst_next
    from rankings_with_next
    inner join extreme_areas on rankings_with_next.ranking_id = extreme_areas.ranking_id
    inner join extreme_areas as next_extreme_areas on rankings_with_next.next_ranking_id = next_extreme_areas.ranking_id
    inner join rates on rankings_with_next.ranking_id = rates.ranking_id
    inner join rates as next_rates
        on rankings_with_next.next_ranking_id = next_rates.ranking_id
        and rates.area_code = next_rates.area_code

),

extremes_followed as (

    select
        ranking_id,
        next_ranking_id,
        max(case when is_highest then next_numerator end) as highest_next_numerator,
        max(case when is_highest then next_denominator end) as highest_next_denominator,
        cast(max(case when is_highest then next_rank end) as integer) as highest_next_rank,
        cast(sum(case when is_worst then 1 else 0 end) as integer) as worst_areas_followed,
        cast(sum(case when is_worst then next_numerator end) as bigint) as worst_next_deaths,
        cast(sum(case when is_worst then next_denominator end) as bigint) as worst_next_births,
        cast(sum(case when is_worst and is_worst_next then 1 else 0 end) as integer) as worst_areas_kept
    from areas_followed
    group by ranking_id, next_ranking_id

)

select * from extremes_followed
