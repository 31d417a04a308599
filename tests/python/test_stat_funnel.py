"""Funnel positions, limits and overdispersion against scipy and the formulas as published."""

import re

import duckdb
import numpy as np
import pytest
from scipy import stats
from sql_macros import render_file

RANKING = ["period", "measure", "basis", "ranking_level"]
Z = {"95": stats.norm.ppf(0.975), "99_8": stats.norm.ppf(0.999)}
TAIL = {"95": 0.025, "99_8": 0.001}
# Mean square of standard normal deviates of which a tenth on each side is drawn in.
MEAN_SQUARE_BY_CHANCE = 0.6787


@pytest.fixture(scope="module")
def points(built_database):
    """The ranked rows of fct_rankings, each with the overdispersion of its ranking."""
    return built_database.execute(
        """
        select
            rankings.*, limits.target_per_1000, limits.overdispersion_phi, limits.overdispersion_phi_rescaled,
            limits.tau_squared
        from marts.fct_rankings as rankings
        left join (
            select distinct
                period, measure, basis, ranking_level, target_per_1000, overdispersion_phi, overdispersion_phi_rescaled,
                tau_squared
            from marts.fct_funnel_limits
        ) as limits using (period, measure, basis, ranking_level)
        where rankings.rank_highest_first is not null
        """
    ).df()


@pytest.fixture(scope="module")
def limits(built_database):
    """All rows of fct_funnel_limits."""
    return built_database.execute("select * from marts.fct_funnel_limits order by all").df()


def positions_by_tails(as_many, as_few):
    """Return the words for P(X >= n) and P(X <= n); arrays of shape (n,)."""
    return np.select(
        [as_many <= 0.001, as_many <= 0.025, as_few <= 0.001, as_few <= 0.025],
        ["high_99_8", "high_95", "low_99_8", "low_95"],
        "within",
    )


def winsorised_at_tenths(scores):
    """Return the scores with the outer tenths drawn in; the last axis is that of the areas."""
    low, high = np.quantile(scores, [0.1, 0.9], axis=-1, keepdims=True)
    return np.clip(scores, low, high)


def test_what_winsorising_leaves_of_the_mean_square():
    """0.6787 is the exact integral to three digits, and what simulated areas give."""
    edge = stats.norm.ppf(0.9)
    exact = 0.8 - 2 * edge * stats.norm.pdf(edge) + 0.2 * edge**2
    assert pytest.approx(exact, abs=1e-4) == MEAN_SQUARE_BY_CHANCE
    simulated = np.random.default_rng(1991).standard_normal((4000, 400))
    assert np.mean(winsorised_at_tenths(simulated) ** 2) == pytest.approx(MEAN_SQUARE_BY_CHANCE, abs=0.005)


def test_overdispersion(points):
    """φ, φ rescaled and τ² of every ranking: arcsine z scores, winsorised at interpolated tenths, moment estimate."""
    for _, ranking in points.groupby(RANKING):
        deaths, births = ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float)
        target = deaths.sum() / births.sum()
        error = 1 / (2 * np.sqrt(births))
        scores = (np.arcsin(np.sqrt(deaths / births)) - np.arcsin(np.sqrt(target))) / error
        phi = np.mean(winsorised_at_tenths(scores) ** 2)
        weights = 1 / error**2
        areas = len(scores)
        spread = weights.sum() - (weights**2).sum() / weights.sum()
        excess = areas * phi / MEAN_SQUARE_BY_CHANCE - (areas - 1)
        tau_squared = excess / spread if excess > 0 and spread > 0 else 0
        np.testing.assert_allclose(ranking.overdispersion_phi, phi, rtol=1e-9)
        np.testing.assert_allclose(ranking.overdispersion_phi_rescaled, phi / MEAN_SQUARE_BY_CHANCE, rtol=1e-9)
        np.testing.assert_allclose(ranking.tau_squared, tau_squared, rtol=1e-6, atol=1e-13)
        np.testing.assert_allclose(ranking.target_per_1000, 1000 * target, rtol=1e-12)


def test_tau_squared_finds_the_spread_that_is_there():
    """Of simulated areas with a spread of 20 % the rescaled sum finds the variance, the sum as it is about a third."""
    draw = np.random.default_rng(2005)
    births = np.exp(draw.normal(8.3, 0.6, 150))
    rates = 0.01 * draw.gamma(25, 1 / 25, (2000, 150))
    proportions = draw.poisson(rates * births) / births
    target = (proportions * births).sum(axis=1, keepdims=True) / births.sum()
    scores = 2 * np.sqrt(births) * (np.arcsin(np.sqrt(proportions)) - np.arcsin(np.sqrt(target)))
    sums = (winsorised_at_tenths(scores) ** 2).sum(axis=1)
    spread = 4 * (births.sum() - (births**2).sum() / births.sum())
    # The variance of a rate of 1 % with a spread of 20 %, on the arcsine scale: 0.04 * 0.01 / (4 * 0.99).
    meant = 0.04 * 0.01 / (4 * 0.99)
    rescaled = np.maximum(sums / MEAN_SQUARE_BY_CHANCE - 149, 0).mean() / spread
    as_it_is = np.maximum(sums - 149, 0).mean() / spread
    assert 0.8 < rescaled / meant < 1.2
    assert as_it_is / meant < 0.6


