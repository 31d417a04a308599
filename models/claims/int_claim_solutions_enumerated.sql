with inputs as (

    select * from {{ ref('int_claim_solution_inputs') }}

),

stillbirths as (

    select * from {{ ref('int_claim_stillbirths_bounded') }}

),

whole_numbers as (

    select * from {{ ref('int_whole_numbers_generated') }}

),

denominators as (

    select
        'live_births' as births_counted,
        data_year,
        live_births as denominator,
        cast(null as bigint) as stillbirths
    from stillbirths
    group by data_year, live_births
    union all
    select
        'live_births_and_stillbirths' as births_counted,
        data_year,
        live_births + stillbirths as denominator,
        stillbirths
    from stillbirths

),

-- All deaths that give the printed rate of the earlier year over the births assumed.
earlier_solutions as (

    select
        denominators.births_counted,
        whole_numbers.whole_number as numerator,
        denominators.denominator,
        denominators.stillbirths
    from inputs
    inner join denominators on inputs.earlier_year = denominators.data_year
    inner join whole_numbers
        on whole_numbers.whole_number <= 1
        + denominators.denominator * (inputs.combined_units + 1) / (1000 * power(10, inputs.combined_decimals))
    where {{ quotient_rounded_to_units(
        '(1000 * whole_numbers.whole_number)', 'denominators.denominator', 'inputs.combined_decimals'
    ) }} = inputs.combined_units

),

-- All deaths of the later year that give the printed change from there.
change_solutions as (

    select
        earlier_solutions.births_counted,
        whole_numbers.whole_number as numerator,
        denominators.denominator,
        denominators.stillbirths,
        earlier_solutions.numerator as comparison_numerator,
        earlier_solutions.denominator as comparison_denominator,
        earlier_solutions.stillbirths as comparison_stillbirths
    from inputs
    cross join earlier_solutions
    inner join denominators
        on inputs.later_year = denominators.data_year
        and earlier_solutions.births_counted = denominators.births_counted
    inner join whole_numbers on whole_numbers.whole_number between earlier_solutions.numerator and 3 * earlier_solutions.numerator
    where {{ quotient_rounded_to_units(
        '(100 * (whole_numbers.whole_number * earlier_solutions.denominator - earlier_solutions.numerator * denominators.denominator))',
        '(earlier_solutions.numerator * denominators.denominator)',
        'inputs.change_decimals'
    ) }} = inputs.change_units

),

-- The same from the rates as printed, to one place: the earlier one is given, the later one is any rate of so many places.
change_solutions_from_rounded as (

    select
        'live_births_and_rounded_rates' as assumption_code,
        deaths.whole_number as numerator,
        denominators.denominator
    from inputs
    inner join denominators on inputs.later_year = denominators.data_year and denominators.births_counted = 'live_births'
    inner join whole_numbers as deaths on deaths.whole_number between 0 and 1000
    where {{ quotient_rounded_to_units(
        '(100 * (' ~ quotient_rounded_to_units('(1000 * deaths.whole_number)', 'denominators.denominator', 'inputs.combined_decimals')
        ~ ' - inputs.combined_units))',
        'inputs.combined_units',
        'inputs.change_decimals'
    ) }} = inputs.change_units

),

births_counted as (

    select
        'live_births' as births_counted,
        0 as has_stillbirths
    union all
    select
        'live_births_and_stillbirths' as births_counted,
        1 as has_stillbirths

),

-- Deaths as stillbirths (bounded) and the deaths under 28 days that ONS published, whatever the rate of the earlier year.
published_deaths_solutions as (

    select
        births_counted.births_counted,
        later.stillbirths + later.neonatal_deaths as numerator,
        later.live_births + births_counted.has_stillbirths * later.stillbirths as denominator,
        later.stillbirths,
        earlier.stillbirths + earlier.neonatal_deaths as comparison_numerator,
        earlier.live_births + births_counted.has_stillbirths * earlier.stillbirths as comparison_denominator,
        earlier.stillbirths as comparison_stillbirths
    from inputs
    inner join stillbirths as earlier on inputs.earlier_year = earlier.data_year
    inner join stillbirths as later on inputs.later_year = later.data_year
    cross join births_counted

),

published_deaths_change_solutions as (

    select published_deaths_solutions.*
    from inputs
    cross join published_deaths_solutions
    where {{ quotient_rounded_to_units(
        '(100 * (numerator * comparison_denominator - comparison_numerator * denominator))',
        '(comparison_numerator * denominator)',
        'inputs.change_decimals'
    ) }} = inputs.change_units

),

