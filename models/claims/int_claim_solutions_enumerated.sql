with inputs as (

    select * from {{ ref('int_claim_solution_inputs_gathered') }}

),

assumptions as (

    select * from {{ ref('stg_claims__assumptions') }}

),

-- The births of the whole area: live births, or live births and each number of stillbirths that fits what was published.
denominators as (

    select
        inputs.*,
        'live_births' as births_counted,
        inputs.live_births as denominator,
        cast(null as bigint) as stillbirths
    from inputs
    union all
    select
        inputs.*,
        'live_births_and_stillbirths' as births_counted,
        inputs.live_births + stillbirths.number as denominator,
        stillbirths.number as stillbirths
    from inputs
    cross join lateral generate_series(inputs.stillbirths_fewest, inputs.stillbirths_most) as stillbirths (number)

),

-- Every number of deaths up to a tenth of the births, far beyond any rate of these measures.
deaths_tried as (

    select
        denominators.*,
        deaths.number as numerator
    from denominators
    cross join lateral generate_series(
        cast(0 as bigint), cast(floor(denominators.denominator / 10e0) as bigint)
    ) as deaths (number)

),

earlier_solutions as (

    select * from deaths_tried
    where side = 'earlier'
        and {{ quotient_rounded_to_units('(1000 * numerator)', 'denominator', 'earlier_decimals') }} = earlier_units

),

change_solutions as (

    select
        later.solution_set,
        later.births_counted,
        later.numerator,
        later.denominator,
        later.stillbirths,
        earlier.numerator as comparison_numerator,
        earlier.denominator as comparison_denominator,
        earlier.stillbirths as comparison_stillbirths
    from earlier_solutions as earlier
    inner join deaths_tried as later
        on earlier.solution_set = later.solution_set
        and earlier.births_counted = later.births_counted
        and later.side = 'later'
    where {{ quotient_rounded_to_units(
        '(100 * (later.numerator * earlier.denominator - earlier.numerator * later.denominator))',
        '(earlier.numerator * later.denominator)',
        'later.change_decimals'
    ) }} = later.change_units

),

-- The same from the rates as printed: the earlier one is given, the later one is any rate of so many places.
later_rates_rounded as (

    select
        *,
        {{ quotient_rounded_to_units('(1000 * numerator)', 'denominator', 'earlier_decimals') }} as later_units
    from deaths_tried
    where side = 'later'

),

change_solutions_from_rounded as (

    select * from later_rates_rounded
    where {{ quotient_rounded_to_units('(100 * (later_units - earlier_units))', 'earlier_units', 'change_decimals') }} = change_units

),

-- Deaths as stillbirths (bounded) and the deaths under 28 days that ONS published, whatever the rate of the earlier year.
published_deaths as (

    select
        denominators.solution_set,
        denominators.side,
        denominators.change_units,
        denominators.change_decimals,
        choices.births_counted,
        choices.births,
        denominators.stillbirths + denominators.neonatal_deaths as numerator,
        denominators.stillbirths
    from denominators
    cross join
        lateral (
            values
            ('live_births', denominators.live_births),
            ('live_births_and_stillbirths', denominators.denominator)
        ) as choices (births_counted, births)
    where denominators.stillbirths is not null

),

change_solutions_with_published_deaths as (

    select
        later.solution_set,
        later.births_counted,
        later.numerator,
        later.births as denominator,
        later.stillbirths,
        earlier.numerator as comparison_numerator,
        earlier.births as comparison_denominator,
        earlier.stillbirths as comparison_stillbirths
    from published_deaths as later
    inner join published_deaths as earlier
        on later.solution_set = earlier.solution_set
        and later.births_counted = earlier.births_counted
        and later.side = 'later'
        and earlier.side = 'earlier'
    where {{ quotient_rounded_to_units(
        '(100 * (later.numerator * earlier.births - earlier.numerator * later.births))',
        '(earlier.numerator * later.births)',
        'later.change_decimals'
    ) }} = later.change_units

),

-- A rate to one place leaves at most one number of deaths for fewer than 10,000 births, a rate to the whole number at most ten.
group_deaths_tried as (

    select
        inputs.solution_set,
        printed.role,
        printed.units,
        printed.decimals,
        births.number as denominator,
        cast(floor(births.number * (2 * printed.units - 1) / (2000 * power(10, printed.decimals))) as bigint) + small_numbers.number
            as numerator
    from inputs
    cross join
        lateral (
            values
            ('group_rate', inputs.group_units, inputs.group_decimals),
            ('other_group_rate', inputs.other_group_units, inputs.other_group_decimals)
        ) as printed (role, units, decimals)
    cross join lateral generate_series(cast(1 as bigint), inputs.live_births + inputs.stillbirths_most - 1) as births (number)
    cross join generate_series(0, 9) as small_numbers (number)
    where inputs.side = 'later'

),

