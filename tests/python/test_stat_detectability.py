"""Power and the years needed for 80 % of it against scipy's Poisson distribution."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sql_macros import render_file, up_to
from test_stat_posteriors import posteriors, spread

MOST_YEARS = 200


@pytest.fixture(scope="module")
def detectability(built_database):
    """All rows of fct_detectability."""
    return built_database.execute("select * from marts.fct_detectability").df()


@pytest.fixture(scope="module")
def ranges():
    """The ranges of expected deaths within which a ratio is found with a power of 80 %, by the model's own SQL."""
    query = up_to("detection_ranges", render_file("models/marts/fct_detectability.sql"))
    return duckdb.connect().execute(f"{query} order by rate_ratio, deaths_needed").df()


def critical_counts(expected):
    """Fewest deaths called higher and most called lower (-1 where none is low enough) by the exact test at 5 %.

    That `deaths` or more happen is as likely as that a gamma variable of that shape is at most what is expected.
    """
    deaths = np.arange(1, 2 * np.max(expected) + 20)
    higher = np.searchsorted(stats.gamma.ppf(0.025, deaths), expected) + 1
    lower = np.searchsorted(stats.gamma.ppf(0.975, deaths), expected, side="right") - 1
    return higher, lower


def chances(expected, ratio):
    """Chances of a count called higher and of one called lower, at that ratio of the expected deaths."""
    higher, lower = critical_counts(expected)
    return stats.poisson.sf(higher - 1, ratio * expected), stats.poisson.cdf(lower, ratio * expected)


def power(expected, ratio):
    """Chance of a count that is called different, on either side, at that ratio of the expected deaths."""
    return sum(chances(expected, ratio))


def fewest_years(expected, ratio):
    """The smallest number of years whose pooled deaths give a power of 80 %, NaN beyond 200.

    Both sides of the test count for the first array; the second is without the lower side, the less likely one.
    """
    upper_side, lower_side = chances(np.arange(1, MOST_YEARS + 1)[:, np.newaxis] * expected, ratio)
    found = (upper_side + lower_side >= 0.8, upper_side >= 0.8)
    return tuple(np.where(is_found.any(axis=0), is_found.argmax(axis=0) + 1.0, np.nan) for is_found in found)


def test_critical_counts_are_those_of_poisson_tails(detectability):
    """By their definition: at most 2.5 % from the higher count on, and up to the lower one; one step further, more."""
    expected = np.unique(detectability.expected_deaths)
    expected = np.concatenate([expected, MOST_YEARS * expected, np.linspace(0.01, 20, 2_000)])
    higher, lower = critical_counts(expected)
    assert (stats.poisson.sf(higher - 1, expected) <= 0.025).all()
    assert (stats.poisson.sf(higher - 2, expected) > 0.025).all()
    assert (stats.poisson.cdf(lower, expected) <= 0.025).all()
    assert (stats.poisson.cdf(lower + 1, expected) > 0.025).all()


def test_every_row_stands_beside_its_latest_year(detectability, built_database):
    """Births, benchmark and year are of the latest single year in which both have a rate; four ratios a series."""
    latest = built_database.execute(
        """
        select area_code, measure, basis, ranking_level, period_end_year, denominator, benchmark_rate_per_1000
        from marts.fct_rankings
        where years_in_period = 1 and rate_per_1000 is not null and benchmark_rate_per_1000 is not null
        """
    ).df()
    key = ["area_code", "measure", "basis", "ranking_level"]
    latest = latest.sort_values("period_end_year").groupby(key).last()
    assert sorted(detectability.rate_ratio.unique()) == [1.2, 1.3, 1.5, 2.0]
    for _, rows in detectability.groupby("rate_ratio"):
        rows = rows.set_index(key)
        assert rows.index.is_unique and set(rows.index) >= set(latest.index)
        own = rows.loc[latest.index]
        np.testing.assert_array_equal(own.births_year, latest.period_end_year)
        np.testing.assert_array_equal(own.births_per_year, latest.denominator)
        np.testing.assert_allclose(own.benchmark_rate_per_1000, latest.benchmark_rate_per_1000, rtol=1e-13)
    np.testing.assert_allclose(
        detectability.expected_deaths,
        detectability.births_per_year * detectability.benchmark_rate_per_1000 / 1000,
        rtol=1e-13,
    )


def test_every_power_is_that_of_the_exact_test(detectability):
    higher, lower = critical_counts(detectability.expected_deaths.to_numpy())
    np.testing.assert_array_equal(detectability.fewest_deaths_called_higher, higher)
    np.testing.assert_array_equal(detectability.most_deaths_called_lower.astype(float).fillna(-1), lower)
    assert detectability.most_deaths_called_lower.isna().any() and detectability.most_deaths_called_lower.notna().any()
    np.testing.assert_allclose(
        detectability.power_one_year,
        power(detectability.expected_deaths.to_numpy(), detectability.rate_ratio.to_numpy()),
        rtol=1e-11,
    )