def test_positions(points):
    """By scipy's Poisson tails, for every area."""
    births, deaths = points.denominator.to_numpy(float), points.numerator.to_numpy(float)
    target = points.target_per_1000.to_numpy() / 1000
    exact = positions_by_tails(
        stats.poisson.sf(deaths - 1, target * births), stats.poisson.cdf(deaths, target * births)
    )
    np.testing.assert_array_equal(points.funnel_position, exact)


def test_adjusted_positions(points):
    """By scipy's negative binomial tails with the variance that τ² means, Poisson where there is none."""
    births, deaths = points.denominator.to_numpy(float), points.numerator.to_numpy(float)
    target, tau_squared = points.target_per_1000.to_numpy() / 1000, points.tau_squared.to_numpy()
    mean = target * births
    many, few = stats.poisson.sf(deaths - 1, mean), stats.poisson.cdf(deaths, mean)
    spread = (tau_squared > 1e-12) & (target > 0)
    shape = target[spread] / (4 * (1 - target[spread]) * tau_squared[spread])
    share = shape / (shape + mean[spread])
    many[spread] = stats.nbinom.sf(deaths[spread] - 1, shape, share)
    few[spread] = stats.nbinom.cdf(deaths[spread], shape, share)
    np.testing.assert_array_equal(points.funnel_position_adjusted, positions_by_tails(many, few))
    # Its variance is Poisson's and, by the derivative of sin², that of the proportions between areas.
    _, variance = stats.nbinom.stats(shape, share)
    between = 4 * target[spread] * (1 - target[spread]) * tau_squared[spread] * births[spread] ** 2
    np.testing.assert_allclose(variance, mean[spread] + between, rtol=1e-9)
    # Nobody without deaths is called low where chance and spread give no deaths often.
    without_deaths = deaths == 0
    called_low = points.funnel_position_adjusted.str.startswith("low").to_numpy()
    assert few[without_deaths & called_low].max(initial=0) <= 0.025
    assert without_deaths.any()


def test_witness_that_the_approximation_missed(points):
    """23 neonatal deaths of 5,306 births in E06000009: the tail is 0.02495, the area high at 95 %."""
    witness = points[
        (points.area_code == "E06000009") & (points.period == "2012-2014") & (points.measure == "neonatal")
    ]
    assert len(witness) == 2 and set(witness.numerator) == {23} and set(witness.denominator) == {5306}
    tail = stats.poisson.sf(22, witness.target_per_1000 * 5.306)
    np.testing.assert_allclose(tail, 0.02495, atol=5e-6)
    assert set(witness.funnel_position) == {"high_95"}


def test_exact_limits_are_the_first_counts_outside(limits):
    """At every grid point: deaths_high and deaths_low by scipy's Poisson quantiles."""
    mean = limits.expected_deaths.to_numpy()
    for level, tail in TAIL.items():
        fewest_high = stats.poisson.ppf(1 - tail, mean) + 1
        fewest_high = np.where(mean == 0, 1, fewest_high)
        most_low = stats.poisson.ppf(tail, mean)
        most_low = np.where(stats.poisson.cdf(most_low, mean) <= tail, most_low, most_low - 1)
        assert (stats.poisson.sf(fewest_high - 1, mean) <= tail).all()
        assert (stats.poisson.sf(fewest_high - 2, mean) > tail).all()
        np.testing.assert_array_equal(limits[f"deaths_high_{level}"], fewest_high)
        np.testing.assert_array_equal(limits[f"deaths_low_{level}"].fillna(-1), np.maximum(most_low, -1))
        np.testing.assert_allclose(limits[f"exact_upper_{level}"], 1000 * (fewest_high - 1) / limits.births, rtol=1e-12)
        np.testing.assert_allclose(
            limits[f"exact_lower_{level}"], 1000 * (np.maximum(most_low, -1) + 1) / limits.births, rtol=1e-12
        )


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


def test_limits_reach_the_largest_area_of_each_ranking(limits, points):
    largest = points.groupby(RANKING).denominator.max()
    np.testing.assert_array_equal(limits.groupby(RANKING).births.max().loc[largest.index], largest)


def test_exact_limits_are_conservative(limits, points):
    """Of areas with the target's own rate 2.9 to 3.5 % lie outside at 95 %, 0.1 % at 99.8 %."""
    shares = {}
    for level, tail in TAIL.items():
        mean = (points.target_per_1000 * points.denominator / 1000).to_numpy()
        fewest_high = stats.poisson.ppf(1 - tail, mean) + 1
        most_low = stats.poisson.ppf(tail, mean)
        low = stats.poisson.cdf(most_low, mean)
        low = np.where(low <= tail, low, stats.poisson.cdf(most_low - 1, mean))
        outside = points.assign(outside=low + stats.poisson.sf(fewest_high - 1, mean))
        shares[level] = outside[outside.ranking_level.isin(["upper_tier", "lower_tier"])].outside.mean()
    assert 0.028 < shares["95"] < 0.036
    assert 0.0007 < shares["99_8"] < 0.0013


@pytest.mark.parametrize(("chosen", "expected"), [("", 0.005), (None, 0.005), (" 4.0 ", 0.004)])
def test_the_target_is_the_rate_of_the_whole_or_the_user_s_per_1000(chosen, expected):
    query = render_file("models/rankings/int_funnel_targets.sql", {"var": lambda *_: chosen})
    (target,) = re.findall(r"cast\(.*as target_rate", query)
    found = duckdb.connect().execute(f"select {target} from (select 3 as deaths, 600 as births)").fetchone()
    assert found == (expected,)
