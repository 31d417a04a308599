with statistics as (

    select * from {{ ref('claim_statistics') }}

),

rules as (

    select * from {{ ref('claim_rules') }}

),

rules_of_statistics as (

    select
        statistics.statistic,
        rules.rule_order,
        rules.is_computable,
        rules.is_complete,
        rules.is_fit,
        rules.is_agreeing,
        rules.is_possible,
        rules.is_beyond_chance,
        rules.verdict,
        rules.certainty
    from statistics
    inner join rules on statistics.rule_set = rules.rule_set

)

select * from rules_of_statistics
