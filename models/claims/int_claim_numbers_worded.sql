with evidence as (

    select * from {{ ref('int_claim_evidence_gathered') }}

),

claim_values as (

    select * from {{ ref('stg_claims__values') }}

),

chance_words as (

    select * from {{ ref('chance_words') }}

),

-- Each number under its own name, and its limits and its probability under names made of it.
numbers_named as (

    select
        evidence.claim_code,
        evidence.reading,
        evidence.item,
        limits_named.placeholder,
        limits_named.number,
        case when limits_named.is_chance then 'chance' else claim_values.written_as end as written_as,
        claim_values.decimals,
        case when limits_named.number > 0 then claim_values.if_above_0 when limits_named.number < 0 then claim_values.if_below_0 end
            as direction
    from evidence
    inner join claim_values
        on evidence.statistic = claim_values.statistic
        and evidence.value_code = claim_values.value_code
    cross join
        lateral (
            values
            (evidence.value_code, evidence.value, false),
            (evidence.value_code || '_lower_95', evidence.lower_95, false),
            (evidence.value_code || '_upper_95', evidence.upper_95, false),
            (evidence.value_code || '_probability', evidence.probability, true)
        ) as limits_named (placeholder, number, is_chance)
    where limits_named.number is not null

),

numbers_worded as (

    select
        numbers_named.claim_code,
        numbers_named.reading,
        numbers_named.item,
        numbers_named.placeholder,
        case
            when numbers_named.written_as = 'chance'
                then replace(
                        chance_words.words, '{times}', cast(cast(round(numbers_named.number * chance_words.out_of) as integer) as varchar)
                    )
            -- A number that goes either way is told without its sign, and with the word for the way it goes.
            when numbers_named.direction is not null
                then
                    {{ number_in_words('abs(numbers_named.number)', 'numbers_named.written_as', 'numbers_named.decimals') | indent(16) }}
                    || ' ' || numbers_named.direction
            else {{ number_in_words('numbers_named.number', 'numbers_named.written_as', 'numbers_named.decimals') }}
        end as words
    from numbers_named
    left join chance_words
        on numbers_named.written_as = 'chance'
        and numbers_named.number >= chance_words.at_least
        and numbers_named.number < chance_words.below

)

select * from numbers_worded
