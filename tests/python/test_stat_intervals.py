"""Intervals of counts, rates and proportions against scipy, and the seed of exact limits against its script."""

import math

import duckdb
import numpy as np
import pytest
from scipy.stats import chi2, norm
from seeds_read import seed_rows
from sql_macros import ROOT, CompilerError, render_file, render_macro, up_to
from statsmodels.stats.proportion import proportion_confint

from scripts.make_reference_seeds import poisson_limits_csv

LEVELS = {"95": 0.95, "99_8": 0.998}
SEED = ROOT / "seeds/reference/poisson_limits.csv"


def computed(expression: str, rows: list[tuple], columns: str) -> list[tuple]:
    """Return the value of a SQL expression for each row, in order, joined to the seed of exact limits on ``n``."""
    connection = duckdb.connect()
    connection.execute(f"create table given (position integer, {columns})")
    lists = ", ".join(f"unnest(?::{column.split()[1]}[])" for column in columns.split(", "))
    connection.execute(
        f"insert into given select unnest(range(?)), {lists}",
        [len(rows), *(list(values) for values in zip(*rows, strict=True))],
    )
    connection.execute(f"create table poisson_limits as select * from read_csv('{SEED}')")
    return connection.execute(
        f"select {expression} from given left join poisson_limits on n = event_count order by position"
    ).fetchall()


def byar(side: str, count: int, z: float) -> float:
    """Return Byar's limit of a count, in events, written from the formula in METHODS.md."""
    if side == "lower":
        return count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    return (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * math.sqrt(count + 1))) ** 3


def test_seed_of_exact_limits_is_what_the_script_makes():
    """The committed file is byte for byte what scripts/make_reference_seeds.py writes."""
    assert SEED.read_bytes() == poisson_limits_csv().encode()


