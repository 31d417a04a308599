with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

statistics as (

    select * from {{ ref('claim_statistics') }}

),

claims_judged as (

    select * from {{ ref('int_claims_judged') }}

),

nearest_figures as (

    select * from {{ ref('int_claim_nearest_figures_described') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

assumptions as (

    select * from {{ ref('int_claim_assumptions_counted') }}

),

inferences_added_up as (

    select
        claim_code,
        sum(solutions) as solutions,
        {{ joined_sentences("assumption_name || ': ' || finding || ';'", 'assumption_order') }} as inference
    from assumptions
    group by claim_code

),

-- What the figures bear, then what stands beside a claim that cannot be checked, then what is to be said of the statement itself.
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
        case
            when claims_judged.recomputed_value is null then null
            when published_figures.unit in ('deaths', 'births', 'rank') or published_figures.statistic = 'years_above_england'
                then {{ with_thousands_commas('cast(round(claims_judged.recomputed_value) as bigint)') }}
            when published_figures.unit = 'per_1000' then {{ fixed_decimals('claims_judged.recomputed_value', 3) }}
            else {{ fixed_decimals('claims_judged.recomputed_value', 2) }}
        end as recomputed_display,
        statistics.recomputed_value_meaning as recomputed_what,
        claims_judged.verdict,
        claims_judged.certainty,
        claims_judged.is_as_worded,
        trim(
            claims_judged.finding
            || case
                when claims_judged.verdict = 'not_checkable' then coalesce(' ' || nearest_figures.nearest_figure, '')
                else ''
            end
            || case
                when claims_judged.verdict = 'not_checkable' and inferences_added_up.inference is not null
                    then
                        ' Whole numbers that give the printed digits (an inference, not data): '
                        || substr(inferences_added_up.inference, 1, length(inferences_added_up.inference) - 1) || '.'
                else ''
            end
            || coalesce(' ' || published_figures.remark, '')
        ) as explanation,
        published_figures.statistic,
        published_figures.area_codes,
        claims_judged.measure,
        measures.denominator_definition,
        claims_judged.basis,
        published_figures.period,
        published_figures.comparison_period,
        claims_judged.numerator,
        claims_judged.denominator,
        cast(inferences_added_up.solutions as bigint) as solutions,
        claims_judged.rests_on_supplied_figures,
        published_figures.expected_verdict
    from published_figures
    inner join claims_judged on published_figures.claim_code = claims_judged.claim_code
    inner join statistics on published_figures.statistic = statistics.statistic
    inner join measures on claims_judged.measure = measures.measure
    left join nearest_figures on published_figures.claim_code = nearest_figures.claim_code
    left join inferences_added_up on published_figures.claim_code = inferences_added_up.claim_code

)

select * from claims_explained
