with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}

),

rankings_numbered as (

    select
        *,
        -- One number for a ranking and one for a row: pairs are joined and grouped on these, not on five texts.
        dense_rank() over (order by basis, measure, ranking_level, years_in_period, period) as ranking_number,
        row_number() over (order by basis, measure, ranking_level, years_in_period, period, area_code) as rate_number,
        status = 'ok' as is_ranked
    from rates

),

rates_ranked as (

    select
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        ranking_level,
        ranking_number,
        rate_number,
        status,
        numerator,
        denominator,
        rate_per_1000,
        lower_95,
        upper_95,
        lower_99_8,
        upper_99_8,
        is_ranked,
        case when is_ranked then cast(numerator as {{ double_type() }}) end as event_count,
        case when is_ranked then cast(denominator as {{ double_type() }}) end as births,
        case when is_ranked then rank() over (partition by ranking_number, is_ranked order by rate_per_1000 desc nulls last) end
            as rank_highest_first,
        case when is_ranked then rank() over (partition by ranking_number, is_ranked order by rate_per_1000 asc nulls last) end
            as rank_lowest_first,
        case when is_ranked then count(*) over (partition by ranking_number, is_ranked) end as areas_ranked
    from rankings_numbered

),

logarithms_taken as (

    select
        *,
        -- Ties share the smallest of their ranks, and so a fifth.
        1 + cast(floor(5e0 * (rank_highest_first - 1) / areas_ranked) as bigint) as quintile,
        case when is_ranked then {{ events_times_log_rate('event_count', 'births') }} end as events_times_log_rate
    from rates_ranked

)

select * from logarithms_taken
