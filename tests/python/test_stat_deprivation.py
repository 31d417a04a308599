"""The deprivation gradient against statsmodels' weighted regression; the correlations against single births."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

DECILES = """
    select period, measure, basis, area_code, numerator, denominator, rate_per_1000 from marts.fct_rates
    where area_code like 'E92000001#_IMD#_%' escape '#'
    union all
    select period, measure, basis, area_code, numerator, denominator, rate_per_1000 from marts.fct_rolling_rates
    where area_code like 'E92000001#_IMD#_%' escape '#'
"""


def ends_of_the_line(births, rates):
    """Return the rate at the least and at the most deprived end by numpy's weighted fit; rates: (deciles, sets)."""
    mid_rank = (np.cumsum(births) - births / 2) / births.sum()
    slope, level = np.polyfit(mid_rank, rates, 1, w=np.sqrt(births))
    return level, level + slope


def test_gradient_is_the_weighted_regression_on_the_mid_rank(built_database):
    """Every period and measure of the deciles; intervals from the Poisson variances of the ten counts."""
    gradient = built_database.execute("select * from marts.fct_deprivation_gradient where deciles_present = 10").df()
    deciles = built_database.execute(DECILES).df()
    by_period = dict(list(deciles.groupby(["period", "measure", "basis"])))
    assert len(gradient) > 50
    for row in gradient.itertuples():
        ten = by_period[(row.period, row.measure, row.basis)].sort_values("area_code", ascending=False)
        births, rate = ten.denominator.to_numpy(float), ten.rate_per_1000.to_numpy()
        mid_rank = (np.cumsum(births) - births / 2) / births.sum()
        fit = sm.WLS(rate, sm.add_constant(mid_rank), weights=births).fit()
        level, slope = fit.params
        assert row.slope_index == pytest.approx(slope, rel=1e-9)
        assert row.relative_index == pytest.approx((level + slope) / level, rel=1e-9)
        hat = np.linalg.pinv(np.sqrt(births)[:, None] * sm.add_constant(mid_rank)) * np.sqrt(births)
        error = np.sqrt(np.sum(hat[1] ** 2 * 1e6 * ten.numerator.to_numpy() / births**2))
        assert row.slope_index_lower_95 == pytest.approx(slope - stats.norm.ppf(0.975) * error, rel=1e-8, abs=1e-9)
        assert row.slope_index_upper_95 == pytest.approx(slope + stats.norm.ppf(0.975) * error, rel=1e-8, abs=1e-9)
        # The delta method by numerical derivatives of the logarithm of the relative index by each decile's rate.
        step = 1e-4 * rate.mean()
        moved = ends_of_the_line(births, rate[:, None] + step * np.hstack([np.eye(10), -np.eye(10)]))
        logarithms = np.log(moved[1] / moved[0])
        gradient_of_log = (logarithms[:10] - logarithms[10:]) / (2 * step)
        log_error = np.sqrt(np.sum(gradient_of_log**2 * 1e6 * ten.numerator.to_numpy() / births**2))
        spread = np.exp(stats.norm.ppf(0.975) * log_error)
        assert row.relative_index_lower_95 == pytest.approx(row.relative_index / spread, rel=1e-5)
        assert row.relative_index_upper_95 == pytest.approx(row.relative_index * spread, rel=1e-5)
        worst, best = ten.iloc[-1], ten.iloc[0]
        assert worst.area_code.endswith("01") and best.area_code.endswith("10")
        ratio = worst.rate_per_1000 / best.rate_per_1000
        spread = np.exp(stats.norm.ppf(0.975) * np.sqrt(1 / worst.numerator + 1 / best.numerator))
        assert row.worst_best_ratio == pytest.approx(ratio, rel=1e-12)
        assert row.worst_best_ratio_lower_95 == pytest.approx(ratio / spread, rel=1e-12)
        assert row.worst_best_ratio_upper_95 == pytest.approx(ratio * spread, rel=1e-12)


def test_intervals_of_both_indices_are_those_of_simulated_counts(built_database):
    """Ten Poisson counts drawn 20,000 times around those seen: 2.5 and 97.5 % points of slope and relative index."""
    gradient = built_database.execute("""
        select * from marts.fct_deprivation_gradient
        where relative_index_lower_95 is not null and measure in ('infant', 'stillbirth', 'postneonatal')
        order by all
    """).df()
    by_period = dict(list(built_database.execute(DECILES).df().groupby(["period", "measure", "basis"])))
    draw = np.random.default_rng(2004)
    differences = []
    for row in gradient.iloc[::4].itertuples():
        ten = by_period[(row.period, row.measure, row.basis)].sort_values("area_code", ascending=False)
        births, deaths = ten.denominator.to_numpy(float), ten.numerator.to_numpy(float)
        low, high = ends_of_the_line(births, 1000 * draw.poisson(deaths[:, None], (10, 20_000)) / births[:, None])
        for simulated, lower, upper in (
            (high - low, row.slope_index_lower_95, row.slope_index_upper_95),
            (np.log(high / low), np.log(row.relative_index_lower_95), np.log(row.relative_index_upper_95)),
        ):
            differences.append((np.quantile(simulated, [0.025, 0.975]) - [lower, upper]) / (upper - lower))
    assert len(differences) > 10
    assert np.abs(differences).max() < 0.06


