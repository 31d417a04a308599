"""Persistence above the benchmark against scipy's Poisson distribution and a convolution over years."""

import numpy as np
import pytest
from scipy import stats
from series_of_points import points_by_series


@pytest.fixture(scope="module")
def persistence(built_database):
    """All rows of fct_persistence."""
    return built_database.execute("select * from marts.fct_persistence").df()


@pytest.fixture(scope="module")
def years(built_database):
    """Single years beside the benchmark's, for the areas that are ranked: {(area, measure, basis): record array}."""
    return points_by_series(
        built_database,
        """
        select area.area_code, area.measure, area.basis, area.numerator, area.denominator,
            benchmark.numerator as benchmark_numerator, benchmark.denominator as benchmark_denominator
        from marts.fct_rates as area
        inner join marts.dim_area as areas using (area_code)
        inner join marts.fct_rates as benchmark
            on areas.benchmark_area_code = benchmark.area_code and area.measure = benchmark.measure
            and area.basis = benchmark.basis and area.period = benchmark.period
        where area.status = 'ok' and benchmark.status = 'ok'
        """,
    )


def test_every_row(persistence, years):
    """Years, chance, SMR and its limits of every area, the chance by adding one year after another."""
    assert len(persistence) > 4_000 and persistence.ranking_level.nunique() == 7
    for row in persistence.itertuples():
        own = years[(row.area_code, row.measure, row.basis)]
        expected = own.denominator * own.benchmark_numerator / own.benchmark_denominator
        above = int((own.numerator * own.benchmark_denominator > own.benchmark_numerator * own.denominator).sum())
        distribution = np.array([1.0])
        for chance in stats.poisson.sf(np.floor(expected), expected):
            distribution = np.convolve(distribution, [1 - chance, chance])
        assert (row.years_present, row.years_above_benchmark) == (len(own), above)
        assert row.chance_probability == pytest.approx(distribution[above:].sum(), abs=1e-12)
        deaths = own.numerator.sum()
        assert row.excess_deaths == pytest.approx(deaths - expected.sum(), rel=1e-9, abs=1e-9)
        assert row.observed_over_expected == pytest.approx(deaths / expected.sum(), rel=1e-12)
        if deaths < 10:
            low, high = stats.chi2.ppf([0.001, 0.999], [2 * max(deaths, 0.5), 2 * deaths + 2]) / 2
            low = 0 if deaths == 0 else low
        else:
            z = stats.norm.ppf(0.999)
            low = deaths * (1 - 1 / (9 * deaths) - z / (3 * np.sqrt(deaths))) ** 3
            high = (deaths + 1) * (1 - 1 / (9 * (deaths + 1)) + z / (3 * np.sqrt(deaths + 1))) ** 3
        assert row.observed_over_expected_lower_99_8 == pytest.approx(low / expected.sum(), rel=1e-9, abs=1e-12)
        assert row.observed_over_expected_upper_99_8 == pytest.approx(high / expected.sum(), rel=1e-9)
