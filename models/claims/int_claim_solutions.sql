{%- set roles = {'earlier_rate': 'earlier', 'change': 'change', 'group_rate': 'group', 'other_group_rate': 'other_group'} -%}
with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

assumptions as (

    select * from {{ ref('claim_assumptions') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    where basis = 'registration' and status = 'ok'

),

printed_rates as (

    select * from {{ ref('fct_published_rate_checks') }}
    where measure = 'perinatal' and basis = 'registration' and statistic = 'rate'

),

-- What was printed, in whole units of the last printed place. The whole area is the one whose published figure stands nearest the change.
figures_in_one_row as (

    select
        solution_sets.solution_set,
        {% for role, name in roles.items() -%}
        max(case when solution_sets.role = '{{ role }}' then statements.published_units end) as {{ name }}_units,
        max(case when solution_sets.role = '{{ role }}' then statements.decimals end) as {{ name }}_decimals,
        {% endfor -%}
        max(case when solution_sets.role = 'group_rank' then statements.ranking_level end) as group_ranking_level,
        max(case when solution_sets.role = 'change' then statements.nearest_area_code end) as area_code,
        max(case when solution_sets.role = 'change' then statements.period_start_year end) as later_year,
        max(case when solution_sets.role = 'change' then statements.comparison_start_year end) as earlier_year
    from solution_sets
    inner join statements on solution_sets.claim_code = statements.claim_code
    group by solution_sets.solution_set

),

-- What ONS published of the whole area.
counts_by_year as (

    select
        area_code,
        period_start_year as data_year,
        basis,
        max(case when measure = 'perinatal_per_1000_live_births' then denominator end) as live_births,
        max(case when measure = 'perinatal_per_1000_live_births' then numerator end) as perinatal_deaths,
        max(case when measure = 'neonatal' then numerator end) as neonatal_deaths
    from rates
    group by area_code, period_start_year, basis

),

years_with_counts as (

    select
        figures_in_one_row.solution_set,
        counts_by_year.data_year,
        counts_by_year.basis,
        case when counts_by_year.data_year = figures_in_one_row.later_year then 'later' else 'earlier' end as side,
        counts_by_year.live_births,
        counts_by_year.perinatal_deaths,
        counts_by_year.neonatal_deaths,
        cast(round(printed_rates.printed_rate * power(10e0, printed_rates.printed_decimals)) as bigint) as perinatal_units,
        printed_rates.printed_decimals as perinatal_decimals
    from figures_in_one_row
    inner join counts_by_year
        on figures_in_one_row.area_code = counts_by_year.area_code
        and counts_by_year.data_year in (figures_in_one_row.earlier_year, figures_in_one_row.later_year)
    inner join printed_rates
        on figures_in_one_row.area_code = printed_rates.area_code
        and counts_by_year.data_year = printed_rates.data_year

),

-- Perinatal deaths are stillbirths and deaths under 7 days, and those are at most the deaths under 28 days. The perinatal rate that ONS
-- printed is per live births and stillbirths, so its digits bound the stillbirths from the other side.
stillbirths_bounded as (

    select
        years_with_counts.solution_set,
        years_with_counts.side,
        min(stillbirths.number) as stillbirths_fewest,
        max(stillbirths.number) as stillbirths_most
    from years_with_counts
    cross join
        lateral generate_series(
            years_with_counts.perinatal_deaths - years_with_counts.neonatal_deaths, years_with_counts.perinatal_deaths
        ) as stillbirths (number)
    where {{ quotient_rounded_to_units(
        '(1000 * years_with_counts.perinatal_deaths)',
        '(years_with_counts.live_births + stillbirths.number)',
        'years_with_counts.perinatal_decimals'
    ) }} = years_with_counts.perinatal_units
    group by years_with_counts.solution_set, years_with_counts.side

),

inputs as (

    select
        figures_in_one_row.*,
        years_with_counts.side,
        years_with_counts.data_year,
        years_with_counts.basis,
        years_with_counts.live_births,
        years_with_counts.neonatal_deaths,
        stillbirths_bounded.stillbirths_fewest,
        stillbirths_bounded.stillbirths_most
    from figures_in_one_row
    inner join years_with_counts on figures_in_one_row.solution_set = years_with_counts.solution_set
    inner join stillbirths_bounded
        on years_with_counts.solution_set = stillbirths_bounded.solution_set
        and years_with_counts.side = stillbirths_bounded.side

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

-- Sets of assumptions that nothing satisfies have a row too: what they rule out is a finding. Without the counts of the whole area in both
-- years nothing is solved.
solutions as (

    select
        solution_sets.claim_code,
        assumptions.assumption_code,
        cast(row_number() over (
            partition by solution_sets.claim_code, assumptions.assumption_code
            order by
                solutions_unioned.numerator asc nulls last,
                solutions_unioned.denominator asc nulls last,
                solutions_unioned.comparison_numerator asc nulls last,
                solutions_unioned.comparison_denominator asc nulls last
        ) as integer) * coalesce(sign(solutions_unioned.denominator), 0) as solution,
        solution_sets.solution_set,
        solution_sets.role,
        assumptions.assumption_order,
        assumptions.births_counted,
        assumptions.measure,
        solutions_unioned.numerator,
        solutions_unioned.denominator,
        solutions_unioned.stillbirths,
        solutions_unioned.comparison_numerator,
        solutions_unioned.comparison_denominator,
        solutions_unioned.comparison_stillbirths,
        later.group_ranking_level,
        {% for side in ['earlier', 'later'] -%}
        {{ side }}.data_year as {{ side }}_year,
        {{ side }}.live_births as {{ side }}_live_births,
        {{ side }}.neonatal_deaths as {{ side }}_neonatal_deaths,
        {{ side }}.stillbirths_fewest as {{ side }}_stillbirths_fewest,
        {{ side }}.stillbirths_most as {{ side }}_stillbirths_most,
        {% endfor -%}
        later.area_code as whole_area_code,
        later.basis as whole_area_basis
    from solution_sets
    inner join assumptions on solution_sets.role = assumptions.role
    inner join inputs as earlier
        on solution_sets.solution_set = earlier.solution_set
        and earlier.side = 'earlier'
    inner join inputs as later
        on solution_sets.solution_set = later.solution_set
        and later.side = 'later'
    left join solutions_unioned
        on solution_sets.solution_set = solutions_unioned.solution_set
        and assumptions.role = solutions_unioned.role
        and assumptions.solved_by = solutions_unioned.solved_by
        and assumptions.births_counted = solutions_unioned.births_counted

)

select * from solutions
