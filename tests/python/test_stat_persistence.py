"""Persistence above England against scipy's Poisson distribution and a convolution over years."""

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
    """Single years beside England's, for the areas that are ranked: {(area, measure, basis): record array}."""
    return points_by_series(
        built_database,
        """
        select area.area_code, area.measure, area.basis, area.numerator, area.denominator,
            england.numerator as england_numerator, england.denominator as england_denominator
        from marts.fct_rates as area
        inner join marts.fct_rates as england using (measure, basis, period)
        where england.area_code = 'E92000001' and area.status = 'ok' and england.status = 'ok'
        """,
    )


def test_every_row(persistence, years):
    """Years, chance, SMR and its limits of every area, the chance by adding one year after another."""
    assert len(persistence) > 4_000
    for row in persistence.itertuples():
        own = years[(row.area_code, row.measure, row.basis)]
        expected = own.denominator * own.england_numerator / own.england_denominator
        above = int((own.numerator * own.england_denominator > own.england_numerator * own.denominator).sum())
        distribution = np.array([1.0])
        for chance in stats.poisson.sf(np.floor(expected), expected):
            distribution = np.convolve(distribution, [1 - chance, chance])
        assert (row.years_present, row.years_above_england) == (len(own), above)
        assert row.chance_probability == pytest.approx(distribution[above:].sum(), abs=1e-12)
        deaths = own.numerator.sum()
        assert row.smr == pytest.approx(deaths / expected.sum(), rel=1e-12)
        if deaths < 10:
            low, high = stats.chi2.ppf([0.001, 0.999], [2 * max(deaths, 0.5), 2 * deaths + 2]) / 2
            low = 0 if deaths == 0 else low
        else:
            z = stats.norm.ppf(0.999)
            low = deaths * (1 - 1 / (9 * deaths) - z / (3 * np.sqrt(deaths))) ** 3
            high = (deaths + 1) * (1 - 1 / (9 * (deaths + 1)) + z / (3 * np.sqrt(deaths + 1))) ** 3
        assert row.smr_lower_99_8 == pytest.approx(low / expected.sum(), rel=1e-9, abs=1e-12)
        assert row.smr_upper_99_8 == pytest.approx(high / expected.sum(), rel=1e-9)
