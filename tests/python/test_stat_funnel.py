"""Funnel positions, limits and overdispersion against an independent implementation of the published formulas."""

import numpy as np
import pytest
from scipy import stats

RANKING = ["period", "measure", "basis", "ranking_level"]
Z = {"95": stats.norm.ppf(0.975), "99_8": stats.norm.ppf(0.999)}
TAIL = {"95": 0.025, "99_8": 0.001}


@pytest.fixture(scope="module")
def points(built_database):
    """The ranked rows of fct_rankings, each with the overdispersion of its ranking."""
    return built_database.execute(
        """
        select
            rankings.*, rankings.funnel_target_per_1000 as target_per_1000, limits.overdispersion_phi,
            limits.tau_squared
        from marts.fct_rankings as rankings
        left join (
            select distinct period, measure, basis, ranking_level, overdispersion_phi, tau_squared
            from marts.fct_funnel_limits
        ) as limits using (period, measure, basis, ranking_level)
        where rankings.rank_highest_first is not null
        """
    ).df()


@pytest.fixture(scope="module")
def limits(built_database):
    """All rows of fct_funnel_limits."""
    return built_database.execute("select * from marts.fct_funnel_limits order by all").df()


def poisson_limits(deaths, level):
    """Return the interval of counts: exact below ten, Byar's from ten on; arrays of shape (n,)."""
    n = np.asarray(deaths, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        byar_low = n * (1 - 1 / (9 * n) - Z[level] / (3 * np.sqrt(n))) ** 3
    byar_high = (n + 1) * (1 - 1 / (9 * (n + 1)) + Z[level] / (3 * np.sqrt(n + 1))) ** 3
    exact_low = np.where(n == 0, 0, stats.chi2.ppf(TAIL[level], 2 * np.maximum(n, 0.5)) / 2)
    exact_high = stats.chi2.isf(TAIL[level], 2 * n + 2) / 2
    return np.where(n < 10, exact_low, byar_low), np.where(n < 10, exact_high, byar_high)


def positions(value, lower_95, upper_95, lower_99_8, upper_99_8):
    """Return the words for values within and outside two pairs of limits; arrays of shape (n,)."""
    return np.select(
        [value > upper_99_8, value > upper_95, value < lower_99_8, value < lower_95],
        ["high_99_8", "high_95", "low_99_8", "low_95"],
        "within",
    )


def test_overdispersion(points):
    """φ and τ² of every ranking: arcsine z scores, winsorised at interpolated tenths, moment estimate."""
    for _, ranking in points.groupby(RANKING):
        deaths, births = ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float)
        target = deaths.sum() / births.sum()
        error = 1 / (2 * np.sqrt(births))
        scores = (np.arcsin(np.sqrt(deaths / births)) - np.arcsin(np.sqrt(target))) / error
        winsorised = np.clip(scores, *np.quantile(scores, [0.1, 0.9]))
        phi = np.mean(winsorised**2)
        weights = 1 / error**2
        areas = len(scores)
        spread = weights.sum() - (weights**2).sum() / weights.sum()
        tau_squared = max(0, (areas * phi - (areas - 1)) / spread) if areas * phi >= areas - 1 and spread > 0 else 0
        np.testing.assert_allclose(ranking.funnel_z_score, scores, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ranking.overdispersion_phi, phi, rtol=1e-9)
        np.testing.assert_allclose(ranking.tau_squared, tau_squared, rtol=1e-6, atol=1e-13)
        np.testing.assert_allclose(ranking.target_per_1000, 1000 * target, rtol=1e-12)


def test_positions(points):
    """All three kinds of position of every area; the default is the exact one."""
    births, rate = points.denominator.to_numpy(float), points.rate_per_1000.to_numpy() / 1000
    target, tau_squared = points.target_per_1000.to_numpy() / 1000, points.tau_squared.to_numpy()
    exact, normal, adjusted = [], [], []
    for level in ("95", "99_8"):
        low, high = poisson_limits(points.numerator, level)
        exact.append((target < low / births, target > high / births))
        half = Z[level] * np.sqrt(target * (1 - target) / births)
        normal += [np.maximum(target - half, 0), target + half]
        angle, width = np.arcsin(np.sqrt(target)), Z[level] * np.sqrt(1 / (4 * births) + tau_squared)
        adjusted += [np.sin(np.maximum(angle - width, 0)) ** 2, np.sin(np.minimum(angle + width, np.pi / 2)) ** 2]
    expected = np.select(
        [exact[1][0], exact[0][0], exact[1][1], exact[0][1]], ["high_99_8", "high_95", "low_99_8", "low_95"], "within"
    )
    np.testing.assert_array_equal(points.funnel_position_exact, expected)
    np.testing.assert_array_equal(points.funnel_position, expected)
    np.testing.assert_array_equal(points.funnel_position_normal, positions(rate, *normal))
    np.testing.assert_array_equal(points.funnel_position_adjusted, positions(rate, *adjusted))


def test_exact_limits_are_the_first_counts_outside(limits):
    """At every grid point: deaths_high and deaths_low by searching all counts, not the SQL's neighbourhood of them."""
    counts = np.arange(0, int(limits.expected_deaths.max() * 1.5) + 100)
    for level in ("95", "99_8"):
        low, high = poisson_limits(counts, level)
        assert (np.diff(low) > 0).all() and (np.diff(high) > 0).all()
        fewest_high = np.searchsorted(low, limits.expected_deaths, side="right")
        most_low = np.searchsorted(high, limits.expected_deaths, side="left") - 1
        np.testing.assert_array_equal(limits[f"deaths_high_{level}"], fewest_high)
        np.testing.assert_array_equal(limits[f"deaths_low_{level}"].fillna(-1), most_low)
        np.testing.assert_allclose(limits[f"exact_upper_{level}"], 1000 * (fewest_high - 1) / limits.births, rtol=1e-12)
        np.testing.assert_allclose(limits[f"exact_lower_{level}"], 1000 * (most_low + 1) / limits.births, rtol=1e-12)


def test_other_limits_are_the_formulas(limits):
    births, target = limits.births.to_numpy(float), limits.target_per_1000.to_numpy() / 1000
    for level in ("95", "99_8"):
        half = Z[level] * np.sqrt(target * (1 - target) / births)
        np.testing.assert_allclose(limits[f"normal_upper_{level}"], 1000 * (target + half), rtol=1e-12)
        np.testing.assert_allclose(
            limits[f"normal_lower_{level}"], 1000 * np.maximum(target - half, 0), rtol=1e-9, atol=1e-12
        )
        angle, width = np.arcsin(np.sqrt(target)), Z[level] * np.sqrt(1 / (4 * births) + limits.tau_squared)
        upper = np.sin(np.minimum(angle + width, np.pi / 2)) ** 2
        lower = np.sin(np.maximum(angle - width, 0)) ** 2
        np.testing.assert_allclose(limits[f"adjusted_upper_{level}"], 1000 * upper, rtol=1e-12)
        np.testing.assert_allclose(limits[f"adjusted_lower_{level}"], 1000 * lower, rtol=1e-9, atol=1e-12)
        for side in ("lower", "upper"):
            np.testing.assert_array_equal(limits[f"{side}_{level}"], limits[f"exact_{side}_{level}"])


def test_limits_reach_the_largest_area_of_each_ranking(limits, points):
    largest = points.groupby(RANKING).denominator.max()
    np.testing.assert_array_equal(limits.groupby(RANKING).births.max().loc[largest.index], largest)
