"""A small database of MADE-UP figures in the shape of the published marts, for tests of the report's pages alone.

No figure in it is real and none is worked out by the project's methods: limits, ranks and verdicts are stand-ins
that only
have the right shape. Tests that compare pages with figures use the real marts.
"""

import duckdb

SCRIPT_NAME = "<script>alert('made up')</script> & \"Sons\""
AREAS = [
    # code, name, level, lower tier, upper tier, region
    ("E92000001", "England (made up)", "country", False, False, None),
    ("K04000001", "England and Wales (made up)", "england_and_wales", False, False, None),
    ("E12000003", "Northern Region (made up)", "region", False, False, "E12000003"),
    ("E12000007", "Southern Region (made up)", "region", False, False, "E12000007"),
    ("E08000034", "Kirklees (made up)", "metropolitan_district", True, True, "E12000003"),
    ("E08000035", SCRIPT_NAME, "metropolitan_district", True, True, "E12000003"),
    ("E09000012+E09000001", "Two Boroughs (made up)", "london_borough", True, True, "E12000007"),
    ("E09000012-E09000001", "Same File Name (made up)", "london_borough", True, True, "E12000007"),
    ("E06000001", "Littleport (made up)", "unitary_authority", True, True, "E12000007"),
    ("E06000002", "Withheld (made up)", "unitary_authority", True, True, "E12000007"),
    ("E10000001", "Shire (made up)", "county", False, True, "E12000007"),
    ("E07000001", "Shire East (made up)", "non_metropolitan_district", True, False, "E12000007"),
]
MEASURES = [
    ("stillbirth", "Stillbirth rate", "Stillbirths", "Live births and stillbirths"),
    ("neonatal", "Neonatal mortality rate", "Deaths under 28 days", "Live births"),
    ("infant", "Infant mortality rate", "Deaths under 1 year", "Live births"),
    (
        "perinatal_per_1000_live_births",
        "Perinatal deaths per 1,000 live births",
        "Stillbirths and deaths under 7 days",
        "Live births only",
    ),
]


