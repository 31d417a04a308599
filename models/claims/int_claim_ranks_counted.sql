with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where ranking_level is not null

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}
    where whose = 'claimed' and span = 'period' and is_whole

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}

),

rates as (

    select * from {{ ref('int_rates_ranked') }}

),

rank_intervals as (

    select * from {{ ref('int_rank_intervals') }}

),

benchmark_comparisons as (

    select * from {{ ref('int_benchmark_comparisons_tested') }}

),

readings_in_rankings as (

    select
        readings.claim_code,
        readings.reading,
        readings.statistic,
        readings.published_units,
        readings.area_codes,
        readings.area_code,
        readings.areas_named,
        rankings.ranking_id,
        rankings.is_complete,
        rankings.areas_in_level - readings.areas_named + 1 as areas_in_level,
        rankings.areas_in_level - rankings.areas_with_rate as areas_absent
    from readings
    inner join rankings
        on readings.ranking_level = rankings.ranking_level
        and readings.period = rankings.period
        and readings.measure = rankings.measure
        and readings.basis = rankings.basis

),

-- The place of one area stands in the rankings.
areas_placed as (

    select
        readings_in_rankings.claim_code,
        readings_in_rankings.reading,
        rates.rank_highest_first,
        rank_intervals.rank_interval_lower as rank_lower_95,
        rank_intervals.rank_interval_upper as rank_upper_95,
        rates.areas_ranked,
        benchmark_comparisons.rest_of_benchmark_rate_per_1000,
        benchmark_comparisons.exact_p_value,
        benchmark_comparisons.verdict
    from readings_in_rankings
    inner join rates
        on readings_in_rankings.ranking_id = rates.ranking_id
        and readings_in_rankings.area_code = rates.area_code
    left join rank_intervals on rates.ranked_rate_id = rank_intervals.ranked_rate_id
    left join benchmark_comparisons on rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id
    where rates.is_ranked

),

-- Several areas together are ranked among the areas that are none of them.
groups_counted as (

    select
        readings_in_rankings.claim_code,
        readings_in_rankings.reading,
        row_number() over (
            order by readings_in_rankings.claim_code asc nulls last, readings_in_rankings.reading asc nulls last
        ) as group_id,
        readings_in_rankings.ranking_id,
        readings_in_rankings.area_codes,
        cast(counts.numerator as double precision) as event_count,
        cast(counts.denominator as double precision) as births,
        counts.rate_per_1000,
        {{ events_times_log_rate('cast(counts.numerator as double precision)', 'cast(counts.denominator as double precision)') }}
            as events_times_log_rate
    from readings_in_rankings
    inner join counts
        on readings_in_rankings.claim_code = counts.claim_code
        and readings_in_rankings.reading = counts.reading
    where readings_in_rankings.areas_named > 1 and readings_in_rankings.is_complete

),

group_places as (

    select
        groups_counted.group_id,
        1 + sum(case when rates.rate_per_1000 > groups_counted.rate_per_1000 then 1 else 0 end) as rank_highest_first,
        1 + count(*) as areas_ranked
    from groups_counted
    inner join rates
        on groups_counted.ranking_id = rates.ranking_id
        and rates.is_ranked
        and ' ' || groups_counted.area_codes || ' ' not like '% ' || rates.area_code || ' %'
    group by groups_counted.group_id

),

-- As in int_rank_intervals: the deaths of the one with the higher rate, given those of both.
pairs_far_apart as (

    select
        groups_counted.group_id,
        group_places.areas_ranked,
        case when groups_counted.rate_per_1000 > rates.rate_per_1000 then 1 else 0 end as is_other_lower,
        case when groups_counted.rate_per_1000 > rates.rate_per_1000 then groups_counted.event_count else rates.event_count end
            as event_count,
        groups_counted.event_count + rates.event_count as total_count,
        case when groups_counted.rate_per_1000 > rates.rate_per_1000 then groups_counted.births else rates.births end
        / (groups_counted.births + rates.births) as births_share
    from groups_counted
    inner join group_places on groups_counted.group_id = group_places.group_id
    inner join rates
        on groups_counted.ranking_id = rates.ranking_id
        and rates.is_ranked
        and groups_counted.rate_per_1000 <> rates.rate_per_1000
        and ' ' || groups_counted.area_codes || ' ' not like '% ' || rates.area_code || ' %'
    where {{ pair_may_differ('groups_counted', 'rates') }}

),

