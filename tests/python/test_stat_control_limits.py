"""The control chart's levels, limits and positions, worked out again with numpy and scipy; how often they mislead."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

PROJECT = Path(__file__).resolve().parents[2]
BENCHMARK = PROJECT / "benchmarks" / "control_limits.csv"
Z = stats.norm.ppf(0.999)
# Between these years the measures that count stillbirths begin anew.
REDEFINED = 1992.5


@pytest.fixture(scope="module")
def limits(built_database):
    """All rows of fct_control_limits."""
    return built_database.execute(
        "select * from marts.fct_control_limits order by area_code, measure, basis, period_end_year"
    ).df()


def nearest_years(years, year, is_redefined):
    """Places of the six other years nearest to one, on its side of the change of definition."""
    alike = [
        place
        for place, other in enumerate(years)
        if other != year and not (is_redefined and (other < REDEFINED) != (year < REDEFINED))
    ]
    return sorted(alike, key=lambda place: (abs(years[place] - year), years[place]))[:6]


def test_levels_limits_and_positions(limits):
    series = list(limits.groupby(["area_code", "measure", "basis"]))
    assert len(series) == 9
    for (_, measure, _), own in series:
        is_redefined = "stillbirth" in measure or "perinatal" in measure
        years, rates = own.period_end_year.to_numpy(), own.rate_per_1000.to_numpy()
        levels, leverages = [], []
        for year in years:
            places = nearest_years(years, year, is_redefined)
            away = np.column_stack([np.ones(6), years[places] - year])
            levels.append(np.linalg.lstsq(away, rates[places], rcond=None)[0][0])
            leverages.append(np.linalg.inv(away.T @ away)[0, 0])
        levels, leverages = np.array(levels), np.array(leverages)
        expected = levels * own.denominator.to_numpy() / 1000
        np.testing.assert_allclose(own.level_per_1000, levels, rtol=1e-9)
        np.testing.assert_allclose(own.leverage, leverages, rtol=1e-9)
        np.testing.assert_allclose(own.expected_deaths, expected, rtol=1e-9)
        np.testing.assert_allclose(
            own.false_alarm_probability, 2 * stats.norm.sf(Z / np.sqrt(1 + leverages)), rtol=1e-9
        )
        # The last counts whose tail is more than 0.1 %: quantiles of the Poisson distribution, one count aside above.
        lower, upper = stats.poisson.ppf(0.001, expected), stats.poisson.isf(0.001, expected)
        lower += stats.poisson.cdf(lower, expected) <= 0.001
        upper += stats.poisson.sf(upper, expected) > 0.001
        per_1000 = 1000 / own.denominator.to_numpy()
        np.testing.assert_allclose(own.lower_99_8, lower * per_1000, rtol=1e-9)
        np.testing.assert_allclose(own.upper_99_8, upper * per_1000, rtol=1e-9)
        deaths = own.numerator.to_numpy()
        position = np.where(deaths < lower, "low", np.where(deaths > upper, "high", "within"))
        assert list(own.control_position) == list(position)
        squares = (deaths - expected) ** 2 / expected / (1 + leverages)
        spreads = []
        for year in years:
            beside = (years != year) & (abs(years - year) <= 10)
            if is_redefined:
                beside &= (years < REDEFINED) == (year < REDEFINED)
            spreads.append(max(1, squares[beside].mean()))
        np.testing.assert_allclose(own.overdispersion_phi, spreads, rtol=1e-9)
        reach = Z * np.sqrt(spreads * expected * (1 + leverages))
        np.testing.assert_allclose(own.adjusted_lower_99_8, np.maximum(expected - reach, 0) * per_1000, rtol=1e-9)
        np.testing.assert_allclose(own.adjusted_upper_99_8, (expected + reach) * per_1000, rtol=1e-9)
        wide = np.where(deaths < expected - reach, "low", np.where(deaths > expected + reach, "high", "within"))
        assert list(own.control_position_adjusted) == list(wide)
        np.testing.assert_allclose(own.rate_over_level, rates / levels, rtol=1e-9)


def test_what_the_chart_shows_of_infant_deaths(limits):
    """Outside the widened limits lies one year of a century, 2014; outside those of chance alone lie many, most of them
    before 1950."""
    infant = limits[limits.measure == "infant"].set_index("period")
    assert list(infant.index[infant.control_position_adjusted != "within"]) == ["2014"]
    assert infant.control_position["2014"] == "low"
    outside = infant.control_position != "within"
    assert outside.sum() > 30 * infant.false_alarm_probability.sum()
    assert outside["2000":].mean() < 0.15 < outside[:"1950"].mean()


def test_false_alarms_are_as_often_as_said(limits):
    """In benchmarks/control_limits.csv, the models on made-up series, where chance alone is at work."""
    with BENCHMARK.open(encoding="utf-8", newline="") as file:
        rows = {
            (row["years"], row["limits"], int(row["deaths_a_year"]), float(row["variation"])): row
            for row in csv.DictReader(file)
        }
    said = {"amid": limits.false_alarm_probability.min(), "last": limits.false_alarm_probability.max()}
    for years, probability in said.items():
        row = rows[years, "chance", 3000, 0.0]
        events, trials = int(row["events"]), int(row["trials"])
        assert stats.binomtest(events, trials, probability).pvalue > 0.01
    # Where years vary beyond chance the first limits give many signals, the widened ones few.
    for deaths in (30, 300, 3000):
        row = rows["amid", "adjusted", deaths, 0.05]
        assert int(row["events"]) / int(row["trials"]) < 0.006
    row = rows["amid", "chance", 3000, 0.05]
    assert int(row["events"]) / int(row["trials"]) > 0.1
