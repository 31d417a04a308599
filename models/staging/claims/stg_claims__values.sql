with claim_values as (

    select * from {{ ref('claim_values') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

-- What the recomputed value is says the statistic.
values_described as (

    select
        claim_values.statistic,
        claim_values.value_code,
        claim_values.line_order,
        coalesce(claim_values.what, statistics.recomputed_what) as what,
        claim_values.whose,
        claim_values.span,
        claim_values.counted,
        claim_values.source_table,
        claim_values.written_as,
        claim_values.decimals,
        claim_values.measure,
        claim_values.basis,
        claim_values.if_above_0,
        claim_values.if_below_0
    from claim_values
    left join statistics on claim_values.statistic = statistics.statistic

)

select * from values_described
