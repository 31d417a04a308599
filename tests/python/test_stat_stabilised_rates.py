"""Stabilised rates against Marshall's formulas in numpy and scipy's gamma distribution."""

import numpy as np
import pytest
from scipy import stats

RANKING = ["period", "measure", "basis", "ranking_level"]


@pytest.fixture(scope="module")
def stabilised(built_database):
    """The ranked rows of fct_rankings."""
    return built_database.execute(
        "select * from marts.fct_rankings where rank_highest_first is not null order by area_code"
    ).df()


def test_every_ranking_follows_marshall(stabilised):
    """Rate, weight, interval and rank; a variance that chance explains gives the mean, weight 0 and no interval."""
    without_variance = 0
    for _, ranking in stabilised.groupby(RANKING):
        deaths, births = ranking.numerator.to_numpy(float), ranking.denominator.to_numpy(float)
        rate = deaths / births
        mean = deaths.sum() / births.sum()
        variance = np.sum(births * (rate - mean) ** 2) / births.sum() - mean / births.mean()
        if variance <= 0:
            without_variance += 1
            np.testing.assert_allclose(ranking.stabilised_rate_per_1000, 1000 * mean, rtol=1e-12)
            assert (ranking.stabilised_weight == 0).all() and (ranking.stabilised_rank_highest_first == 1).all()
            assert ranking.stabilised_lower_95.isna().all() and ranking.stabilised_upper_95.isna().all()
            assert ranking.reason.str.contains("no more than chance|No area of the ranking had a death").all()
            continue
        weight = variance / (variance + mean / births)
        posterior = stats.gamma(mean**2 / variance + deaths, scale=1 / (mean / variance + births))
        # The variance is a difference of two near numbers: what is left of it carries fewer digits.
        tolerance = 1e-12 * (1 + mean / births.mean() / variance) + 1e-8
        np.testing.assert_allclose(ranking.stabilised_weight, weight, rtol=tolerance)
        np.testing.assert_allclose(ranking.stabilised_rate_per_1000, 1000 * posterior.mean(), rtol=tolerance)
        np.testing.assert_allclose(ranking.stabilised_lower_95, 1000 * posterior.ppf(0.025), rtol=tolerance)
        np.testing.assert_allclose(ranking.stabilised_upper_95, 1000 * posterior.isf(0.025), rtol=tolerance)
        expected_rank = ranking.stabilised_rate_per_1000.rank(method="min", ascending=False)
        np.testing.assert_array_equal(ranking.stabilised_rank_highest_first, expected_rank)
    assert without_variance > 0


def test_stabilised_rates_lie_between_the_rate_and_the_mean(stabilised):
    low = np.minimum(stabilised.rate_per_1000, stabilised.funnel_target_per_1000) * (1 - 1e-12)
    high = np.maximum(stabilised.rate_per_1000, stabilised.funnel_target_per_1000) * (1 + 1e-12)
    assert stabilised.stabilised_rate_per_1000.between(low, high).all()
