with measures as (

    select * from {{ ref('measures') }}

),

-- A measure without words of its own is told of by its definitions.
measures_described as (

    select
        measure,
        measure_name,
        numerator_definition,
        denominator_definition,
        numerator_lies_within_denominator,
        coalesce(deaths_in_words_singular, lower(substr(numerator_definition, 1, 1)) || substr(numerator_definition, 2))
            as deaths_in_words_singular,
        coalesce(deaths_in_words_plural, lower(substr(numerator_definition, 1, 1)) || substr(numerator_definition, 2))
            as deaths_in_words_plural,
        coalesce(births_in_words, lower(substr(denominator_definition, 1, 1)) || substr(denominator_definition, 2)) as births_in_words,
        polarity,
        display_order
    from measures

)

select * from measures_described
