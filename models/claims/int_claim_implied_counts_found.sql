with solutions as (

    select * from {{ ref('int_claim_solutions_enumerated') }}

),

assumptions as (

    select * from {{ ref('stg_claims__assumptions') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

areas_in_levels as (

    select * from {{ ref('int_areas_assigned_to_levels') }}

),

rates as (

    select * from {{ ref('int_rates') }}
    where status = 'ok'

),

nearest_rankings as (

    select * from {{ ref('int_claim_nearest_rankings_found') }}

),

-- Only a set of assumptions that leaves one number of deaths, on either side, says how many there were.
deaths_determined as (

    select
        claim_code,
        assumption_code,
        max(numerator) as deaths,
        min(denominator) as births_fewest,
        max(denominator) as births_most,
        max(comparison_numerator) as other_deaths,
        min(comparison_denominator) as other_births_fewest,
        max(comparison_denominator) as other_births_most,
        case when count(*) = 1 then max(stillbirths) end as stillbirths,
        case when count(*) = 1 then max(comparison_stillbirths) end as other_stillbirths
    from solutions
    group by claim_code, assumption_code
    having min(numerator) = max(numerator) and min(comparison_numerator) = max(comparison_numerator)

),

-- The statement that gives a group its rank, and so the level, speaks of the same counts as the one that gives its rate.
claims_told_of as (

    select
        assumptions.claim_code as solved_claim_code,
        assumptions.claim_code,
        assumptions.solution_set,
        assumptions.role,
        assumptions.assumption_code,
        assumptions.assumption_order,
        assumptions.births_counted,
        assumptions.measure
    from assumptions
    union all
    select
        assumptions.claim_code as solved_claim_code,
        solution_sets.claim_code,
        assumptions.solution_set,
        solution_sets.role,
        assumptions.assumption_code,
        assumptions.assumption_order,
        assumptions.births_counted,
        assumptions.measure
    from assumptions
    inner join solution_sets
        on assumptions.solution_set = solution_sets.solution_set
        and assumptions.role = 'group_rate'
        and solution_sets.role = 'group_rank'

),

levels_of_sets as (

    select
        solution_sets.solution_set,
        published_figures.ranking_level,
        published_figures.period_start_year,
        published_figures.period_end_year
    from solution_sets
    inner join published_figures on solution_sets.claim_code = published_figures.claim_code
    where solution_sets.role = 'group_rank'

),

levels_counted as (

    select
        levels_of_sets.solution_set,
        max(areas_in_levels.benchmark_area_code) as benchmark_area_code,
        count(*) as areas_in_level
    from levels_of_sets
    inner join areas_in_levels
        on levels_of_sets.ranking_level = areas_in_levels.ranking_level
        and coalesce(areas_in_levels.exists_from_year, levels_of_sets.period_start_year) <= levels_of_sets.period_start_year
        and coalesce(areas_in_levels.exists_to_year, levels_of_sets.period_end_year) >= levels_of_sets.period_end_year
    group by levels_of_sets.solution_set

),

-- Births in the middle of their range: the solutions differ in them by less than one in a hundred.
implied_counts_found as (

    select
        claims_told_of.claim_code,
        claims_told_of.role,
        claims_told_of.assumption_code,
        claims_told_of.assumption_order,
        claims_told_of.births_counted,
        deaths_determined.deaths,
        cast(deaths_determined.births_fewest + deaths_determined.births_most as double precision) / 2 as births,
        deaths_determined.other_deaths,
        cast(deaths_determined.other_births_fewest + deaths_determined.other_births_most as double precision) / 2 as other_births,
        deaths_determined.stillbirths,
        deaths_determined.other_stillbirths,
        levels_counted.areas_in_level,
        levels_counted.benchmark_area_code,
        solved_figures.published_units as rate_units,
        solved_figures.decimals as rate_decimals,
        published_figures.period,
        claims_told_of.measure,
        claims_told_of.measure = published_figures.measure as is_first_measure,
        published_figures.basis,
        rates.numerator / cast(rates.denominator as double precision) as benchmark_rate,
        rates.lower_95 as benchmark_lower_95,
        rates.upper_95 as benchmark_upper_95,
        nearest_rankings.reading as nearest_reading,
        nearest_rankings.relative_spread,
        nearest_rankings.shape_between_areas
    from claims_told_of
    inner join deaths_determined
        on claims_told_of.solved_claim_code = deaths_determined.claim_code
        and claims_told_of.assumption_code = deaths_determined.assumption_code
    inner join published_figures on claims_told_of.claim_code = published_figures.claim_code
    inner join published_figures as solved_figures on claims_told_of.solved_claim_code = solved_figures.claim_code
    left join levels_counted on claims_told_of.solution_set = levels_counted.solution_set
    left join rates
        on levels_counted.benchmark_area_code = rates.area_code
        and published_figures.period = rates.period
        and claims_told_of.measure = rates.measure
        and published_figures.basis = rates.basis
    left join nearest_rankings on claims_told_of.claim_code = nearest_rankings.claim_code

)

select * from implied_counts_found
