with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1

),

ranked_rates as (

    select * from {{ ref('int_rates_ranked') }}

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}

),

rank_intervals as (

    select * from {{ ref('int_rank_intervals') }}

),

printed_rates as (

    select
        *,
        row_number() over (
            partition by area_code, measure, basis, data_year
            order by publication desc nulls last, source_table desc nulls last, source_line desc nulls last
        ) as place
    from {{ ref('int_printed_rates_recomputed') }}
    where statistic = 'rate'

),

benchmark_comparisons as (

    select * from {{ ref('int_benchmark_comparisons_tested') }}

),

detection_powers as (

    select * from {{ ref('fct_detectability') }}
    where rate_ratio = 1.3

),

recent_trends as (

    select * from {{ ref('int_recent_trends_tested') }}

),

score_trends as (

    select * from {{ ref('int_score_trends') }}
    where series = 'years'

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

    select * from {{ ref('summary_sentences') }}

),

-- A year for which nothing was published about the area comes last, however late it is.
rates_latest_first as (

    select
        *,
        row_number() over (
            partition by area_code, measure
            order by case when status = 'missing' then 1 else 0 end asc, period_end_year desc nulls last, basis asc nulls last
        ) as place
    from rates
    where not is_like_for_like

),

-- The years behind a trend, as people read them.
years_behind as (

    select
        area_code,
        measure,
        basis,
        count(*) as years_in_trend,
        max(case when is_like_for_like then period_end_year end) as last_year_like_for_like,
        case
            when max(period_end_year) - min(period_end_year) + 1 = count(*)
                then cast(min(period_end_year) as varchar) || ' to ' || cast(max(period_end_year) as varchar)
            when count(*) <= 5 then string_agg(cast(period_end_year as varchar), ', ' order by period_end_year asc)
            else cast(min(period_end_year) as varchar) || ' to ' || cast(max(period_end_year) as varchar) || ' with gaps'
        end as years_listed
    from rates
    where status = 'ok'
    group by area_code, measure, basis

),

latest_rates as (

    select
        rates_latest_first.area_code,
        rates_latest_first.measure,
        rates_latest_first.period,
        rates_latest_first.period_end_year,
        rates_latest_first.basis,
        rates_latest_first.status,
        rates_latest_first.numerator,
        rates_latest_first.denominator,
        rates_latest_first.lower_95,
        rates_latest_first.upper_95,
        rates_latest_first.rate_display,
        areas.area_name,
        areas.first_ranking_level as ranking_level,
        measures.measure_name,
        case when rates_latest_first.numerator < 2 then measures.deaths_in_words_singular else measures.deaths_in_words_plural end
            as deaths_in_words,
        measures.births_in_words,
        case when measures.numerator_lies_within_denominator then 'among' else 'for' end as births_preposition
    from rates_latest_first
    inner join areas on rates_latest_first.area_code = areas.area_code
    inner join measures on rates_latest_first.measure = measures.measure
    where rates_latest_first.place = 1

),

latest_rates_with_findings as (

    select
        latest_rates.*,
        ranked_rates.rank_highest_first,
        ranked_rates.rank_lowest_first,
        ranked_rates.areas_ranked,
        -- Which end of the list the area is nearer to: place and interval are both counted from there.
        ranked_rates.rank_highest_first <= ranked_rates.rank_lowest_first as is_nearer_highest,
        ranking_levels.areas_in_words as level_areas,
        rank_intervals.rank_interval_lower,
        rank_intervals.rank_interval_upper,
        benchmark_areas.area_name as benchmark_name,
        {{ rate_display(
            '(rankings.benchmark_numerator - latest_rates.numerator)',
            '(rankings.benchmark_denominator - latest_rates.denominator)',
            "'ok'"
        ) }} as rest_of_benchmark_rate,
        benchmark_comparisons.verdict,
        detection_powers.power_one_year,
        recent_trends.recent_trend,
        years_behind.years_in_trend,
        years_behind.years_listed,
        years_behind.last_year_like_for_like,
        score_trends.trend_p_value,
        score_trends.annual_percent_change,
        printed_rates.printed_rate_text as printed_rate,
        -- Of one or two deaths, and of none, ONS shows no rate: then neither place nor trend is told of.
        latest_rates.status = 'ok' and latest_rates.numerator >= 3 as has_rate
    from latest_rates
    left join ranked_rates
        on latest_rates.area_code = ranked_rates.area_code
        and latest_rates.period = ranked_rates.period
        and latest_rates.measure = ranked_rates.measure
        and latest_rates.basis = ranked_rates.basis
        and latest_rates.ranking_level = ranked_rates.ranking_level
    left join rankings on ranked_rates.ranking_id = rankings.ranking_id
    left join ranking_levels on ranked_rates.ranking_level = ranking_levels.ranking_level
    left join areas as benchmark_areas on rankings.benchmark_area_code = benchmark_areas.area_code
    left join rank_intervals on ranked_rates.ranked_rate_id = rank_intervals.ranked_rate_id
    left join benchmark_comparisons on ranked_rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id
    left join detection_powers
        on latest_rates.area_code = detection_powers.area_code
        and latest_rates.measure = detection_powers.measure
        and latest_rates.basis = detection_powers.basis
        and latest_rates.ranking_level = detection_powers.ranking_level
        and latest_rates.period_end_year = detection_powers.births_year
    left join recent_trends
        on latest_rates.area_code = recent_trends.area_code
        and latest_rates.measure = recent_trends.measure
        and latest_rates.basis = recent_trends.basis
        and latest_rates.period_end_year = recent_trends.last_year
    left join score_trends
        on latest_rates.area_code = score_trends.area_code
        and latest_rates.measure = score_trends.measure
        and latest_rates.basis = score_trends.basis
        and latest_rates.period_end_year = score_trends.end_year
    left join years_behind
        on latest_rates.area_code = years_behind.area_code
        and latest_rates.measure = years_behind.measure
        and latest_rates.basis = years_behind.basis
    left join printed_rates
        on latest_rates.area_code = printed_rates.area_code
        and latest_rates.measure = printed_rates.measure
        and latest_rates.basis = printed_rates.basis
        and latest_rates.period_end_year = printed_rates.data_year
        and printed_rates.place = 1

),

