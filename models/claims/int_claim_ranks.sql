with readings as (

    select * from {{ ref('int_claim_readings') }}
    where ranking_level is not null

),

counts as (

    select * from {{ ref('int_claim_counts') }}
    where whose = 'claimed' and is_whole

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

group_rankings as (

    select * from {{ ref('fct_combined_area_rankings') }}
    where status = 'ok'

),

group_members as (

    select * from {{ ref('stg_areas__groups') }}

),

detectability as (

    select * from {{ ref('fct_detectability') }}
    where rate_ratio = 1.3e0

),

groups as (

    select
        group_code,
        member_area_code,
        count(*) over (partition by group_code) as members
    from group_members

),

-- The group that several areas named together make up.
groups_named as (

    select
        readings.claim_code,
        readings.reading,
        groups.group_code
    from readings
    inner join groups on ' ' || readings.area_codes || ' ' like '% ' || groups.member_area_code || ' %'
    where readings.areas_named > 1
    group by readings.claim_code, readings.reading, readings.areas_named, groups.group_code, groups.members
    having count(*) = readings.areas_named and count(*) = groups.members

),

levels_counted as (

    select
        ranking_level,
        measure,
        basis,
        period,
        years_in_period,
        period_start_year,
        period_end_year,
        max(areas_in_level) as areas_in_level,
        sum(case when status = 'ok' then 1 else 0 end) as areas_with_rate,
        max(areas_ranked) as areas_ranked,
        sum(case when rank_highest_first is not null and verdict <> 'similar' then 1 else 0 end) as areas_apart,
        avg(rank_upper_95 - rank_lower_95 + 1) as places
    from rankings
    group by ranking_level, measure, basis, period, years_in_period, period_start_year, period_end_year

),

-- One area has its rank in the rankings; a group has its own among the areas that are none of it, where these are ranked.
readings_ranked as (

    select
        readings.claim_code,
        readings.reading,
        readings.statistic,
        readings.published_units,
        readings.area_code,
        readings.period,
        readings.ranking_level,
        levels_counted.areas_in_level - readings.areas_named + 1 as areas_in_level,
        levels_counted.areas_in_level - levels_counted.areas_with_rate as areas_absent,
        coalesce(areas.rank_highest_first, several.rank_highest_first) as rank_highest_first,
        coalesce(areas.rank_lower_95, several.rank_lower_95) as rank_lower_95,
        coalesce(areas.rank_upper_95, several.rank_upper_95) as rank_upper_95,
        coalesce(areas.areas_ranked, several.areas_ranked) as areas_ranked,
        areas.benchmark_rate_per_1000,
        areas.exact_p_value,
        areas.verdict
    from readings
    inner join levels_counted
        on readings.ranking_level = levels_counted.ranking_level
        and readings.period = levels_counted.period
        and readings.measure = levels_counted.measure
        and readings.basis = levels_counted.basis
    left join rankings as areas
        on readings.area_code = areas.area_code
        and readings.ranking_level = areas.ranking_level
        and readings.period = areas.period
        and readings.measure = areas.measure
        and readings.basis = areas.basis
        and areas.rank_highest_first is not null
    left join groups_named
        on readings.claim_code = groups_named.claim_code
        and readings.reading = groups_named.reading
    left join group_rankings as several
        on groups_named.group_code = several.group_code
        and readings.ranking_level = several.ranking_level
        and readings.period = several.period
        and readings.measure = several.measure
        and readings.basis = several.basis
        and levels_counted.areas_ranked is not null

),

-- An absent area can only push a rank down: below the rank among the others, and above it by more than are absent, no printed rank can
-- be right.
ranks_compared as (

    select
        *,
        published_units between rank_highest_first and rank_highest_first + areas_absent as is_possible
    from readings_ranked

),

-- The area's own intervals: a window has more deaths than its years, so a narrower one is arithmetic and judges nothing.
widths_compared as (

    select
        readings.claim_code,
        readings.reading,
        readings.area_code,
        readings.period,
        avg(windows.upper_95 - windows.lower_95) as mean_window_width,
        avg(years.upper_95 - years.lower_95) as mean_year_width
    from readings
    inner join counts as windows
        on readings.claim_code = windows.claim_code
        and readings.reading = windows.reading
        and windows.span = 'period_window'
    inner join counts as years
        on windows.claim_code = years.claim_code
        and windows.reading = years.reading
        and years.span = 'period_year'
        and years.first_year between windows.first_year and windows.last_year
    where readings.statistic = 'pooling_tells_areas_apart'
    group by readings.claim_code, readings.reading, readings.area_code, readings.period

),

-- Each window beside each of its years, over all areas of the level: do more of them stand apart from the benchmark?
levels_compared as (

    select
        readings.claim_code,
        readings.reading,
        readings.period,
        readings.ranking_level,
        count(*) as pairs,
        max(pooled.areas_ranked) as areas_ranked,
        sum(case when pooled.areas_apart > single.areas_apart then 1 else 0 end) as pairs_telling_more,
        avg(cast(single.areas_apart as double precision)) as areas_apart_by_year,
        avg(cast(pooled.areas_apart as double precision)) as areas_apart_by_window,
        avg(cast(single.places as double precision)) as places_by_year,
        avg(cast(pooled.places as double precision)) as places_by_window
    from readings
    inner join levels_counted as pooled
        on readings.ranking_level = pooled.ranking_level
        and readings.measure = pooled.measure
        and readings.basis = pooled.basis
        and pooled.years_in_period = {{ setting('default_window_years') }}
        and pooled.areas_ranked is not null
        and readings.period_start_year <= pooled.period_start_year
        and readings.period_end_year >= pooled.period_end_year
    inner join levels_counted as single
        on pooled.ranking_level = single.ranking_level
        and pooled.measure = single.measure
        and pooled.basis = single.basis
        and single.years_in_period = 1
        and single.areas_ranked is not null
        and single.period_end_year between pooled.period_start_year and pooled.period_end_year
    where readings.statistic = 'pooling_tells_areas_apart'
    group by readings.claim_code, readings.reading, readings.period, readings.ranking_level

),

lines_unioned as (

    select
        ranks.claim_code,
        ranks.reading,
        answers.*,
        case when ranks.area_code is not null then 'fct_rankings' end as source_table,
        ranks.area_code,
        ranks.period,
        ranks.ranking_level
    from ranks_compared as ranks
    cross join
        lateral (
            values
            ('rank', cast(ranks.rank_highest_first as double precision), ranks.rank_lower_95, ranks.rank_upper_95, null),
            ('areas_ranked', ranks.areas_ranked, null, null, null),
            ('rate_of_benchmark', ranks.benchmark_rate_per_1000, null, null, ranks.exact_p_value),
            ('is_similar_to_benchmark', case when ranks.verdict = 'similar' then 1 end, null, null, null),
            ('is_higher_than_benchmark', case when ranks.verdict = 'higher' then 1 end, null, null, null),
            ('is_lower_than_benchmark', case when ranks.verdict = 'lower' then 1 end, null, null, null)
        ) as answers (value_code, value, lower_95, upper_95, probability)
    union all
    select
        ranks.claim_code,
        ranks.reading,
        answers.value_code,
        answers.value,
        null as lower_95,
        null as upper_95,
        null as probability,
        case when ranks.area_code is not null and answers.value_code <> 'areas_absent' then 'fct_rankings' end as source_table,
        ranks.area_code,
        ranks.period,
        case when answers.value_code <> 'areas_absent' then ranks.ranking_level end as ranking_level
    from ranks_compared as ranks
    inner join counts
        on ranks.claim_code = counts.claim_code
        and ranks.reading = counts.reading
        and counts.span = 'period'
    cross join
        lateral (
            values
            ('recomputed_value', case when ranks.areas_absent = 0 then ranks.rank_highest_first end),
            ('areas_in_level', ranks.areas_in_level),
            ('areas_absent', ranks.areas_absent),
            ('is_at_hand', 1),
            ('is_ranked', case when ranks.rank_highest_first is null then 0 else 1 end),
            ('is_computable', case when ranks.rank_highest_first is null then 0 else 1 end),
            ('is_complete', case when ranks.areas_absent = 0 then 1 else 0 end),
            ('is_fit', case when ranks.areas_absent = 0 and ranks.published_units = ranks.rank_highest_first then 1 else 0 end),
            ('is_agreeing', case when ranks.published_units between ranks.rank_lower_95 and ranks.rank_upper_95 then 1 else 0 end),
            ('is_possible', case when ranks.is_possible then 1 when not ranks.is_possible then 0 end),
            ('is_beyond_chance', case when ranks.rank_lower_95 = ranks.rank_upper_95 then 1 else 0 end),
            ('is_impossible_with_others', case when ranks.areas_absent > 0 and not ranks.is_possible then 1 else 0 end),
            ('is_open_with_others', case when ranks.areas_absent > 0 and ranks.is_possible then 1 else 0 end)
        ) as answers (value_code, value)
    where ranks.statistic = 'rank_highest_first'
    union all
    select
        widths.claim_code,
        widths.reading,
        answers.*,
        null as lower_95,
        null as upper_95,
        null as probability,
        null as source_table,
        widths.area_code,
        widths.period,
        null as ranking_level
    from widths_compared as widths
    cross join
        lateral (
            values
            ('mean_window_width', widths.mean_window_width),
            ('mean_year_width', widths.mean_year_width)
        ) as answers (value_code, value)
    union all
    select
        levels.claim_code,
        levels.reading,
        answers.*,
        null as lower_95,
        null as upper_95,
        null as probability,
        null as source_table,
        null as area_code,
        levels.period,
        levels.ranking_level
    from levels_compared as levels
    cross join
        lateral (
            values
            ('recomputed_value', levels.areas_apart_by_window / nullif(levels.areas_apart_by_year, 0e0)),
            ('areas_ranked', levels.areas_ranked),
            ('pairs', levels.pairs),
            ('pairs_telling_more', levels.pairs_telling_more),
            ('areas_apart_by_year', levels.areas_apart_by_year),
            ('areas_apart_by_window', levels.areas_apart_by_window),
            ('places_by_year', levels.places_by_year),
            ('places_by_window', levels.places_by_window),
            ('is_at_hand', 1),
            ('is_agreeing', case when levels.pairs_telling_more = levels.pairs then 1 else 0 end),
            ('is_possible', case when levels.pairs_telling_more > 0 then 1 else 0 end)
        ) as answers (value_code, value)
    union all
    -- What so many births a year could show, of a rate 1.3 times the benchmark's.
    select
        readings.claim_code,
        readings.reading,
        answers.*,
        null as lower_95,
        null as upper_95,
        null as probability,
        'fct_detectability' as source_table,
        readings.area_code,
        null as period,
        readings.ranking_level
    from readings
    inner join detectability
        on readings.area_code = detectability.area_code
        and readings.measure = detectability.measure
        and readings.basis = detectability.basis
        and readings.ranking_level = detectability.ranking_level
    cross join
        lateral (
            values
            ('ratio_asked', detectability.rate_ratio),
            ('power_one_year', detectability.power_one_year),
            ('years_for_80_percent_power', detectability.years_for_80_percent_power)
        ) as answers (value_code, value)
    where readings.statistic = 'pooling_tells_areas_apart'

),

numbers as (

    select
        claim_code,
        reading,
        cast(0 as smallint) as item,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(probability as double precision) as probability,
        source_table,
        area_code,
        period,
        cast(null as varchar) as basis,
        ranking_level
    from lines_unioned
    where value is not null

)

select * from numbers
