with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

claims_judged as (

    select * from {{ ref('int_claims_judged') }}

),

numbers_worded as (

    select * from {{ ref('int_claim_numbers_worded') }}
    where placeholder = 'recomputed_value' and item = 0

),

sentences as (

    select * from {{ ref('int_claim_sentences_filled') }}
    where part > 0

),

explanations as (

    select
        claim_code,
        {{ joined_sentences('sentence', 'part, reading, item, sentence_order') }} as explanation
    from sentences
    group by claim_code

),

claims_explained as (

    select
        published_figures.claim_code,
        cast(published_figures.source_line - 1 as smallint) as claim_order,
        published_figures.source,
        published_figures.claim,
        published_figures.published_value,
        published_figures.decimals,
        published_figures.unit,
        published_figures.relation,
        published_figures.tolerance_lower,
        published_figures.tolerance_upper,
        claims_judged.recomputed_value,
        numbers_worded.words as recomputed_display,
        statistics.recomputed_what,
        claims_judged.verdict,
        claims_judged.certainty,
        claims_judged.is_as_worded,
        explanations.explanation,
        published_figures.statistic,
        published_figures.area_codes,
        claims_judged.measure,
        claims_judged.basis,
        published_figures.period,
        published_figures.comparison_period,
        published_figures.ranking_level,
        claims_judged.numerator,
        claims_judged.denominator,
        claims_judged.rests_on_supplied_figures,
        published_figures.expected_verdict
    from published_figures
    inner join statistics on published_figures.statistic = statistics.statistic
    inner join claims_judged on published_figures.claim_code = claims_judged.claim_code
    left join explanations on published_figures.claim_code = explanations.claim_code
    left join numbers_worded
        on claims_judged.claim_code = numbers_worded.claim_code
        and claims_judged.reading = numbers_worded.reading

)

select * from claims_explained