def make_rates(connection):
    """Fill dim_area, dim_measure, fct_rates, fct_rolling_rates and fct_published_rate_checks with made-up rows."""
    execute = connection.execute
    execute("create schema marts")
    execute(
        """
        create table marts.dim_area (
            area_code varchar, area_name varchar, area_level varchar, is_lower_tier boolean, is_upper_tier boolean,
            region_code varchar, region_name varchar, imd_2015_score double
        )
        """
    )
    names = {code: name for code, name, *_ in AREAS}
    connection.executemany(
        "insert into marts.dim_area values (?, ?, ?, ?, ?, ?, ?, 20)", [(*area, names.get(area[5])) for area in AREAS]
    )
    connection.executemany(
        "insert into marts.dim_area values (?, ?, 'deprivation_decile', false, false, null, null, null)",
        [(f"E92000001_IMD_{tenth:02}", f"Tenth {tenth} (made up)") for tenth in range(1, 11)],
    )
    execute(
        """
        create table marts.dim_measure (
            measure varchar, measure_name varchar, numerator_definition varchar, denominator_definition varchar,
            display_order integer
        )
        """
    )
    connection.executemany(
        "insert into marts.dim_measure values (?, ?, ?, ?, ?)", [(*row, place) for place, row in enumerate(MEASURES)]
    )
    rows = []
    for place, code in enumerate([area[0] for area in AREAS] + [f"E92000001_IMD_{tenth:02}" for tenth in range(1, 11)]):
        for measure, *_ in MEASURES:
            for year in range(1990, 2023) if code.startswith("K04") else range(2010, 2023):
                basis = (
                    "registration" if year < 2018 and "IMD" not in code and not code.startswith("K04") else "occurrence"
                )
                if basis == "occurrence" and measure.startswith("perinatal"):
                    continue
                if year in (2019, 2021) and "IMD" not in code and not code.startswith("K04"):
                    continue
                births = {"E92000001": 600_000, "K04000001": 640_000, "E06000001": 310}.get(code, 3_000 + 400 * place)
                deaths = round(births * (4 + place % 5 + (year * 7 + len(measure)) % 4) / 1000)
                status = "suppressed" if code == "E06000002" and year == 2012 else "ok"
                rows.append((code, str(year), year, measure, basis, None if status != "ok" else deaths, births, status))
    execute(
        """
        create table made_up_counts (
            area_code varchar, period varchar, year smallint, measure varchar, basis varchar, numerator bigint,
            denominator bigint, status varchar
        )
        """
    )
    connection.executemany("insert into made_up_counts values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    shaped = """
        numerator, denominator, 1000.0 * numerator / denominator as rate_per_1000,
        1000.0 * greatest(numerator - 1.5 * sqrt(numerator + 1), 0) / denominator as lower_95,
        1000.0 * (numerator + 2.5 * sqrt(numerator + 1)) / denominator as upper_95, status,
        case when numerator < 3 then 'x' when numerator < 20 then 'u' end as reliability_flag,
        case when status <> 'ok' then '[c]' when numerator < 3 then '[x]'
            else format('{:.1f}', 1000.0 * numerator / denominator) end as rate_display
    """
    execute(
        f"""
        create table marts.fct_rates as
        select area_code, period, year as period_start_year, year as period_end_year, 1::smallint as years_in_period,
            measure, basis,
            {shaped}
        from made_up_counts
        """
    )
    execute(
        f"""
        create table marts.fct_rolling_rates as
        with windows as (
            select ends.area_code, (ends.year - 2) || '-' || ends.year as period, (ends.year - 2)::smallint as
                period_start_year,
                ends.year as period_end_year, 3::smallint as years_in_period, ends.measure, ends.basis,
                sum(parts.numerator)::bigint as numerator, sum(parts.denominator)::bigint as denominator, count(*) =
                3 as is_complete,
                case when bool_and(parts.status = 'ok') then 'ok' else 'suppressed' end as status
            from made_up_counts as ends
            inner join made_up_counts as parts
                on ends.area_code = parts.area_code and ends.measure = parts.measure and ends.basis = parts.basis
                and parts.year between ends.year - 2 and ends.year
            group by all
        )
        select area_code, period, period_start_year, period_end_year, years_in_period, measure, basis, {shaped},
            is_complete
        from windows where is_complete
        """
    )
    execute(
        """
        create table marts.fct_published_rate_checks as
        select 'reproduced' as outcome, false as is_known_exception, null::varchar as exception_reason
        union all select 'differs', true, 'A made-up exception'
        """
    )
    execute("drop table made_up_counts")


STATISTICS = {
    "fct_rankings": """
        with ranked as (
            select rates.area_code, period, period_start_year, years_in_period, measure, basis, level.ranking_level,
                rates.status, rate_per_1000, numerator, denominator
            from (
                select * exclude (lower_95, upper_95) from marts.fct_rates
                union all by name select * exclude (lower_95, upper_95) from marts.fct_rolling_rates
                where is_complete and years_in_period = 3
            ) as rates
            inner join marts.dim_area using (area_code)
            inner join (
                select area_code as code, 'upper_tier' as ranking_level from marts.dim_area where is_upper_tier
                union all select area_code, 'lower_tier' from marts.dim_area where is_lower_tier
                union all select area_code, 'region' from marts.dim_area where area_level = 'region'
            ) as level on rates.area_code = level.code
        ), placed as (
            select *, case when rate_per_1000 is not null then rank() over (partition by period, measure, basis,
                ranking_level
                order by rate_per_1000 desc nulls last) end as rank_highest_first,
                count(rate_per_1000) over (partition by period, measure, basis, ranking_level) as areas_ranked
            from ranked
        )
        select area_code, period, period_start_year, years_in_period, measure, basis, ranking_level, status, numerator,
            denominator, rate_per_1000, rank_highest_first, areas_ranked,
            greatest(rank_highest_first - areas_ranked // 3, 1) as rank_interval_lower,
            least(rank_highest_first + areas_ranked // 3, areas_ranked) as rank_interval_upper,
            case when period = '2022' then 0.25 end as probability_worst_tenth
        from placed
    """,
    "fct_england_comparisons": """
        select rankings.area_code, rankings.period, rankings.measure, rankings.basis, ranking_level,
            england.rate_per_1000 as england_rate_per_1000, england.rate_per_1000 as rest_of_england_rate_per_1000,
            case when rankings.rate_per_1000 > 1.3 * england.rate_per_1000 then 'higher'
                when rankings.rate_per_1000 < 0.7 * england.rate_per_1000 then 'lower' else 'similar' end as verdict,
            verdict as verdict_interval, verdict as verdict_two_level, 0.2 as exact_p_value, 0.6 as fdr_q_value, 1.0
            as holm_p_value
        from marts.fct_rankings as rankings
        left join (
            select * exclude (lower_95, upper_95) from marts.fct_rates
            union all by name select * exclude (lower_95, upper_95) from marts.fct_rolling_rates
        ) as england
            on england.area_code = 'E92000001' and england.measure = rankings.measure and england.basis = rankings.basis
            and england.period = rankings.period
    """,
    "fct_trends": """
        select area_code, measure, basis, max(period) as last_period, 'no_significant_change' as recent_trend,
            -1.5 as annual_percent_change, 0.3 as trend_p_value, null::varchar as reason
        from marts.fct_rates group by area_code, measure, basis
    """,
    "fct_funnel_points": """
        select area_code, period, measure, basis, ranking_level, 'within' as position_exact, 'within' as
            position_adjusted
        from marts.fct_rankings where rate_per_1000 is not null
    """,
    "fct_funnel_limits": """
        select period, measure, basis, ranking_level, births, 5.0 as target_rate_per_1000, 1.1 as overdispersion_phi,
            0.0 as tau_squared, greatest(5 - 140 / sqrt(births), 0) as exact_lower_95, 5 + 140 / sqrt(births) as
            exact_upper_95,
            greatest(5 - 220 / sqrt(births), 0) as exact_lower_99_8, 5 + 220 / sqrt(births) as exact_upper_99_8,
            exact_lower_95 as adjusted_lower_95, exact_upper_95 + 1 as adjusted_upper_95,
            exact_lower_99_8 as adjusted_lower_99_8, exact_upper_99_8 + 1 as adjusted_upper_99_8
        from (select distinct period, measure, basis, ranking_level from marts.fct_rankings)
        cross join (select unnest(range(200, 8000, 400)) as births)
    """,
    "fct_stabilised_rates": """
        select area_code, period, measure, basis, ranking_level, rate_per_1000 as stabilised_rate_per_1000,
            rate_per_1000 - 1 as stabilised_lower_95, rate_per_1000 + 1 as stabilised_upper_95, 0.5 as weight
        from marts.fct_rankings where rate_per_1000 is not null
    """,
    "fct_persistence": """
        select area_code, measure, basis, ranking_level, 8 as years_present, 5 as years_above_england, 0.363 as
            chance_probability,
            1.1 as smr, 0.9 as smr_lower_99_8, 1.3 as smr_upper_99_8
        from marts.fct_rankings group by area_code, measure, basis, ranking_level
    """,
    "fct_combined_area_rankings": """
        select 'pair' as group_code, 'The pair (made up)' as group_name, period, period_end_year, years_in_period,
            measure, basis, ranking_level, 100 as numerator, 20000 as denominator, 5.0 as rate_per_1000,
            4.1 as lower_95, 6.1 as upper_95, null::varchar as reliability_flag, 2 as rank_highest_first,
            5 as areas_ranked, 'Kirklees (made up) (E08000034), A, B (E08000035)' as members,
            false as reveals_small_number, 1 as rank_interval_lower, 4 as rank_interval_upper
        from (select * from marts.fct_rates where area_code = 'E08000034')
        cross join (select 'upper_tier' as ranking_level)
    """,
    "fct_deprivation_gradient": """
        select period, measure, 2.1 as worst_best_ratio, 3.0 as slope_index, 2.4 as relative_index
        from marts.fct_rates where area_code = 'E92000001_IMD_01'
    """,
    "fct_claim_checks": """
        select 'made_up_rate' as claim_code, 1 as claim_order, 'Made-up source' as source,
            'A made-up rate of 8.4 <b>per</b> 1,000' as claim, '8.4' as published_value, 'per_1000' as unit,
            'equals' as relation, '8.42' as recomputed_display, 'Deaths per 1,000 births' as recomputed_value_meaning,
            'reproduced' as verdict, 'Made up: 42 of 5,000.' as explanation, 'select 1 < 2' as evidence
        union all
        select 'made_up_unknown', 2, 'Made-up source', 'The highest of all, made up', null, null, null, null, null,
            'not_checkable', 'Made up: the counts are not public.', null
    """,
    "fct_claim_assumptions": """
        select 'made_up_rate' as claim_code, 'one' as assumption_code, 1 as assumption_order,
            'with a made-up assumption' as assumption_name, 'Made up.' as assumptions, '30 solutions' as finding
        union all
        select 'made_up_rate', 'two', 2, 'with another', 'Made up.', 'no whole numbers fit'
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


def add_statistics(connection):
    """Make those of STATISTICS that the database does not hold yet, from its rates; each is a stand-in of the right
    shape."""
    held = {
        row[0]
        for row in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
    }
    for table, query in STATISTICS.items():
        if table not in held:
            connection.execute(f"create table marts.{table} as {query}")


def make_database(path):
    """A whole database of made-up figures at `path`; returns the path."""
    connection = duckdb.connect(str(path))
    make_rates(connection)
    add_statistics(connection)
    connection.close()
    return path
