"""Forecasts against scipy's negative binomial and Poisson distributions, and the share of ranges that held."""

import numpy as np
import pytest
from scipy import stats

RANKING = ["period", "measure", "basis", "ranking_level"]


@pytest.fixture(scope="module")
def forecasts(built_database):
    """All rows of fct_forecasts."""
    return built_database.execute("select * from marts.fct_forecasts").df()


@pytest.fixture(scope="module")
def posteriors(built_database):
    """Shape and mean of the underlying rate of each ranked window of three years, by Marshall's formulas."""
    windows = built_database.execute(
        """
        select area_code, period, measure, basis, ranking_level, numerator, denominator
        from marts.fct_rankings
        where years_in_period = 3 and rank_highest_first is not null
        """
    ).df()
    by_ranking = windows.groupby(RANKING)
    deaths, births = by_ranking.numerator.transform("sum"), by_ranking.denominator.transform("sum")
    mean, rate = deaths / births, windows.numerator / windows.denominator
    squares = (windows.denominator * (rate - mean) ** 2).groupby([windows[name] for name in RANKING]).transform("sum")
    variance = squares / births - mean / by_ranking.denominator.transform("mean")
    spread = variance > 0
    shape = np.where(spread, mean**2 / variance.where(spread, 1) + windows.numerator, np.inf)
    scale = mean / variance.where(spread, 1) + windows.denominator
    windows["shape"], windows["underlying"] = shape, np.where(spread, shape / scale, mean)
    return windows.set_index(["area_code", "measure", "basis", "ranking_level", "period"])


def quantile(share, mean, shape):
    """The smallest count with that share at or below it."""
    shape_used = np.where(np.isinf(shape), 1, shape)
    negative_binomial = stats.nbinom.ppf(share, shape_used, shape_used / (shape_used + mean))
    return np.where(np.isinf(shape), stats.poisson.ppf(share, mean), negative_binomial)


def test_every_range_is_that_of_the_posterior(forecasts, posteriors):
    assert len(forecasts) > 10_000
    window = ["area_code", "measure", "basis", "ranking_level", "window_period"]
    own = posteriors.loc[list(forecasts[window].itertuples(index=False, name=None))]
    shape = own["shape"].to_numpy()
    assert np.isinf(shape).any() and (shape < 30).any()
    for suffix in ("", "_beforehand"):
        mean = forecasts[f"births{suffix}"].to_numpy() * own.underlying.to_numpy()
        np.testing.assert_allclose(forecasts[f"expected_deaths{suffix}"], mean, rtol=1e-8)
        np.testing.assert_array_equal(forecasts[f"lower_95{suffix}"], quantile(0.025, mean, shape))
        np.testing.assert_array_equal(forecasts[f"upper_95{suffix}"], quantile(0.975, mean, shape))


def test_what_came_stands_beside_what_was_expected(forecasts, built_database):
    """Deaths and births are those of the single year; no ranked window lacks its forecast but an area that ended."""
    years = built_database.execute(
        """
        select area_code, measure, basis, cast(period_end_year as integer) as forecast_year, numerator, denominator
        from marts.fct_rates where status <> 'invalid'
        """
    ).df()
    both = forecasts.merge(years, how="left", on=["area_code", "measure", "basis", "forecast_year"])
    assert (both.observed_deaths.isna() == both.numerator.isna()).all()
    assert (both.observed_deaths.dropna() == both.numerator.dropna()).all()
    assert (both.has_births_of_forecast_year == both.denominator.notna()).all()
    assert (both.births[both.has_births_of_forecast_year] == both.denominator.dropna()).all()
    known = both.dropna(subset="observed_deaths")
    assert (known.is_inside == known.observed_deaths.between(known.lower_95, known.upper_95)).all()
    assert both.is_inside[both.observed_deaths.isna()].isna().all() and both.observed_deaths.isna().any()
    ((missing,),) = built_database.execute(
        """
        select count(*)
        from marts.fct_rankings as windows
        left join marts.fct_forecasts as forecasts
            on windows.area_code = forecasts.area_code and windows.measure = forecasts.measure
            and windows.basis = forecasts.basis and windows.ranking_level = forecasts.ranking_level
            and windows.period = forecasts.window_period
        left join marts.dim_area_lineage as lineage
            on windows.area_code = lineage.predecessor_code
        where windows.years_in_period = 3 and windows.rank_highest_first is not null
            and forecasts.area_code is null and lineage.predecessor_code is null
        """
    ).fetchall()
    assert missing == 0


def test_witnesses_of_the_method(forecasts):
    """718 forecasts for authorities with the births of the year, 95.4 % held; Kirklees 2017: 12 to 32, and 34 came."""
    infant = forecasts[(forecasts.measure == "infant") & (forecasts.ranking_level == "upper_tier")]
    with_births = infant[infant.has_births_of_forecast_year & infant.observed_deaths.notna()]
    assert (len(with_births), round(with_births.is_inside.mean(), 3)) == (718, 0.954)
    kirklees = infant[(infant.area_code == "E08000034") & (infant.forecast_period == "2017")].squeeze()
    assert (kirklees.lower_95, kirklees.upper_95, kirklees.observed_deaths, kirklees.is_inside) == (12, 32, 34, False)
    assert (kirklees.lower_95_beforehand, kirklees.upper_95_beforehand) == (13, 34)


def test_ranges_hold_about_as_often_as_they_say(forecasts):
    """Of the small areas 93 to 99.9 %; whole regions move with the country, which the windows do not foresee."""
    known = forecasts.dropna(subset="observed_deaths")
    shares = known.groupby("ranking_level").is_inside.agg(["size", "mean"])
    small = shares.drop("region")
    assert (small["size"] >= 200).all() and small["mean"].between(0.93, 0.999).all()
    assert 0.75 <= shares.loc["region", "mean"] <= 0.93
