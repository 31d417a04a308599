"""Ranks, comparisons, changes and combined areas of the built database against scipy and statsmodels."""

import duckdb
import numpy as np
import pytest
from scipy.stats import binom, binomtest, rankdata
from sql_macros import render_file, render_macro
from statsmodels.stats.multitest import multipletests
from test_stat_posteriors import posteriors, rank_of, spread

RANKINGS = [
    ("infant", "registration", "2014", "upper_tier"),
    ("perinatal_per_1000_live_births", "registration", "2014-2016", "lower_tier"),
    ("stillbirth_and_neonatal", "occurrence", "2022", "region"),
    ("postneonatal", "occurrence", "2020", "upper_tier"),
    ("neonatal", "registration", "2012-2014", "region"),
    ("infant", "registration", "2014", "welsh_unitary_authority"),
    ("infant", "registration", "2013", "scottish_council_area"),
]


def ranking(connection, table: str, key: tuple[str, str, str, str]):
    """The rows of one ranking that have a rate, ordered by area."""
    return connection.execute(
        f"""select * from marts.{table}
        where measure = ? and basis = ? and period = ? and ranking_level = ? and rate_per_1000 is not null
        order by area_code""",
        key,
    ).df()


def upper_tails(counts: np.ndarray, births: np.ndarray) -> np.ndarray:
    """Matrix of P(X_i >= x_i | x_i + x_j), areas by areas; 1 where the two have no events."""
    totals = counts[:, None] + counts[None, :]
    shares = births[:, None] / (births[:, None] + births[None, :])
    return np.where(totals == 0, 1.0, binom.sf(counts[:, None] - 1, totals, shares))