group_candidates as (

    select * from group_deaths_tried
    where {{ quotient_rounded_to_units('(1000 * numerator)', 'denominator', 'decimals') }} = units

),

-- Two groups whose births add up to those of the whole area.
group_solutions as (

    select
        one_group.solution_set,
        one_group.role,
        denominators.births_counted,
        denominators.stillbirths,
        one_group.numerator,
        one_group.denominator,
        other_group.numerator as comparison_numerator,
        other_group.denominator as comparison_denominator
    from group_candidates as one_group
    inner join group_candidates as other_group
        on one_group.solution_set = other_group.solution_set
        and one_group.role <> other_group.role
    inner join denominators
        on one_group.solution_set = denominators.solution_set
        and one_group.denominator + other_group.denominator = denominators.denominator
        and denominators.side = 'later'

),

combined_deaths as (

    select distinct
        solution_set,
        numerator
    from change_solutions
    where births_counted = 'live_births'

),

solutions_unioned as (

    select
        solution_set,
        'earlier_rate' as role,
        'earlier_rate' as solved_by,
        births_counted,
        numerator,
        denominator,
        stillbirths,
        cast(null as bigint) as comparison_numerator,
        cast(null as bigint) as comparison_denominator,
        cast(null as bigint) as comparison_stillbirths
    from earlier_solutions
    union all
    select
        solution_set,
        'change' as role,
        'change_of_rates' as solved_by,
        births_counted,
        numerator,
        denominator,
        stillbirths,
        comparison_numerator,
        comparison_denominator,
        comparison_stillbirths
    from change_solutions
    union all
    select
        solution_set,
        'change' as role,
        'change_of_rounded_rates' as solved_by,
        births_counted,
        numerator,
        denominator,
        stillbirths,
        null as comparison_numerator,
        null as comparison_denominator,
        null as comparison_stillbirths
    from change_solutions_from_rounded
    union all
    select
        solution_set,
        'change' as role,
        'change_with_published_deaths' as solved_by,
        births_counted,
        numerator,
        denominator,
        stillbirths,
        comparison_numerator,
        comparison_denominator,
        comparison_stillbirths
    from change_solutions_with_published_deaths
    union all
    select
        solution_set,
        role,
        'two_rates' as solved_by,
        births_counted,
        numerator,
        denominator,
        stillbirths,
        comparison_numerator,
        comparison_denominator,
        null as comparison_stillbirths
    from group_solutions
    union all
    select
        group_solutions.solution_set,
        group_solutions.role,
        'two_rates_and_combined_deaths' as solved_by,
        group_solutions.births_counted,
        group_solutions.numerator,
        group_solutions.denominator,
        group_solutions.stillbirths,
        group_solutions.comparison_numerator,
        group_solutions.comparison_denominator,
        null as comparison_stillbirths
    from group_solutions
    inner join combined_deaths
        on group_solutions.solution_set = combined_deaths.solution_set
        and group_solutions.numerator + group_solutions.comparison_numerator = combined_deaths.numerator

),

solutions_enumerated as (

    select
        assumptions.claim_code,
        assumptions.assumption_code,
        cast(row_number() over (
            partition by assumptions.claim_code, assumptions.assumption_code
            order by
                solutions_unioned.numerator asc nulls last,
                solutions_unioned.denominator asc nulls last,
                solutions_unioned.comparison_numerator asc nulls last,
                solutions_unioned.comparison_denominator asc nulls last
        ) as integer) as solution,
        assumptions.assumption_order,
        solutions_unioned.numerator,
        solutions_unioned.denominator,
        solutions_unioned.stillbirths,
        solutions_unioned.comparison_numerator,
        solutions_unioned.comparison_denominator,
        solutions_unioned.comparison_stillbirths
    from solutions_unioned
    inner join assumptions
        on solutions_unioned.solution_set = assumptions.solution_set
        and solutions_unioned.role = assumptions.role
        and solutions_unioned.solved_by = assumptions.solved_by
        and solutions_unioned.births_counted = assumptions.births_counted

)

select * from solutions_enumerated
