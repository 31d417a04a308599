with rates as (

    select * from {{ ref('fct_rates') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}
    where years_in_period = 1

),

trends as (

    select * from {{ ref('fct_trends') }}

),

ranking_levels as (

    select * from {{ ref('dim_ranking_level') }}

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

),

latest_rates as (

    select
        rates_latest_first.area_code,
        rates_latest_first.measure,
        rates_latest_first.period,
        rates_latest_first.basis,
        rates_latest_first.status,
        rates_latest_first.numerator,
        rates_latest_first.denominator,
        rates_latest_first.lower_95,
        rates_latest_first.upper_95,
        rates_latest_first.rate_display,
        areas.area_name,
        measures.measure_name,
        areas.first_ranking_level as ranking_level,
        areas.benchmark_area_code
    from rates_latest_first
    inner join areas on rates_latest_first.area_code = areas.area_code
    inner join measures on rates_latest_first.measure = measures.measure
    where rates_latest_first.place = 1

),

latest_rates_with_findings as (

    select
        latest_rates.*,
        benchmark_rates.rate_display as benchmark_rate_display,
        benchmark_areas.area_name as benchmark_name,
        ranking_levels.areas_in_words,
        rankings.verdict,
        rankings.rank_highest_first,
        rankings.rank_lowest_first,
        rankings.areas_ranked,
        rankings.rank_interval_lower,
        rankings.rank_interval_upper,
        trends.recent_trend,
        trends.trend_first_year,
        trends.trend_p_value,
        trends.annual_percent_change
    from latest_rates
    left join ranking_levels on latest_rates.ranking_level = ranking_levels.ranking_level
    left join areas as benchmark_areas on latest_rates.benchmark_area_code = benchmark_areas.area_code
    left join rates as benchmark_rates
        on latest_rates.benchmark_area_code = benchmark_rates.area_code
        and latest_rates.period = benchmark_rates.period
        and latest_rates.measure = benchmark_rates.measure
        and latest_rates.basis = benchmark_rates.basis
    left join rankings
        on latest_rates.area_code = rankings.area_code
        and latest_rates.period = rankings.period
        and latest_rates.measure = rankings.measure
        and latest_rates.basis = rankings.basis
        and latest_rates.ranking_level = rankings.ranking_level
    left join trends
        on latest_rates.area_code = trends.area_code
        and latest_rates.period = trends.last_period
        and latest_rates.measure = trends.measure
        and latest_rates.basis = trends.basis

),

words as (

    select
        *,
        area_name || ', ' || period || case when basis = 'registration' then ' (by year of registration)' else '' end || ': ' as opening,
        case
            when numerator = 0 then 'no baby '
            when numerator = 1 then '1 baby '
            else {{ with_thousands_commas('numerator') }} || ' babies '
        end
        || case
            when measure in ('early_neonatal', 'neonatal', 'postneonatal', 'infant') then 'died '
            when numerator <= 1 then 'was stillborn'
            else 'were stillborn'
        end
        || case measure
            when 'stillbirth' then ''
            when 'early_neonatal' then 'in the first week of life'
            when 'neonatal' then 'in the first four weeks of life'
            when 'postneonatal' then 'between four weeks of age and the first birthday'
            when 'infant' then 'before the first birthday'
            when 'perinatal' then ' or died in the first week of life'
            when 'perinatal_per_1000_live_births' then ' or died in the first week of life'
            when 'stillbirth_and_neonatal' then ' or died in the first four weeks of life'
            when 'stillbirth_and_neonatal_per_1000_live_births' then ' or died in the first four weeks of life'
        end as deaths_in_words,
        case
            when measure in ('stillbirth', 'perinatal', 'stillbirth_and_neonatal') then 'live births and stillbirths'
            else 'live births'
        end as births_in_words,
        areas_in_words as ranked_among,
        -- Without a tie the places from the two ends add up to one more than there are areas.
        coalesce(rank_highest_first + rank_lowest_first < areas_ranked + 1, false) as is_tied
    from latest_rates_with_findings

),

clauses as (

    select
        *,
        case
            when numerator < 3
                then deaths_in_words || ' among ' || {{ with_thousands_commas('denominator') }} || ' ' || births_in_words
                    || case when numerator = 0 then '.' else ', too few for a reliable rate.' end
            else
                deaths_in_words || ' among ' || {{ with_thousands_commas('denominator') }} || ' ' || births_in_words
                || ', a rate of ' || rate_display || ' per 1,000 (95 % interval '
                || {{ to_one_place('lower_95') }} || ' to ' || {{ to_one_place('upper_95') }}
                || case when numerator < 20 then '; few deaths, so of low reliability).' else ').' end
        end as count_sentence,
        'ranks ' || case when is_tied then 'joint ' else '' end
        || case
            when rank_highest_first = 1 then 'highest'
            when rank_lowest_first = 1 then 'lowest'
            when rank_highest_first <= rank_lowest_first then {{ ordinal_number('rank_highest_first') }} || ' highest'
            else {{ ordinal_number('rank_lowest_first') }} || ' lowest'
        end
        || ' of ' || cast(areas_ranked as varchar) || ' ' || ranked_among
        || case
            when rank_interval_lower is null or rank_interval_upper is null then ''
            when rank_interval_lower = 1 and rank_interval_upper = areas_ranked
                then ' (allowing for chance, it could lie anywhere in that list)'
            when rank_interval_lower = rank_interval_upper then ' (a place that allowing for chance does not change)'
            else
                ' (allowing for chance, anywhere from ' || {{ ordinal_number('rank_interval_lower') }} || ' to '
                || {{ ordinal_number('rank_interval_upper') }} || ' highest)'
        end as rank_clause,
        case
            when verdict = 'higher' then 'is clearly higher than ' || benchmark_name || '''s ' || benchmark_rate_display
            when verdict = 'lower' then 'is clearly lower than ' || benchmark_name || '''s ' || benchmark_rate_display
            when verdict = 'similar' then 'is not clearly different from ' || benchmark_name || '''s ' || benchmark_rate_display
        end as benchmark_clause,
        case
            when recent_trend = 'increasing' then 'has risen over the last five years'
            when recent_trend = 'decreasing' then 'has fallen over the last five years'
            when recent_trend = 'no_significant_change' then 'shows no clear rise or fall over the last five years'
            when trend_p_value < 0.05 and annual_percent_change > 0
                then 'has risen by about ' || {{ to_one_place('annual_percent_change') }} || ' % a year since '
                    || cast(trend_first_year as varchar)
            when trend_p_value < 0.05 and annual_percent_change < 0
                then 'has fallen by about ' || {{ to_one_place('-annual_percent_change') }} || ' % a year since '
                    || cast(trend_first_year as varchar)
            when trend_p_value is not null then 'shows no clear rise or fall since ' || cast(trend_first_year as varchar)
            else 'has too few years or deaths behind it to show a trend'
        end as trend_clause
    from words

),

area_summaries as (

    select
        area_code,
        measure,
        area_name,
        measure_name,
        period,
        basis,
        status,
        ranking_level,
        opening
        || case
            when status = 'ok'
                then count_sentence || ' The rate ' || coalesce(rank_clause || ', ', '') || coalesce(benchmark_clause || ', ', '')
                    || case when rank_clause is not null or benchmark_clause is not null then 'and ' else '' end || trend_clause || '.'
            when status = 'suppressed' then 'the number was not published, to protect the people behind it, so there is no rate.'
            when status = 'missing' then 'the figures were not published, so there is no rate.'
            when status = 'no_births' then 'no births were recorded, so there is no rate.'
            when status = 'invalid' then 'the figures supplied cannot be right, so no rate is given.'
        end as summary
    from clauses

)

select * from area_summaries