def holm_rejections(p_values: np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """Holm's step-down on each row of p-values, all rows at once: which hypotheses are rejected (rows by tests)."""
    tests = p_values.shape[1]
    order = np.argsort(p_values, axis=1, kind="stable")
    passed = np.take_along_axis(p_values, order, axis=1) <= alpha / (tests - np.arange(tests))
    rejected = np.empty_like(passed)
    np.put_along_axis(rejected, order, np.logical_and.accumulate(passed, axis=1), axis=1)
    return rejected


@pytest.mark.parametrize("key", RANKINGS)
def test_pairwise_rank_intervals_agree_with_holm(published, key):
    """All 2(p - 1) hypotheses of every area, without any shortcut; Holm's own steps beside statsmodels' for some."""
    measure, basis, period, level = key
    rows = published.execute(
        """select ranks.*, rankings.numerator, rankings.denominator
        from marts.pairwise_rank_intervals(?, ?, ?, ?) as ranks
        inner join marts.fct_rankings as rankings using (area_code)
        where ranking_level = ? and period = ? and measure = ? and basis = ? order by area_code""",
        [level, period, measure, basis] * 2,
    ).df()
    counts, births = rows.numerator.to_numpy(float), rows.denominator.to_numpy(float)
    areas = len(rows)
    assert areas >= 9 and rows.reason.isna().all()
    tails = upper_tails(counts, births)
    others = ~np.eye(areas, dtype=bool)
    # "not higher than j" by the area's own upper tail; "j not higher than it" by the other's.
    above, below = tails[others].reshape(areas, -1), tails.T[others].reshape(areas, -1)
    rejected = holm_rejections(np.concatenate([above, below], axis=1))
    for area in range(0, areas, max(1, areas // 7)):
        by_statsmodels = multipletests(np.concatenate([above[area], below[area]]), alpha=0.05, method="holm")[0]
        assert (rejected[area] == by_statsmodels).all()
    assert (rows.rank_interval_lower == 1 + rejected[:, areas - 1 :].sum(axis=1)).all()
    assert (rows.rank_interval_upper == areas - rejected[:, : areas - 1].sum(axis=1)).all()
    assert (rows.rank_pairwise_lower == 1 + (below <= 0.025).sum(axis=1)).all()
    assert (rows.rank_pairwise_upper == areas - (above <= 0.025).sum(axis=1)).all()


def test_holm_steps_down_and_stops_at_the_first_failure():
    """Of eight hypotheses the bars are 0.05/8, 0.05/7, 0.05/6, 0.05/5, of two 0.05/2.

    A p-value on the bar passes; after a failure nothing does. Who differs from nobody may have any place.
    """
    connection = duckdb.connect()
    connection.execute(
        """create table rates as
        select number as ranked_rate_id, case when number <= 5 then 5 else 2 end as areas_ranked
        from generate_series(1, 8) as numbers(number)"""
    )
    connection.execute(
        """create table hypotheses as
        with pairs as (
            select * from (values
                (1, 2, 5, 0.001e0), (1, 3, 5, 0.007e0), (1, 4, 5, 0.0071e0), (1, 5, 5, 0.01e0), (4, 3, 5, 0.0251e0),
                (6, 7, 2, 0.025e0)
            ) as pairs(higher, lower, areas_ranked, p_value)
        )
        select higher as ranked_rate_id, 1 as is_other_lower, areas_ranked, p_value from pairs
        union all
        select lower, 0, areas_ranked, p_value from pairs"""
    )
    query = render_macro("rank_intervals", "rates", "hypotheses", "ranked_rate_id")
    assert connection.execute(
        f"""select ranked_rate_id, areas_higher_holm, areas_lower_holm, rank_interval_lower, rank_interval_upper,
            rank_pairwise_lower, rank_pairwise_upper
        from ({query}) as intervals order by ranked_rate_id"""
    ).fetchall() == [
        (1, 0, 4, 1, 1, 1, 1),
        (2, 1, 0, 2, 5, 2, 5),
        (3, 0, 0, 1, 5, 2, 5),
        (4, 0, 0, 1, 5, 2, 5),
        (5, 0, 0, 1, 5, 2, 5),
        (6, 0, 1, 1, 1, 1, 1),
        (7, 1, 0, 2, 2, 2, 2),
        (8, 0, 0, 1, 2, 1, 2),
    ]


@pytest.mark.parametrize(("question", "reason"), [
    (("tier", "2014", "infant", "registration"), "No level is called tier (dim_ranking_level)."),
    (("region", "2014", "infants", "registration"), "No measure is called infants (dim_measure)."),
    (("region", "2014", "infant", "birth"), "The basis is registration or occurrence."),
    (("region", "2099", "infant", "occurrence"), "No areas are ranked in 2099 on this basis."),
])  # fmt: skip
def test_pairwise_rank_intervals_say_why_there_are_none(published, question, reason):
    found = published.execute("select * from marts.pairwise_rank_intervals(?, ?, ?, ?)", question).fetchall()
    assert found == [(None,) * 6 + (reason,)]


@pytest.mark.parametrize("key", RANKINGS)
def test_places_agree_with_scipy(built_database, key):
    rows = ranking(built_database, "fct_rankings", key)
    rates = 1000 * rows.numerator / rows.denominator
    assert rows.rank_highest_first.tolist() == rankdata(-rates, method="min").tolist()
    assert rows.rank_lowest_first.tolist() == rankdata(rates, method="min").tolist()
    assert set(rows.areas_ranked) == {len(rows)}


@pytest.mark.parametrize("key", RANKINGS)
def test_exact_tests_against_the_rest_of_the_benchmark_agree_with_scipy_and_statsmodels(built_database, key):
    rows = ranking(built_database, "fct_rankings", key)
    measure, basis, period, level = key
    benchmark = built_database.execute(
        """select numerator, denominator
        from (select * from marts.fct_rates union all by name select * from marts.fct_rolling_rates)
        where measure = ? and basis = ? and period = ?
            and area_code = (select benchmark_area_code from marts.dim_ranking_level where ranking_level = ?)""",
        [measure, basis, period, level],
    ).fetchone()
    counts, births = rows.numerator.to_numpy(float), rows.denominator.to_numpy(float)
    shares = births / benchmark[1]
    smaller = np.minimum(binom.cdf(counts, benchmark[0], shares), binom.sf(counts - 1, benchmark[0], shares))
    p_values = np.minimum(1, 2 * smaller)
    assert rows.exact_p_value.to_numpy() == pytest.approx(p_values, rel=1e-9)
    assert rows.fdr_q_value.to_numpy() == pytest.approx(multipletests(p_values, method="fdr_bh")[1], rel=1e-9)


def compared(rows: list[tuple]):
    """Run the formulas of fct_rate_changes on (deaths, births, lower, upper) of two periods a row."""
    values = ", ".join(
        f"('2013', '2014', {n1}, {n2}, {b1}, {b2}, {1000 * n1 / b1!r}::double, {1000 * n2 / b2!r}::double, "
        f"{l1!r}::double, {l2!r}::double, {u1!r}::double, {u2!r}::double, 'ok', 'ok')"
        for (n1, b1, l1, u1), (n2, b2, l2, u2) in rows
    )
    columns = ", ".join(
        f"{side}_{column}"
        for column in ("period", "numerator", "denominator", "rate_per_1000", "lower_95", "upper_95", "status")
        for side in ("from", "to")
    )
    relation = f"(select * from (values {values}) as given({columns})) as pairs"
    return duckdb.execute(render_macro("rate_change_steps", relation)).df()


def test_overlapping_intervals_can_hide_a_change():
    """100 deaths in 30,000 births against 140 in 30,000: the intervals overlap, and the exact test gives 0.012."""
    limits = ", ".join(
        render_macro("poisson_rate_limit", side, "95", "n", "30000", "0e0") for side in ("lower", "upper")
    )
    rate_limits = duckdb.execute(
        f"select n, 30000, {limits} from (values (100), (140)) as given(n) order by n"
    ).fetchall()
    (row,) = compared([tuple(rate_limits)]).to_dict("records")
    assert row["intervals_overlap"]
    assert row["exact_p_value"] == pytest.approx(binomtest(140, 240, 0.5).pvalue, rel=1e-10)
    assert row["exact_p_value"] == pytest.approx(0.012, abs=5e-4)
    assert row["mid_p_value"] == pytest.approx(2 * (binom.sf(140, 240, 0.5) + binom.pmf(140, 240, 0.5) / 2), rel=1e-10)
    assert row["percent_change"] == pytest.approx(40)
    # 3.333 prints as 3.3 and 4.667 as 4.7.
    assert row["percent_change_from_rounded"] == pytest.approx(100 * 1.4 / 3.3, rel=1e-12)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ((23, 5472), (32, 5658)),
        ((3, 900), (1, 1100)),
        ((0, 400), (4, 380)),
        ((7, 500), (0, 520)),
        ((880, 61_000), (911, 59_000)),
    ],
)
def test_interval_of_the_ratio_is_the_conditional_score_interval(earlier, later):
    """Each limit is the ratio at which the score test of the later deaths among all of them gives z = 1.96."""
    (row,) = compared([((*earlier, 0.0, 9.0), (*later, 0.0, 9.0))]).to_dict("records")
    lower, upper = row["rate_ratio_lower_95"], row["rate_ratio_upper_95"]
    total = earlier[0] + later[0]

    def score(ratio: float) -> float:
        share = ratio * later[1] / (ratio * later[1] + earlier[1])
        return abs(later[0] - total * share) / np.sqrt(total * share * (1 - share))

    if later[0] == 0:
        assert lower == 0
    else:
        assert score(lower) == pytest.approx(1.959963984540054, rel=1e-8)
    if earlier[0] == 0:
        assert np.isnan(upper), "NULL: a ratio to no deaths has no upper end"
    else:
        assert score(upper) == pytest.approx(1.959963984540054, rel=1e-8)


def test_changes_in_the_database_agree_with_scipy(built_database):
    rows = built_database.execute(
        """select * from marts.fct_rate_changes
        where from_rate_per_1000 is not null and to_rate_per_1000 is not null
            and from_numerator + to_numerator between 1 and 20000"""
    ).df()
    assert len(rows) > 10_000
    totals = rows.from_numerator + rows.to_numerator
    share = rows.to_denominator / (rows.from_denominator + rows.to_denominator)
    smaller = np.minimum(binom.cdf(rows.to_numerator, totals, share), binom.sf(rows.to_numerator - 1, totals, share))
    assert rows.exact_p_value.to_numpy() == pytest.approx(np.asarray(np.minimum(1, 2 * smaller)), rel=1e-9)
    mid = np.minimum(1, 2 * (smaller - binom.pmf(rows.to_numerator, totals, share) / 2))
    assert rows.mid_p_value.to_numpy() == pytest.approx(np.asarray(mid), rel=1e-8)


def test_any_two_periods_can_be_compared(built_database):
    """The table macro gives the row of fct_rate_changes for consecutive periods, and a row where none stands there."""
    columns = "area_code, from_period, to_period, difference_per_1000, rate_ratio_lower_95, exact_p_value, reason"
    stored = built_database.execute(
        f"""select {columns} from marts.fct_rate_changes
        where area_code = 'E08000034' and measure = 'infant' and basis = 'registration' and from_period = '2013'"""
    ).fetchall()
    asked = f"select {columns} from marts.rate_change('E08000034', 'infant', 'registration', ?, ?)"
    assert built_database.execute(asked, ["2013", "2014"]).fetchall() == stored
    assert len(stored) == 1
    (across_a_gap,) = built_database.execute(asked, ["2010", "2016"]).fetchall()
    assert across_a_gap[:3] == ("E08000034", "2010", "2016") and across_a_gap[5] is not None
    (unknown,) = built_database.execute(asked, ["2013", "2099"]).fetchall()
    assert unknown[3:6] == (None, None, None) and unknown[6].endswith("2099.")


def group_rank(group, inside, others) -> tuple[int, int]:
    """The range of ranks of a group, highest first; rows of its members and of the other areas."""
    deaths = np.concatenate([inside.numerator, others.numerator]).astype(float)
    births = np.concatenate([inside.denominator, others.denominator]).astype(float)
    mean, weights = spread(deaths, births)
    shape, rate = posteriors(
        np.append(group.numerator, others.numerator.to_numpy(float)),
        np.append(group.denominator, others.denominator.to_numpy(float)),
        mean,
        weights,
    )
    _, lower, upper, *_ = rank_of(0, shape, rate)
    return lower, upper


def test_combined_areas_are_ranked_among_the_rest(built_database):
    """Every group's place, size and range of ranks, worked out again from the rankings with its members left out."""
    members = built_database.execute("select group_code, member_area_code from seeds.area_groups").df()
    groups = built_database.execute(
        """select * from marts.fct_combined_area_rankings
        where status = 'ok' and period in ('2014', '2012-2014', '2022') and measure in ('infant', 'stillbirth')"""
    ).df()
    assert groups.group_code.nunique() >= 10
    for group in groups.itertuples():
        left_out = set(members.member_area_code[members.group_code == group.group_code])
        others = ranking(
            built_database, "fct_rankings", (group.measure, group.basis, group.period, group.ranking_level)
        )
        inside = others[others.area_code.isin(left_out)]
        others = others[~others.area_code.isin(left_out)]
        assert (group.numerator, group.denominator) == (inside.numerator.sum(), inside.denominator.sum())
        assert group.areas_ranked == len(others) + 1
        assert group.rank_highest_first == 1 + (others.rate_per_1000 > group.rate_per_1000).sum()
        # By the posteriors of the group and of the others; the spread is that of the whole table.
        rank = group_rank(group, inside, others)
        assert abs(group.rank_lower_95 - rank[0]) <= 2 and abs(group.rank_upper_95 - rank[1]) <= 2, group


def test_commissioning_groups_without_figures_give_no_rows_and_no_error(built_database):
    assert built_database.execute(
        "select count(*) from marts.fct_combined_area_rankings where group_code = 'kirklees_commissioning_groups'"
    ).fetchone() == (0,)


def test_any_list_of_areas_can_be_added_up(built_database):
    """The sum of the two rows; a code listed twice counts once; an area without the period says missing."""
    ask = (
        "select basis, status, numerator, denominator, areas_found from marts.combined_area_rate({}, '2014', 'infant')"
    )
    two = built_database.execute(ask.format("['E08000033', 'E08000034', 'E08000034']")).fetchall()
    added = built_database.execute(
        """select sum(numerator), sum(denominator) from marts.fct_rates
        where area_code in ('E08000033', 'E08000034') and period = '2014' and measure = 'infant'"""
    ).fetchone()
    assert two == [("registration", "ok", *added, 2)]
    assert built_database.execute(ask.format("['E08000034', 'E38000064']")).fetchall() == [
        ("registration", "missing", None, None, 1)
    ]


def test_an_area_alone_has_its_own_limits(built_database):
    """The macro holds the exact limits of fewer than ten deaths itself: they are those of the rates, digit by digit."""
    columns = "numerator, rate_per_1000, lower_95, upper_95, lower_99_8, upper_99_8"
    own = built_database.execute(
        f"""select distinct on (numerator) area_code, {columns} from marts.fct_rates
        where period = '2014' and measure = 'infant' and basis = 'registration' and status = 'ok' and numerator <= 10
        order by numerator, area_code"""
    ).fetchall()
    assert [row[1] for row in own] == list(range(11))
    for area_code, *limits in own:
        ask = f"select {columns} from marts.combined_area_rate([?], '2014', 'infant') where basis = 'registration'"
        assert built_database.execute(ask, [area_code]).fetchone() == tuple(limits)


def faults_of(groups: list[tuple[str, str, str]]) -> str:
    """The sentences with which the test area_groups_are_well_formed stops the build; empty where it does not."""
    connection = duckdb.connect()
    connection.execute("create table area_groups (group_code varchar, group_name varchar, member_area_code varchar)")
    connection.executemany("insert into area_groups values (?, ?, ?)", groups)
    connection.execute(
        """create table areas as select * from (values
            ('E12000003', null, 'E12000003', 'E92000001'), ('E11000006', null, 'E12000003', 'E92000001'),
            ('E08000034', 'E11000006', 'E12000003', 'E92000001'), ('E08000035', 'E11000006', 'E12000003', 'E92000001'),
            ('E09000012', null, 'E12000007', 'E92000001'), ('E09000012+E09000001', null, 'E12000007', 'E92000001'),
            ('E38000064', null, null, 'E92000001')
        ) as areas(area_code, county_code, region_code, country_code)"""
    )
    query = render_file("tests/dbt/area_groups_are_well_formed.sql", {"fail_with_sentences": lambda query: query})
    query = query[query.index("with members") :].replace("stg_areas__groups", "area_groups")
    return "\n".join(fault for (fault,) in connection.execute(query.replace("stg_areas__areas", "areas")).fetchall())


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["E08000034", "E08000035", "E38000064"], ""),
        (["E08000034", "E99999999"], "group g has a member that is not in dim_area: E99999999"),
        (["E08000034", "E08000034"], "group g lists E08000034 2 times"),
        (["E11000006", "E08000034"], "group g counts E08000034 twice: by itself and within E11000006"),
        (["E12000003", "E11000006"], "group g counts E11000006 twice: by itself and within E12000003"),
        (
            ["E09000012", "E09000012+E09000001"],
            "group g counts E09000012 twice: by itself and within E09000012+E09000001",
        ),
    ],
)
def test_groups_that_cannot_be_added_up_stop_the_build(members, expected):
    message = faults_of([("g", "G", member) for member in members])
    assert message == (f"seeds/scenarios/area_groups.csv: {expected}" if expected else "")


def test_a_group_with_two_names_stops_the_build():
    assert "group g has more than one name: G, Other" in faults_of(
        [("g", "G", "E08000034"), ("g", "Other", "E08000035")]
    )
