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
        ('verdict_interval', verdict_interval <> 'similar'),
        ('verdict_two_level at 99.8 %', verdict_two_level in ('lower_99_8', 'higher_99_8')),
        ('exact_p_value below 0.05', exact_p_value < 0.05),
        ('verdict (false discovery rate 5 %)', verdict <> 'similar'),
        ('holm_p_value below 0.05', holm_p_value < 0.05),
        ('funnel_position at 95 %', funnel_position <> 'within'),
        ('funnel_position at 99.8 %', funnel_position in ('high_99_8', 'low_99_8')),
        ('funnel_position_adjusted at 95 %', funnel_position_adjusted <> 'within'),
        ('funnel_position_adjusted at 99.8 %', funnel_position_adjusted in ('high_99_8', 'low_99_8')),
        ('rank interval, all pairs of this area (Holm)', rank_interval_lower > 1 or rank_interval_upper < areas_ranked),
        ('rank interval, pair by pair', rank_pairwise_lower > 1 or rank_pairwise_upper < areas_ranked)
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

    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, named.what, named.band, named.is_held
    from rankings
    cross join lateral (
        values
        ('coverage: 95 % interval of the rate', 'all', true_rate between lower_95 and upper_95),
        (
            'coverage: 95 % interval of the stabilised rate',
            'all',
            case when stabilised_lower_95 is not null then true_rate between stabilised_lower_95 and stabilised_upper_95 end
        ),
        (
            'coverage: rank interval, all pairs of this area (Holm)',
            'all',
            case when size > 0 and kind = 'spread' then true_rank between rank_interval_lower and rank_interval_upper end
        ),
        (
            'coverage: rank interval, pair by pair',
            'all',
            case when size > 0 and kind = 'spread' then true_rank between rank_pairwise_lower and rank_pairwise_upper end
        ),
        (
            'named higher or lower, and truly so',
            'all',
            case
                when kind = 'raised' or size = 0 then null
                when verdict = 'higher' then true_rate > mean_rate
                when verdict = 'lower' then true_rate < mean_rate
            end
        )
    ) as named (what, band, is_held)
    where kind = 'spread'

),

-- Of the areas given such a chance, how many truly are among the worst tenth; and the chance that they were given.
worst_tenths as (

    select
        births_year, ranking_level, kind, size,
        case
            when probability_worst_tenth < 0.05 then 'under 0.05'
            when probability_worst_tenth < 0.2 then '0.05 to 0.2'
            when probability_worst_tenth < 0.4 then '0.2 to 0.4'
            when probability_worst_tenth < 0.6 then '0.4 to 0.6'
            when probability_worst_tenth < 0.8 then '0.6 to 0.8'
            else '0.8 and more'
        end as band,
        probability_worst_tenth,
        true_rank <= greatest(1, floor(areas_in_world / 10)) as is_among_worst
    from rankings
    where kind = 'spread' and size > 0

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
        ('power: exact_p_value below 0.05, higher', exact_p_value < 0.05 and rate_per_1000 > benchmark_rate_per_1000),
        ('power: verdict (false discovery rate 5 %) higher', verdict = 'higher'),
        ('power: verdict_interval higher', verdict_interval = 'higher'),
        ('power: funnel_position high', funnel_position in ('high_95', 'high_99_8'))
    ) as named (what, is_found)
    where is_raised and verdict is not null
    union all
    -- What fct_detectability states of the same areas, added up; it is stated for the last year.
    select rankings.births_year, rankings.ranking_level, rankings.kind, rankings.size, 'power: stated by fct_detectability', detectability.power_one_year
    from rankings
    inner join marts.fct_detectability as detectability
        on rankings.measure = detectability.measure
        and rankings.area_code = detectability.area_code
        and rankings.ranking_level = detectability.ranking_level
        and rankings.size = detectability.rate_ratio
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
    select births_year, ranking_level, kind, size, what, band, sum(case when is_held then 1e0 else 0e0 end) as events, count(*) as trials
    from coverages
    where is_held is not null
    group by births_year, ranking_level, kind, size, what, band
    union all
    select births_year, ranking_level, kind, size, 'worst tenth: truly among it', band,
        sum(case when is_among_worst then 1e0 else 0e0 end) as events, count(*) as trials
    from worst_tenths
    group by births_year, ranking_level, kind, size, band
    union all
    select births_year, ranking_level, kind, size, 'worst tenth: probability_worst_tenth, added up', band,
        sum(probability_worst_tenth) as events, count(*) as trials
    from worst_tenths
    group by births_year, ranking_level, kind, size, band
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
