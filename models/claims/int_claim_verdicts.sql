with readings as (

    select * from {{ ref('int_claim_readings') }}

),

counts as (

    select * from {{ ref('int_claim_counts') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence') }}
    where is_reading_used and item = 0 and statistic <> 'nearest_figure'

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

rules as (

    select * from {{ ref('claim_rules') }}

),

findings as (

    select
        readings.claim_code,
        readings.reading,
        readings.statistic,
        readings.measure,
        readings.basis,
        {% for number, name in [('recomputed_value', 'recomputed_value'), ('deaths', 'numerator'), ('births', 'denominator')] -%}
        max(case when evidence.value_code = '{{ number }}' then evidence.value end) as {{ name }},
        {% endfor -%}
        {% for finding in ['is_complete', 'is_fit', 'is_agreeing', 'is_possible', 'is_beyond_chance', 'is_as_worded'] -%}
        max(case when evidence.value_code = '{{ finding }}' then evidence.value end) = 1 as {{ finding }},
        {% endfor -%}
        coalesce(
            max(case when evidence.value_code = 'is_computable' then evidence.value end),
            max(case when evidence.value_code = 'is_at_hand' then evidence.value end)
        ) = 1 as is_computable
    from readings
    inner join evidence
        on readings.claim_code = evidence.claim_code
        and readings.reading = evidence.reading
    group by readings.claim_code, readings.reading, readings.statistic, readings.measure, readings.basis

),

-- Of the rules whose every condition is met the first one judges.
rules_met as (

    select
        findings.*,
        rules.verdict,
        rules.certainty,
        row_number() over (partition by findings.claim_code order by rules.rule_order asc nulls last) as place
    from findings
    inner join statistics on findings.statistic = statistics.statistic
    inner join rules
        on statistics.rule_set = rules.rule_set
        {% for finding in ['is_computable', 'is_complete', 'is_fit', 'is_agreeing', 'is_possible', 'is_beyond_chance'] -%}
        and (rules.{{ finding }} is null or findings.{{ finding }} = rules.{{ finding }})
        {% endfor %}
),

readings_supplied as (

    select distinct
        claim_code,
        reading
    from counts
    where is_supplied

),

verdicts as (

    select
        rules_met.claim_code,
        rules_met.reading,
        rules_met.measure,
        rules_met.basis,
        rules_met.recomputed_value,
        cast(rules_met.numerator as bigint) as numerator,
        cast(rules_met.denominator as bigint) as denominator,
        rules_met.verdict,
        rules_met.certainty,
        rules_met.is_as_worded,
        readings_supplied.claim_code is not null as rests_on_supplied_figures
    from rules_met
    left join readings_supplied
        on rules_met.claim_code = readings_supplied.claim_code
        and rules_met.reading = readings_supplied.reading
    where rules_met.place = 1

)

select * from verdicts
