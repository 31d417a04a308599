"""The distribution functions written in SQL, against scipy over wide grids."""

import re

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import special, stats
from sql_macros import ROOT, render_macro


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


def answered(query: str, grid: pd.DataFrame) -> pd.DataFrame:
    """The answer of DuckDB to a query on the relation ``grid``."""
    connection = duckdb.connect()
    connection.register("grid", grid)
    return connection.execute(query).df()


def smaller_tail_error(found: pd.DataFrame, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Relative error of the tail away from the mean, where a double can hold it with all its digits."""
    tail = np.where(found.is_below_mean, found.lower_tail, found.upper_tail)
    expected = np.where(found.is_below_mean, lower, upper)
    held = expected > 1e-290
    return np.abs(tail[held] / expected[held] - 1)


def test_normal_upper_tail():
    """To 3e-13 relative from -37 to 37; beyond that 0 and 1, never an error."""
    deviates = np.concatenate([np.linspace(-37, 37, 14_801), [1e-300, 1e-17, 1e-9, 0]])
    tails = evaluated(deviates, ("tail", render_macro("normal_upper_tail", "x")))
    np.testing.assert_allclose(tails, stats.norm.sf(deviates), rtol=3e-13, atol=0)
    beyond = evaluated(np.array([37.0001, 1e3, 1e300]), ("tail", render_macro("normal_upper_tail", "x")))
    np.testing.assert_array_equal(beyond, 0)
    below = evaluated(np.array([-37.0001, -1e3, -1e300]), ("tail", render_macro("normal_upper_tail", "x")))
    np.testing.assert_array_equal(below, 1)


def test_normal_upper_tail_of_null_is_null():
    assert duckdb.connect().execute(
        f"select {render_macro('normal_upper_tail', 'x')} from (select cast(null as double) as x)"
    ).fetchone() == (None,)


def test_factorial_over_power():
    """To 1e-13 of Γ(n + 1) e^n / n^n, at whole numbers and between them, beside eight and at 0."""
    numbers = np.concatenate([np.geomspace(1e-3, 1e3, 4001), np.arange(0, 60) / 2, np.nextafter([8.0, 8.0], [0, 9])])
    expected = np.exp(special.gammaln(numbers + 1) + numbers - special.xlogy(numbers, numbers))
    found = evaluated(numbers, ("value", render_macro("factorial_over_power", "x")))
    np.testing.assert_allclose(found, expected, rtol=2e-12, atol=0)
    small = numbers < 60
    np.testing.assert_allclose(found[small], expected[small], rtol=1e-13, atol=0)


def test_gauss_and_legendre_points():
    """The points and weights of tail_integral are numpy's: with a constant exponent of 0 it gives the length."""
    points, weights = np.polynomial.legendre.leggauss(24)
    source = (ROOT / "formulas" / "distributions" / "tail_integral.sql").read_text(encoding="utf-8")
    pairs = np.array(re.findall(r"\[(0\.\d+), (0\.\d+)\]", source), dtype=float)
    np.testing.assert_allclose(pairs[:, 0], np.sort(points[points > 0]) / 2, rtol=1e-14)
    np.testing.assert_allclose(pairs[:, 1], weights[points > 0][np.argsort(points[points > 0])] / 2, rtol=1e-12)


def test_gamma_tails():
    """Both tails, at twenty standard deviations and near the mean: 1e-12, and 1e-9 for shapes below one."""
    shapes = np.concatenate([np.geomspace(1e-3, 3e5, 3000), np.arange(1, 101) / 1.0])
    distances = np.array([-20, -8, -4, -2, -1, -0.3, 0, 0.3, 1, 2, 4, 8, 20])
    shape, distance = (side.ravel() for side in np.meshgrid(shapes, distances))
    grid = pd.DataFrame({"shape": shape, "value": np.maximum(shape + distance * np.sqrt(shape), shape * 1e-3)})
    found = answered(render_macro("gamma_tails", "grid", "shape", "value"), grid)
    lower, upper = special.gammainc(found["shape"], found["value"]), special.gammaincc(found["shape"], found["value"])
    assert smaller_tail_error(found, lower, upper).max() < 1e-9
    large = (found["shape"] >= 1).to_numpy()
    assert smaller_tail_error(found[large], lower[large], upper[large]).max() < 2e-11
    assert np.abs(found.lower_tail + found.upper_tail - 1).max() < 1e-15


def test_tails_of_a_poisson_count():
    """P(X >= n) is the lower tail for the shape n, P(X <= n) the upper one for n + 1; a mean of 0 counts nothing."""
    counts, means = (side.ravel() for side in np.meshgrid(np.arange(0, 200.0), [0.2, 3.7, 20.3, 98.5]))
    grid = pd.DataFrame({"n": counts, "mean": means})
    at_least = answered(render_macro("gamma_tails", "grid", "n", "mean"), grid)
    at_most = answered(render_macro("gamma_tails", "grid", "n + 1e0", "mean"), grid)
    np.testing.assert_allclose(
        at_least.lower_tail, stats.poisson.sf(at_least["n"] - 1, at_least["mean"]), rtol=1e-11, atol=1e-15
    )
    np.testing.assert_allclose(
        at_most.upper_tail, stats.poisson.cdf(at_most["n"], at_most["mean"]), rtol=1e-11, atol=1e-15
    )
    none = answered(
        render_macro("gamma_tails", "grid", "shape", "value"), pd.DataFrame({"shape": [1.0, 0.0], "value": [0.0, 0.0]})
    )
    assert none.lower_tail.tolist() == [0, 1]
    unknown = answered(
        render_macro("gamma_tails", "grid", "shape", "value"),
        pd.DataFrame({"shape": [1.0, None], "value": [None, 1.0]}),
    )
    assert unknown.lower_tail.isna().all() and unknown.upper_tail.isna().all()


def test_tails_of_a_negative_binomial_count():
    """P(Y >= y) is the lower tail of a beta distribution; shapes of the gamma mean from 0.1 to 20,000."""
    random = np.random.default_rng(125)
    grid = pd.DataFrame({"r": np.exp(random.uniform(-2, 10, 20_000)), "mean": np.exp(random.uniform(-2, 8, 20_000))})
    spread = np.sqrt(grid["mean"] + grid["mean"] ** 2 / grid["r"])
    grid["y"] = np.maximum(1, np.round(grid["mean"] + random.normal(0, 3, len(grid)) * spread))
    found = answered(render_macro("beta_tails", "grid", "y", "r", "(mean / (mean + r))"), grid)
    share = found["r"] / (found["r"] + found["mean"])
    errors = smaller_tail_error(
        found, stats.nbinom.sf(found["y"] - 1, found["r"], share), stats.nbinom.cdf(found["y"] - 1, found["r"], share)
    )
    assert errors.max() < 1e-8 and np.quantile(errors, 0.99) < 1e-11


@pytest.mark.parametrize("deviate", [-3.090232306167813, -1.959963984540054, 1.959963984540054, 3.090232306167813])
def test_gamma_quantiles(deviate):
    """To 1e-12 for shapes from 0.5 to ten million, at whole numbers and between them; to 1e-9 from 0.01."""
    shapes = np.concatenate([np.geomspace(0.01, 1e7, 20_001), np.arange(1, 201) / 1.0])
    found = answered(
        render_macro("gamma_quantiles", "grid", "shape", f"({deviate!r}e0)"), pd.DataFrame({"shape": shapes})
    )
    inverse = special.gammaincinv if deviate < 0 else special.gammainccinv
    expected = inverse(found["shape"], stats.norm.sf(abs(deviate)))
    held = expected > 1e-290
    np.testing.assert_allclose(found.gamma_quantile[held], expected[held], rtol=1e-9, atol=0)
    large = found["shape"] >= 0.5
    np.testing.assert_allclose(found.gamma_quantile[large], expected[large], rtol=1e-12, atol=0)
    assert (found.gamma_quantile[~held] < 1e-280).all()


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
