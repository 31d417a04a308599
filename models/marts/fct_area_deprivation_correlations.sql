{%- set fewest_areas = 5 -%}
with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where status = 'ok'

),

deprivation_scores as (

    select * from {{ ref('stg_areas__deprivation_scores') }}

),

rates_with_score as (

    select
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.denominator as births,
        rates.rate_per_1000,
        deprivation_scores.imd_2015_score
    from rates
    left join deprivation_scores on rates.area_code = deprivation_scores.area_code

),

-- Each birth counts once: an area's rank is the middle of the places that its births take. Ties share theirs.
births_ranked as (

    select
        period,
        measure,
        basis,
        ranking_level,
        cast(births as double precision) as births,
        cast(sum(births) over by_rate as double precision) - cast(sum(births) over same_rate as double precision) / 2e0 as rate_rank,
        cast(sum(births) over by_score as double precision) - cast(sum(births) over same_score as double precision) / 2e0
            as score_rank,
        cast(sum(births) over whole_ranking as double precision) as all_births
    from rates_with_score
    where imd_2015_score is not null
    window
        whole_ranking as (partition by period, measure, basis, ranking_level),
        by_rate as (partition by period, measure, basis, ranking_level order by rate_per_1000 asc nulls last),
        same_rate as (partition by period, measure, basis, ranking_level, rate_per_1000),
        by_score as (partition by period, measure, basis, ranking_level order by imd_2015_score asc nulls last),
        same_score as (partition by period, measure, basis, ranking_level, imd_2015_score)

),

-- The births-weighted mean of the ranks is half of all births, ties or not.
moments as (

    select
        period,
        measure,
        basis,
        ranking_level,
        count(*) as areas_with_score,
        sum(births) as births_with_score,
        sum(births * power(rate_rank / all_births - 0.5e0, 2)) as rate_variance,
        sum(births * power(score_rank / all_births - 0.5e0, 2)) as score_variance,
        sum(births * (rate_rank / all_births - 0.5e0) * (score_rank / all_births - 0.5e0)) as covariance
    from births_ranked
    group by period, measure, basis, ranking_level

),

rankings as (

    select
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        ranking_level,
        count(*) as areas_ranked,
        sum(births) as births
    from rates_with_score
    group by period, period_start_year, period_end_year, years_in_period, measure, basis, ranking_level

),

correlations as (

    select
        rankings.period,
        rankings.period_start_year,
        rankings.period_end_year,
        rankings.years_in_period,
        rankings.measure,
        rankings.basis,
        rankings.ranking_level,
        cast(rankings.areas_ranked as integer) as areas_ranked,
        cast(coalesce(moments.areas_with_score, 0) as integer) as areas_with_score,
        coalesce(moments.births_with_score, 0e0) / cast(rankings.births as double precision) as share_of_births_with_score,
        case
            when moments.areas_with_score >= {{ fewest_areas }}
                then moments.covariance / nullif(sqrt(moments.rate_variance * moments.score_variance), 0e0)
        end as rank_correlation,
        case
            when moments.areas_with_score is null then 'no_area_has_a_score'
            when moments.areas_with_score < {{ fewest_areas }} then 'fewer_than_{{ fewest_areas }}_areas_with_a_score'
            when moments.rate_variance = 0e0 then 'all_rates_equal'
            when moments.score_variance = 0e0 then 'all_scores_equal'
        end as reason
    from rankings
    left join moments
        on rankings.period = moments.period
        and rankings.measure = moments.measure
        and rankings.basis = moments.basis
        and rankings.ranking_level = moments.ranking_level

)

select * from correlations
