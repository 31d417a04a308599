with published_figures as (

    select * from {{ ref('stg_published__published_figures') }}

),

readings as (

    select * from {{ ref('int_claim_readings_listed') }}

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}

),

evidence as (

    select * from {{ ref('int_claim_evidence_gathered') }}

),

numbers_worded as (

    select * from {{ ref('int_claim_numbers_worded') }}

),

claims_judged as (

    select * from {{ ref('int_claims_judged') }}

),

solution_sets as (

    select * from {{ ref('claim_solution_sets') }}

),

implied_counts as (

    select * from {{ ref('int_claim_implied_counts_found') }}

),

solution_inputs as (

    select * from {{ ref('int_claim_solution_inputs_gathered') }}

),

assumptions as (

    select * from {{ ref('stg_claims__assumptions') }}

),

areas as (

    select * from {{ ref('int_areas_known') }}

),

measures as (

    select * from {{ ref('measures') }}

),

ranking_levels as (

    select * from {{ ref('ranking_levels') }}

),

sentences as (

    select * from {{ ref('claim_sentences') }}

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

texts as (

    select * from numbers_worded
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
    from published_figures
    union all
    select
        claim_code,
        reading,
        first_year as item,
        'item_period' as placeholder,
        period as words
    from counts
    where whose = 'claimed' and span = 'period_window'
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
    select distinct
        assumptions.claim_code,
        0 as reading,
        0 as item,
        printed.role || '_printed' as placeholder,
        published_figures.published_value as words
    from assumptions
    inner join assumptions as printed on assumptions.solution_set = printed.solution_set
    inner join published_figures on printed.claim_code = published_figures.claim_code
    union all
    -- Of counts that are solved for, whose they are and what they are compared with.
    select distinct
        implied_counts.claim_code,
        0 as reading,
        0 as item,
        texts_of_it.*
    from implied_counts
    inner join areas_named
        on implied_counts.claim_code = areas_named.claim_code
        and areas_named.reading = 1
    left join areas on implied_counts.benchmark_area_code = areas.area_code
    cross join
        lateral (
            values
            ('area_told_of', areas_named.area_names),
            ('compared_with', areas.area_name)
        ) as texts_of_it (placeholder, words)
    union all
    -- The statement that ranks a group has no assumptions of its own, but what was printed is known to it too.
    select
        ranks.claim_code,
        0 as reading,
        0 as item,
        printed.role || '_printed' as placeholder,
        published_figures.published_value as words
    from solution_sets as ranks
    inner join solution_sets as printed
        on ranks.solution_set = printed.solution_set
        and ranks.role = 'group_rank'
    inner join published_figures on printed.claim_code = published_figures.claim_code
    union all
    select distinct
        assumptions.claim_code,
        0 as reading,
        0 as item,
        texts_of_it.*
    from assumptions
    inner join solution_inputs on assumptions.solution_set = solution_inputs.solution_set
    inner join areas on solution_inputs.area_code = areas.area_code
    cross join lateral (
        values
        ('whole_area_name', areas.area_name),
        (solution_inputs.side || '_year', cast(solution_inputs.data_year as varchar))
    ) as texts_of_it (placeholder, words)

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
    inner join claims_judged on places_to_tell.claim_code = claims_judged.claim_code
    inner join sentences
        on places_to_tell.statistic = sentences.statistic
        or (sentences.statistic = 'any' and places_to_tell.reading = claims_judged.reading)
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
        and (sentences.verdict is null or sentences.verdict = claims_judged.verdict)
    union all
    -- The assumptions themselves stand apart from the explanation, as part 0.
    select
        places_to_tell.claim_code,
        places_to_tell.reading,
        places_to_tell.item,
        0 as part,
        0 as sentence_order,
        assumptions.template
    from places_to_tell
    inner join assumptions
        on places_to_tell.claim_code = assumptions.claim_code
        and places_to_tell.item = assumptions.assumption_order
        and places_to_tell.reading = 0

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