tails_worked_out as (

    {{ beta_tails('pairs_far_apart', 'event_count', 'total_count - event_count + 1e0', 'births_share') }}

),

hypotheses as (

    select
        group_id,
        is_other_lower,
        areas_ranked,
        lower_tail as p_value
    from tails_worked_out

),

group_rank_intervals as (

    {{ rank_intervals('group_places', 'hypotheses', 'group_id') }}

),

places as (

    select * from areas_placed
    union all
    select
        groups_counted.claim_code,
        groups_counted.reading,
        group_places.rank_highest_first,
        group_rank_intervals.rank_interval_lower as rank_lower_95,
        group_rank_intervals.rank_interval_upper as rank_upper_95,
        group_places.areas_ranked,
        null as rest_of_benchmark_rate_per_1000,
        null as exact_p_value,
        null as verdict
    from groups_counted
    inner join group_places on groups_counted.group_id = group_places.group_id
    inner join group_rank_intervals on groups_counted.group_id = group_rank_intervals.group_id

),

-- An absent area can only push a rank down: below the rank among the others, and above it by more than are absent, no printed rank can
-- be right.
places_compared as (

    select
        readings_in_rankings.*,
        places.rank_highest_first,
        places.rank_lower_95,
        places.rank_upper_95,
        places.areas_ranked,
        places.rest_of_benchmark_rate_per_1000,
        places.exact_p_value,
        places.verdict,
        readings_in_rankings.published_units between places.rank_highest_first
        and places.rank_highest_first + readings_in_rankings.areas_absent as is_possible
    from readings_in_rankings
    left join places
        on readings_in_rankings.claim_code = places.claim_code
        and readings_in_rankings.reading = places.reading

),

lines_unioned as (

    select
        places.claim_code,
        places.reading,
        answers.*
    from places_compared as places
    cross join
        lateral (
            values
            ('rank', cast(places.rank_highest_first as double precision), places.rank_lower_95, places.rank_upper_95, null),
            ('areas_ranked', places.areas_ranked, null, null, null),
            ('rest_of_benchmark_rate', places.rest_of_benchmark_rate_per_1000, null, null, places.exact_p_value),
            ('is_similar_to_benchmark', case when places.verdict = 'similar' then 1 end, null, null, null),
            ('is_higher_than_benchmark', case when places.verdict = 'higher' then 1 end, null, null, null),
            ('is_lower_than_benchmark', case when places.verdict = 'lower' then 1 end, null, null, null)
        ) as answers (value_code, value, lower_95, upper_95, probability)
    union all
    select
        places.claim_code,
        places.reading,
        answers.*,
        null as lower_95,
        null as upper_95,
        null as probability
    from places_compared as places
    inner join counts
        on places.claim_code = counts.claim_code
        and places.reading = counts.reading
    cross join
        lateral (
            values
            ('recomputed_value', case when places.areas_absent = 0 then places.rank_highest_first end),
            ('areas_in_level', places.areas_in_level),
            ('areas_absent', places.areas_absent),
            ('is_at_hand', 1),
            ('is_ranked', case when places.rank_highest_first is null then 0 else 1 end),
            ('is_computable', case when places.rank_highest_first is null then 0 else 1 end),
            ('is_complete', case when places.areas_absent = 0 then 1 else 0 end),
            ('is_fit', case when places.areas_absent = 0 and places.published_units = places.rank_highest_first then 1 else 0 end),
            ('is_agreeing', case when places.published_units between places.rank_lower_95 and places.rank_upper_95 then 1 else 0 end),
            ('is_possible', case when places.is_possible then 1 when not places.is_possible then 0 end),
            ('is_beyond_chance', case when places.rank_lower_95 = places.rank_upper_95 then 1 else 0 end),
            ('is_impossible_with_others', case when places.areas_absent > 0 and not places.is_possible then 1 else 0 end),
            ('is_open_with_others', case when places.areas_absent > 0 and places.is_possible then 1 else 0 end)
        ) as answers (value_code, value)
    where places.statistic = 'rank_highest_first'

),

numbers as (

    select
        claim_code,
        reading,
        value_code,
        cast(value as double precision) as value,
        cast(lower_95 as double precision) as lower_95,
        cast(upper_95 as double precision) as upper_95,
        cast(probability as double precision) as probability
    from lines_unioned
    where value is not null

)

select * from numbers
