"""Persistence above the benchmark against scipy's Poisson distribution and a convolution over years."""

import duckdb
import numpy as np
import pytest
from scipy import stats
from series_of_points import points_by_series
from sql_macros import render_file


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
        where area.status = 'ok' and benchmark.status = 'ok' and not area.is_like_for_like
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
        for name, tail in (("95", 0.025), ("99_8", 0.001)):
            low = stats.chi2.ppf(tail, 2 * deaths) / 2 if deaths else 0
            high = stats.chi2.isf(tail, 2 * deaths + 2) / 2
            assert getattr(row, f"observed_over_expected_lower_{name}") == pytest.approx(low / expected.sum(), rel=1e-9)
            assert getattr(row, f"observed_over_expected_upper_{name}") == pytest.approx(
                high / expected.sum(), rel=1e-9
            )
            if name == "95":
                assert row.excess_deaths_lower_95 == pytest.approx(low - expected.sum(), rel=1e-9, abs=1e-9)
                assert row.excess_deaths_upper_95 == pytest.approx(high - expected.sum(), rel=1e-9, abs=1e-9)
        tails = stats.poisson.sf(deaths - 1, expected.sum()), stats.poisson.cdf(deaths, expected.sum())
        assert row.exact_p_value == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)


def test_kirklees_to_2016(built_database):
    """Six of seven years above (p 0.051), and 189 deaths where 159.1 are expected (p 0.023): both stand.

    The model's own SQL on the years 2010 to 2016 alone.
    """
    connection = duckdb.connect()
    rates = built_database.execute("""
        select * from rankings.int_ranked_rates
        where area_code = 'E08000034' and measure = 'infant' and basis = 'registration'
            and ranking_level = 'upper_tier' and period_end_year <= 2016
    """).df()
    connection.register("int_ranked_rates", rates)
    for schema, table in (("rankings", "int_rankings"), ("marts", "dim_area"), ("marts", "dim_measure")):
        connection.register(table, built_database.execute(f"select * from {schema}.{table}").df())
    (row,) = connection.execute(render_file("models/marts/fct_persistence.sql")).df().itertuples()
    assert (row.first_year, row.years_present, row.years_above_benchmark, row.observed_deaths) == (2010, 7, 6, 189)
    assert row.expected_deaths == pytest.approx(159.1, abs=0.05)
    assert (row.chance_probability, row.exact_p_value) == pytest.approx((0.051, 0.023), abs=5e-4)
    assert (row.observed_over_expected_lower_95, row.observed_over_expected_upper_95) == pytest.approx(
        (1.02, 1.37), abs=0.005
    )
    assert (row.excess_deaths, row.excess_deaths_lower_95, row.excess_deaths_upper_95) == pytest.approx(
        (29.856, 3.870, 58.807), abs=5e-4
    )


def test_intervals_and_p_values_agree(persistence):
    """The 95 % interval leaves out 1 where the p-value is under 5 %, the 99.8 % one where under 0.2 %."""
    tested = persistence[persistence.expected_deaths > 0]
    for name, level in (("95", 0.05), ("99_8", 0.002)):
        lower, upper = (tested[f"observed_over_expected_{side}_{name}"] for side in ("lower", "upper"))
        assert (((lower > 1) | (upper < 1)) == (tested.exact_p_value < level)).all()