DEPRIVATION_OF_RATES = """
    select ranking_level, period_end_year as year, deprivation_index, deprivation_score
    from marts.fct_rankings
    left join marts.dim_area_deprivation
        on fct_rankings.area_code = dim_area_deprivation.area_code
        and period_end_year between first_year and coalesce(last_year, period_end_year)
    where measure = 'infant' and ranking_level in ('lower_tier', 'upper_tier') and years_in_period = 1
"""


def test_each_authority_has_the_score_of_the_index_that_fits_the_year(built_database):
    found = built_database.execute(DEPRIVATION_OF_RATES).df()
    assert found.deprivation_score.notna().all()
    expected = np.select([found.year <= 2017, found.year <= 2022], ["2015", "2019"], "2025")
    assert list(found.deprivation_index) == list(expected)
    lower = found[found.ranking_level == "lower_tier"].groupby("year").size()
    assert (lower[2018], lower[2020], lower[2022]) == (316, 308, 308)
    births = built_database.execute(
        """
        select count(*), count(deprivation_score) from marts.fct_rates
        inner join marts.dim_area using (area_code)
        where period = '2023' and measure = 'stillbirth' and is_lower_tier and deprivation_index = '2025'
        """
    ).fetchone()
    assert births == (295, 295)


def test_correlations_of_2022_are_those_worked_out_elsewhere(built_database):
    of_2022 = built_database.execute(
        """
        select deprivation_index, corr(rate_per_1000, deprivation_score) as correlation
        from marts.fct_rankings inner join marts.dim_area_deprivation using (area_code)
        where measure = 'infant' and ranking_level = 'lower_tier' and period = '2022'
        group by deprivation_index
        """
    ).fetchall()
    correlations = dict(of_2022)
    assert correlations["2019"] == pytest.approx(0.371, abs=5e-4)
    assert correlations["2015"] == pytest.approx(0.371, abs=5e-4)


def test_counties_take_the_mean_of_their_districts_by_births(built_database):
    """Worked out again from districts' scores and births, for the year that the table names."""
    wholes = built_database.execute("from marts.dim_area_deprivation where births_year is not null order by all").df()
    districts = built_database.execute(
        """
        select county_code, area_code, data_year as year, max(count_value) as births
        from marts.fct_counts inner join marts.dim_area using (area_code)
        where item = 'live_births' and is_used and is_lower_tier and county_code is not null
        group by county_code, area_code, data_year
        """
    ).df()
    scores = built_database.execute("from marts.dim_area_deprivation").df()
    counties = wholes[wholes.area_code.str.startswith("E10")]
    assert len(counties) == len(wholes) - 1 >= 70
    for county in counties.itertuples():
        own = districts[(districts.county_code == county.area_code) & (districts.year == county.births_year)]
        scored = own.merge(scores[scores.deprivation_index == county.deprivation_index], on="area_code")
        assert len(scored) == len(own) >= 4
        mean = np.average(scored.deprivation_score, weights=scored.births)
        assert county.deprivation_score == pytest.approx(mean, rel=1e-12)


def test_the_log_linear_index_is_as_the_comment_says(built_database):
    """The comment of `relative_index` names both indices of infant deaths in 2022."""
    ten = built_database.execute(
        f"select * from ({DECILES}) where measure = 'infant' and period = '2022' order by area_code desc"
    ).df()
    births = ten.denominator.to_numpy(float)
    mid_rank = (np.cumsum(births) - births / 2) / births.sum()
    fit = sm.WLS(np.log(ten.rate_per_1000), sm.add_constant(mid_rank), weights=births).fit()
    straight, comment = built_database.execute(
        """
        select relative_index, (
            select comment from duckdb_columns()
            where schema_name = 'marts' and table_name = 'fct_deprivation_gradient' and column_name = 'relative_index'
        )
        from marts.fct_deprivation_gradient where measure = 'infant' and period = '2022'
        """
    ).fetchone()
    assert f"{np.exp(fit.params.iloc[1]):.2f}, here {straight:.2f}" in comment
