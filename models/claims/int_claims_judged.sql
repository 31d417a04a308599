with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

rules as (

    select * from {{ ref('stg_claims__rules') }}

),

readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence_gathered') }}
    where is_reading_used and item = 0

),

findings as (

    select
        published_figures.claim_code,
        published_figures.statistic,
        evidence.reading,
        max(case when evidence.value_code = 'recomputed_value' then evidence.value end) as recomputed_value,
        max(case when evidence.value_code = 'deaths' then evidence.value end) as numerator,
        max(case when evidence.value_code = 'births' then evidence.value end) as denominator,
        coalesce(
            max(case when evidence.value_code = 'is_computable' then evidence.value end),
            max(case when evidence.value_code = 'is_at_hand' then evidence.value end)
        ) = 1 as is_computable,
        max(case when evidence.value_code = 'is_complete' then evidence.value end) = 1 as is_complete,
        max(case when evidence.value_code = 'is_fit' then evidence.value end) = 1 as is_fit,
        max(case when evidence.value_code = 'is_agreeing' then evidence.value end) = 1 as is_agreeing,
        max(case when evidence.value_code = 'is_possible' then evidence.value end) = 1 as is_possible,
        max(case when evidence.value_code = 'is_beyond_chance' then evidence.value end) = 1 as is_beyond_chance,
        max(case when evidence.value_code = 'is_as_worded' then evidence.value end) = 1 as is_as_worded
    from published_figures
    inner join evidence
        on published_figures.claim_code = evidence.claim_code
        and published_figures.statistic = evidence.statistic
    group by published_figures.claim_code, published_figures.statistic, evidence.reading

),

-- Of the rules whose every condition is met the first one judges.
rules_met as (

    select
        findings.*,
        rules.verdict,
        rules.certainty,
        row_number() over (partition by findings.claim_code order by rules.rule_order asc nulls last) as place
    from findings
    inner join rules
        on findings.statistic = rules.statistic
        and (rules.is_computable is null or findings.is_computable = rules.is_computable)
        and (rules.is_complete is null or findings.is_complete = rules.is_complete)
        and (rules.is_fit is null or findings.is_fit = rules.is_fit)
        and (rules.is_agreeing is null or findings.is_agreeing = rules.is_agreeing)
        and (rules.is_possible is null or findings.is_possible = rules.is_possible)
        and (rules.is_beyond_chance is null or findings.is_beyond_chance = rules.is_beyond_chance)

),

readings_supplied as (

    select distinct
        claim_code,
        reading
    from counts
    where is_supplied

),

claims_judged as (

    select
        rules_met.claim_code,
        rules_met.reading,
        readings.measure,
        readings.basis,
        rules_met.recomputed_value,
        cast(rules_met.numerator as bigint) as numerator,
        cast(rules_met.denominator as bigint) as denominator,
        rules_met.verdict,
        rules_met.certainty,
        rules_met.is_as_worded,
        readings_supplied.claim_code is not null as rests_on_supplied_figures
    from rules_met
    inner join readings
        on rules_met.claim_code = readings.claim_code
        and rules_met.reading = readings.reading
    left join readings_supplied
        on rules_met.claim_code = readings_supplied.claim_code
        and rules_met.reading = readings_supplied.reading
    where rules_met.place = 1

)

select * from claims_judged
