with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period in (1, {{ setting('default_window_years') }})
        -- An area is compared with others from its first year on: before it, its parts are.
        and not is_like_for_like

),

areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

-- A period in which no area of the level has a rate (a window that reaches back before the first year) is no ranking.
rankings as (

    select
        areas_in_levels.ranking_level,
        areas_in_levels.benchmark_area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        count(rates.rate_per_1000) as areas_with_rate,
        sum(case when rates.status = 'ok' then rates.numerator end) as deaths,
        sum(case when rates.status = 'ok' then rates.denominator end) as births,
        max(case when rates.status = 'ok' then rates.denominator end) as most_births
    from rates
    inner join areas_in_levels on rates.area_code = areas_in_levels.area_code
    where coalesce(areas_in_levels.ranked_from_year, rates.period_start_year) <= rates.period_start_year
    group by
        areas_in_levels.ranking_level,
        areas_in_levels.benchmark_area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis
    having count(rates.rate_per_1000) > 0

),

periods_ranked as (

    select distinct
        ranking_level,
        period,
        period_start_year,
        period_end_year
    from rankings

),

level_sizes as (

    select
        periods_ranked.ranking_level,
        periods_ranked.period,
        count(*) as areas_in_level
    from periods_ranked
    inner join areas_in_levels
        on periods_ranked.ranking_level = areas_in_levels.ranking_level
        and coalesce(areas_in_levels.exists_from_year, periods_ranked.period_start_year) <= periods_ranked.period_start_year
        and coalesce(areas_in_levels.exists_to_year, periods_ranked.period_end_year) >= periods_ranked.period_end_year
    group by periods_ranked.ranking_level, periods_ranked.period

),

-- The benchmark's own published figure, or else the sum over the level where no area of it lacks a figure.
rankings_beside_benchmark as (

    select
        rankings.*,
        coalesce(level_sizes.areas_in_level, 0) as areas_in_level,
        -- The figures of a few areas are no league table.
        rankings.areas_with_rate >= {{ setting('ranking_completeness') }} * coalesce(level_sizes.areas_in_level, 0) as is_complete,
        case
            when benchmark_rates.numerator is not null then 'published'
            when rankings.areas_with_rate >= level_sizes.areas_in_level then 'sum_of_areas'
        end as benchmark_source,
        benchmark_rates.numerator as published_numerator,
        benchmark_rates.denominator as published_denominator
    from rankings
    left join level_sizes
        on rankings.ranking_level = level_sizes.ranking_level
        and rankings.period = level_sizes.period
    left join rates as benchmark_rates
        on rankings.benchmark_area_code = benchmark_rates.area_code
        and rankings.period = benchmark_rates.period
        and rankings.measure = benchmark_rates.measure
        and rankings.basis = benchmark_rates.basis
        and benchmark_rates.status = 'ok'

),

rankings_counted as (

    select
        -- Rows are joined on this number, not on five texts. It depends on what else is ranked: no key to keep.
        row_number() over (
            order by
                basis asc nulls last,
                measure asc nulls last,
                ranking_level asc nulls last,
                years_in_period asc nulls last,
                period asc nulls last
        ) as ranking_id,
        ranking_level,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        areas_in_level,
        areas_with_rate,
        is_complete,
        cast(deaths as bigint) as deaths,
        cast(births as bigint) as births,
        most_births,
        benchmark_area_code,
        benchmark_source,
        cast(case benchmark_source when 'published' then published_numerator when 'sum_of_areas' then deaths end as bigint)
            as benchmark_numerator,
        cast(case benchmark_source when 'published' then published_denominator when 'sum_of_areas' then births end as bigint)
            as benchmark_denominator
    from rankings_beside_benchmark

)

select * from rankings_counted
