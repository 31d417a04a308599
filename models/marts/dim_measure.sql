with measures as (

    select * from {{ ref('measures') }}

),

measures_described as (

    select
        measure,
        measure_name,
        numerator_definition,
        denominator_definition,
        polarity,
        display_order
    from measures

)

select * from measures_described
