-- Every published figure has one verdict, and it is the committed one. A verdict that a user's own counts have changed is no surprise.
{%- set query -%}
with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

claim_checks as (

    select * from {{ ref('fct_claim_checks') }}

),

verdicts_counted as (

    select
        statements.source_line,
        statements.claim_code,
        statements.expected_verdict,
        count(claim_checks.verdict) as verdicts,
        max(claim_checks.verdict) as verdict,
        max(case when claim_checks.rests_on_supplied_figures then 1 else 0 end) as supplied
    from statements
    left join claim_checks on statements.claim_code = claim_checks.claim_code
    group by statements.source_line, statements.claim_code, statements.expected_verdict

),

surprises as (

    select
        'seeds/published/published_figures.csv, line ' || cast(source_line as varchar) || ': the claim ' || claim_code
        || case
            when verdicts <> 1 then ' has ' || cast(verdicts as varchar) || ' verdicts where one was expected.'
            else ' is judged ' || verdict || ' where ' || expected_verdict || ' was expected; see its explanation in fct_claim_checks.'
        end as problem
    from verdicts_counted
    where verdicts <> 1 or (verdict <> expected_verdict and supplied = 0)

)

select problem from surprises
order by problem asc nulls last
{%- endset %}
{{ fail_with_sentences(query) }}
