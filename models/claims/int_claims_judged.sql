{%- set families = ['figure', 'rank', 'rolling', 'gradient', 'persistence', 'gap', 'unusual', 'trend', 'pooling'] -%}
with claims_judged as (

    {% for family in families -%}
    select
        claim_code, recomputed_value, numerator, denominator, measure, basis, verdict, certainty,
        {{ 'is_as_worded' if family == 'figure' else 'cast(null as boolean)' }} as is_as_worded, finding, evidence,
        rests_on_supplied_figures
    from {{ ref('int_claims_' ~ family ~ '_judged') }}
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

)

select * from claims_judged
