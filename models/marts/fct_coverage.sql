with rankings as (

    select * from {{ ref('fct_rankings') }}

),

levels as (

    select * from {{ ref('dim_ranking_level') }}

),

areas_counted as (

    select
        rankings.ranking_level,
        levels.ranking_level_name,
        rankings.period,
        rankings.period_start_year,
        rankings.period_end_year,
        rankings.years_in_period,
        rankings.measure,
        rankings.measure_name,
        rankings.basis,
        -- The same in every row of a ranking.
        max(rankings.areas_in_level) as areas_in_level,
        count(case when rankings.status = 'ok' then 1 end) as areas_with_rate,
        count(case when rankings.status = 'suppressed' then 1 end) as areas_withheld,
        count(case when rankings.status not in ('ok', 'suppressed') then 1 end) as areas_not_published,
        count(rankings.rank_highest_first) as areas_ranked,
        count(rankings.verdict) as areas_compared
    from rankings
    inner join levels on rankings.ranking_level = levels.ranking_level
    group by
        rankings.ranking_level, levels.ranking_level_name, rankings.period, rankings.period_start_year, rankings.period_end_year,
        rankings.years_in_period, rankings.measure, rankings.measure_name, rankings.basis

)

select * from areas_counted