-- Which form of each clause fits; a clause without a form is left out. The words of the forms stand in the seed.
forms_chosen as (

    select
        findings.area_code,
        findings.measure,
        forms.slot,
        forms.form
    from latest_rates_with_findings as findings
    cross join lateral (
        values
        ('opening', findings.basis),
        (
            'count',
            case
                when findings.status = 'missing' and findings.numerator is not null and findings.printed_rate is not null
                    then 'missing_births_with_printed_rate'
                when findings.status = 'missing' and findings.numerator is not null then 'missing_births'
                when findings.status <> 'ok' then findings.status
                when findings.numerator = 0 then 'none'
                when findings.numerator < 3 then 'too_few'
                when findings.numerator < 20 then 'few'
                else 'many'
            end
        ),
        ('rate', case when findings.has_rate then 'ok' end),
        (
            'rank',
            case
                when not findings.has_rate then null
                -- Without a tie the places from the two ends add up to one more than there are areas.
                when findings.rank_highest_first + findings.rank_lowest_first < findings.areas_ranked + 1 then 'joint_'
                else ''
            end
            || case
                when findings.rank_highest_first = 1 then 'highest'
                when findings.rank_lowest_first = 1 then 'lowest'
                when findings.is_nearer_highest then 'from_highest'
                when not findings.is_nearer_highest then 'from_lowest'
            end
        ),
        (
            'rank_interval',
            case
                when not findings.has_rate then null
                when findings.rank_interval_lower = 1 and findings.rank_interval_upper = findings.areas_ranked then 'whole_list'
                when findings.rank_interval_lower = findings.rank_interval_upper then 'one_place'
                when findings.rank_interval_lower < findings.rank_interval_upper and findings.is_nearer_highest
                    then 'several_places_from_highest'
                when findings.rank_interval_lower < findings.rank_interval_upper then 'several_places_from_lowest'
            end
        ),
        (
            'after_rank',
            case
                when findings.has_rate and findings.rank_highest_first is not null and findings.verdict is not null
                    then 'another_finding'
            end
        ),
        ('benchmark', case when findings.has_rate then findings.verdict end),
        (
            'power',
            case
                when not findings.has_rate or coalesce(findings.verdict, '') <> 'similar' then null
                when findings.power_one_year < 0.4 then 'one_year_in_several'
                when findings.power_one_year < 0.95 then 'years_in_ten'
                when findings.power_one_year >= 0.95 then 'nearly_every_year'
                else 'unknown'
            end
        ),
        (
            'before_trend',
            case
                when findings.has_rate and (findings.rank_highest_first is not null or findings.verdict is not null)
                    then 'last_of_several'
            end
        ),
        (
            'trend',
            case
                when not findings.has_rate then null
                when findings.recent_trend is not null then findings.recent_trend
                when findings.trend_p_value < 0.002 and findings.annual_percent_change > 0 then 'long_rise'
                when findings.trend_p_value < 0.002 and findings.annual_percent_change < 0 then 'long_fall'
                when findings.trend_p_value < 0.05 and findings.annual_percent_change > 0 then 'hint_of_rise'
                when findings.trend_p_value < 0.05 and findings.annual_percent_change < 0 then 'hint_of_fall'
                when findings.trend_p_value is not null then 'long_none'
                else 'unknown'
            end
        ),
        (
            -- A long series of which the last five years are told of already.
            'long_trend',
            case
                when not findings.has_rate or findings.recent_trend is null or findings.years_in_trend <= 5 then null
                when findings.trend_p_value < 0.002 and findings.annual_percent_change > 0 then 'long_rise'
                when findings.trend_p_value < 0.002 and findings.annual_percent_change < 0 then 'long_fall'
            end
        ),
        (
            'like_for_like',
            case
                when findings.has_rate
                    and findings.last_year_like_for_like is not null
                    and coalesce(findings.recent_trend, cast(findings.trend_p_value as varchar)) is not null
                    then 'merged'
            end
        ),
        ('end', case when findings.has_rate then 'ok' end)
    ) as forms (slot, form)

),

