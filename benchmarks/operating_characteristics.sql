-- What the marts say of made-up worlds, against what is known of them: events out of trials by setting, characteristic and band.
-- `worlds` has one row per area, year and world (the name of its measure) with its underlying rate.
with areas as (

    select distinct births_year, ranking_level, kind, size, world, area_code, true_rate, is_raised, denominator
    from worlds

),

true_places as (

    select
        *,
        rank() over (partition by world order by true_rate desc) as true_rank,
        count(*) over (partition by world) as areas_in_world,
        sum(true_rate * denominator) over (partition by world) / sum(denominator) over (partition by world) as mean_rate
    from areas

),

rankings as (

    select
        true_places.*,
        rankings.* exclude (area_code, ranking_level)
    from marts.fct_rankings as rankings
    inner join true_places
        on rankings.measure = true_places.world
        and rankings.area_code = true_places.area_code
        and rankings.ranking_level = true_places.ranking_level
    where rankings.years_in_period = 1 and rankings.rank_highest_first is not null

),

-- Calls that should not be made where all areas have the same risk.
calls as (

    select
        rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, rankings.world, rankings.period, named.what, named.is_called
    from rankings
    cross join lateral (
        values
        ('verdict', verdict <> 'similar'),
        ('exact_p_value below 0.05', exact_p_value < 0.05),
        ('fdr_q_value below 0.05', fdr_q_value < 0.05),
        ('fingertips_comparison at 95 %', fingertips_comparison <> 'similar'),
        ('fingertips_comparison at 99.8 %', fingertips_comparison in ('lower_99_8', 'higher_99_8')),
        ('funnel_position at 95 %', funnel_position <> 'within'),
        ('funnel_position at 99.8 %', funnel_position in ('high_99_8', 'low_99_8')),
        ('funnel_position_adjusted at 95 %', funnel_position_adjusted <> 'within'),
        ('funnel_position_adjusted at 99.8 %', funnel_position_adjusted in ('high_99_8', 'low_99_8'))
    ) as named (what, is_called)
    where kind = 'spread' and size = 0

),

calls_of_changes as (

    select areas.births_year, areas.ranking_level, areas.kind, areas.size, areas.world, changes.to_period as period, named.what, named.is_called
    from marts.fct_rate_changes as changes
    inner join areas on changes.measure = areas.world and changes.area_code = areas.area_code
    cross join lateral (
        values
        ('change: exact_p_value below 0.05', changes.exact_p_value < 0.05),
        ('change: mid_p_value below 0.05', changes.mid_p_value < 0.05),
        ('change: the two intervals do not overlap', not changes.intervals_overlap)
    ) as named (what, is_called)
    where length(changes.to_period) = 4 and changes.exact_p_value is not null and kind = 'spread'

),

calls_of_trends as (

    select areas.births_year, areas.ranking_level, areas.kind, areas.size, areas.world, trends.last_period as period, named.what, named.is_called
    from marts.fct_trends as trends
    inner join areas on trends.measure = areas.world and trends.area_code = areas.area_code
    cross join lateral (
        values
        ('trend over 5 years: trend_p_value below 0.05', trends.trend_p_value < 0.05),
        ('trend over 5 years: trend_p_value below 0.002', trends.trend_p_value < 0.002),
        ('recent_trend rises or falls', trends.recent_trend in ('increasing', 'decreasing'))
    ) as named (what, is_called)
    where trends.recent_trend <> 'cannot_be_calculated' and trends.trend_p_value is not null and kind = 'spread'

),

calls_of_persistence as (

    select areas.births_year, areas.ranking_level, areas.kind, areas.size, areas.world, 'all' as period, named.what, named.is_called
    from marts.fct_persistence as persistence
    inner join areas
        on persistence.measure = areas.world
        and persistence.area_code = areas.area_code
        and persistence.ranking_level = areas.ranking_level
    cross join lateral (
        values
        ('persistence over 5 years: exact_p_value below 0.05', persistence.exact_p_value < 0.05),
        ('persistence over 5 years: chance_probability below 0.05', persistence.chance_probability < 0.05)
    ) as named (what, is_called)
    where kind = 'spread' and size = 0

),

calls_unioned as (

    select * from calls
    union all
    select * from calls_of_changes
    union all
    select * from calls_of_trends
    union all
    select * from calls_of_persistence

),

-- Where nothing could be called (no benchmark in years in which some areas did not exist yet) there is no trial.
all_calls as (

    select * from calls_unioned
    where is_called is not null

),

tables_with_calls as (

    select births_year, ranking_level, kind, size, what, world, period, max(case when is_called then 1 else 0 end) as has_call
    from all_calls
    group by births_year, ranking_level, kind, size, what, world, period

),

coverages as (

    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, named.what, named.is_held
    from rankings
    cross join lateral (
        values
        ('coverage: 95 % interval of the rate', true_rate between lower_95 and upper_95),
        ('coverage: 95 % interval of the stabilised rate', true_rate between stabilised_lower_95 and stabilised_upper_95),
        ('coverage: 95 % range of the rank', case when size > 0 then true_rank between rank_lower_95 and rank_upper_95 end),
        ('called higher by verdict, and truly so', case when size > 0 and verdict = 'higher' then true_rate > benchmark_rate_per_1000 end),
        ('called lower by verdict, and truly so', case when size > 0 and verdict = 'lower' then true_rate < benchmark_rate_per_1000 end),
        (
            'called by fdr_q_value, and truly so',
            case when size > 0 and fdr_q_value < 0.05 then (rate_per_1000 > benchmark_rate_per_1000) = (true_rate > benchmark_rate_per_1000) end
        )
    ) as named (what, is_held)
    where kind = 'spread'

),

