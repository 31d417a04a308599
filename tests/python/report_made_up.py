"""A small database of MADE-UP figures in the shape of the published marts, for tests of the report's pages alone.

No figure in it is real and none is worked out by the project's methods: limits, ranks and verdicts are stand-ins that
only have the right shape. Tests that compare pages with figures use the real marts.
"""

import duckdb
import pandas as pd

SCRIPT_NAME = "<script>alert('made up')</script> & \"Sons\""
ENGLAND, ELSEWHERE, WITHOUT_FIGURES = "E92000001", "X", "Z"
AREAS = [
    # code, name, level, lower tier, country, region, ranking levels
    (ENGLAND, "England (made up)", "country", False, ENGLAND, None, ""),
    ("K04000001", "England and Wales (made up)", "england_and_wales", False, None, None, ""),
    ("E12000003", "Northern Region (made up)", "region", False, ENGLAND, "E12000003", "region"),
    ("E12000007", "Southern Region (made up)", "region", False, ENGLAND, "E12000007", "region"),
    ("E08000034", "Kirklees (made up)", "metropolitan_district", True, ENGLAND, "E12000003", "upper_tier lower_tier"),
    ("E08000035", SCRIPT_NAME, "metropolitan_district", True, ENGLAND, "E12000003", "upper_tier lower_tier"),
    ("E09000012+E09000001", "Two Boroughs (made up)", "london_borough", True, ENGLAND, "E12000007", "upper_tier"),
    ("E09000012-E09000001", "Same File Name (made up)", "london_borough", True, ENGLAND, "E12000007", "upper_tier"),
    ("E06000001", "Littleport (made up)", "unitary_authority", True, ENGLAND, "E12000007", "upper_tier lower_tier"),
    ("E06000002", "Withheld (made up)", "unitary_authority", True, ENGLAND, "E12000007", "upper_tier lower_tier"),
    ("E10000001", "Shire (made up)", "county", False, ENGLAND, "E12000007", "upper_tier"),
    ("E07000001", "Shire East (made up)", "non_metropolitan_district", True, ENGLAND, "E12000007", "lower_tier"),
    (ELSEWHERE, "Elsewhere (made up)", "country", False, ELSEWHERE, None, ""),
    ("X1", "Hither (made up)", "ward", False, ELSEWHERE, None, "ward/parish"),
    ("X2", "Thither (made up)", "ward", False, ELSEWHERE, None, "ward/parish"),
    ("X3", "Yon (made up)", "ward", False, ELSEWHERE, None, "ward/parish"),
    (WITHOUT_FIGURES, "The Whole (made up)", "country", False, WITHOUT_FIGURES, None, ""),
    ("Z1", "One Half (made up)", "half", False, WITHOUT_FIGURES, None, "half"),
    ("Z2", "Other Half (made up)", "half", False, WITHOUT_FIGURES, None, "half"),
]
# Made-up points: of two of three wards, and of no other area.
POINTS = {"X1": (1.0, 50.0), "X2": (2.0, 50.0)}
# Levels as the marts have them, two of them no English ones: one with a code that cannot be a file's name, one with a
# benchmark that has no figures of its own.
LEVELS = [
    ("region", "Regions (made up)", "regions", ENGLAND),
    ("upper_tier", "Upper tier (made up)", "upper-tier authorities", ENGLAND),
    ("lower_tier", "Lower tier (made up)", "lower-tier authorities", ENGLAND),
    ("ward/parish", "Wards of Elsewhere (made up)", "wards and parishes", ELSEWHERE),
    ("half", "Halves (made up)", "halves", WITHOUT_FIGURES),
]
PERINATAL = ("Perinatal deaths per 1,000 live births", "Stillbirths and deaths under 7 days", "Live births only")
MEASURES = [
    ("stillbirth", "Stillbirth rate", "Stillbirths", "Live births and stillbirths"),
    ("neonatal", "Neonatal mortality rate", "Deaths under 28 days", "Live births"),
    ("infant", "Infant mortality rate", "Deaths under 1 year", "Live births"),
    ("perinatal_per_1000_live_births", *PERINATAL),
]
SHAPED = """
    numerator, denominator, 1000.0 * numerator / denominator as rate_per_1000,
    1000.0 * greatest(numerator - 1.5 * sqrt(numerator + 1), 0) / denominator as lower_95,
    1000.0 * (numerator + 2.5 * sqrt(numerator + 1)) / denominator as upper_95, status,
    case when numerator < 3 then 'x' when numerator < 20 then 'u' end as reliability_flag,
    case when status <> 'ok' then '[c]' when numerator < 3 then '[x]'
        else format('{:.1f}', 1000.0 * numerator / denominator) end as rate_display, false as is_like_for_like
"""
# The lists above are the tables areas, points, levels and measures here.
DIMENSIONS = {
    "made_up_members": """
        select area_code, unnest(string_split(ranked_in, ' ')) as ranking_level from areas where ranked_in <> ''
    """,
    "marts.dim_ranking_level": """
        select levels.*, (select count(*) from made_up_members where ranking_level = levels.ranking_level) as areas
        from levels
    """,
    "marts.dim_area": f"""
        select area_code, area_name, area_level, is_lower_tier, nullif(split_part(ranked_in, ' ', 1), '') as
            first_ranking_level, benchmark_area_code, null::varchar as county_code, region_code, country_code,
            2022::smallint as last_year, null::integer as deprivation_decile, longitude, latitude
        from areas
        left join points using (area_code)
        left join levels on split_part(ranked_in, ' ', 1) = ranking_level
        union all
        select format('{ENGLAND}_IMD_{{:02d}}', tenth), 'Tenth ' || tenth || ' (made up)', 'deprivation_decile', false,
            null, null, null, null, '{ENGLAND}', 2022, tenth, null, null
        from range(1, 11) as tenths (tenth)
    """,
    "marts.dim_measure": """
        select * exclude (display_order), true as numerator_lies_within_denominator,
            'died, made up' as outcome_singular, 'died, made up' as outcome_plural, display_order
        from measures
    """,
    "made_up_counts": f"""
        with places as (
            select place, area_code, contains(area_code, 'IMD') as is_tenth, area_code like 'K04%' as is_nation
            from with_figures
        ), births as (
            select places.*, year, measure,
                if(year < 2018 and not is_tenth and not is_nation, 'registration', 'occurrence') as basis,
                case area_code when '{ENGLAND}' then 600000 when '{ELSEWHERE}' then 9000 when 'K04000001' then 640000
                    when 'E06000001' then 310 else 3000 + 400 * place end as denominator
            from places
            cross join (select unnest(range(1990, 2023)) as year)
            cross join measures
            where (is_nation or year >= 2010) and (is_nation or is_tenth or year not in (2019, 2021))
        )
        select area_code, year::varchar as period, year::smallint as year, measure, basis,
            if(status = 'ok', round_even(denominator * (4 + place % 5 + (year * 7 + len(measure)) % 4) / 1000, 0), null)
                ::bigint as numerator,
            denominator::bigint as denominator, status
        from births
        cross join lateral (select if(area_code = 'E06000002' and year = 2012, 'suppressed', 'ok') as status)
        where basis = 'registration' or measure not like 'perinatal%'
    """,
    "marts.fct_rates": f"""
        select area_code, period, year as period_start_year, year as period_end_year, 1::smallint as years_in_period,
            measure, basis, {SHAPED}
        from made_up_counts
    """,
    "marts.fct_rolling_rates": f"""
        with windows as (
            select ends.area_code, (ends.year - 2) || '-' || ends.year as period,
                (ends.year - 2)::smallint as period_start_year, ends.year as period_end_year,
                3::smallint as years_in_period, ends.measure, ends.basis,
                sum(parts.numerator)::bigint as numerator, sum(parts.denominator)::bigint as denominator,
                count(*) = 3 as is_complete, if(bool_and(parts.status = 'ok'), 'ok', 'suppressed') as status
            from made_up_counts as ends
            inner join made_up_counts as parts
                on ends.area_code = parts.area_code and ends.measure = parts.measure and ends.basis = parts.basis
                and parts.year between ends.year - 2 and ends.year
            group by all
        )
        select area_code, period, period_start_year, period_end_year, years_in_period, measure, basis, {SHAPED},
            is_complete
        from windows where is_complete
    """,
    "marts.fct_published_rate_checks": """
        select 'reproduced' as outcome, false as is_known_exception, null::varchar as exception_reason
        union all select 'differs', true, 'A made-up exception'
    """,
}
STATISTICS = {
    "fct_rankings": """
        with rates as (
            select * from marts.fct_rates
            union all by name
            select * exclude (is_complete) from marts.fct_rolling_rates where is_complete
        ), placed as (
            select
                rates.*, ranking_level, coalesce(benchmark.rate_per_1000, 5.0e0) as benchmark_rate_per_1000,
                case when rates.rate_per_1000 is not null then rank() over (
                    partition by rates.period, rates.measure, rates.basis, ranking_level
                    order by rates.rate_per_1000 desc nulls last
                ) end as rank_highest_first,
                count(rates.rate_per_1000) over ranking as areas_ranked, count(*) over ranking as areas_in_level
            from rates
            inner join made_up_members using (area_code)
            inner join marts.dim_ranking_level using (ranking_level)
            left join rates as benchmark
                on dim_ranking_level.benchmark_area_code = benchmark.area_code and rates.period = benchmark.period
                and rates.measure = benchmark.measure and rates.basis = benchmark.basis
            window ranking as (partition by rates.period, rates.measure, rates.basis, ranking_level)
        )
        select
            *, greatest(rank_highest_first - areas_ranked // 3, 1) as rank_lower_95,
            least(rank_highest_first + areas_ranked // 3, areas_ranked) as rank_upper_95,
            0.25e0 as probability_worst_tenth,
            case when areas_ranked >= 5 then least(5, 1 + 5 * (rank_highest_first - 1) // areas_ranked) end as quintile,
            case
                when rate_per_1000 > 1.3e0 * benchmark_rate_per_1000 then 'higher'
                when rate_per_1000 < 0.7e0 * benchmark_rate_per_1000 then 'lower' else 'similar'
            end as verdict,
            0.5e0 as probability_above_benchmark,
            'within' as funnel_position, 'within' as funnel_position_adjusted,
            30e0 as posterior_shape, 6e3 as posterior_rate,
            rate_per_1000 as stabilised_rate_per_1000, rate_per_1000 - 1 as stabilised_lower_95,
            rate_per_1000 + 1 as stabilised_upper_95,
            case when rate_per_1000 is null then 'A made-up reason.' end as reason
        from placed
    """,
    "fct_coverage": """
        select
            ranking_level, measure, basis, period, years_in_period, count(rate_per_1000) as areas_with_rate,
            count(*) filter (rate_per_1000 is null and status = 'suppressed') as areas_withheld,
            count(*) filter (rate_per_1000 is null and status <> 'suppressed') as areas_not_published
        from marts.fct_rankings
        group by ranking_level, measure, basis, period, years_in_period
        having count(rate_per_1000) > 0
    """,
    "fct_trends": """
        select area_code, measure, basis, max(period) as last_period, 'no_significant_change' as recent_trend,
            -1.5e0 as annual_percent_change, -4e0 as annual_percent_change_lower_95,
            1e0 as annual_percent_change_upper_95, 0.3e0 as trend_p_value,
            'straight' as trend_shape, 2010 as trend_first_year, null::double as break_year,
            null::double as annual_percent_change_before, null::double as annual_percent_change_before_lower_95,
            null::double as annual_percent_change_before_upper_95, null::double as annual_percent_change_after,
            null::double as annual_percent_change_after_lower_95, null::double as annual_percent_change_after_upper_95
        from marts.fct_rates group by area_code, measure, basis
    """,
    "fct_funnel_limits": """
        select
            period, measure, basis, ranking_level, births, 5.0e0 as target_per_1000, 1.1e0 as overdispersion_phi,
            1.6e0 as overdispersion_phi_rescaled,
            greatest(5 - 140 / sqrt(births), 0) as normal_lower_95, 5 + 140 / sqrt(births) as normal_upper_95,
            greatest(5 - 220 / sqrt(births), 0) as normal_lower_99_8, 5 + 220 / sqrt(births) as normal_upper_99_8,
            normal_lower_95 as adjusted_lower_95, normal_upper_95 + 1 as adjusted_upper_95,
            normal_lower_99_8 as adjusted_lower_99_8, normal_upper_99_8 + 1 as adjusted_upper_99_8
        from (select distinct period, measure, basis, ranking_level from marts.fct_rankings)
        cross join (select unnest(range(200, 8000, 400)) as births)
    """,
    "fct_persistence": """
        select
            area_code, measure, basis, ranking_level, 2010 as first_year, 2017 as last_year, 8 as years_present,
            5 as years_above_benchmark, 0.363e0 as chance_probability, 110 as observed_deaths, 100e0 as expected_deaths,
            10e0 as excess_deaths, -8.5e0 as excess_deaths_lower_95, 30.5e0 as excess_deaths_upper_95,
            1.1e0 as observed_over_expected, 0.9e0 as observed_over_expected_lower_99_8,
            1.3e0 as observed_over_expected_upper_99_8
        from marts.fct_rankings
        group by area_code, measure, basis, ranking_level
    """,
    "fct_detectability": """
        select
            area_code, measure, basis, ranking_level, rate_ratio, 2017 as births_year, 3000 as births_per_year,
            25 as fewest_deaths_of_verdict, 0.1e0 * rate_ratio as chance_of_verdict
        from marts.fct_persistence
        cross join (values (1.2e0), (1.5e0), (2e0)) as ratios (rate_ratio)
    """,
    "fct_forecasts": """
        select
            area_code, measure, basis, ranking_level, 2018 as forecast_year, '2015-2017' as window_period,
            14.4e0 as expected_deaths, 8 as lower_95, 22 as upper_95, 23 as observed_deaths, false as is_inside,
            4.8e0 as expected_rate_per_1000, 2.7e0 as lower_95_per_1000, 7.3e0 as upper_95_per_1000
        from marts.fct_persistence where basis = 'registration'
    """,
    "fct_area_comparisons": """
        select
            made_up_members.area_code, ranking_level, measure, kind, row_number() over (
                partition by made_up_members.area_code, ranking_level, measure, kind order by others.area_code
            ) as rank, '2022' as period, 'occurrence' as basis, others.area_code as compared_area_code,
            0.75e0 as probability_higher, 12.5e0 as distance_km,
            '2019' as deprivation_index, 20.5e0 as deprivation_score, 21.5e0 as compared_deprivation_score
        from made_up_members
        inner join made_up_members as others using (ranking_level)
        cross join marts.dim_measure
        cross join (values ('nearest'), ('alike'), ('same_parent')) as kinds (kind)
        where made_up_members.area_code <> others.area_code
    """,
    "dim_area_lineage": """
        select 'E07000001' as predecessor_code, 'E06000001' as successor_code
    """,
    "fct_rate_changes": """
        select
            area_code, '2012-2014' as from_period, '2015-2017' as to_period, 3 as years_in_period, measure, basis,
            5e0 as from_rate_per_1000, 4.5e0 as to_rate_per_1000, -0.5e0 as difference_per_1000,
            -1e0 as difference_lower_95, 0.2e0 as difference_upper_95
        from marts.fct_trends
    """,
    "fct_combined_area_rankings": """
        select 'pair' as group_code, 'The pair (made up)' as group_name, period, period_end_year, years_in_period,
            measure, basis, ranking_level, 100 as numerator, 20000 as denominator, 5.0e0 as rate_per_1000,
            4.1e0 as lower_95, 6.1e0 as upper_95, null::varchar as reliability_flag, 2 as rank_highest_first,
            5 as areas_ranked, 'Kirklees (made up) (E08000034), A, B (E08000035)' as members,
            false as reveals_small_number, 1 as rank_lower_95, 4 as rank_upper_95
        from (select * from marts.fct_rates where area_code = 'E08000034')
        cross join (select 'upper_tier' as ranking_level)
    """,
    "fct_control_limits": """
        select
            area_code, measure, basis, period, period_end_year, rate_per_1000 as level_per_1000,
            rate_per_1000 - 1 as lower_99_8, rate_per_1000 + 1 as upper_99_8, 0.0042e0 as false_alarm_probability,
            case when period = '2000' then 'high' else 'within' end as control_position,
            rate_per_1000 - 2 as adjusted_lower_99_8, rate_per_1000 + 2 as adjusted_upper_99_8,
            'within' as control_position_adjusted, 1e0 as rate_over_level, 0.9e0 as lower_99_8_over_level,
            1.1e0 as upper_99_8_over_level, 0.8e0 as adjusted_lower_99_8_over_level,
            1.2e0 as adjusted_upper_99_8_over_level
        from marts.fct_rates where area_code like 'K04%'
    """,
    "dim_definition_change": """
        select
            'K04000001' as area_code, measure, 'made_up' as change_code, date '2001-07-01' as change_date,
            2002 as first_year_after, 'Made-up <b>change</b>' as label, 'A made-up <b>change</b>.' as fact,
            'Made-up source' as source
        from marts.dim_measure
    """,
    "fct_deprivation_gradient": """
        select
            period, measure, years_in_period, '2015' as deprivation_index, 2.1e0 as worst_best_ratio,
            1.9e0 as worst_best_ratio_lower_95, 2.4e0 as worst_best_ratio_upper_95, 3.0e0 as slope_index,
            2.5e0 as slope_index_lower_95, 3.5e0 as slope_index_upper_95, 2.4e0 as relative_index
        from marts.fct_rates where area_code like '%_IMD_01'
    """,
    "fct_claim_checks": """
        select 'made_up_rate' as claim_code, 1 as claim_order, 'Made-up source' as source,
            'A made-up rate of 8.4 <b>per</b> 1,000' as claim, '8.4' as published_value, 'per_1000' as unit,
            'equals' as relation, '8.42' as recomputed_display, 'Deaths per 1,000 births' as recomputed_what,
            'reproduced' as verdict, false as is_as_worded, 'Made up: <b>yes</b>.' as answer,
            'Made up: 42 of 5,000.' as explanation, true as is_from_article
        union all
        select 'made_up_unknown', 2, 'Made-up source', 'The highest of all, made up', null, null, null, null, 'A rank',
            'not_checkable', null, 'Made up: not checkable.', 'Made up: the counts are not public.', true
    """,
    "fct_claim_evidence": """
        select * from (
            values
                ('made_up_rate', 1, 'rate', 'Deaths <b>per</b> 1,000 births', 'E08000034', '2014', 'infant',
                    'registration', 'fct_rates', 7.1e0, 9.9e0, 0.03e0, '8.42', null, null, null),
                ('made_up_rate', 2, 'solutions', 'Solutions', null, null, null, null, null, null, null, null, '30',
                    'one', 'with a made-up assumption', 'Made up.'),
                ('made_up_rate', 3, 'solutions', 'Solutions', null, null, null, null, null, null, null, null, '0',
                    'two', 'with another', 'Made up.')
        ) as evidence (
            claim_code, line, value_code, what, area_code, period, measure, basis, source_table, lower_95, upper_95,
            probability, value_in_words, assumption_code, assumption_name, assumptions
        )
    """,
    "fct_claim_solutions": """
        select 'made_up_rate' as claim_code, 'one' as assumption_code, deaths as numerator,
            deaths * 119 + step as denominator
        from (select unnest(range(30, 40)) as deaths), (select unnest(range(0, 3)) as step)
    """,
    "fct_area_summaries": """
        select area_code, measure, max(period) as period, max(basis) as basis,
            'A made-up sentence about ' || any_value(area_name) || '.' as summary
        from marts.fct_rates inner join marts.dim_area using (area_code) group by area_code, measure
    """,
}


