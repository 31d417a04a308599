with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdicts') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence') }}
    where value_code = 'recomputed_value' and item = 0

),

sentences as (

    select * from {{ ref('int_claim_sentences') }}

),

sources as (

    select * from {{ ref('claim_sources') }}

),

explanations as (

    select
        claim_code,
        {{ joined_sentences('sentence', 'part, reading, item, sentence_order') }} as explanation
    from sentences
    where part between 1 and 9
    group by claim_code

),

claims_explained as (

    select
        statements.claim_code,
        cast(statements.source_line - 1 as smallint) as claim_order,
        statements.source,
        statements.claim,
        statements.published_value,
        statements.decimals,
        statements.unit,
        statements.relation,
        statements.tolerance_lower,
        statements.tolerance_upper,
        verdicts.recomputed_value,
        evidence.value_in_words as recomputed_display,
        statistics.recomputed_what,
        verdicts.verdict,
        verdicts.certainty,
        verdicts.is_as_worded,
        answers.sentence as answer,
        explanations.explanation,
        coalesce(sources.is_from_article, false) as is_from_article,
        statements.statistic,
        statements.area_codes,
        verdicts.measure,
        verdicts.basis,
        statements.period,
        statements.comparison_period,
        statements.ranking_level,
        verdicts.numerator,
        verdicts.denominator,
        verdicts.rests_on_supplied_figures,
        statements.expected_verdict
    from statements
    inner join statistics on statements.statistic = statistics.statistic
    inner join verdicts on statements.claim_code = verdicts.claim_code
    left join explanations on statements.claim_code = explanations.claim_code
    left join sentences as answers
        on statements.claim_code = answers.claim_code
        and answers.part = -1
    left join sources on statements.source = sources.source
    left join evidence
        on verdicts.claim_code = evidence.claim_code
        and verdicts.reading = evidence.reading

)

select * from claims_explained
