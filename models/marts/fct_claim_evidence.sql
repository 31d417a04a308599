with evidence as (

    select * from {{ ref('int_claim_evidence') }}
    where line_order is not null

),

readings as (

    select * from {{ ref('int_claim_readings') }}

),

sentences as (

    select * from {{ ref('int_claim_sentences') }}

),

solutions as (

    select * from {{ ref('int_claim_solutions') }}

),

assumption_texts as (

    select * from {{ ref('assumption_texts') }}

),

assumptions as (

    select distinct
        solutions.claim_code,
        solutions.assumption_code,
        solutions.assumption_order,
        assumption_texts.assumption_name,
        assumption_texts.template
    from solutions
    inner join assumption_texts
        on solutions.role = assumption_texts.role
        and solutions.assumption_code = assumption_texts.assumption_code

),

readings_told as (

    select distinct
        claim_code,
        reading
    from sentences

),

numbers_told as (

    select evidence.*
    from evidence
    inner join readings_told
        on evidence.claim_code = readings_told.claim_code
        and evidence.reading = readings_told.reading
    left join readings
        on evidence.claim_code = readings.claim_code
        and evidence.reading = readings.reading
    where
        -- A change between rounded rates has the counts of the same change between the rates themselves.
        not coalesce(
            readings.is_from_rounded and evidence.value_code not in ('recomputed_value', 'rounded_rate', 'earlier_rounded_rate'), false
        )
        -- Of the whole area each set of assumptions uses some counts and not others.
        and (
            evidence.reading > 0
            or evidence.item > 0
            or exists (
                select 1 as is_used
                from assumptions
                where evidence.claim_code = assumptions.claim_code
                    and assumptions.template like '%{' || evidence.value_code || '}%'
            )
        )

),

sentences_of_assumptions as (

    select
        claim_code,
        item,
        {{ joined_sentences('case when part = 0 then sentence end', 'sentence_order') }} as assumptions,
        {{ joined_sentences('case when part > 0 then sentence end', 'part, sentence_order') }} as finding
    from sentences
    where reading = 0 and item > 0
    group by claim_code, item

),

evidence_published as (

    select
        numbers_told.claim_code,
        cast(row_number() over (
            partition by numbers_told.claim_code
            order by
                case when numbers_told.reading = 0 then 1 else 0 end asc nulls last,
                numbers_told.reading asc nulls last,
                case when numbers_told.reading = 0 then numbers_told.item end asc nulls last,
                numbers_told.line_order asc nulls last,
                numbers_told.item asc nulls last
        ) as integer) as line,
        numbers_told.value_code,
        numbers_told.what,
        numbers_told.reading,
        numbers_told.is_reading_used,
        numbers_told.area_code,
        numbers_told.period,
        numbers_told.measure,
        numbers_told.basis,
        numbers_told.ranking_level,
        numbers_told.source_table,
        numbers_told.value,
        numbers_told.lower_95,
        numbers_told.upper_95,
        numbers_told.probability,
        numbers_told.value_in_words,
        assumptions.assumption_code,
        case when numbers_told.value_code = 'solutions' then assumptions.assumption_name end as assumption_name,
        case when numbers_told.value_code = 'solutions' then sentences_of_assumptions.assumptions end as assumptions,
        case when numbers_told.value_code = 'solutions' then sentences_of_assumptions.finding end as finding
    from numbers_told
    left join assumptions
        on numbers_told.claim_code = assumptions.claim_code
        and numbers_told.reading = 0
        and numbers_told.item = assumptions.assumption_order
    left join sentences_of_assumptions
        on numbers_told.claim_code = sentences_of_assumptions.claim_code
        and numbers_told.reading = 0
        and numbers_told.item = sentences_of_assumptions.item

)

select * from evidence_published
