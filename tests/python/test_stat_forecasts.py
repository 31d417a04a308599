"""Forecasts against scipy's negative binomial distribution, and the share of ranges that held."""

import numpy as np
import pytest
from scipy import stats
from test_stat_posteriors import posteriors, spread

RANKING = ["period", "measure", "basis", "ranking_level"]


@pytest.fixture(scope="module")
def forecasts(built_database):
    """All rows of fct_forecasts."""
    return built_database.execute("select * from marts.fct_forecasts").df()


@pytest.fixture(scope="module")
def windows(built_database):
    """Shape and mean of the underlying rate of each ranked window of three years, with the drift of its benchmark."""
    rows = built_database.execute(
        """
        select area_code, period, measure, basis, ranking_level, numerator, denominator, benchmark_area_code
        from marts.fct_rankings
        where years_in_period = 3 and stabilised_rate_per_1000 is not null
        """
    ).df()
    for _, ranking in rows.groupby(RANKING):
        counts = ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float)
        shape, rate = posteriors(*counts, *spread(*counts))
        rows.loc[ranking.index, "shape"], rows.loc[ranking.index, "underlying"] = shape, shape / rate
    drifts = built_database.execute(
        """
        select years.area_code as benchmark_area_code, years.measure, years.basis,
            years.rate_per_1000 / windows.rate_per_1000 - 1 as moved,
            1 / years.numerator + 1 / windows.numerator as chance
        from marts.fct_rates as years
        inner join marts.fct_rolling_rates as windows
            on years.area_code = windows.area_code and years.measure = windows.measure and years.basis = windows.basis
            and windows.years_in_period = 3 and windows.period_end_year = years.period_end_year - 1
        where years.status = 'ok' and windows.status = 'ok'
        """
    ).df()
    drifts["squared"] = drifts.moved**2 - drifts.chance
    by_benchmark = drifts.groupby(["benchmark_area_code", "measure", "basis"]).squared.agg(["size", "mean"])
    known = by_benchmark[by_benchmark["size"] >= 10]["mean"].clip(lower=0).rename("drift").reset_index()
    rows = rows.merge(known, how="left", on=["benchmark_area_code", "measure", "basis"])
    rows["shape"] = 1 / (1 / rows["shape"] + rows.drift.fillna(0.045**2))
    return rows.set_index(["area_code", "measure", "basis", "ranking_level", "period"])


def test_every_range_is_that_of_the_posterior(forecasts, windows):
    assert len(forecasts) > 10_000
    window = ["area_code", "measure", "basis", "ranking_level", "window_period"]
    own = windows.loc[list(forecasts[window].itertuples(index=False, name=None))]
    shape = own["shape"].to_numpy()
    assert own.drift.isna().any() and (shape < 30).any()
    for suffix in ("", "_beforehand"):
        mean = forecasts[f"births{suffix}"].to_numpy() * own.underlying.to_numpy()
        np.testing.assert_allclose(forecasts[f"expected_deaths{suffix}"], mean, rtol=1e-8)
        for side, share in (("lower", 0.025), ("upper", 0.975)):
            expected = stats.nbinom.ppf(share, shape, shape / (shape + mean))
            np.testing.assert_array_equal(forecasts[f"{side}_95{suffix}"], expected)


def test_the_drift_of_a_long_series(built_database):
    """England and Wales since 1985, of the year against its window: infant deaths 0.066, chance included."""
    ((moved,),) = built_database.execute(
        """
        select sqrt(avg(power(years.rate_per_1000 / windows.rate_per_1000 - 1, 2)))
        from marts.fct_rates as years
        inner join marts.fct_rolling_rates as windows
            on years.area_code = windows.area_code and years.measure = windows.measure and years.basis = windows.basis
            and windows.years_in_period = 3 and windows.period_end_year = years.period_end_year - 1
        where years.area_code = 'K04000001' and years.measure = 'infant' and years.basis = 'occurrence'
            and years.period_end_year >= 1985
        """
    ).fetchall()
    assert moved == pytest.approx(0.066, abs=1e-3)


def test_no_upper_limit_lies_beyond_the_counts_that_are_listed():
    """The listed counts end three standard deviations above the mean: far enough for every shape and mean."""
    means = np.logspace(-7, 8, 2000)
    for shape in np.logspace(-4, 9, 131):
        deviations = np.sqrt(means * (1 + means / shape))
        upper = stats.nbinom.ppf(0.975, shape, 1 / (1 + means / shape))
        assert (upper <= np.ceil(means + 3 * deviations)).all(), shape


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
    """718 forecasts for authorities with the births of the year, 95.7 % held; Kirklees 2017: 12 to 33, and 34 came."""
    infant = forecasts[(forecasts.measure == "infant") & (forecasts.ranking_level == "upper_tier")]
    with_births = infant[infant.has_births_of_forecast_year & infant.observed_deaths.notna()]
    assert (len(with_births), round(with_births.is_inside.mean(), 3)) == (718, 0.957)
    kirklees = infant[(infant.area_code == "E08000034") & (infant.forecast_period == "2017")].squeeze()
    assert (kirklees.lower_95, kirklees.upper_95, kirklees.observed_deaths, kirklees.is_inside) == (12, 33, 34, False)
    assert (kirklees.lower_95_beforehand, kirklees.upper_95_beforehand) == (13, 34)


def test_ranges_hold_about_as_often_as_they_say(forecasts):
    """93 to 99.9 %, of whole regions too, whose ranges would hold 78 % without the drift of their country."""
    known = forecasts.dropna(subset="observed_deaths")
    shares = known.groupby("ranking_level").is_inside.agg(["size", "mean"])
    assert len(shares) >= 6 and (shares["size"] >= 150).all() and shares["mean"].between(0.92, 0.999).all()
