with assumptions as (

    select * from {{ ref('int_claim_assumptions_described') }}

),

solutions as (

    select * from {{ ref('int_claim_solutions_enumerated') }}

),

-- Assumptions that nothing satisfies have a row too: what they rule out is the finding.
solutions_counted as (

    select
        assumptions.claim_code,
        assumptions.assumption_code,
        cast(assumptions.assumption_order as smallint) as assumption_order,
        assumptions.assumption_name,
        assumptions.assumptions,
        count(solutions.numerator) as solutions,
        min(solutions.numerator) as numerator_lowest,
        max(solutions.numerator) as numerator_highest,
        min(solutions.denominator) as denominator_lowest,
        max(solutions.denominator) as denominator_highest,
        min(solutions.comparison_numerator) as comparison_numerator_lowest,
        max(solutions.comparison_numerator) as comparison_numerator_highest,
        min(solutions.numerator + coalesce(solutions.comparison_numerator, 0)) as both_numerators_lowest,
        max(solutions.numerator + coalesce(solutions.comparison_numerator, 0)) as both_numerators_highest,
        min(solutions.stillbirths) as stillbirths_lowest,
        max(solutions.stillbirths) as stillbirths_highest,
        min(solutions.comparison_stillbirths) as comparison_stillbirths_lowest,
        max(solutions.comparison_stillbirths) as comparison_stillbirths_highest
    from assumptions
    left join solutions
        on assumptions.claim_code = solutions.claim_code
        and assumptions.assumption_code = solutions.assumption_code
    group by
        assumptions.claim_code,
        assumptions.assumption_code,
        assumptions.assumption_order,
        assumptions.assumption_name,
        assumptions.assumptions

),

solutions_described as (

    select
        claim_code,
        assumption_code,
        assumption_order,
        assumption_name,
        assumptions,
        solutions,
        numerator_lowest,
        numerator_highest,
        denominator_lowest,
        denominator_highest,
        comparison_numerator_lowest,
        comparison_numerator_highest,
        case
            when solutions = 0 then 'no whole numbers of deaths fit, so this reading is ruled out'
            when solutions = 1
                then 'one solution, ' || cast(numerator_lowest as varchar) || ' deaths of '
                    || {{ with_thousands_commas('denominator_lowest') }} || ' births'
                    || coalesce(
                        ' after ' || cast(comparison_numerator_lowest as varchar) || ' deaths the year before'
                        || coalesce(
                            ' (stillbirths ' || cast(stillbirths_lowest as varchar) || ' after '
                            || cast(comparison_stillbirths_lowest as varchar) || ')',
                            ''
                        ),
                        ''
                    )
            when numerator_lowest = numerator_highest
                then {{ with_thousands_commas('solutions') }} || ' solutions, all with ' || cast(numerator_lowest as varchar)
                    || ' deaths, of '
                    || {{ with_thousands_commas('denominator_lowest') }} || ' to ' || {{ with_thousands_commas('denominator_highest') }}
                    || ' births'
                    || case
                        when comparison_numerator_lowest = comparison_numerator_highest
                            then ' (and ' || cast(comparison_numerator_lowest as varchar) || ' deaths in the other group)'
                        else ''
                    end
            else
                {{ with_thousands_commas('solutions') }} || ' solutions, with ' || cast(numerator_lowest as varchar) || ' to '
                || cast(numerator_highest as varchar) || ' deaths and '
                || cast(both_numerators_lowest as varchar) || ' to ' || cast(both_numerators_highest as varchar)
                || ' in both groups together'
        end as finding
    from solutions_counted

)

select * from solutions_described
