with rankings as (

    select * from {{ ref('fct_rankings') }}

),

areas_counted as (

    select
        ranking_level,
        measure,
        basis,
        period,
        years_in_period,
        -- The same in every row of a ranking.
        max(areas_in_level) as areas_in_level,
        count(case when status = 'ok' then 1 end) as areas_with_rate,
        count(case when status = 'suppressed' then 1 end) as areas_withheld,
        count(rank_highest_first) as areas_ranked,
        count(verdict) as areas_compared
    from rankings
    group by ranking_level, measure, basis, period, years_in_period

)

select * from areas_counted
