with measures as (

    select * from {{ ref('measures') }}

),

measures_described as (

    select
        measure,
        measure_name,
        numerator_definition,
        denominator_definition,
        numerator_lies_within_denominator,
        outcome_singular,
        outcome_plural,
        outcome_short,
        polarity,
        display_order
    from measures

)

select * from measures_described
