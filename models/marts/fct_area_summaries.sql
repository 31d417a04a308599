{#- Words of a summary, at most: it has to fit on a card. -#}
{%- set most_words = 45 -%}
{#- A rank counted from the nearer end of the list. -#}
{%- set ordinals = {
    'first_from_highest': 'findings.rank_lower_95',
    'last_from_highest': 'findings.rank_upper_95',
    'first_from_lowest': '(findings.areas_ranked + 1 - findings.rank_upper_95)',
    'last_from_lowest': '(findings.areas_ranked + 1 - findings.rank_lower_95)',
} -%}
with rates as (

    select * from {{ ref('fct_rates') }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

printed_rates as (

    select
        *,
        row_number() over (
            partition by area_code, measure, basis, data_year
            order by publication desc nulls last, source_table desc nulls last
        ) as place
    from {{ ref('fct_published_rate_checks') }}
    where statistic = 'rate'

),

persistence as (

    select * from {{ ref('fct_persistence') }}

),

trends as (

    select * from {{ ref('fct_trends') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

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

years_like_for_like as (

    select
        area_code,
        measure,
        basis,
        max(period_end_year) as last_year_like_for_like
    from rates
    where status = 'ok' and is_like_for_like
    group by area_code, measure, basis

),

-- The years that fct_persistence adds up, as people read them.
years_beside_benchmark as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        period_end_year,
        row_number() over series as place,
        case
            when row_number() over series = 1 then ''
            when lead(period_end_year) over series is null then ' and '
            else ', '
        end || cast(period_end_year as varchar) as year_with_joint
    from rankings
    where years_in_period = 1 and exact_p_value is not null
    window series as (partition by area_code, measure, basis, ranking_level order by period_end_year asc nulls last)

),

years_pooled as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        count(*) as years,
        case
            when max(period_end_year) - min(period_end_year) + 1 = count(*) and count(*) > 2
                then cast(min(period_end_year) as varchar) || ' to ' || cast(max(period_end_year) as varchar)
            -- An aggregate in order takes far more memory.
            when count(*) <= 4
                then
                    concat(
                        max(case when place = 1 then year_with_joint end),
                        max(case when place = 2 then year_with_joint end),
                        max(case when place = 3 then year_with_joint end),
                        max(case when place = 4 then year_with_joint end)
                    )
            else cast(count(*) as varchar) || ' years from ' || cast(min(period_end_year) as varchar) || ' to '
                || cast(max(period_end_year) as varchar)
        end as years_listed
    from years_beside_benchmark
    group by area_code, measure, basis, ranking_level

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
        rates_latest_first.rate_per_1000,
        rates_latest_first.lower_95,
        rates_latest_first.upper_95,
        rates_latest_first.reliability_flag,
        rates_latest_first.rate_display,
        rates_latest_first.is_from_two_sources,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        areas.first_ranking_level as ranking_level,
        measures.measure_name,
        measures.display_order,
        measures.numerator_lies_within_denominator,
        measures.outcome_singular,
        measures.outcome_plural,
        measures.outcome_short
    from rates_latest_first
    inner join areas on rates_latest_first.area_code = areas.area_code
    inner join measures on rates_latest_first.measure = measures.measure
    where rates_latest_first.place = 1

),

latest_rates_with_findings as (

    select
        latest_rates.*,
        rankings.rank_highest_first,
        rankings.areas_ranked,
        rankings.rank_lower_95,
        rankings.rank_upper_95,
        rankings.rank_lower_95 - 1 <= rankings.areas_ranked - rankings.rank_upper_95 as is_nearer_highest,
        rankings.probability_worst_tenth,
        rankings.benchmark_area_code,
        benchmark_areas.area_name as benchmark_name,
        rankings.benchmark_rate_per_1000,
        rankings.probability_above_benchmark,
        rankings.verdict,
        rankings.reason,
        trends.recent_trend,
        trends.trend_p_value,
        trends.trend_shape,
        trends.trend_first_year,
        trends.annual_percent_change,
        trends.break_year,
        {%- for part in ['before', 'after'] %}
        trends.annual_percent_change_{{ part }},
        trends.annual_percent_change_{{ part }}_lower_95,
        trends.annual_percent_change_{{ part }}_upper_95,
        {%- endfor %}
        years_like_for_like.last_year_like_for_like,
        case when years_pooled.years > 1 then years_pooled.years_listed end as pooled_period,
        case when years_pooled.years > 1 then persistence.observed_deaths end as pooled_deaths,
        case when years_pooled.years > 1 then persistence.expected_deaths end as pooled_expected_deaths,
        case printed_rates.printed_decimals
            {% for decimals in range(3) -%}
            when {{ decimals }} then {{ fixed_decimals('printed_rates.printed_rate', decimals) }}
            {% endfor -%}
        end as printed_rate,
        -- Of fewer than three deaths ONS shows no rate. Fewer than ten that are neither clearly more nor clearly fewer than expected are
        -- too few to say anything.
        latest_rates.numerator >= 3 as shows_rate,
        latest_rates.numerator < 10 and coalesce(rankings.verdict, '') = 'similar' as is_too_few
    from latest_rates
    left join rankings
        on latest_rates.area_code = rankings.area_code
        and latest_rates.period = rankings.period
        and latest_rates.measure = rankings.measure
        and latest_rates.basis = rankings.basis
        and latest_rates.ranking_level = rankings.ranking_level
    left join areas as benchmark_areas on rankings.benchmark_area_code = benchmark_areas.area_code
    left join trends
        on latest_rates.area_code = trends.area_code
        and latest_rates.measure = trends.measure
        and latest_rates.basis = trends.basis
        and latest_rates.period = trends.last_period
    left join years_like_for_like
        on latest_rates.area_code = years_like_for_like.area_code
        and latest_rates.measure = years_like_for_like.measure
        and latest_rates.basis = years_like_for_like.basis
    left join years_pooled
        on latest_rates.area_code = years_pooled.area_code
        and latest_rates.measure = years_pooled.measure
        and latest_rates.basis = years_pooled.basis
        and latest_rates.ranking_level = years_pooled.ranking_level
    left join persistence
        on latest_rates.area_code = persistence.area_code
        and latest_rates.measure = persistence.measure
        and latest_rates.basis = persistence.basis
        and latest_rates.ranking_level = persistence.ranking_level
    left join printed_rates
        on latest_rates.area_code = printed_rates.area_code
        and latest_rates.measure = printed_rates.measure
        and latest_rates.basis = printed_rates.basis
        and latest_rates.period_end_year = printed_rates.data_year
        and printed_rates.place = 1

),

-- Which form of each sentence fits; one without a form is left out. The words of the forms are in the seed.
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
                when not findings.numerator_lies_within_denominator then 'beside'
                when findings.numerator = 0 then 'none'
                else 'part'
            end
        ),
        (
            'after_count',
            case
                when findings.status <> 'ok' then null
                when findings.is_too_few and findings.numerator = 0 then 'too_few_births'
                when findings.is_too_few then 'too_few'
                when findings.shows_rate then 'rate'
                else 'no_rate'
            end
        ),
        ('sources', case when findings.status = 'ok' and findings.is_from_two_sources then 'two' end),
        ('verdict', case when findings.status = 'ok' and not findings.is_too_few then findings.verdict end),
        (
            'rank',
            case
                when not findings.shows_rate or findings.is_too_few
                    or 2 * (findings.rank_upper_95 - findings.rank_lower_95 + 1) >= findings.areas_ranked then null
                when findings.rank_upper_95 = 1 then 'highest'
                when findings.rank_lower_95 = findings.areas_ranked then 'lowest'
                when findings.rank_lower_95 is not null
                    then
                        case when findings.rank_lower_95 = findings.rank_upper_95 then 'one' else 'range' end
                        || case when findings.is_nearer_highest then '_from_highest' else '_from_lowest' end
            end
        ),
        ('pooled', case when findings.status = 'ok' and findings.pooled_expected_deaths >= 0.05e0 then 'several_years' end),
        (
            'trend',
            case
                when findings.status <> 'ok' or not findings.shows_rate then null
                -- A line that does not fit is not told.
                when findings.trend_shape = 'one_break' then 'one_break'
                when findings.trend_shape = 'straight' and findings.trend_p_value < 0.002 and findings.annual_percent_change > 0
                    then 'long_rise'
                when findings.trend_shape = 'straight' and findings.trend_p_value < 0.002 and findings.annual_percent_change < 0
                    then 'long_fall'
                else findings.recent_trend
            end
        )
    ) as forms (slot, form)

),

sentences_chosen as (

    select
        forms_chosen.area_code,
        forms_chosen.measure,
        sentences.sentence_order,
        sentences.priority,
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
        ('deaths', case when findings.numerator = 0 then 'no' else {{ with_thousands_commas('findings.numerator') }} end),
        ('babies', case when findings.numerator = 1 then 'baby' else 'babies' end),
        ('outcome', case when findings.numerator = 1 then findings.outcome_singular else findings.outcome_plural end),
        ('births', {{ with_thousands_commas('findings.denominator') }}),
        ('babies_born', case when findings.denominator = 1 then 'baby' else 'babies' end),
        ('measure_name', lower(substr(findings.measure_name, 1, 1)) || substr(findings.measure_name, 2)),
        ('printed_rate', findings.printed_rate),
        ('rate', findings.rate_display),
        ('lower_95', {{ fixed_decimals('findings.lower_95', 1) }}),
        ('upper_95', {{ fixed_decimals('findings.upper_95', 1) }}),
        ('benchmark_name', findings.benchmark_name),
        ('benchmark_possessive', findings.benchmark_name || case when findings.benchmark_name like '%s' then '''' else '''s' end),
        ('benchmark_rate', {{ fixed_decimals('findings.benchmark_rate_per_1000', 1) }}),
        ('areas_ranked', cast(findings.areas_ranked as varchar)),
        -- 1st, 2nd, 3rd, 4th; 11th, 12th, 13th; 21st; 111th.
        {% for placeholder, number in ordinals.items() -%}
        (
            '{{ placeholder }}',
            cast({{ number }} as varchar) || case
                when mod({{ number }}, 100) between 11 and 13 then 'th'
                when mod({{ number }}, 10) = 1 then 'st'
                when mod({{ number }}, 10) = 2 then 'nd'
                when mod({{ number }}, 10) = 3 then 'rd'
                else 'th'
            end
        ),
        {% endfor -%}
        ('pooled_years', findings.pooled_period),
        ('pooled_deaths', case when findings.pooled_deaths = 0 then 'no' else {{ with_thousands_commas('findings.pooled_deaths') }} end),
        ('pooled_babies', case when findings.pooled_deaths = 1 then 'baby' else 'babies' end),
        (
            'pooled_outcome',
            case when findings.pooled_deaths = 1 then replace(findings.outcome_short, 'were', 'was') else findings.outcome_short end
        ),
        (
            'pooled_expected',
            case
                when findings.pooled_expected_deaths < 10e0 then {{ fixed_decimals('findings.pooled_expected_deaths', 1) }}
                else {{ with_thousands_commas('cast(round(findings.pooled_expected_deaths) as bigint)') }}
            end
        ),
        ('percent_a_year', {{ fixed_decimals('abs(findings.annual_percent_change)', 1) }}),
        ('trend_first_year', cast(findings.trend_first_year as varchar)),
        ('break_year', cast(cast(round(findings.break_year) as integer) as varchar)),
        {% for part in ['before', 'after'] -%}
        (
            'change_{{ part }}',
            case
                when findings.annual_percent_change_{{ part }}_upper_95 < 0e0
                    then 'fell by ' || {{ fixed_decimals('abs(findings.annual_percent_change_' ~ part ~ ')', 1) }} || ' % a year'
                when findings.annual_percent_change_{{ part }}_lower_95 > 0e0
                    then 'rose by ' || {{ fixed_decimals('abs(findings.annual_percent_change_' ~ part ~ ')', 1) }} || ' % a year'
                else 'hardly changed'
            end
        ),
        {% endfor -%}
        ('last_year', cast(findings.period_end_year as varchar)),
        (
            'counted_together',
            coalesce(', until ' || cast(findings.last_year_like_for_like as varchar) || ' with the areas that became it', '')
        )
    ) as texts_of_it (placeholder, words)

),

sentences_filled as (

    {{ filled_templates(
        'sentences_chosen', 'texts', ['area_code', 'measure', 'sentence_order', 'priority'], ['area_code', 'measure']
    ) | indent(4) }}

),

sentences_measured as (

    select
        *,
        length(sentence) - length(replace(sentence, ' ', '')) + 1 as words
    from sentences_filled
    where sentence is not null

),

-- What matters less is left out where it would be too many words.
words_said_2 as (

    select
        area_code,
        measure,
        {%- for priority in range(3, 6) %}
        sum(case when priority = {{ priority }} then words else 0 end) as words_{{ priority }},
        {%- endfor %}
        sum(case when priority <= 2 then words else 0 end) as words_said
    from sentences_measured
    group by area_code, measure

),
{% for priority in range(3, 6) %}
words_said_{{ priority }} as (

    select
        area_code,
        measure,
        words_3,
        words_4,
        words_5,
        {%- for earlier in range(3, priority) %}
        is_said_{{ earlier }},
        {%- endfor %}
        words_said + words_{{ priority }} <= {{ most_words }} as is_said_{{ priority }},
        words_said + case when words_said + words_{{ priority }} <= {{ most_words }} then words_{{ priority }} else 0 end as words_said
    from words_said_{{ priority - 1 }}

),
{% endfor %}
sentences_joined as (

    select
        sentences_measured.area_code,
        sentences_measured.measure,
        {{ joined_sentences('sentences_measured.sentence', 'sentences_measured.sentence_order') }} as summary
    from sentences_measured
    inner join words_said_5
        on sentences_measured.area_code = words_said_5.area_code
        and sentences_measured.measure = words_said_5.measure
    where case sentences_measured.priority
            when 3 then words_said_5.is_said_3
            when 4 then words_said_5.is_said_4
            when 5 then words_said_5.is_said_5
            else true
        end
    group by sentences_measured.area_code, sentences_measured.measure

),

area_summaries as (

    select
        findings.area_code,
        findings.measure,
        findings.area_name,
        findings.area_level,
        findings.region_name,
        findings.measure_name,
        findings.display_order,
        findings.period,
        findings.basis,
        findings.status,
        findings.numerator,
        findings.denominator,
        findings.rate_per_1000,
        findings.lower_95,
        findings.upper_95,
        findings.reliability_flag,
        findings.rate_display,
        findings.ranking_level,
        findings.rank_highest_first,
        findings.areas_ranked,
        findings.rank_lower_95,
        findings.rank_upper_95,
        findings.probability_worst_tenth,
        findings.benchmark_area_code,
        findings.benchmark_rate_per_1000,
        findings.probability_above_benchmark,
        findings.verdict,
        findings.recent_trend,
        findings.pooled_period,
        findings.pooled_deaths,
        findings.pooled_expected_deaths,
        findings.reason,
        sentences_joined.summary
    from latest_rates_with_findings as findings
    inner join sentences_joined
        on findings.area_code = sentences_joined.area_code
        and findings.measure = sentences_joined.measure

)

select * from area_summaries
