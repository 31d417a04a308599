"""The distribution functions written in SQL, against scipy over wide grids."""

import duckdb
import numpy as np
import pytest
from scipy import special, stats
from sql_macros import render_macro


def evaluated(values: np.ndarray, *steps: tuple[str, str]) -> np.ndarray:
    """Return the last of a chain of SQL expressions for each value, in order.

    ``values``: shape (n,), the column ``x``. ``steps``: pairs of a column name and its SQL, which may use the
    columns before it.
    """
    connection = duckdb.connect()
    connection.execute(
        "create table given as select unnest($x) as x, unnest($p) as position",
        {"x": values.tolist(), "p": list(range(len(values)))},
    )
    relation = "given"
    for name, sql in steps:
        relation = f"(select *, {sql} as {name} from {relation})"
    return np.array(
        connection.execute(f"select {steps[-1][0]} from {relation} order by position").fetchnumpy()[steps[-1][0]],
        dtype=float,
    )


def gamma_quantile(shapes: np.ndarray, tail: str) -> np.ndarray:
    """Return the SQL's 2.5 % (``lower``) or 97.5 % (``upper``) points of gamma distributions; shape (n,) in and out."""
    return evaluated(
        shapes,
        ("start", render_macro("gamma_quantile_start", "x", tail)),
        ("residual", render_macro("gamma_quantile_residual", "x", "start", tail)),
        ("quantile", render_macro("gamma_quantile_refined", "x", "start", "residual")),
    )


def test_normal_upper_tail():
    """To 3e-16 absolute and 3e-13 relative from 0 to 37, both sides of the change at 3; then 0, never an error."""
    deviates = np.concatenate([np.linspace(0, 37, 7401), [1e-300, 1e-17, 1e-9], np.nextafter(3.0, [0, 9]), [37.0]])
    tails = evaluated(deviates, ("tail", render_macro("normal_upper_tail", "x")))
    np.testing.assert_allclose(tails, stats.norm.sf(deviates), rtol=3e-13, atol=0)
    np.testing.assert_allclose(tails, stats.norm.sf(deviates), rtol=0, atol=3e-16)
    np.testing.assert_array_equal(
        evaluated(np.array([37.0001, 1e3, 1e300]), ("tail", render_macro("normal_upper_tail", "x"))), 0
    )


def test_normal_upper_tail_of_null_is_null():
    assert duckdb.connect().execute(
        f"select {render_macro('normal_upper_tail', 'x')} from (select cast(null as double) as x)"
    ).fetchone() == (None,)


def test_log_gamma():
    """To 1e-14 of the larger of 1 and the value, from 1e-4 to 1e6 and at whole and half numbers."""
    arguments = np.concatenate([np.geomspace(1e-4, 1e6, 20_001), np.arange(1, 400) / 2])
    expected = special.gammaln(arguments)
    found = evaluated(arguments, ("value", render_macro("log_gamma", "x")))
    assert np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))) < 1e-14


@pytest.mark.parametrize(("tail", "inverse"), [("lower", special.gammaincinv), ("upper", special.gammainccinv)])
def test_gamma_quantiles(tail, inverse):
    """To 1e-8 for shapes from 1 to ten million and at the changes of method (1 and 20); to 5e-8 from 0.5 to 1."""
    edges = np.nextafter(np.repeat([1.0, 20.0], 2), [0, 9, 0, 99])
    shapes = np.concatenate([np.geomspace(1, 1e7, 20_001), np.arange(1, 201) / 1.0, edges, [0.8]])
    np.testing.assert_allclose(gamma_quantile(shapes, tail), inverse(shapes, 0.025), rtol=1e-8, atol=0)
    small = np.linspace(0.5, 1, 501)
    np.testing.assert_allclose(gamma_quantile(small, tail), inverse(small, 0.025), rtol=5e-8, atol=0)


def test_chance_above_mean():
    """To 1e-13 for means from 1e-9 to 50,000, at whole means and just below, and at the change of method at 60."""
    whole = np.arange(1, 2001) / 1.0
    means = np.concatenate([np.geomspace(1e-9, 5e4, 20_001), whole, whole - 1e-9, np.nextafter([60.0, 60.0], [0, 99])])
    found = evaluated(
        means,
        ("deviate", render_macro("deviate_of_whole_mean", "x")),
        ("chance", render_macro("chance_above_mean", "x", "deviate")),
    )
    np.testing.assert_allclose(found, stats.poisson.sf(np.floor(means), means), rtol=0, atol=1e-13)


def test_chance_above_a_mean_of_zero_is_zero():
    assert evaluated(
        np.array([0.0]),
        ("deviate", render_macro("deviate_of_whole_mean", "x")),
        ("chance", render_macro("chance_above_mean", "x", "deviate")),
    ).tolist() == [0.0]


@pytest.mark.parametrize("births", [1, 7, 120, 4_000, 90_000])
@pytest.mark.parametrize("target", [0.0005, 0.004, 0.07])
@pytest.mark.parametrize("level", ["95", "99_8"])
def test_normal_funnel_limits_are_where_the_wilson_interval_meets_the_target(births, target, level):
    """OHID takes the counts whose Wilson interval ends at the target: that is the normal score's answer."""
    deviate = {"95": 1.959963984540054, "99_8": 3.090232306167813}[level]
    for side in ("lower", "upper"):
        sql = render_macro("funnel_limit_normal", side, level, f"{target}e0", f"{births}e0")
        limit = duckdb.connect().execute(f"select {sql}").fetchone()[0]
        if limit == 0 or limit > 1:
            # So few births that no count is outside on this side.
            assert births * target < deviate**2
            continue
        spread = np.sqrt(limit * (1 - limit) / births + deviate**2 / (4 * births**2))
        sign = 1 if side == "lower" else -1
        end = (limit + deviate**2 / (2 * births) + sign * deviate * spread) / (1 + deviate**2 / births)
        assert end == pytest.approx(target, rel=1e-9)
