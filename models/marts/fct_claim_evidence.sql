with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

claims_judged as (

    select * from {{ ref('int_claims_judged') }}

),

assumptions as (

    select * from {{ ref('int_claim_assumptions_counted') }}

),

rates as (

    select * from {{ ref('int_rates_calculated') }}

),

words as (

    select * from {{ ref('evidence_words') }}

),

-- A claim on several areas taken together has no row of its own in the rates.
claims_with_keys as (

    select
        claims_judged.*,
        statistics.recomputed_value_meaning,
        case when published_figures.area_codes not like '% %' then published_figures.area_codes end as area_code,
        published_figures.period
    from claims_judged
    inner join published_figures on claims_judged.claim_code = published_figures.claim_code
    inner join statistics on published_figures.statistic = statistics.statistic

),

numbers_gathered as (

    select
        claim_code,
        'recomputed_value' as value_code,
        recomputed_value_meaning as what,
        1 as display_order,
        area_code,
        period,
        measure,
        basis,
        cast(null as varchar) as source_table,
        recomputed_value as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as varchar) as assumption_code,
        cast(null as varchar) as assumption_name,
        cast(null as varchar) as assumptions,
        cast(null as varchar) as finding
    from claims_with_keys
    where recomputed_value is not null
    union all
    select
        claims_with_keys.claim_code,
        words.value_code,
        words.what,
        words.display_order,
        claims_with_keys.area_code,
        claims_with_keys.period,
        claims_with_keys.measure,
        claims_with_keys.basis,
        cast(null as varchar) as source_table,
        cast(case words.value_code when 'deaths' then claims_with_keys.numerator else claims_with_keys.denominator end as double precision)
            as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as varchar) as assumption_code,
        cast(null as varchar) as assumption_name,
        cast(null as varchar) as assumptions,
        cast(null as varchar) as finding
    from claims_with_keys
    inner join words on words.value_code in ('deaths', 'births')
    where case words.value_code when 'deaths' then claims_with_keys.numerator else claims_with_keys.denominator end is not null
    union all
    select
        claims_with_keys.claim_code,
        words.value_code,
        words.what,
        words.display_order,
        rates.area_code,
        rates.period,
        rates.measure,
        rates.basis,
        case when rates.years_in_period = 1 then 'fct_rates' else 'fct_rolling_rates' end as source_table,
        rates.rate_per_1000 as value,
        rates.lower_95,
        rates.upper_95,
        cast(null as varchar) as assumption_code,
        cast(null as varchar) as assumption_name,
        cast(null as varchar) as assumptions,
        cast(null as varchar) as finding
    from claims_with_keys
    inner join words on words.value_code = 'rate'
    inner join rates
        on claims_with_keys.area_code = rates.area_code
        and claims_with_keys.period = rates.period
        and claims_with_keys.measure = rates.measure
        and claims_with_keys.basis = rates.basis
    where rates.rate_per_1000 is not null
    union all
    -- Sets of assumptions that nothing satisfies have a line too: what they rule out is the finding.
    select
        assumptions.claim_code,
        words.value_code,
        words.what,
        words.display_order + assumptions.assumption_order as display_order,
        claims_with_keys.area_code,
        claims_with_keys.period,
        claims_with_keys.measure,
        claims_with_keys.basis,
        'fct_claim_solutions' as source_table,
        cast(assumptions.solutions as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        assumptions.assumption_code,
        assumptions.assumption_name,
        assumptions.assumptions,
        assumptions.finding
    from assumptions
    inner join claims_with_keys on assumptions.claim_code = claims_with_keys.claim_code
    inner join words on words.value_code = 'solutions'

),

evidence as (

    select
        claim_code,
        cast(row_number() over (partition by claim_code order by display_order asc nulls last) as integer) as line,
        value_code,
        what,
        area_code,
        period,
        measure,
        basis,
        source_table,
        value,
        lower_95,
        upper_95,
        cast(null as double precision) as probability,
        case
            when value = floor(value) then {{ with_thousands_commas('cast(value as bigint)') }}
            else {{ fixed_decimals('value', 3) }}
        end as value_in_words,
        assumption_code,
        assumption_name,
        assumptions,
        finding
    from numbers_gathered

)

select * from evidence
