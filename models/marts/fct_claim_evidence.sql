with readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence_gathered') }}

),

claim_values as (

    select * from {{ ref('stg_claims__values') }}

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}

),

numbers_worded as (

    select * from {{ ref('int_claim_numbers_worded') }}

),

sentences as (

    select * from {{ ref('int_claim_sentences_filled') }}

),

assumptions as (

    select * from {{ ref('stg_claims__assumptions') }}

),

solution_inputs as (

    select * from {{ ref('int_claim_solution_inputs_gathered') }}

),

implied_counts as (

    select * from {{ ref('int_claim_implied_counts_found') }}

),

readings_told as (

    select distinct
        claim_code,
        reading
    from sentences

),

-- The numbers that an explanation uses have words of their own; the other findings are answers with yes or no.
numbers_told as (

    select
        evidence.*,
        claim_values.what,
        claim_values.whose,
        claim_values.span,
        claim_values.counted,
        claim_values.source_table,
        claim_values.line_order,
        claim_values.measure as measure_of_row,
        claim_values.basis as basis_of_row,
        readings.area_code,
        readings.comparison_area_code,
        readings.period,
        readings.comparison_period,
        readings.measure,
        readings.basis,
        readings.ranking_level
    from evidence
    inner join readings_told
        on evidence.claim_code = readings_told.claim_code
        and evidence.reading = readings_told.reading
    inner join claim_values
        on evidence.statistic = claim_values.statistic
        and evidence.value_code = claim_values.value_code
    left join readings
        on evidence.claim_code = readings.claim_code
        and evidence.reading = readings.reading
    where
        -- A change between rounded rates has the counts of the same change between the rates themselves.
        not coalesce(readings.is_from_rounded and claim_values.counted is not null, false)
        -- Of the whole area each set of assumptions uses some counts and not others.
        and (
            coalesce(claim_values.whose, '') <> 'whole_area'
            or exists (
                select 1 as is_used
                from assumptions
                where evidence.claim_code = assumptions.claim_code
                    and assumptions.template like '%{' || evidence.value_code || '}%'
            )
        )

),

sets_of_claims as (

    select distinct
        claim_code,
        solution_set
    from assumptions

),

numbers_with_keys as (

    select
        numbers_told.claim_code,
        numbers_told.reading,
        numbers_told.is_reading_used,
        numbers_told.item,
        numbers_told.line_order,
        numbers_told.value_code,
        numbers_told.what,
        case numbers_told.whose
            when 'claimed' then numbers_told.area_code
            when 'comparison' then numbers_told.comparison_area_code
            when 'benchmark' then implied_counts.benchmark_area_code
            else coalesce(counts.area_code, solution_inputs.area_code)
        end as area_code,
        coalesce(
            counts.period,
            cast(solution_inputs.data_year as varchar),
            case numbers_told.span
                when 'period' then numbers_told.period
                when 'comparison_period' then numbers_told.comparison_period
                when 'benchmark_period' then implied_counts.period
            end
        ) as period,
        coalesce(
            numbers_told.measure_of_row,
            case when numbers_told.whose = 'benchmark' then implied_counts.measure end,
            numbers_told.measure
        ) as measure,
        coalesce(
            solution_inputs.basis,
            case when numbers_told.whose = 'benchmark' then implied_counts.basis end,
            numbers_told.basis_of_row,
            numbers_told.basis
        ) as basis,
        case when numbers_told.source_table is not null or numbers_told.whose is null then numbers_told.ranking_level end as ranking_level,
        case
            when numbers_told.counted in ('deaths', 'births', 'rate', 'deaths_at_hand', 'births_at_hand', 'rate_at_hand')
                then counts.source_table
            -- Several areas together, or a whole level, have no row of their own.
            when numbers_told.area_code is not null or numbers_told.reading = 0 then numbers_told.source_table
        end as source_table,
        numbers_told.value,
        numbers_told.lower_95,
        numbers_told.upper_95,
        numbers_told.probability,
        implied_counts.assumption_code
    from numbers_told
    left join counts
        on numbers_told.claim_code = counts.claim_code
        and numbers_told.reading = counts.reading
        and numbers_told.whose = counts.whose
        and numbers_told.span = counts.span
        and numbers_told.item in (0, counts.first_year)
    left join sets_of_claims
        on numbers_told.claim_code = sets_of_claims.claim_code
        and numbers_told.whose = 'whole_area'
    left join solution_inputs
        on sets_of_claims.solution_set = solution_inputs.solution_set
        and numbers_told.span = solution_inputs.side || '_year'
    left join implied_counts
        on numbers_told.claim_code = implied_counts.claim_code
        and numbers_told.reading = 0
        and numbers_told.item = implied_counts.assumption_order

),

sentences_of_assumptions as (

    select
        claim_code,
        item,
        {{ joined_sentences('case when part = 0 then sentence end', 'sentence_order') }} as assumptions,
        {{ joined_sentences('case when part > 0 then sentence end', 'part, sentence_order') }} as finding
    from sentences
    where reading = 0 and item > 0
    group by claim_code, item

),

evidence_published as (

    select
        numbers_with_keys.claim_code,
        cast(row_number() over (
            partition by numbers_with_keys.claim_code
            order by
                case when numbers_with_keys.reading = 0 then 1 else 0 end asc nulls last,
                numbers_with_keys.reading asc nulls last,
                case when numbers_with_keys.reading = 0 then numbers_with_keys.item end asc nulls last,
                numbers_with_keys.line_order asc nulls last,
                numbers_with_keys.item asc nulls last
        ) as integer) as line,
        numbers_with_keys.value_code,
        numbers_with_keys.what,
        numbers_with_keys.reading,
        numbers_with_keys.is_reading_used,
        numbers_with_keys.area_code,
        numbers_with_keys.period,
        numbers_with_keys.measure,
        numbers_with_keys.basis,
        numbers_with_keys.ranking_level,
        numbers_with_keys.source_table,
        numbers_with_keys.value,
        numbers_with_keys.lower_95,
        numbers_with_keys.upper_95,
        numbers_with_keys.probability,
        numbers_worded.words as value_in_words,
        coalesce(assumptions.assumption_code, numbers_with_keys.assumption_code) as assumption_code,
        case when numbers_with_keys.value_code = 'solutions' then assumptions.assumption_name end as assumption_name,
        case when numbers_with_keys.value_code = 'solutions' then sentences_of_assumptions.assumptions end as assumptions,
        case when numbers_with_keys.value_code = 'solutions' then sentences_of_assumptions.finding end as finding
    from numbers_with_keys
    inner join numbers_worded
        on numbers_with_keys.claim_code = numbers_worded.claim_code
        and numbers_with_keys.reading = numbers_worded.reading
        and numbers_with_keys.item = numbers_worded.item
        and numbers_with_keys.value_code = numbers_worded.placeholder
    left join assumptions
        on numbers_with_keys.claim_code = assumptions.claim_code
        and numbers_with_keys.reading = 0
        and numbers_with_keys.item = assumptions.assumption_order
    left join sentences_of_assumptions
        on numbers_with_keys.claim_code = sentences_of_assumptions.claim_code
        and numbers_with_keys.reading = 0
        and numbers_with_keys.item = sentences_of_assumptions.item

)

select * from evidence_published
