with statements as (

    select * from {{ ref('stg_claims__statements') }}

),

readings as (

    select * from {{ ref('int_claim_readings') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdicts') }}

),

solutions as (

    select * from {{ ref('int_claim_solutions') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

ranking_levels as (

    select * from {{ ref('dim_ranking_level') }}

),

sentences as (

    select * from {{ ref('claim_sentences') }}

),

answers as (

    select * from {{ ref('claim_answers') }}

),

assumption_texts as (

    select * from {{ ref('assumption_texts') }}

),

assumptions as (

    select distinct
        solutions.claim_code,
        solutions.assumption_order,
        assumption_texts.assumption_name,
        assumption_texts.other_side,
        assumption_texts.both_sides,
        assumption_texts.template
    from solutions
    inner join assumption_texts
        on solutions.role = assumption_texts.role
        and solutions.assumption_code = assumption_texts.assumption_code

),

areas_named as (

    select
        readings.claim_code,
        readings.reading,
        string_agg(areas.area_name, ' and ' order by position(areas.area_code in readings.area_codes)) as area_names
    from readings
    inner join areas on ' ' || readings.area_codes || ' ' like '% ' || areas.area_code || ' %'
    group by readings.claim_code, readings.reading

),

-- Each number under its own name, and its limits and its probability under names made of it; then the names of what they are about.
texts as (

    select
        evidence.claim_code,
        evidence.reading,
        evidence.item,
        texts_of_it.placeholder,
        texts_of_it.words
    from evidence
    left join areas on evidence.area_code = areas.area_code
    left join ranking_levels on evidence.ranking_level = ranking_levels.ranking_level
    cross join
        lateral (
            values
            (evidence.value_code, evidence.value_in_words),
            (evidence.value_code || '_lower_95', evidence.lower_95_in_words),
            (evidence.value_code || '_upper_95', evidence.upper_95_in_words),
            (evidence.value_code || '_probability', evidence.probability_in_words),
            (case evidence.value_code when 'window_rate' then 'item_period' end, evidence.period),
            (case evidence.value_code when 'benchmark_rate' then 'compared_with' end, areas.area_name),
            (case evidence.value_code when 'relative_spread' then 'spread_areas' end, ranking_levels.areas_in_words),
            (case evidence.value_code when 'later_live_births' then 'whole_area_name' end, areas.area_name),
            (case evidence.value_code when 'later_live_births' then 'later_year' end, evidence.period),
            (case evidence.value_code when 'earlier_live_births' then 'earlier_year' end, evidence.period)
        ) as texts_of_it (placeholder, words)
    where texts_of_it.placeholder is not null and evidence.line_order is not null
    union all
    select
        readings.claim_code,
        readings.reading,
        0 as item,
        texts_of_it.*
    from readings
    inner join areas_named
        on readings.claim_code = areas_named.claim_code
        and readings.reading = areas_named.reading
    inner join measures on readings.measure = measures.measure
    left join ranking_levels on readings.ranking_level = ranking_levels.ranking_level
    left join areas as benchmarks on ranking_levels.benchmark_area_code = benchmarks.area_code
    cross join
        lateral (
            values
            ('area_names', areas_named.area_names),
            ('basis', readings.basis),
            ('other_basis', case readings.basis when 'registration' then 'occurrence' else 'registration' end),
            ('period', readings.period),
            ('comparison_period', readings.comparison_period),
            ('measure_name', lower(substr(measures.measure_name, 1, 1)) || substr(measures.measure_name, 2)),
            ('deaths_in_words', lower(substr(measures.numerator_definition, 1, 1)) || substr(measures.numerator_definition, 2)),
            ('births_in_words', lower(substr(measures.denominator_definition, 1, 1)) || substr(measures.denominator_definition, 2)),
            ('level_areas', ranking_levels.areas_in_words),
            ('benchmark_name', benchmarks.area_name)
        ) as texts_of_it (placeholder, words)
    union all
    select
        claim_code,
        0 as reading,
        0 as item,
        'remark' as placeholder,
        remark as words
    from statements
    union all
    select
        assumptions.claim_code,
        0 as reading,
        assumptions.assumption_order as item,
        texts_of_it.*
    from assumptions
    cross join
        lateral (
            values
            ('assumption_name', assumptions.assumption_name),
            ('other_side', assumptions.other_side),
            ('both_sides', assumptions.both_sides)
        ) as texts_of_it (placeholder, words)
    union all
    -- What was printed, under the name of its role, is known to every claim of the set.
    select
        own.claim_code,
        0 as reading,
        0 as item,
        printed.role || '_printed' as placeholder,
        statements.published_value as words
    from solution_sets as own
    inner join solution_sets as printed on own.solution_set = printed.solution_set
    inner join statements on printed.claim_code = statements.claim_code

),

places_to_tell as (

    select distinct
        claim_code,
        statistic,
        reading,
        item,
        is_reading_used
    from evidence

),

-- Which sentences fit: those of the statistic whose condition is met. One that lacks a text drops out when it is filled.
sentences_that_fit as (

    select
        places_to_tell.claim_code,
        places_to_tell.reading,
        places_to_tell.item,
        sentences.part,
        sentences.sentence_order,
        sentences.template
    from places_to_tell
    inner join verdicts on places_to_tell.claim_code = verdicts.claim_code
    inner join sentences
        on places_to_tell.statistic = sentences.statistic
        or (sentences.statistic = 'any' and places_to_tell.reading = verdicts.reading)
    left join evidence
        on places_to_tell.claim_code = evidence.claim_code
        and places_to_tell.reading = evidence.reading
        and places_to_tell.item = evidence.item
        and sentences.said_when = evidence.value_code
    where
        case sentences.told_of
            when 'each_reading' then places_to_tell.item = 0
            when 'reading_used' then places_to_tell.item = 0 and places_to_tell.is_reading_used
            when 'each_item' then places_to_tell.item > 0 and places_to_tell.is_reading_used
        end
        and (sentences.said_when is null or (evidence.value = 1) = sentences.is_said_if)
        and (sentences.verdict is null or sentences.verdict = verdicts.verdict)
    union all
    -- The answer stands apart from the explanation, as part -1: the words of the claim itself or, without them, those of any.
    select
        verdicts.claim_code,
        verdicts.reading,
        0 as item,
        -1 as part,
        0 as sentence_order,
        coalesce(own_answers.template, answers_of_any.template) as answer_template
    from verdicts
    inner join answers as answers_of_any
        on verdicts.verdict = answers_of_any.verdict
        and answers_of_any.claim_code = 'any'
    left join answers as own_answers
        on verdicts.claim_code = own_answers.claim_code
        and verdicts.verdict = own_answers.verdict
    union all
    -- The assumptions themselves stand apart, as part 0.
    select
        claim_code,
        0 as reading,
        assumption_order as item,
        0 as part,
        0 as sentence_order,
        template
    from assumptions

),

sentences_numbered as (

    select
        *,
        row_number() over (
            order by
                claim_code asc nulls last, part asc nulls last, reading asc nulls last, item asc nulls last, sentence_order asc nulls last,
                template asc nulls last
        ) as sentence_id
    from sentences_that_fit

),

-- A sentence about a reading or an item may use what is said of the whole.
texts_at_hand as (

    select
        sentences_numbered.sentence_id,
        texts.placeholder,
        texts.words
    from sentences_numbered
    inner join texts
        on sentences_numbered.claim_code = texts.claim_code
        and texts.reading in (0, sentences_numbered.reading)
        and texts.item in (0, sentences_numbered.item)

),

sentences_filled as (

    {{ filled_templates('sentences_numbered', 'texts_at_hand', ['sentence_id'], ['sentence_id']) }}

),

sentences_said as (

    select
        sentences_numbered.claim_code,
        sentences_numbered.reading,
        sentences_numbered.item,
        cast(sentences_numbered.part as smallint) as part,
        cast(sentences_numbered.sentence_order as smallint) as sentence_order,
        sentences_filled.sentence
    from sentences_numbered
    inner join sentences_filled on sentences_numbered.sentence_id = sentences_filled.sentence_id
    where sentences_filled.sentence is not null

)

select * from sentences_said
