with readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

claim_values as (

    select * from {{ ref('stg_claims__values') }}

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}

),

solution_inputs as (

    select * from {{ ref('int_claim_solution_inputs_gathered') }}

),

solutions as (

    select * from {{ ref('int_claim_solutions_enumerated') }}

),

assumptions as (

    select * from {{ ref('stg_claims__assumptions') }}

),

-- Deaths, births, rates and years that stand in the counts: which of them a statistic uses says the seed of values.
counts_looked_up as (

    select
        readings.claim_code,
        readings.reading,
        case when claim_values.span = 'period_window' then counts.first_year else 0 end as item,
        claim_values.value_code,
        cast(case claim_values.counted
            when 'deaths' then counts.numerator
            when 'births' then counts.denominator
            when 'rate' then counts.rate_per_1000
            when 'deaths_at_hand' then counts.numerator
            when 'births_at_hand' then counts.denominator
            when 'rate_at_hand' then counts.rate_per_1000
            when 'years_at_hand' then counts.years_at_hand
            when 'years_stated' then counts.years_stated
            when 'first_year_at_hand' then counts.first_year_at_hand
            when 'last_year_at_hand' then counts.last_year_at_hand
        end as double precision) as value,
        case when claim_values.counted in ('rate', 'rate_at_hand') then counts.lower_95 end as lower_95,
        case when claim_values.counted in ('rate', 'rate_at_hand') then counts.upper_95 end as upper_95,
        cast(null as double precision) as probability
    from readings
    inner join claim_values
        on readings.statistic = claim_values.statistic
        and claim_values.counted is not null
    inner join counts
        on readings.claim_code = counts.claim_code
        and readings.reading = counts.reading
        and claim_values.whose = counts.whose
        and claim_values.span = counts.span
    where counts.is_whole or claim_values.counted not in ('deaths', 'births', 'rate')

),

statistics_unioned as (

    select * from {{ ref('int_claim_figures_compared') }}
    union all
    select * from {{ ref('int_claim_windows_compared') }}
    union all
    select * from {{ ref('int_claim_shares_tested') }}
    union all
    select * from {{ ref('int_claim_ranks_counted') }}
    union all
    select * from {{ ref('int_claim_series_found') }}
    union all
    select * from {{ ref('int_claim_powers_compared') }}

),

-- Of a reading and its items: sizes of areas, or years that lie behind one number.
items_unioned as (

    select * from {{ ref('int_claim_highest_chances_calculated') }}
    union all
    select * from {{ ref('int_claim_extremes_averaged') }}

),

-- Of the counts that a set of assumptions implies.
implied_lines as (

    select * from {{ ref('int_claim_implied_counts_tested') }}
    union all
    select * from {{ ref('int_claim_implied_rates_stabilised') }}

),

-- Without the counts of the whole area nothing is solved, and nothing ruled out.
assumptions_tried as (

    select assumptions.*
    from assumptions
    where assumptions.solution_set in (
            select solution_set from solution_inputs
            where side = 'earlier'
        )
        and assumptions.solution_set in (
            select solution_set from solution_inputs
            where side = 'later'
        )

),

-- Sets of assumptions that nothing satisfies count too: what they rule out is the finding.
solutions_counted as (

    select
        assumptions_tried.claim_code,
        assumptions_tried.assumption_order,
        count(solutions.numerator) as solutions,
        min(solutions.numerator) as deaths_fewest,
        max(solutions.numerator) as deaths_most,
        min(solutions.denominator) as births_fewest,
        max(solutions.denominator) as births_most,
        min(solutions.comparison_numerator) as other_deaths_fewest,
        max(solutions.comparison_numerator) as other_deaths_most,
        min(solutions.numerator + coalesce(solutions.comparison_numerator, 0)) as both_fewest,
        max(solutions.numerator + coalesce(solutions.comparison_numerator, 0)) as both_most,
        min(solutions.stillbirths) as stillbirths,
        min(solutions.comparison_stillbirths) as other_stillbirths,
        -- The rates over live births and stillbirths, of deaths that were solved for over live births alone.
        max(case
            when solutions.stillbirths is not null and assumptions_tried.births_counted = 'live_births'
                then {{ rate_per_1000('solutions.numerator', '(solutions.denominator + solutions.stillbirths)') }}
        end) as rate_with_stillbirths,
        max(case
            when solutions.comparison_stillbirths is not null and assumptions_tried.births_counted = 'live_births'
                then {{ rate_per_1000(
                    'solutions.comparison_numerator', '(solutions.comparison_denominator + solutions.comparison_stillbirths)'
                ) }}
        end) as other_rate_with_stillbirths
    from assumptions_tried
    left join solutions
        on assumptions_tried.claim_code = solutions.claim_code
        and assumptions_tried.assumption_code = solutions.assumption_code
    group by assumptions_tried.claim_code, assumptions_tried.assumption_order

),

