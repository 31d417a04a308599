"""Every trend in fct_trends against numpy and scipy; the annual change against statsmodels' Poisson regression."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special, stats
from scipy.optimize import brentq
from series_of_points import points_by_series
from statsmodels.stats.proportion import proportion_confint

from benchmarks import break_thresholds, trend_shapes

Z = stats.norm.ppf(0.975)
PROPORTIONS = {"stillbirth", "perinatal", "stillbirth_and_neonatal"}


@pytest.fixture(scope="module")
def trends(built_database):
    """All rows of fct_trends as a frame, ordered by series and last year."""
    return built_database.execute("select * from marts.fct_trends order by area_code, measure, basis, last_year").df()


@pytest.fixture(scope="module")
def series(built_database):
    """The yearly points of each series with a rate: {(area, measure, basis): record array by year}."""
    return points_by_series(
        built_database, "select * from marts.fct_rates where status = 'ok' order by period_end_year"
    )


@pytest.fixture(scope="module")
def windows(built_database):
    """The three-year windows of each series with a rate, in the same form."""
    return points_by_series(
        built_database,
        "select * from marts.fct_rolling_rates where status = 'ok' and years_in_period = 3 order by period_end_year",
    )


def points_up_to(series, row):
    """Return years (from the last), deaths and births of a trend."""
    points = series[(row.area_code, row.measure, row.basis)]
    points = points[points.period_end_year <= row.last_year]
    years = points.period_end_year.astype(float) - row.last_year
    return years, points.numerator.astype(float), points.denominator.astype(float)


def score_test(years, deaths, births):
    """Return z of the Poisson score test and of the Cochran-Armitage test; arrays of shape (points,)."""
    centred = years - np.average(years, weights=births)
    score = np.sum(centred * deaths)
    variance = deaths.sum() * np.average(centred**2, weights=births)
    return score / np.sqrt(variance), score / np.sqrt(variance * (1 - deaths.sum() / births.sum()))


def annual_change(years, deaths, births):
    """Return the maximum-likelihood log change a year, by root finding on the score; arrays of shape (points,)."""
    positions = years - years[-1]

    def profile_score(change):
        weights = births * np.exp(change * (positions - positions.mean()))
        return np.sum(deaths * positions) / deaths.sum() - np.average(positions, weights=weights)

    return brentq(profile_score, -5, 5, xtol=1e-14, rtol=1e-14)


def test_recent_trends_follow_the_rule_of_fingertips(trends, series):
    """Slope, chi-squared, direction and verdict of every row, by straight-line fits in numpy; a reason where none.

    The weights are those of the published limits, of proportions those of Wilson's limits by statsmodels.
    """
    checked = proportions = 0
    for row in trends.itertuples():
        points = series.get((row.area_code, row.measure, row.basis))
        five = None if points is None else points[np.abs(row.last_year - 2 - points.period_end_year) <= 2]
        if five is None or len(five) < 5:
            assert row.recent_trend == "cannot_be_calculated" and row.reason
            continue
        x = np.arange(1.0, 6.0)
        y = five.rate_per_1000
        lower, upper = five.lower_95, five.upper_95
        if row.measure in PROPORTIONS:
            wilson = proportion_confint(five.numerator, five.denominator, alpha=0.05, method="wilson")
            lower, upper = 1000 * wilson[0], 1000 * wilson[1]
            proportions += 1
        weight = 1 / ((upper - lower) / (2 * Z)) ** 2

        def slope_of(kept, x=x, y=y, weight=weight):
            return np.polyfit(x[kept], y[kept], 1, w=np.sqrt(weight[kept]))[0]

        slope = slope_of(np.ones(5, bool))
        spread = weight.sum() * (weight * x**2).sum() - (weight * x).sum() ** 2
        chi_squared = slope**2 * spread / weight.sum()
        assert row.slope == pytest.approx(slope, rel=1e-8, abs=1e-9)
        assert row.chi_squared == pytest.approx(chi_squared, rel=1e-7, abs=1e-9)
        slopes = np.array([slope_of(np.arange(5) != left_out) for left_out in range(5)])
        if np.all(np.abs(np.append(slopes, slope)) > 1e-9):
            assert row.leave_one_out_consistent == (len({*np.sign(slopes), np.sign(slope)}) == 1)
            if abs(chi_squared - 9.54953570608324) > 1e-6:
                significant = chi_squared > 9.54953570608324 and row.leave_one_out_consistent
                expected = ("increasing" if slope > 0 else "decreasing") if significant else "no_significant_change"
                assert row.recent_trend == expected
        checked += 1
    assert checked > 5_000 and proportions > 100


def test_score_tests_agree_with_numpy(trends, series):
    """z and both p-values of every third tested row, over all lengths from 3 years to a century."""
    tested = trends[trends.trend_p_value.notna()].iloc[::3]
    assert len(tested) > 3_000 and tested.years_in_trend.max() > 90
    for row in tested.itertuples():
        years, deaths, births = points_up_to(series, row)
        poisson, cochran_armitage = score_test(years, deaths, births)
        assert row.trend_z == pytest.approx(poisson, rel=1e-9, abs=1e-9)
        assert row.trend_p_value == pytest.approx(2 * stats.norm.sf(abs(poisson)), rel=1e-6, abs=1e-300)
        assert row.cochran_armitage_p_value == pytest.approx(
            2 * stats.norm.sf(abs(cochran_armitage)), rel=1e-6, abs=1e-300
        )
        assert row.years_in_trend == len(years) and row.trend_deaths == deaths.sum()


def test_annual_changes_solve_the_likelihood_equation(trends, series):
    """Every fourth fitted row, by an independent root finder."""
    fitted = trends[trends.annual_percent_change.notna()].iloc[::4]
    for row in fitted.itertuples():
        change = annual_change(*points_up_to(series, row))
        assert row.annual_percent_change == pytest.approx(100 * np.expm1(change), rel=1e-8, abs=1e-8)


def test_annual_changes_agree_with_statsmodels(trends, series):
    """Change and Wald interval against the generalised linear model: the longest series and a spread of short ones."""
    fitted = trends[trends.annual_percent_change.notna()].sort_values("years_in_trend", kind="stable")
    for row in fitted.iloc[[*range(0, len(fitted), 150), *range(-10, 0)]].itertuples():
        years, deaths, births = points_up_to(series, row)
        design = sm.add_constant(years - years.mean())
        model = sm.GLM(deaths, design, family=sm.families.Poisson(), offset=np.log(births)).fit(tol=1e-14, maxiter=200)
        low, high = 100 * np.expm1(model.params[1] + np.array([-Z, Z]) * model.bse[1])
        assert row.annual_percent_change == pytest.approx(100 * np.expm1(model.params[1]), rel=1e-7, abs=1e-7)
        assert row.annual_percent_change_lower_95 == pytest.approx(low, rel=1e-5, abs=1e-5)
        assert row.annual_percent_change_upper_95 == pytest.approx(high, rel=1e-5, abs=1e-5)


def test_window_trends_use_windows_that_do_not_overlap(trends, windows):
    """Every window trend from the windows that end in the last year, three years before it, and so on."""
    tested = trends[trends.window_trend_p_value.notna()]
    assert len(tested) > 1_000
    for row in tested.itertuples():
        points = windows[(row.area_code, row.measure, row.basis)]
        back = row.last_year - points.period_end_year
        points = points[(back >= 0) & (back % 3 == 0)]
        assert (np.diff(points.period_end_year) >= 3).all() and row.window_periods == len(points)
        years, deaths, births = (points[name].astype(float) for name in ("period_end_year", "numerator", "denominator"))
        poisson, _ = score_test(years, deaths, births)
        assert row.window_trend_p_value == pytest.approx(2 * stats.norm.sf(abs(poisson)), rel=1e-6, abs=1e-300)
        if row.window_reason is None:
            assert row.window_annual_percent_change == pytest.approx(
                100 * np.expm1(annual_change(years, deaths, births)), rel=1e-8, abs=1e-8
            )


def test_every_year_of_every_series_has_its_row(trends, built_database):
    """As many rows as fct_rates: a series cut short by a missing year still says why."""
    assert len(trends) == built_database.execute("select count(*) from marts.fct_rates").fetchone()[0]


# --- Whether a line fits, and one break -----------------------------------------------------------------------------


def deviance_of(design, deaths, births):
    """Return deviance, coefficients and fitted deaths of a log-linear Poisson regression, by iterated least squares."""
    fitted = deaths + 0.5
    coefficients, before = None, np.inf
    for _ in range(200):
        working = np.log(fitted / births) + (deaths - fitted) / fitted
        weight = np.sqrt(fitted)
        coefficients = np.linalg.lstsq(design * weight[:, None], working * weight, rcond=None)[0]
        fitted = births * np.exp(design @ coefficients)
        deviance = 2 * np.sum(special.xlogy(deaths, deaths / fitted) - deaths + fitted)
        if abs(deviance - before) <= 1e-13 * deviance:
            break
        before = deviance
    return deviance, coefficients, fitted


def with_break(years, place):
    """Return the design of two lines that meet: level, slope, and what the slope is more after the break."""
    return np.column_stack([np.ones(len(years)), years, np.clip(years - place, 0, None)])


def test_lack_of_fit_is_the_deviance_of_the_line(trends, series):
    """Deviance and p-value of every fifth line, by regression; the shape of every row follows from the p-values."""
    fitted = trends[trends.trend_deviance.notna()].sort_values(["years_in_trend", "area_code"], kind="stable")
    assert len(fitted) > 10_000
    for row in fitted.iloc[::5].itertuples():
        years, deaths, births = points_up_to(series, row)
        deviance, *_ = deviance_of(np.column_stack([np.ones(len(years)), years]), deaths, births)
        assert row.trend_deviance == pytest.approx(deviance, rel=1e-7, abs=1e-8)
        assert row.lack_of_fit_p_value == pytest.approx(stats.chi2.sf(deviance, len(years) - 2), rel=1e-6, abs=1e-300)
    assert ((fitted.trend_shape == "straight") == (fitted.lack_of_fit_p_value >= 0.01)).all()
    assert ((fitted.trend_shape == "one_break") == (fitted.break_lack_of_fit_p_value >= 0.01)).all()


def test_breaks_are_those_of_a_search_over_the_inner_years(trends, series, built_database):
    """Each year is tried by regression: all trends of up to 20 years that are not straight, and some longer ones.

    The break is at least as good as the best year and as any place nearby; slopes, limits and the standard error of the
    place are those of a regression whose design has a column for the place too, as in the R package segmented.
    """
    thresholds = dict(built_database.execute("from seeds.break_thresholds").fetchall())
    bent = trends[(trends.trend_shape != "straight") & (trends.years_in_trend >= 7) & trends.trend_shape.notna()]
    long = bent.years_in_trend > 20
    found = 0
    for row in bent[~long | (np.cumsum(long) % 60 == 1)].itertuples():
        years, deaths, births = points_up_to(series, row)
        tried = {place: deviance_of(with_break(years, place), deaths, births)[0] for place in years[2:-2]}
        best = min(tried, key=tried.get)
        fall = row.trend_deviance - tried[best]
        if np.abs(deviance_of(with_break(years, best), deaths, births)[1][1:]).max() > 2.5:
            # Years without deaths: the slope is not finite, or of no meaning.
            assert np.isnan(row.break_year)
            continue
        if abs(fall - thresholds[len(years)]) > 1e-6:
            assert (fall > thresholds[len(years)]) == (not np.isnan(row.break_year)), row
        if np.isnan(row.break_year):
            continue
        found += 1
        place = row.break_year - row.last_year
        assert abs(place - best) < 1 + 1e-9
        deviance, slopes, fitted = deviance_of(with_break(years, place), deaths, births)
        inner = [near for near in (place - 0.02, place, place + 0.02) if years[2] <= near <= years[-3]]
        nearby = [deviance_of(with_break(years, near), deaths, births)[0] for near in inner]
        assert deviance <= min([tried[best], *nearby]) + 1e-7 * deviance
        assert row.break_lack_of_fit_p_value == pytest.approx(
            stats.chi2.sf(deviance, len(years) - 4), rel=1e-5, abs=1e-300
        )
        after = years > place + 1e-9
        design = np.column_stack([with_break(years, place), -slopes[2] * after])
        variance = np.linalg.inv(design.T @ (design * fitted[:, None]))
        before_error = np.sqrt(variance[1, 1])
        after_error = np.sqrt(variance[1, 1] + variance[2, 2] + 2 * variance[1, 2])
        assert row.break_year_standard_error == pytest.approx(np.sqrt(variance[3, 3]), rel=1e-4)
        for side, slope, error in (("before", slopes[1], before_error), ("after", slopes[1] + slopes[2], after_error)):
            name = f"annual_percent_change_{side}"
            expected = 100 * np.expm1(slope + np.array([-Z, 0, Z]) * error)
            got = [getattr(row, column) for column in (f"{name}_lower_95", name, f"{name}_upper_95")]
            assert got == pytest.approx(list(expected), rel=1e-4, abs=1e-4)
    assert found > 80


def test_the_turn_of_england_s_infant_mortality(trends):
    """By year of occurrence 2010 to 2022: worked out elsewhere with statsmodels and segmented."""
    row = trends.set_index(["area_code", "measure", "basis", "last_period"]).loc[
        ("E92000001", "infant", "occurrence", "2022")
    ]
    line = row[[f"annual_percent_change{end}" for end in ("", "_lower_95", "_upper_95")]]
    assert list(line) == pytest.approx([-0.843, -1.135, -0.551], abs=5e-4)
    assert row.trend_deviance == pytest.approx(47.7, abs=0.05) and row.years_in_trend - 2 == 11
    assert (row.trend_shape, round(row.break_year, 1), round(row.break_year_standard_error, 1)) == (
        "one_break",
        2013.9,
        0.7,
    )
    for side, expected in (("before", [-3.6, -5.2, -2.0]), ("after", [0.3, -0.3, 0.8])):
        columns = [f"annual_percent_change_{side}{end}" for end in ("", "_lower_95", "_upper_95")]
        assert list(row[columns].astype(float).round(1)) == expected


def test_straight_series_are_seldom_called_bent(built_database):
    """The committed counts of benchmarks/trend_shapes.py keep what the column comments say; a short run agrees."""
    committed = pd.read_csv(trend_shapes.RESULTS).set_index(["kind", "years", "deaths_a_year", "what"])
    share = committed.events / committed.trials
    straight = share["straight"].unstack()
    assert straight["not straight"].max() < 0.023 and straight["one break"].max() < 0.007
    assert straight["not straight"].drop([1, 3, 10], level="deaths_a_year").max() < 0.015
    assert share["turn", 13, 2500, "one break"] > 0.9
    short = trend_shapes.counted(trend_shapes.trends_of(trend_shapes.made_up_rates(200, np.random.default_rng(7))))
    short = short.set_index(["kind", "years", "deaths_a_year", "what"])
    for key, row in short[short.trials >= 150].iterrows():
        error = np.sqrt(max(share[key] * (1 - share[key]), 0.01) / row.trials)
        assert abs(row.events / row.trials - share[key]) < 5 * error, key


def test_thresholds_of_a_break_are_what_straight_series_give(built_database):
    """The committed seed against a short run of its script, and the chi-squared point that a search must pass."""
    committed = dict(built_database.execute("from seeds.break_thresholds").fetchall())
    assert list(committed) == list(range(break_thresholds.FEWEST_YEARS, break_thresholds.MOST_YEARS + 1))
    assert min(committed.values()) > stats.chi2.isf(0.05, 1)
    for years in (7, 8, 13, 20, 43, 102, 120):
        assert float(break_thresholds.thresholds([years], 40_000)[0][1]) == pytest.approx(committed[years], abs=0.2)
    steps = np.diff(list(committed.values()))
    assert steps.min() > -0.03