def test_exact_limits_leave_out_the_stated_probability():
    """Each limit of the seed, put back into the chi-squared distribution, gives the tail it stands for (to 1e-12)."""
    for row in seed_rows("reference/poisson_limits.csv"):
        count = int(row["event_count"])
        for level, confidence in LEVELS.items():
            tail = (1 - confidence) / 2
            assert chi2.sf(2 * float(row[f"upper_{level}"]), 2 * count + 2) == pytest.approx(tail, rel=1e-12) or (
                chi2.cdf(2 * float(row[f"upper_{level}"]), 2 * count + 2) == pytest.approx(tail, rel=1e-12)
            )
            if count == 0:
                assert float(row[f"lower_{level}"]) == 0
            else:
                assert chi2.cdf(2 * float(row[f"lower_{level}"]), 2 * count) == pytest.approx(tail, rel=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_normal_quantile_is_the_double_nearest_to_the_true_one(level):
    """The constant is read as a double and agrees with scipy to the last place or the one beside it."""
    quantile = render_macro("standard_normal_quantile", level)
    kind, value = duckdb.execute(f"select typeof({quantile}), {quantile}").fetchone()
    assert kind == "DOUBLE"
    assert value == pytest.approx(norm.isf((1 - LEVELS[level]) / 2), rel=5e-15)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_count_limits_agree_with_scipy_below_ten_and_with_byar_above(side, level):
    """Exact limits to 1e-9 for n = 0..9, Byar's formula to 1e-12 for n = 10..5,000 and beyond."""
    counts = [*range(5001), 20_000, 250_000]
    limits = computed(
        render_macro("poisson_count_limit", side, level, "n", f"{side}_{level}"),
        [(count,) for count in counts],
        "n bigint",
    )
    tail = (1 - LEVELS[level]) / 2
    z = norm.isf(tail)
    for count, (limit,) in zip(counts, limits, strict=True):
        if count >= 10:
            assert limit == pytest.approx(byar(side, count, z), rel=1e-12)
        elif side == "upper":
            assert limit == pytest.approx(chi2.isf(tail, 2 * count + 2) / 2, rel=1e-9)
        else:
            assert limit == pytest.approx(chi2.ppf(tail, 2 * count) / 2 if count else 0, rel=1e-9, abs=0)


@pytest.mark.parametrize("level", LEVELS)
def test_rate_limits_enclose_the_rate_and_are_null_without_one(level):
    """Limits straddle the rate; no births, no count, no denominator and negative counts give NULL, never an error."""
    rows = [(0, 5000), (1, 5000), (2, 5000), (9, 5000), (10, 5000), (4726, 664_548), (3, 3), (10, 10), (250, 220)]
    without_rate = [(0, 0), (3, 0), (None, 5000), (5, None), (-1, 5000), (5, -10), (-5, -3)]
    lower = render_macro("poisson_rate_limit", "lower", level, "n", "b", f"lower_{level}")
    upper = render_macro("poisson_rate_limit", "upper", level, "n", "b", f"upper_{level}")
    limits = computed(f"{lower}, {upper}", rows + without_rate, "n bigint, b bigint")
    for (count, births), (low, high) in zip(rows, limits, strict=False):
        rate = 1000 * count / births
        assert low < rate < high or (count == 0 and low == 0 < high)
    assert limits[len(rows) :] == [(None, None)] * len(without_rate)
    first = {count: limits[position] for position, (count, _) in enumerate(rows)}
    if level == "95":
        # Deaths that are not all among the births may exceed them.
        assert first[250] == pytest.approx((999.8, 1286.3), abs=0.05)
        assert first[0] == pytest.approx((0, 1000 * 3.688879454113936 / 5000), rel=1e-12)
        exact = (1000 * chi2.ppf(0.025, 2 * 4726) / 2 / 664_548, 1000 * chi2.isf(0.025, 2 * 4727) / 2 / 664_548)
        assert first[4726] == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("level", LEVELS)
def test_wilson_limits_agree_with_statsmodels(level):
    """Both limits agree to 1e-12 over a grid of counts and totals; the lower limit of none is exactly 0."""
    rows = [
        (count, total)
        for total in (1, 2, 7, 40, 999, 5472, 664_548)
        for count in {0, 1, 2, 9, 10, total // 3, total}
        if count <= total
    ]
    lower = render_macro("wilson_limit", "lower", level, "n", "b")
    upper = render_macro("wilson_limit", "upper", level, "n", "b")
    for (count, total), (low, high) in zip(
        rows, computed(f"{lower}, {upper}", rows, "n bigint, b bigint"), strict=True
    ):
        expected = proportion_confint(count, total, alpha=1 - LEVELS[level], method="wilson")
        assert (low, high) == pytest.approx(expected, rel=1e-12, abs=1e-16)
        assert count or low == 0
    no_limit = [(0, 0), (None, 4), (5, 4), (-1, 4), (3, None)]
    assert computed(f"{lower}, {upper}", no_limit, "n bigint, b bigint") == [(None, None)] * len(no_limit)


def test_macros_refuse_a_level_or_side_that_does_not_exist():
    """A misspelt argument stops the compilation with a sentence that names the macro and the argument."""
    with pytest.raises(CompilerError, match=r"standard_normal_quantile: level must be .* not '97'"):
        render_macro("standard_normal_quantile", "97")
    for name in ("poisson_count_limit", "poisson_rate_limit", "wilson_limit"):
        arguments = ["both", "95", "n", "b", "lower_95"][: 4 if name != "poisson_rate_limit" else 5]
        with pytest.raises(CompilerError, match="side must be 'lower' or 'upper', not 'both'"):
            render_macro(name, *arguments)


@pytest.mark.parametrize("confidence", [80, 90, 95, 98, 99, 99.8, "99.9"])
def test_chosen_limits_are_garwoods(confidence):
    """Below ten deaths by scipy's chi-squared quantiles, and the quantile itself, at every confidence to be had."""
    names = {"var": lambda *_: confidence}
    tail = (1 - float(confidence) / 100) / 2
    quantile = float(render_macro("standard_normal_quantile", str(confidence).replace(".", "_")))
    assert quantile == pytest.approx(norm.isf(tail), rel=1e-13)
    connection = duckdb.connect()
    connection.execute(
        "create table int_period_counts as select count as numerator, 1000 as denominator, 'ok' as status "
        "from range(10) as counts (count)"
    )
    connection.execute("create table poisson_limits (event_count bigint)")
    query = up_to("counts_with_chosen_limits", render_file("models/core/int_rates.sql", names))
    rated = f"select event_count, lower_chosen, upper_chosen from ({query}) order by event_count"
    limits = connection.execute(rated).fetchall()
    assert [row[0] for row in limits] == list(range(10))
    for count, lower, upper in limits:
        assert lower == pytest.approx(chi2.ppf(tail, 2 * count) / 2 if count else 0, rel=1e-10)
        assert upper == pytest.approx(chi2.isf(tail, 2 * count + 2) / 2, rel=1e-10)


def test_chosen_limits_of_rates_are_those_of_95_unless_changed(built_database):
    """Columns beside those at 95 %, of the same method."""
    for table in ("fct_rates", "fct_rolling_rates"):
        rows = built_database.execute(f"select * from marts.{table} where status = 'ok'").df()
        assert set(rows.chosen_confidence) == {95}
        np.testing.assert_allclose(rows.lower_chosen, rows.lower_95, rtol=1e-9)
        np.testing.assert_allclose(rows.upper_chosen, rows.upper_95, rtol=1e-9)
