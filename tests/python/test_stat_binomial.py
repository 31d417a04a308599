"""Binomial tails in plain SQL arithmetic against scipy, and the bound that spares most pairs the exact test."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from sql_macros import render_macro

TOTALS = [1, 2, 3, 5, 7, 8, 9, 12, 16, 20, 40, 80, 150, 300, 600, 1200, 2500, 5000, 10_000, 20_000]
SHARES = [*np.geomspace(1e-4, 0.5, 25), 0.6, 0.75, 0.9, 0.99, 0.999]
DISTANCES = [-30, -15, -8, -4, -2.5, -1.9, -1, -0.5, 0, 0.5, 1, 1.9, 2.5, 4, 8, 15, 30]


@pytest.fixture(scope="module")
def grid() -> pd.DataFrame:
    """Counts at many distances from the mean: event_count, total_count, births_share."""
    rows = {
        (
            float(min(max(round(total * share + distance * math.sqrt(total * share * (1 - share))), 0), total)),
            total,
            share,
        )
        for total in TOTALS
        for share in SHARES
        for distance in DISTANCES
    }
    frame = pd.DataFrame(sorted(rows), columns=["event_count", "total_count", "births_share"])
    return frame.astype(float)


def answered(query: str, **relations: pd.DataFrame) -> pd.DataFrame:
    """The answer of DuckDB to a query on the frames given by name."""
    connection = duckdb.connect()
    for name, frame in relations.items():
        connection.register(name, frame)
    return connection.execute(query).df()


def relative_error(computed: pd.Series, expected: np.ndarray) -> np.ndarray:
    """Relative errors where the expected value is large enough for a double to hold it with all its digits."""
    held = expected > 1e-290
    return np.abs(computed[held] / expected[held] - 1)


def test_point_probabilities_agree_with_scipy(grid):
    point = render_macro("binomial_point_probability", "event_count", "total_count", "births_share")
    computed = answered(f"select {point} as point from grid", grid=grid)["point"]
    expected = binom.pmf(grid.event_count, grid.total_count, grid.births_share)
    assert relative_error(computed, expected).max() < 1e-10


def test_two_sided_tails_agree_with_scipy(grid):
    """The tail on the count's own side of the mean, to 1e-10, from the mean to thirty standard deviations out."""
    computed = answered(render_macro("two_sided_tails", "grid"), grid=grid)
    above = computed.is_at_or_above_mean.to_numpy()
    counts, totals, shares = (computed[column].to_numpy() for column in ("event_count", "total_count", "births_share"))
    expected = np.where(above, binom.sf(counts - 1, totals, shares), binom.cdf(counts, totals, shares))
    assert above.any() and not above.all()
    assert relative_error(computed.far_tail, expected).max() < 1e-10


def test_tails_hold_for_the_largest_counts():
    """National counts of a century ago, beside the mean and far from it; never above one."""
    rows = pd.DataFrame(
        [(70_000 + step, 140_000, 0.5) for step in (0, 5, 60, 187, 500, 2000)],
        columns=["event_count", "total_count", "births_share"],
    ).astype(float)
    computed = answered(render_macro("two_sided_tails", "rows") + " order by event_count", rows=rows)
    expected = binom.sf(computed.event_count - 1, 140_000, 0.5)
    assert computed.far_tail.to_numpy() == pytest.approx(expected, rel=1e-10)
    doubled = render_macro("doubled_p_value", "far_tail")
    p_values = answered(f"select {doubled} as p_value from computed order by event_count", computed=computed).p_value
    assert p_values.to_numpy() == pytest.approx(np.minimum(1, 2 * expected), rel=1e-10)


def test_tails_without_events_or_counts():
    """No events at all give 1; a NULL count gives NULL; neither gives an error or a NaN."""
    rows = """(
        select * from (values (0e0, 0e0, 0.25e0), (null, null, 0.25e0)) as given(event_count, total_count, births_share)
    ) as given"""
    answer = duckdb.execute(
        f"select far_tail, point_probability from ({render_macro('two_sided_tails', rows)}) order by 1 nulls last"
    ).fetchall()
    assert answer == [(1.0, 1.0), (None, None)]


def test_no_significant_pair_is_ever_left_out():
    """Zubkov and Serov's bound: whatever the pair filter drops has P(X >= x) above 0.025, if only just."""
    random = np.random.default_rng(20141)
    size = 400_000
    births = np.exp(random.uniform(np.log(50), np.log(300_000), (size, 2))).round()
    lower_counts = random.poisson(births[:, 1] * np.exp(random.uniform(np.log(5e-4), np.log(2e-2), size)))
    # Higher counts close to the bar: two standard deviations or so above what the lower rate makes likely.
    share = births[:, 0] / births.sum(axis=1)
    higher_counts = np.ceil(
        (lower_counts + 1) * share / (1 - share)
        + random.uniform(0.5, 3.5, size) * np.sqrt((lower_counts + 1) * share)
        + 1
    )
    pairs = pd.DataFrame(
        {"x": higher_counts, "y": lower_counts.astype(float), "b": births[:, 0], "c": births[:, 1]}
    ).query("x / b > y / c and x <= b")
    pairs["p_value"] = binom.sf(pairs.x - 1, pairs.x + pairs.y, pairs.b / (pairs.b + pairs.c))
    log_rate = [render_macro("events_times_log_rate", count, births) for count, births in (("x", "b"), ("y", "c"))]
    kept = answered(
        f"""with numbered as (select row_number() over () as pair, * from pairs),
        higher as (
            select pair, p_value, x as event_count, b as births, {log_rate[0]} as events_times_log_rate from numbered
        ),
        lower as (select pair, y as event_count, c as births, {log_rate[1]} as events_times_log_rate from numbered)
        select p_value, {render_macro("pair_may_differ", "higher", "lower")} as is_kept
        from higher inner join lower on higher.pair = lower.pair""",
        pairs=pairs,
    )
    dropped = kept.p_value[~kept.is_kept]
    assert len(dropped) > 10_000 and kept.is_kept.sum() > 10_000
    assert dropped.min() > 0.025
    assert dropped.min() < 0.0275, "the bound is tight enough to be worth its place"