sentences_chosen as (

    select
        forms_chosen.area_code,
        forms_chosen.measure,
        sentences.sentence_order,
        sentences.template
    from forms_chosen
    inner join sentences
        on forms_chosen.slot = sentences.slot
        and forms_chosen.form = sentences.form

),

texts as (

    select
        findings.area_code,
        findings.measure,
        texts_of_it.placeholder,
        texts_of_it.words
    from latest_rates_with_findings as findings
    cross join lateral (
        values
        ('area_name', findings.area_name),
        ('period', findings.period),
        ('deaths', {{ with_thousands_commas('findings.numerator') }}),
        ('deaths_in_words', findings.deaths_in_words),
        ('births', {{ with_thousands_commas('findings.denominator') }}),
        ('births_in_words', findings.births_in_words),
        ('births_preposition', findings.births_preposition),
        ('measure_name', lower(substr(findings.measure_name, 1, 1)) || substr(findings.measure_name, 2)),
        ('printed_rate', findings.printed_rate),
        ('rate', findings.rate_display),
        ('lower_95', {{ fixed_decimals('findings.lower_95', 1) }}),
        ('upper_95', {{ fixed_decimals('findings.upper_95', 1) }}),
        ('rank_highest_first', {{ ordinal_number('findings.rank_highest_first') }}),
        ('rank_lowest_first', {{ ordinal_number('findings.rank_lowest_first') }}),
        ('areas_ranked', cast(findings.areas_ranked as varchar)),
        ('level_areas', findings.level_areas),
        ('interval_from_highest', {{ ordinal_number('findings.rank_interval_lower') }}),
        ('interval_to_highest', {{ ordinal_number('findings.rank_interval_upper') }}),
        ('interval_from_lowest', {{ ordinal_number('(findings.areas_ranked + 1 - findings.rank_interval_upper)') }}),
        ('interval_to_lowest', {{ ordinal_number('(findings.areas_ranked + 1 - findings.rank_interval_lower)') }}),
        ('benchmark_name', findings.benchmark_name),
        ('rest_of_benchmark_rate', findings.rest_of_benchmark_rate),
        ('years_for_one', cast(cast(round(1e0 / findings.power_one_year) as integer) as varchar)),
        ('years_in_ten', cast(cast(round(10e0 * findings.power_one_year) as integer) as varchar)),
        ('percent_a_year', {{ fixed_decimals('abs(findings.annual_percent_change)', 1) }}),
        ('years_in_trend', cast(findings.years_in_trend as varchar)),
        ('last_year_like_for_like', cast(findings.last_year_like_for_like as varchar)),
        ('years_listed', findings.years_listed),
        ('fifth_last_year', cast(findings.period_end_year - 4 as varchar)),
        ('last_year', cast(findings.period_end_year as varchar))
    ) as texts_of_it (placeholder, words)

),

sentences_filled as (

    {{ filled_templates('sentences_chosen', 'texts', ['area_code', 'measure', 'sentence_order'], ['area_code', 'measure']) }}

),

sentences_joined as (

    select
        area_code,
        measure,
        {{ joined_sentences('sentence', 'sentence_order') }} as summary
    from sentences_filled
    group by area_code, measure

),

area_summaries as (

    select
        latest_rates.area_code,
        latest_rates.measure,
        latest_rates.area_name,
        latest_rates.measure_name,
        latest_rates.period,
        latest_rates.basis,
        latest_rates.status,
        latest_rates.ranking_level,
        sentences_joined.summary
    from latest_rates
    left join sentences_joined
        on latest_rates.area_code = sentences_joined.area_code
        and latest_rates.measure = sentences_joined.measure

)

select * from area_summaries
