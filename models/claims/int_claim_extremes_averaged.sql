with nearest_rankings as (

    select * from {{ ref('int_claim_nearest_rankings_found') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}
    where role = 'group_rank'

),

-- Where a tenth of the areas is absent, they may be the highest tenth.
rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where is_complete and benchmark_numerator > 0 and 10 * (areas_in_level - areas_with_rate) < areas_in_level

),

extremes as (

    select * from {{ ref('fct_extremes') }}
    where highest_next_ratio is not null

),

-- Every ranking of the same level, measure and basis over as many years whose highest area stands in the next one too.
rankings_alike as (

    select
        nearest_rankings.claim_code,
        nearest_rankings.reading,
        rankings.*
    from nearest_rankings
    inner join solution_sets on nearest_rankings.claim_code = solution_sets.claim_code
    inner join rankings as own_rankings on nearest_rankings.ranking_id = own_rankings.ranking_id
    inner join rankings
        on own_rankings.ranking_level = rankings.ranking_level
        and own_rankings.measure = rankings.measure
        and own_rankings.basis = rankings.basis
        and own_rankings.years_in_period = rankings.years_in_period

),

ratios as (

    select
        rankings_alike.claim_code,
        rankings_alike.reading,
        rankings_alike.period_end_year,
        extremes.highest_ratio as top_ratio,
        extremes.highest_next_ratio as top_next_ratio,
        extremes.worst_tenth_ratio as worst_ratio,
        extremes.worst_tenth_next_ratio as worst_next_ratio,
        extremes.highest_next_rank,
        extremes.worst_tenth_areas_kept as worst_areas_kept,
        extremes.worst_tenth_areas_followed as worst_areas_followed
    from rankings_alike
    inner join extremes
        on rankings_alike.ranking_level = extremes.ranking_level
        and rankings_alike.measure = extremes.measure
        and rankings_alike.basis = extremes.basis
        and rankings_alike.period = extremes.period
    inner join rankings as next_rankings
        on extremes.ranking_level = next_rankings.ranking_level
        and extremes.measure = next_rankings.measure
        and extremes.basis = next_rankings.basis
        and extremes.next_period = next_rankings.period

),

ratios_averaged as (

    select
        claim_code,
        reading,
        count(*) as years,
        min(period_end_year) as first_year,
        max(period_end_year) as last_year,
        sum(case when top_next_ratio < top_ratio then 1 else 0 end) as years_fell,
        sum(case when highest_next_rank = 1 then 1 else 0 end) as years_stayed,
        avg(top_ratio) as top_ratio,
        avg(top_next_ratio) as top_next_ratio,
        avg(worst_ratio) as worst_ratio,
        avg(worst_next_ratio) as worst_next_ratio,
        sum(worst_areas_kept) / cast(sum(worst_areas_followed) as double precision) as worst_kept
    from ratios
    group by claim_code, reading

),

numbers as (

    select
        ratios_averaged.claim_code,
        ratios_averaged.reading,
        cast(0 as smallint) as item,
        answers.value_code,
        cast(answers.value as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as double precision) as probability
    from ratios_averaged
    cross join lateral (
        values
        ('top_years', cast(ratios_averaged.years as double precision)),
        ('top_first_year', ratios_averaged.first_year),
        ('top_last_year', ratios_averaged.last_year),
        ('top_fell', ratios_averaged.years_fell),
        ('top_stayed', ratios_averaged.years_stayed),
        ('top_ratio', ratios_averaged.top_ratio),
        ('top_next_ratio', ratios_averaged.top_next_ratio),
        ('worst_ratio', ratios_averaged.worst_ratio),
        ('worst_next_ratio', ratios_averaged.worst_next_ratio),
        ('worst_kept', ratios_averaged.worst_kept)
    ) as answers (value_code, value)

)

select * from numbers
