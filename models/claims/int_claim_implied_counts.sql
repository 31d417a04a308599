-- What a printed rate would mean if the whole numbers that its digits imply were the counts behind it: an inference, never data.
with solutions as (

    select * from {{ ref('int_claim_solutions') }}
    where role in ('group_rate', 'other_group_rate') and solution > 0

),

readings as (

    select * from {{ ref('int_claim_readings') }}

),

ranking_levels as (

    select * from {{ ref('dim_ranking_level') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    where status = 'ok'

),

extremes as (

    select * from {{ ref('fct_extremes') }}

),

-- Only a set of assumptions that leaves one number of deaths, on either side, says how many there were. The solutions differ in births by
-- less than one in a hundred: the middle of their range is taken.
implied_counts as (

    select
        claim_code,
        role,
        assumption_order,
        measure,
        group_ranking_level,
        cast(max(numerator) as double precision) as deaths,
        cast(min(denominator) + max(denominator) as double precision) / 2 as births
    from solutions
    group by claim_code, role, assumption_order, measure, group_ranking_level
    having min(numerator) = max(numerator) and min(comparison_numerator) = max(comparison_numerator)

),

-- How far the risks of areas differ beyond chance: taken from the ranking of the nearest published figure, in proportion to its mean. The
-- shape is that of a gamma distribution, whose relative standard deviation is one over its square root.
spreads as (

    select
        readings.claim_code,
        readings.ranking_level,
        1e0 / power(extremes.coefficient_of_variation, 2) as shape,
        row_number() over (partition by readings.claim_code order by readings.reading asc nulls last) as place
    from readings
    inner join extremes
        on readings.ranking_level = extremes.ranking_level
        and readings.period = extremes.period
        and readings.measure = extremes.measure
        and readings.basis = extremes.basis
    where readings.statistic = 'nearest_figure'

),

-- Each beside the benchmark of the level that the group is ranked in, with two questions: the lower limit of its rate, and whether that
-- lies above the benchmark's by its gamma posterior; the upper limit, and whether an area of this size at the benchmark's risk would have
-- deaths enough for a rate that prints as this one, or higher.
questions as (

    select
        implied_counts.*,
        ranking_levels.areas as areas_in_level,
        rates.area_code,
        rates.period,
        rates.basis,
        rates.rate_per_1000 as benchmark_rate_per_1000,
        rates.lower_95 as benchmark_lower_95,
        rates.upper_95 as benchmark_upper_95,
        spreads.ranking_level as spread_level,
        spreads.shape,
        limits.is_upper,
        limits.deviate,
        implied_counts.deaths + limits.is_upper as limit_shape,
        implied_counts.births * rates.numerator / cast(rates.denominator as double precision)
        + case when limits.is_upper = 1 then 0e0 else spreads.shape end as tail_value,
        case
            when limits.is_upper = 0 then spreads.shape + implied_counts.deaths
            else ceil(implied_counts.births * (2 * readings.published_units - 1) / (2000e0 * power(10e0, readings.decimals)))
        end as tail_shape
    from implied_counts
    inner join readings
        on implied_counts.claim_code = readings.claim_code
        and readings.reading = 1
    inner join ranking_levels on implied_counts.group_ranking_level = ranking_levels.ranking_level
    inner join rates
        on ranking_levels.benchmark_area_code = rates.area_code
        and readings.period = rates.period
        and implied_counts.measure = rates.measure
        and readings.basis = rates.basis
    left join spreads
        on implied_counts.claim_code = spreads.claim_code
        and spreads.place = 1
    cross join (
        values
        (0, cast(-{{ standard_normal_quantile('95') }} as double precision)),
        (1, cast({{ standard_normal_quantile('95') }} as double precision))
    ) as limits (is_upper, deviate)

),

limits_found as (

    {{ gamma_quantiles('questions', 'limit_shape', 'deviate') }}

),

tails_found as (

    {{ gamma_tails('questions', 'tail_shape', 'tail_value') }}

),

answers_found as (

    select
        limits_found.*,
        lead(limits_found.gamma_quantile) over both_questions as upper_quantile,
        tails_found.upper_tail as above_benchmark,
        lead(tails_found.lower_tail) over both_questions as one_by_luck
    from limits_found
    inner join tails_found
        on limits_found.claim_code = tails_found.claim_code
        and limits_found.assumption_order = tails_found.assumption_order
        and limits_found.is_upper = tails_found.is_upper
    window both_questions as (
        partition by limits_found.claim_code, limits_found.assumption_order order by limits_found.is_upper asc nulls last
    )

),

numbers as (

    select
        found.claim_code,
        found.assumption_order as item,
        answers.value_code,
        cast(answers.value as double precision) as value,
        cast(answers.lower_95 as double precision) as lower_95,
        cast(answers.upper_95 as double precision) as upper_95,
        case when answers.value_code in ('above_benchmark', 'highest_by_luck') then answers.value end as probability,
        case when answers.value_code = 'benchmark_rate' then 'fct_rates' end as source_table,
        case when answers.value_code = 'benchmark_rate' then found.area_code end as area_code,
        case when answers.value_code = 'benchmark_rate' then found.period end as period,
        case when answers.value_code = 'benchmark_rate' then found.measure end as measure,
        case when answers.value_code = 'benchmark_rate' then found.basis end as basis,
        case when answers.value_code = 'relative_spread' then found.spread_level end as ranking_level
    from answers_found as found
    cross join
        lateral (
            values
            (
                'implied_rate', 1000e0 * found.deaths / found.births,
                1000e0 * found.gamma_quantile / found.births, 1000e0 * found.upper_quantile / found.births
            ),
            ('benchmark_rate', found.benchmark_rate_per_1000, found.benchmark_lower_95, found.benchmark_upper_95),
            ('above_benchmark', found.above_benchmark, null, null),
            ('relative_spread', 100e0 / sqrt(found.shape), null, null),
            ('areas_in_level', found.areas_in_level, null, null),
            ('highest_by_luck', 1e0 - {{ exponential('found.areas_in_level * ln(greatest(1e0 - found.one_by_luck, 1e-300))') }}, null, null)
        ) as answers (value_code, value, lower_95, upper_95)
    where found.is_upper = 0
        and answers.value is not null
        and (found.role = 'group_rate' or answers.value_code in ('implied_rate', 'benchmark_rate'))

)

select * from numbers