def make_database(path):
    """A whole database of made-up figures at `path`; returns the path."""
    tables = {
        "areas": (AREAS, "area_code area_name area_level is_lower_tier country_code region_code ranked_in"),
        "points": ([(code, *point) for code, point in POINTS.items()], "area_code longitude latitude"),
        "levels": (
            [(*level, place) for place, level in enumerate(LEVELS)],
            "ranking_level ranking_level_name areas_in_words benchmark_area_code display_order",
        ),
        "measures": (
            [(*measure, place) for place, measure in enumerate(MEASURES)],
            "measure measure_name numerator_definition denominator_definition display_order",
        ),
    }
    codes = [area[0] for area in AREAS if area[0] != WITHOUT_FIGURES]
    codes += [f"{ENGLAND}_IMD_{tenth:02}" for tenth in range(1, 11)]
    tables["with_figures"] = (enumerate(codes), "place area_code")
    with duckdb.connect(str(path)) as connection:
        for name, (rows, columns) in tables.items():
            connection.register(name, pd.DataFrame(rows, columns=columns.split()))
        connection.execute("create schema marts")
        for table, query in (DIMENSIONS | {f"marts.{name}": query for name, query in STATISTICS.items()}).items():
            connection.execute(f"create table {table} as {query}")
        connection.execute("drop table made_up_members; drop table made_up_counts")
        connection.execute("create macro marts.probability_above(shape, rate, shape_beside, rate_beside) as 0.75e0")
    return path
