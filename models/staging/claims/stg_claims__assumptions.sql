with solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

assumptions as (

    select * from {{ ref('claim_assumptions') }}

),

texts as (

    select * from {{ ref('assumption_texts') }}

),

assumptions_of_claims as (

    select
        solution_sets.claim_code,
        solution_sets.solution_set,
        solution_sets.role,
        assumptions.assumption_code,
        assumptions.assumption_order,
        assumptions.solved_by,
        assumptions.births_counted,
        assumptions.measure,
        texts.assumption_name,
        texts.other_side,
        texts.both_sides,
        texts.template
    from solution_sets
    inner join assumptions on solution_sets.role = assumptions.role
    inner join texts
        on assumptions.role = texts.role
        and assumptions.assumption_code = texts.assumption_code

)

select * from assumptions_of_claims
