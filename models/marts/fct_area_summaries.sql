{%- set ordinals = {
    'rank_highest_first': 'findings.rank_highest_first',
    'rank_lowest_first': 'findings.rank_lowest_first',
    'interval_from_highest': 'findings.rank_interval_lower',
    'interval_to_highest': 'findings.rank_interval_upper',
    'interval_from_lowest': '(findings.areas_ranked + 1 - findings.rank_interval_upper)',
    'interval_to_lowest': '(findings.areas_ranked + 1 - findings.rank_interval_lower)',
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

detectability as (

    select * from {{ ref('fct_detectability') }}
    where rate_ratio = 1.3

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
        rates_latest_first.rate_per_1000,
        rates_latest_first.lower_95,
        rates_latest_first.upper_95,
        rates_latest_first.reliability_flag,
        rates_latest_first.rate_display,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        areas.first_ranking_level as ranking_level,
        measures.measure_name,
        measures.display_order,
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
        rankings.rank_highest_first,
        rankings.rank_lowest_first,
        rankings.areas_ranked,
        -- Which end of the list the area is nearer to: rank and interval are both counted from there.
        rankings.rank_highest_first <= rankings.rank_lowest_first as is_nearer_highest,
        ranking_levels.areas_in_words as level_areas,
        rankings.rank_interval_lower,
        rankings.rank_interval_upper,
        rankings.probability_worst_tenth,
        rankings.benchmark_area_code,
        benchmark_areas.area_name as benchmark_name,
        rankings.benchmark_rate_per_1000,
        rankings.rest_of_benchmark_rate_per_1000,
        rankings.verdict,
        rankings.exact_p_value,
        rankings.fdr_q_value,
        rankings.reason,
        detectability.power_one_year,
        trends.recent_trend,
        -- Without five years there is no recent trend to tell of, and the long one is told.
        nullif(trends.recent_trend, 'cannot_be_calculated') as recent_trend_told,
        trends.trend_p_value,
        trends.annual_percent_change,
        years_behind.years_in_trend,
        years_behind.years_listed,
        years_behind.last_year_like_for_like,
        case printed_rates.printed_decimals
            {% for decimals in range(3) -%}
            when {{ decimals }} then {{ fixed_decimals('printed_rates.printed_rate', decimals) }}
            {% endfor -%}
        end as printed_rate,
        -- Of one or two deaths, and of none, ONS shows no rate: then neither rank nor trend is told of.
        latest_rates.status = 'ok' and latest_rates.numerator >= 3 as has_rate
    from latest_rates
    left join rankings
        on latest_rates.area_code = rankings.area_code
        and latest_rates.period = rankings.period
        and latest_rates.measure = rankings.measure
        and latest_rates.basis = rankings.basis
        and latest_rates.ranking_level = rankings.ranking_level
    left join ranking_levels on rankings.ranking_level = ranking_levels.ranking_level
    left join areas as benchmark_areas on rankings.benchmark_area_code = benchmark_areas.area_code
    left join detectability
        on latest_rates.area_code = detectability.area_code
        and latest_rates.measure = detectability.measure
        and latest_rates.basis = detectability.basis
        and latest_rates.ranking_level = detectability.ranking_level
        and latest_rates.period_end_year = detectability.births_year
    left join trends
        on latest_rates.area_code = trends.area_code
        and latest_rates.measure = trends.measure
        and latest_rates.basis = trends.basis
        and latest_rates.period = trends.last_period
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
                -- Where the benchmark had next to no deaths, no number of years is worth naming.
                when findings.power_one_year < 0.001 then 'unknown'
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
                when findings.recent_trend_told is not null then findings.recent_trend_told
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
                when not findings.has_rate or findings.recent_trend_told is null or findings.years_in_trend <= 5 then null
                when findings.trend_p_value < 0.002 and findings.annual_percent_change > 0 then 'long_rise'
                when findings.trend_p_value < 0.002 and findings.annual_percent_change < 0 then 'long_fall'
            end
        ),
        (
            'like_for_like',
            case
                when findings.has_rate
                    and findings.last_year_like_for_like is not null
                    and coalesce(findings.recent_trend_told, cast(findings.trend_p_value as varchar)) is not null
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
        ('areas_ranked', cast(findings.areas_ranked as varchar)),
        ('level_areas', findings.level_areas),
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
        ('benchmark_name', findings.benchmark_name),
        ('rest_of_benchmark_rate', {{ fixed_decimals('findings.rest_of_benchmark_rate_per_1000', 1) }}),
        ('years_for_one', cast(cast(round(1e0 / greatest(findings.power_one_year, 0.001e0)) as integer) as varchar)),
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
        findings.rank_interval_lower,
        findings.rank_interval_upper,
        findings.probability_worst_tenth,
        findings.benchmark_area_code,
        findings.benchmark_rate_per_1000,
        findings.rest_of_benchmark_rate_per_1000,
        findings.verdict,
        findings.exact_p_value,
        findings.fdr_q_value,
        findings.recent_trend,
        findings.reason,
        sentences_joined.summary
    from latest_rates_with_findings as findings
    left join sentences_joined
        on findings.area_code = sentences_joined.area_code
        and findings.measure = sentences_joined.measure

)

select * from area_summaries
