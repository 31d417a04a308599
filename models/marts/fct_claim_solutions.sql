with solutions as (

    select * from {{ ref('int_claim_solutions_enumerated') }}

),

assumptions as (

    select * from {{ ref('int_claim_assumptions_described') }}

),

solutions_numbered as (

    select
        solutions.claim_code,
        solutions.assumption_code,
        cast(row_number() over (
            partition by solutions.claim_code, solutions.assumption_code
            order by
                solutions.numerator asc nulls last,
                solutions.denominator asc nulls last,
                solutions.comparison_numerator asc nulls last,
                solutions.comparison_denominator asc nulls last
        ) as integer) as solution,
        assumptions.assumptions,
        solutions.numerator,
        solutions.denominator,
        {{ rate_per_1000('solutions.numerator', 'solutions.denominator') }} as rate_per_1000,
        solutions.stillbirths,
        solutions.comparison_numerator,
        solutions.comparison_denominator,
        solutions.comparison_stillbirths
    from solutions
    inner join assumptions
        on solutions.claim_code = assumptions.claim_code
        and solutions.assumption_code = assumptions.assumption_code

)

select * from solutions_numbered
