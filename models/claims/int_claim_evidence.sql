{%- set numbers = ['value', 'lower_95', 'upper_95'] -%}
with readings as (

    select * from {{ ref('int_claim_readings') }}

),

solutions as (

    select * from {{ ref('int_claim_solutions') }}

),

implied_counts as (

    select * from {{ ref('int_claim_implied_counts') }}

),

claim_values as (

    select * from {{ ref('claim_values') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

chance_words as (

    select * from {{ ref('chance_words') }}

),

solutions_counted as (

    select
        claim_code,
        assumption_order,
        count(numerator) as solutions,
        min(numerator) as deaths_fewest,
        max(numerator) as deaths_most,
        min(denominator) as births_fewest,
        max(denominator) as births_most,
        min(comparison_numerator) as other_deaths_fewest,
        max(comparison_numerator) as other_deaths_most,
        min(numerator + coalesce(comparison_numerator, 0)) as both_fewest,
        max(numerator + coalesce(comparison_numerator, 0)) as both_most,
        min(stillbirths) as stillbirths,
        min(comparison_stillbirths) as other_stillbirths,
        -- The rates over live births and stillbirths, of deaths that were solved for over live births alone.
        max(case
            when stillbirths is not null and births_counted = 'live_births'
                then {{ rate_per_1000('numerator', '(denominator + stillbirths)') }}
        end) as rate_with_stillbirths,
        max(case
            when comparison_stillbirths is not null and births_counted = 'live_births'
                then {{ rate_per_1000('comparison_numerator', '(comparison_denominator + comparison_stillbirths)') }}
        end) as other_rate_with_stillbirths
    from solutions
    group by claim_code, assumption_order

),

-- What was published of the whole area whose parts the statements speak of.
whole_areas as (

    select distinct
        claim_code,
        {% for side in ['earlier', 'later'] -%}
        {{ side }}_year, {{ side }}_live_births, {{ side }}_neonatal_deaths, {{ side }}_stillbirths_fewest, {{ side }}_stillbirths_most,
        {% endfor -%}
        whole_area_code,
        whole_area_basis
    from solutions

),

solution_lines as (

    select
        whole_areas.claim_code,
        0 as item,
        answers.value_code,
        answers.value,
        case when answers.measure is not null then 'fct_rates' end as source_table,
        whole_areas.whole_area_code as area_code,
        cast(answers.data_year as varchar) as period,
        answers.measure,
        whole_areas.whole_area_basis as basis
    from whole_areas
    cross join
        lateral (
            values
            {% for side in ['earlier', 'later'] -%}
            ('{{ side }}_live_births', {{ side }}_live_births, {{ side }}_year, 'perinatal_per_1000_live_births'),
            ('{{ side }}_neonatal_deaths', {{ side }}_neonatal_deaths, {{ side }}_year, 'neonatal'),
            ('{{ side }}_stillbirths_fewest', {{ side }}_stillbirths_fewest, {{ side }}_year, null),
            ('{{ side }}_stillbirths_most', {{ side }}_stillbirths_most, {{ side }}_year, null),
            {% endfor -%}
            ('is_at_hand', 1, null, null)
        ) as answers (value_code, value, data_year, measure)
    union all
    select
        counted.claim_code,
        counted.assumption_order as item,
        answers.value_code,
        answers.value,
        case when answers.value_code = 'solutions' then 'fct_claim_solutions' end as source_table,
        null as area_code,
        null as period,
        null as measure,
        null as basis
    from solutions_counted as counted
    cross join
        lateral (
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
            (
                'is_carried_by_stillbirths',
                case
                    when counted.solutions = 1 and counted.stillbirths > counted.other_stillbirths
                        and counted.deaths_most - counted.stillbirths <= counted.other_deaths_most - counted.other_stillbirths then 1
                    else 0
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

statistics_unioned as (

    select * from {{ ref('int_claim_figures') }}
    union all
    select * from {{ ref('int_claim_ranks') }}
    union all
    select * from {{ ref('int_claim_directions') }}

),

-- Every number with the key of the published row that it is of. Solutions in whole numbers are no reading of a statement: they have
-- reading 0.
lines_unioned as (

    select
        statistics_unioned.claim_code,
        statistics_unioned.reading,
        statistics_unioned.item,
        statistics_unioned.value_code,
        statistics_unioned.value,
        statistics_unioned.lower_95,
        statistics_unioned.upper_95,
        statistics_unioned.probability,
        statistics_unioned.source_table,
        statistics_unioned.area_code,
        statistics_unioned.period,
        readings.measure,
        coalesce(statistics_unioned.basis, readings.basis) as basis,
        statistics_unioned.ranking_level
    from statistics_unioned
    inner join readings
        on statistics_unioned.claim_code = readings.claim_code
        and statistics_unioned.reading = readings.reading
    union all
    select
        claim_code,
        0 as reading,
        item,
        value_code,
        value,
        lower_95,
        upper_95,
        probability,
        source_table,
        area_code,
        period,
        measure,
        basis,
        ranking_level
    from implied_counts
    union all
    select
        claim_code,
        0 as reading,
        item,
        value_code,
        value,
        null as lower_95,
        null as upper_95,
        null as probability,
        source_table,
        area_code,
        period,
        measure,
        basis,
        null as ranking_level
    from solution_lines
    where value is not null

),

readings_at_hand as (

    select
        claim_code,
        reading
    from lines_unioned
    where value_code = 'is_at_hand'

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
        null as probability,
        null as source_table,
        null as area_code,
        null as period,
        readings.measure,
        readings.basis,
        null as ranking_level
    from readings
    left join readings_at_hand
        on readings.claim_code = readings_at_hand.claim_code
        and readings.reading = readings_at_hand.reading
    where readings_at_hand.claim_code is null

),

-- Of several readings the one that fits is told of, else the first that is at hand.
readings_ordered as (

    select
        readings.claim_code,
        readings.reading,
        readings.statistic,
        row_number() over (
            partition by readings.claim_code, readings.statistic
            order by
                max(case when found.value_code = 'is_fit' then found.value else 0 end) desc nulls last,
                max(case when found.value_code = 'is_at_hand' then found.value else 0 end) desc nulls last,
                readings.reading asc nulls last
        ) as place
    from readings
    inner join lines_completed as found
        on readings.claim_code = found.claim_code
        and readings.reading = found.reading
        and found.item = 0
    group by readings.claim_code, readings.reading, readings.statistic

),

-- Numbers that an explanation uses have words of their own; the other findings are answers with yes or no.
numbers_shown as (

    select
        found.*,
        coalesce(readings_ordered.statistic, 'whole_number_solutions') as statistic,
        coalesce(readings_ordered.place, 1) = 1 as is_reading_used,
        coalesce(claim_values.what, statistics.recomputed_what) as what,
        claim_values.line_order,
        claim_values.written_as,
        claim_values.decimals,
        case when claim_values.written_as = 'percent' then ' %' else '' end as percent_sign,
        {% for number in numbers -%}
        found.{{ number }} * case when claim_values.written_as = 'percent' then 100e0 else 1e0 end as {{ number }}_shown,
        {% endfor -%}
        case when found.value > 0 then claim_values.if_above_0 when found.value < 0 then claim_values.if_below_0 end as direction,
        replace(chance_words.words, '{times}', cast(cast(round(found.probability * chance_words.out_of) as integer) as varchar))
            as probability_in_words
    from lines_completed as found
    left join readings_ordered
        on found.claim_code = readings_ordered.claim_code
        and found.reading = readings_ordered.reading
    left join statistics on readings_ordered.statistic = statistics.statistic
    left join claim_values
        on coalesce(readings_ordered.statistic, 'whole_number_solutions') = claim_values.statistic
        and found.value_code = claim_values.value_code
    left join chance_words
        on found.probability >= chance_words.at_least
        and found.probability < chance_words.below

),

evidence as (

    select
        claim_code,
        cast(reading as smallint) as reading,
        statistic,
        is_reading_used,
        cast(item as smallint) as item,
        value_code,
        value,
        lower_95,
        upper_95,
        probability,
        source_table,
        area_code,
        period,
        measure,
        basis,
        ranking_level,
        what,
        line_order,
        {% for number in numbers -%}
        -- A number that goes either way is told without its sign, and with the word for the way it goes.
        {% set shown = 'case when direction is null then ' ~ number ~ '_shown else abs(' ~ number ~ '_shown) end' -%}
        case written_as
            when 'chance' then probability_in_words
            when 'whole' then {{ with_thousands_commas('cast(round(' ~ number ~ '_shown) as bigint)') }}
            when 'year' then cast(cast(round({{ number }}_shown) as integer) as varchar)
            else
                case decimals
                    {% for places in range(4) -%}
                    when {{ places }} then {{ fixed_decimals(shown, places) }}
                    {% endfor -%}
                end || percent_sign || coalesce(' ' || direction, '')
        end as {{ number }}_in_words,
        {% endfor -%}
        case when line_order is not null then probability_in_words end as probability_in_words
    from numbers_shown

)

select * from evidence
