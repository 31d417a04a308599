"""The highest of many against scipy, in whole numbers, and what became of it."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from test_stat_posteriors import COEFFICIENTS, spread

RANKING = ["period", "measure", "basis", "ranking_level"]


@pytest.fixture(scope="module")
def rankings(built_database):
    """The ranked rows of fct_rankings by their ranking."""
    ranked = built_database.execute(
        "select * from marts.fct_rankings where rank_highest_first is not null order by area_code"
    ).df()
    return dict(iter(ranked.groupby(RANKING)))


@pytest.fixture(scope="module")
def extremes(built_database):
    """All rows of fct_extremes."""
    return built_database.execute("select * from marts.fct_extremes").df()


def test_every_ranking_has_its_row(extremes, rankings):
    keys = list(extremes[RANKING].itertuples(index=False, name=None))
    assert len(set(keys)) == len(keys) > 400 and set(keys) == set(rankings)


def test_every_chance_of_the_highest(extremes, rankings):
    """The fewest deaths to reach the highest rate by exact fractions; the chance by scipy's tails."""
    exact_multiples = without_deaths = 0
    for row in extremes.itertuples():
        ranking = rankings[(row.period, row.measure, row.basis, row.ranking_level)]
        deaths, births = ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float)
        highest = max(
            Fraction(int(numerator), int(denominator))
            for numerator, denominator in zip(ranking.numerator, ranking.denominator, strict=True)
        )
        top = ranking[ranking.rank_highest_first == 1]
        assert (row.highest_area_code, row.areas_at_highest) == (top.area_code.min(), len(top))
        assert Fraction(row.highest_numerator, row.highest_denominator) == highest
        assert row.highest_rate_per_1000 == pytest.approx(float(1000 * highest), rel=1e-14)
        needed = np.array([-(-highest.numerator * int(b) // highest.denominator) for b in ranking.denominator])
        exact_multiples += int(sum(highest.numerator * int(b) % highest.denominator == 0 for b in ranking.denominator))
        mean = deaths.sum() / births.sum()
        equal = -np.expm1(np.log1p(-stats.poisson.sf(needed - 1, mean * births)).sum())
        assert row.probability_equal_risk == pytest.approx(equal, rel=1e-9, abs=1e-13)
        if mean == 0:
            without_deaths += 1
            assert row.probability_fitted_spread == row.probability_equal_risk
            assert np.isnan(row.coefficient_of_variation)
            continue
        _, weights = spread(deaths, births)
        assert row.coefficient_of_variation == pytest.approx(weights @ COEFFICIENTS, rel=1e-8)
        shape = 1 / COEFFICIENTS[:, None] ** 2
        tails = stats.nbinom.sf(needed - 1, shape, shape / (shape + mean * births))
        fitted = weights @ -np.expm1(np.log1p(-tails).sum(axis=1))
        # Coefficients with a weight of less than 0.0005 are left out.
        assert row.probability_fitted_spread == pytest.approx(fitted, abs=1e-3)
    assert without_deaths < 10 and exact_multiples >= len(extremes)


def next_period(row):
    """The next period of as many years that shares none with this one."""
    start = row.period_end_year + 1
    return str(start) if row.years_in_period == 1 else f"{start}-{start + row.years_in_period - 1}"


def ratio(areas, benchmark_rate):
    """Common rate of the areas over the benchmark's; None without one."""
    if len(areas) == 0 or np.isnan(benchmark_rate) or benchmark_rate == 0:
        return None
    return 1000 * areas.numerator.sum() / areas.denominator.sum() / benchmark_rate


def assert_same(value, wanted):
    """Equal as doubles, or both none."""
    if wanted is None:
        assert np.isnan(float(value)) if value is not None else True
    else:
        assert value == pytest.approx(wanted, rel=1e-12)


def test_what_became_of_every_highest_and_of_every_worst_tenth(extremes, rankings):
    followed = 0
    for row in extremes.astype(object).where(extremes.notna(), None).itertuples():
        now = rankings[(row.period, row.measure, row.basis, row.ranking_level)].set_index("area_code")
        after = rankings.get((next_period(row), row.measure, row.basis, row.ranking_level))
        places = max(1, len(now) // 10)
        worst = now[now.rank_highest_first <= places]
        benchmark_rate = now.benchmark_rate_per_1000.iloc[0]
        assert_same(row.highest_ratio, ratio(now.loc[[row.highest_area_code]], benchmark_rate))
        assert_same(row.worst_tenth_ratio, ratio(worst, benchmark_rate))
        assert row.worst_tenth_areas == len(worst)
        if after is None:
            assert row.next_period is None and row.highest_next_ratio is None and row.worst_tenth_share_kept is None
            continue
        followed += 1
        after = after.set_index("area_code")
        assert row.next_period == next_period(row)
        benchmark_rate = after.benchmark_rate_per_1000.iloc[0]
        assert row.next_highest_area_code == after.index[after.rank_highest_first == 1].min()
        assert_same(row.highest_next_ratio, ratio(after[after.index == row.highest_area_code], benchmark_rate))
        worst_after = after[after.index.isin(worst.index)]
        assert_same(row.worst_tenth_next_ratio, ratio(worst_after, benchmark_rate))
        kept = int((worst_after.rank_highest_first <= max(1, len(after) // 10)).sum())
        assert (row.worst_tenth_areas_followed, row.worst_tenth_areas_kept) == (len(worst_after), kept)
        assert_same(row.worst_tenth_share_kept, kept / len(worst_after) if len(worst_after) else None)
        has_excess = row.highest_next_ratio is not None and row.highest_ratio is not None and row.highest_ratio > 1
        wanted = (row.highest_next_ratio - 1) / (row.highest_ratio - 1) if has_excess else None
        assert_same(row.next_period_ratio_kept, wanted)
    assert followed > 100


def test_witnesses_of_the_method(extremes):
    """Perinatal deaths per 1,000 live births of the authorities, 2010 to 2015 against the year after."""
    six = extremes[
        (extremes.measure == "perinatal_per_1000_live_births")
        & (extremes.ranking_level == "upper_tier")
        & (extremes.basis == "registration")
        & (extremes.years_in_period == 1)
        & extremes.period_end_year.between(2010, 2015)
    ]
    assert len(six) == 6
    assert (six.highest_next_ratio < six.highest_ratio).all()
    assert (six.next_highest_area_code != six.highest_area_code).all()
    assert (round(six.highest_ratio.mean(), 2), round(six.highest_next_ratio.mean(), 2)) == (1.93, 1.20)
    assert (round(six.worst_tenth_ratio.mean(), 2), round(six.worst_tenth_next_ratio.mean(), 2)) == (1.49, 1.27)
    assert (six.worst_tenth_areas_kept.sum(), six.worst_tenth_areas.sum()) == (26, 88)
