with solutions as (

    select * from {{ ref('int_claim_solutions') }}
    where solution > 0

),

sentences as (

    select * from {{ ref('int_claim_sentences') }}
    where part = 0

),

solutions_described as (

    select
        solutions.claim_code,
        solutions.assumption_code,
        cast(solutions.solution as integer) as solution,
        sentences.sentence as assumptions,
        solutions.numerator,
        solutions.denominator,
        {{ rate_per_1000('solutions.numerator', 'solutions.denominator') }} as rate_per_1000,
        solutions.stillbirths,
        solutions.comparison_numerator,
        solutions.comparison_denominator,
        solutions.comparison_stillbirths
    from solutions
    inner join sentences
        on solutions.claim_code = sentences.claim_code
        and solutions.assumption_order = sentences.item

)

select * from solutions_described