def test_every_number_of_years_is_the_smallest(detectability):
    """By trying each year from 1 to 200; the lower side, some two in a million, changes hardly a row."""
    differing = 0
    for ratio, rows in detectability.groupby("rate_ratio"):
        expected, places = np.unique(rows.expected_deaths, return_inverse=True)
        both_sides, upper_side = fewest_years(expected, ratio)
        years = rows.years_for_80_percent_power.astype(float)
        np.testing.assert_array_equal(years, upper_side[places])
        differing += (years.fillna(0) != np.nan_to_num(both_sides[places])).sum()
    assert differing <= 0.0005 * len(detectability)
    years = detectability.years_for_80_percent_power
    assert years.isna().any() and (years == 1).any()


def test_ranges_are_gamma_quantiles_and_leave_nothing_out(ranges):
    """Within a range the power is 80 % or more, between two it is less, and beyond the last it never falls below."""
    for ratio, rows in ranges.groupby("rate_ratio"):
        deaths = rows.deaths_needed.to_numpy()
        low, high = rows.fewest_expected_deaths.to_numpy(), rows.most_expected_deaths.to_numpy()
        np.testing.assert_allclose(low, stats.gamma.ppf(0.8, deaths) / ratio, rtol=1e-12)
        np.testing.assert_allclose(high[:-1], stats.gamma.ppf(0.025, deaths[:-1]), rtol=1e-12)
        assert np.isnan(high[-1]) and (high[:-1] < low[1:]).all()
        inside = np.concatenate([np.linspace(a, b, 50)[1:-1] for a, b in zip(low[:-1], high[:-1], strict=True)])
        outside = np.concatenate([np.linspace(a, b, 50)[1:-1] for a, b in zip(high[:-1], low[1:], strict=True)])
        assert (power(inside, ratio) >= 0.8).all()
        outside = np.concatenate([np.linspace(0.01, low[0], 500), outside])
        assert (power(outside, ratio) < 0.8 + 3e-6).all()
        assert (power(np.linspace(low[-1] * (1 + 1e-9), 20 * low[-1], 20_000), ratio) >= 0.8).all()


def test_witnesses_of_the_method(detectability, ranges, built_database):
    """Infant mortality at 3.83 per 1,000: births of Kirklees, its north, the median authority and district."""
    rate, ratio = 3.83 / 1000, 1.3
    (authority,), (district,) = built_database.execute(
        """
        select median(denominator)
        from marts.fct_rankings
        where ranking_level in ('upper_tier', 'lower_tier') and period = '2014' and measure = 'infant'
            and basis = 'registration' and rate_per_1000 is not null
        group by ranking_level
        order by ranking_level desc
        """
    ).fetchall()
    assert (authority, district) == (3512, 1443)
    expected = rate * np.array([5472, 2727, authority, district])
    assert round(power(expected[0], ratio), 2) == 0.26
    assert [number.tolist() for number in fewest_years(expected, ratio)] == 2 * [[5, 10, 8, 18]]
    own = ranges[ranges.rate_ratio == ratio]
    for number, deaths in zip([5, 10, 8, 18], expected, strict=True):
        years = np.ceil(own.fewest_expected_deaths / deaths)
        reached = own.most_expected_deaths.isna() | (years * deaths <= own.most_expected_deaths)
        assert years[reached].min() == number
    kirklees = detectability[(detectability.area_code == "E08000034") & (detectability.rate_ratio == ratio)]
    kirklees = kirklees[kirklees.measure == "infant"]
    assert kirklees.power_one_year.between(0.2, 0.27).all() and kirklees.years_for_80_percent_power.between(5, 6).all()


def test_chance_of_the_verdict_is_that_of_the_fewest_deaths_it_calls_higher(detectability, built_database):
    """Counts tried one by one, the mean and the weights of the ranking held; some areas of every level and measure."""
    asked = detectability[detectability.chance_of_verdict.notna()]
    ranked = built_database.execute(
        "select * from marts.fct_rankings where years_in_period = 1 and stabilised_rate_per_1000 is not null"
    ).df()
    rankings = dict(iter(ranked.groupby(["ranking_level", "measure", "basis", "period"])))
    some = asked[asked.rate_ratio == 1.3].groupby(["ranking_level", "measure"]).sample(2, random_state=1)
    assert len(some) > 60
    for row in some.itertuples():
        ranking = rankings[(row.ranking_level, row.measure, row.basis, str(row.births_year))]
        mean, weights = spread(ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float))
        # Where areas hardly differ, no count that could come would be enough.
        counts = np.arange(0, 3 * row.expected_deaths + 2000)
        shape, rate = posteriors(counts, np.full(len(counts), float(row.births_per_year)), mean, weights)
        probability = stats.gamma.sf(row.benchmark_rate_per_1000 / 1000 * rate, shape)
        if pd.isna(row.fewest_deaths_of_verdict):
            fewest = np.argmax(probability >= 0.95) if probability.max() >= 0.95 else counts[-1]
            assert row.chance_of_verdict == 0 and stats.poisson.sf(fewest - 1, 1.3 * row.expected_deaths) < 1e-9
            continue
        assert row.fewest_deaths_of_verdict == np.argmax(probability >= 0.95), row
        chance = stats.poisson.sf(row.fewest_deaths_of_verdict - 1, 1.3 * row.expected_deaths)
        assert row.chance_of_verdict == pytest.approx(chance, rel=1e-9, abs=1e-12)