-- A rate to one place leaves at most one number of deaths for fewer than 10,000 births, a rate to the whole number at most ten.
small_numbers as (

    select whole_number from whole_numbers
    where whole_number < 10

),

{% for group in ['north', 'huddersfield'] -%}
{{ group }}_deaths_tried as (

    select
        births.whole_number as denominator,
        cast(floor(
            births.whole_number * (2 * inputs.{{ group }}_units - 1) / (2000 * power(10, inputs.{{ group }}_decimals))
        ) as bigint) + small_numbers.whole_number as numerator
    from inputs
    inner join whole_numbers as births on births.whole_number between 1 and inputs.later_live_births - 1
    cross join small_numbers

),

{{ group }}_candidates as (

    select
        tried.denominator,
        tried.numerator
    from inputs
    cross join {{ group }}_deaths_tried as tried
    where {{ quotient_rounded_to_units('(1000 * tried.numerator)', 'tried.denominator', 'inputs.' ~ group ~ '_decimals') }}
        = inputs.{{ group }}_units

),

{% endfor -%}
-- Two groups whose live births add up to those of the district.
group_solutions as (

    select
        north_candidates.numerator as north_numerator,
        north_candidates.denominator as north_denominator,
        huddersfield_candidates.numerator as huddersfield_numerator,
        huddersfield_candidates.denominator as huddersfield_denominator
    from inputs
    cross join north_candidates
    inner join huddersfield_candidates on inputs.later_live_births - north_candidates.denominator = huddersfield_candidates.denominator

),

combined_deaths as (

    select distinct numerator from change_solutions
    where births_counted = 'live_births'

),

group_solutions_by_assumption as (

    select
        'two_rates_and_live_births' as assumption_code,
        group_solutions.*
    from group_solutions
    union all
    select
        'two_rates_live_births_and_combined_deaths' as assumption_code,
        group_solutions.*
    from group_solutions
    inner join combined_deaths on group_solutions.north_numerator + group_solutions.huddersfield_numerator = combined_deaths.numerator

),

solutions_unioned as (

    {% set sides = {
        'earlier_solutions': {
            'claim_code': "'kirklees_combined_rate_2013'", 'assumption_code': 'births_counted', 'has_comparison': false,
            'has_stillbirths': true,
        },
        'change_solutions': {
            'claim_code': "'kirklees_combined_change_2013_2014'", 'assumption_code': 'births_counted', 'has_comparison': true,
            'has_stillbirths': true,
        },
        'change_solutions_from_rounded': {
            'claim_code': "'kirklees_combined_change_2013_2014'", 'assumption_code': 'assumption_code', 'has_comparison': false,
            'has_stillbirths': false,
        },
        'published_deaths_change_solutions': {
            'claim_code': "'kirklees_combined_change_2013_2014'", 'assumption_code': "births_counted || '_with_published_deaths'",
            'has_comparison': true, 'has_stillbirths': true,
        },
    } -%}
    {% for solutions, side in sides.items() -%}
    select
        {{ side.claim_code }} as claim_code,
        {{ side.assumption_code }} as assumption_code,
        numerator,
        denominator,
        {{ 'stillbirths' if side.has_stillbirths else 'cast(null as bigint)' }} as stillbirths,
        {{ 'comparison_numerator' if side.has_comparison else 'cast(null as bigint)' }} as comparison_numerator,
        {{ 'comparison_denominator' if side.has_comparison else 'cast(null as bigint)' }} as comparison_denominator,
        {{ 'comparison_stillbirths' if side.has_comparison else 'cast(null as bigint)' }} as comparison_stillbirths
    from {{ solutions }}
    union all
    {% endfor -%}
    {% for claim_code, group, other in [
        ('north_kirklees_rate_2014', 'north', 'huddersfield'),
        ('huddersfield_rate_2014', 'huddersfield', 'north'),
    ] -%}
    select
        '{{ claim_code }}' as claim_code,
        assumption_code,
        {{ group }}_numerator as numerator,
        {{ group }}_denominator as denominator,
        cast(null as bigint) as stillbirths,
        {{ other }}_numerator as comparison_numerator,
        {{ other }}_denominator as comparison_denominator,
        cast(null as bigint) as comparison_stillbirths
    from group_solutions_by_assumption
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from solutions_unioned