solution_lines as (

    select distinct
        assumptions_tried.claim_code,
        0 as item,
        solution_inputs.side || '_' || answers.value_code as value_code,
        answers.value
    from assumptions_tried
    inner join solution_inputs on assumptions_tried.solution_set = solution_inputs.solution_set
    cross join
        lateral (
            values
            ('live_births', solution_inputs.live_births),
            ('neonatal_deaths', solution_inputs.neonatal_deaths),
            ('stillbirths_fewest', solution_inputs.stillbirths_fewest),
            ('stillbirths_most', solution_inputs.stillbirths_most)
        ) as answers (value_code, value)
    union all
    select distinct
        claim_code,
        0 as item,
        'is_at_hand' as value_code,
        1 as value
    from assumptions_tried
    union all
    select
        counted.claim_code,
        counted.assumption_order as item,
        answers.*
    from solutions_counted as counted
    cross join lateral (
        values
        ('solutions', counted.solutions),
        ('solution_deaths', case when counted.deaths_fewest = counted.deaths_most then counted.deaths_most end),
        ('solution_births', case when counted.births_fewest = counted.births_most then counted.births_most end),
        ('deaths_fewest', case when counted.deaths_fewest < counted.deaths_most then counted.deaths_fewest end),
        ('deaths_most', case when counted.deaths_fewest < counted.deaths_most then counted.deaths_most end),
        ('births_fewest', case when counted.births_fewest < counted.births_most then counted.births_fewest end),
        ('births_most', case when counted.births_fewest < counted.births_most then counted.births_most end),
        ('both_fewest', case when counted.both_fewest < counted.both_most then counted.both_fewest end),
        ('both_most', case when counted.both_fewest < counted.both_most then counted.both_most end),
        (
            'other_deaths',
            case
                when counted.deaths_fewest = counted.deaths_most and counted.other_deaths_fewest = counted.other_deaths_most
                    then counted.other_deaths_most
            end
        ),
        ('stillbirths', case when counted.solutions = 1 then counted.stillbirths end),
        ('other_stillbirths', case when counted.solutions = 1 then counted.other_stillbirths end),
        ('rate_with_stillbirths', case when counted.solutions = 1 then counted.rate_with_stillbirths end),
        ('other_rate_with_stillbirths', case when counted.solutions = 1 then counted.other_rate_with_stillbirths end),
        (
            'change_with_stillbirths',
            case
                when counted.solutions = 1
                    then 100 * (counted.rate_with_stillbirths / nullif(counted.other_rate_with_stillbirths, 0e0) - 1)
            end
        ),
        ('is_solved', case when counted.solutions > 0 then 1 else 0 end),
        ('is_only_solution', case when counted.solutions = 1 then 1 else 0 end),
        (
            'is_only_number_of_deaths',
            case when counted.solutions > 1 and counted.deaths_fewest = counted.deaths_most then 1 else 0 end
        ),
        ('is_open_number_of_deaths', case when counted.deaths_fewest < counted.deaths_most then 1 else 0 end)
    ) as answers (value_code, value)

),

lines_unioned as (

    select * from counts_looked_up
    union all
    select
        claim_code,
        reading,
        0 as item,
        value_code,
        value,
        lower_95,
        upper_95,
        probability
    from statistics_unioned
    union all
    select * from items_unioned
    union all
    select
        claim_code,
        0 as reading,
        item,
        value_code,
        value,
        lower_95,
        upper_95,
        probability
    from implied_lines
    union all
    select
        claim_code,
        0 as reading,
        item,
        value_code,
        value,
        null as lower_95,
        null as upper_95,
        null as probability
    from solution_lines
    where value is not null

),

-- A reading of which no statistic gave a number is not at hand.
lines_completed as (

    select * from lines_unioned
    union all
    select
        readings.claim_code,
        readings.reading,
        0 as item,
        'is_at_hand' as value_code,
        0 as value,
        null as lower_95,
        null as upper_95,
        null as probability
    from readings
    left join lines_unioned
        on readings.claim_code = lines_unioned.claim_code
        and readings.reading = lines_unioned.reading
        and lines_unioned.value_code = 'is_at_hand'
    where lines_unioned.claim_code is null

),

-- Of several readings the one that fits is told of, else the first that is at hand.
readings_rated as (

    select
        readings.claim_code,
        readings.reading,
        readings.statistic,
        max(case when lines_completed.value_code = 'is_fit' then lines_completed.value else 0 end) as is_fit,
        max(case when lines_completed.value_code = 'is_at_hand' then lines_completed.value else 0 end) as is_at_hand
    from readings
    inner join lines_completed
        on readings.claim_code = lines_completed.claim_code
        and readings.reading = lines_completed.reading
        and lines_completed.item = 0
    group by readings.claim_code, readings.reading, readings.statistic

),

readings_ordered as (

    select
        *,
        row_number() over (
            partition by claim_code, statistic order by is_fit desc nulls last, is_at_hand desc nulls last, reading asc nulls last
        ) as place
    from readings_rated

),

evidence_gathered as (

    select
        lines_completed.claim_code,
        cast(lines_completed.reading as smallint) as reading,
        coalesce(readings_ordered.statistic, 'whole_number_solutions') as statistic,
        coalesce(readings_ordered.place, 1) = 1 as is_reading_used,
        cast(lines_completed.item as smallint) as item,
        lines_completed.value_code,
        lines_completed.value,
        lines_completed.lower_95,
        lines_completed.upper_95,
        lines_completed.probability
    from lines_completed
    left join readings_ordered
        on lines_completed.claim_code = readings_ordered.claim_code
        and lines_completed.reading = readings_ordered.reading

)

select * from evidence_gathered