-- How far places are from the true ones, and how much of the list the range of a rank takes up.
rank_sizes as (

    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, named.what, named.size_of_it
    from rankings
    cross join lateral (
        values
        ('squared error: rank_highest_first', power(rank_highest_first - true_rank, 2)),
        ('squared error: expected_rank', power(expected_rank - true_rank, 2)),
        ('range of the rank, as a share of the list', (rank_upper_95 - rank_lower_95 + 1e0) / areas_ranked)
    ) as named (what, size_of_it)
    where kind = 'spread' and size > 0 and named.size_of_it is not null

),

comparisons as (

    select
        own.births_year, own.ranking_level, own.kind, own.size,
        comparisons.probability_higher, own.true_rate > others.true_rate as is_truly_higher
    from marts.fct_area_comparisons as comparisons
    inner join areas as own
        on comparisons.measure = own.world
        and comparisons.area_code = own.area_code
        and comparisons.ranking_level = own.ranking_level
    inner join areas as others
        on comparisons.measure = others.world
        and comparisons.compared_area_code = others.area_code
    where own.kind = 'spread' and own.size > 0

),

-- What is told as a probability, and whether it came true.
probabilities as (

    select
        births_year, ranking_level, kind, size, 'probability_worst_tenth' as what, probability_worst_tenth as probability,
        true_rank <= greatest(1, floor(areas_in_world / 10)) as is_true
    from rankings
    where kind = 'spread' and size > 0
    union all
    select
        births_year, ranking_level, kind, size, 'probability_above_benchmark' as what, probability_above_benchmark as probability,
        true_rate > benchmark_rate_per_1000 as is_true
    from rankings
    where kind = 'spread' and size > 0
    union all
    select births_year, ranking_level, kind, size, 'probability_higher' as what, probability_higher as probability, is_truly_higher as is_true
    from comparisons

),

probabilities_in_bands as (

    select
        *,
        case
            when probability < 0.05 then 'under 0.05'
            when probability < 0.2 then '0.05 to 0.2'
            when probability < 0.4 then '0.2 to 0.4'
            when probability < 0.6 then '0.4 to 0.6'
            when probability < 0.8 then '0.6 to 0.8'
            when probability < 0.95 then '0.8 to 0.95'
            else '0.95 and more'
        end as band
    from probabilities
    where probability is not null and is_true is not null

),

forecasts as (

    select areas.births_year, areas.ranking_level, areas.kind, areas.size, forecasts.is_inside
    from marts.fct_forecasts as forecasts
    inner join areas
        on forecasts.measure = areas.world
        and forecasts.area_code = areas.area_code
        and forecasts.ranking_level = areas.ranking_level
    where areas.kind = 'spread' and forecasts.is_inside is not null

),

powers as (

    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, named.what,
        case when named.is_found then 1e0 else 0e0 end as found
    from rankings
    cross join lateral (
        values
        ('power: verdict higher', verdict = 'higher'),
        ('power: exact_p_value below 0.05, higher', exact_p_value < 0.05 and rate_per_1000 > benchmark_rate_per_1000),
        ('power: fdr_q_value below 0.05, higher', fdr_q_value < 0.05 and rate_per_1000 > benchmark_rate_per_1000),
        ('power: funnel_position high', funnel_position in ('high_95', 'high_99_8'))
    ) as named (what, is_found)
    where is_raised and verdict is not null
    union all
    -- What fct_detectability states of the same areas, added up; it is stated for the last year.
    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, named.what, named.stated as found
    from rankings
    inner join marts.fct_detectability as detectability
        on rankings.measure = detectability.measure
        and rankings.area_code = detectability.area_code
        and rankings.ranking_level = detectability.ranking_level
        and rankings.size = detectability.rate_ratio
    cross join lateral (
        values
        ('power: stated as power_one_year', detectability.power_one_year),
        ('power: stated as chance_of_verdict', detectability.chance_of_verdict)
    ) as named (what, stated)
    where is_raised and verdict is not null

),

figures as (

    select births_year, ranking_level, kind, size, what || ', by area' as what, 'all' as band,
        sum(case when is_called then 1e0 else 0e0 end) as events, count(*) as trials
    from all_calls
    group by births_year, ranking_level, kind, size, what
    union all
    select births_year, ranking_level, kind, size, what || ', in any area of the table' as what, 'all' as band,
        sum(has_call) as events, count(*) as trials
    from tables_with_calls
    group by births_year, ranking_level, kind, size, what
    union all
    select births_year, ranking_level, kind, size, what, 'all' as band, sum(case when is_held then 1e0 else 0e0 end) as events, count(*) as trials
    from coverages
    where is_held is not null
    group by births_year, ranking_level, kind, size, what
    union all
    select births_year, ranking_level, kind, size, what, 'all' as band, sum(size_of_it) as events, count(*) as trials
    from rank_sizes
    group by births_year, ranking_level, kind, size, what
    union all
    select births_year, ranking_level, kind, size, what || ': came true' as what, band,
        sum(case when is_true then 1e0 else 0e0 end) as events, count(*) as trials
    from probabilities_in_bands
    group by births_year, ranking_level, kind, size, what, band
    union all
    select births_year, ranking_level, kind, size, what || ': stated' as what, band, sum(probability) as events, count(*) as trials
    from probabilities_in_bands
    group by births_year, ranking_level, kind, size, what, band
    union all
    select births_year, ranking_level, kind, size, 'coverage: 95 % range of a forecast', 'all' as band,
        sum(case when is_inside then 1e0 else 0e0 end) as events, count(*) as trials
    from forecasts
    group by births_year, ranking_level, kind, size
    union all
    select births_year, ranking_level, kind, size, what, 'all' as band, sum(found) as events, count(*) as trials
    from powers
    group by births_year, ranking_level, kind, size, what

)

select * from figures
