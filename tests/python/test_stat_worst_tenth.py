"""The chance of the worst tenth against numerical integration with the exact Poisson-binomial distribution."""

import duckdb
import numpy as np
import pytest
from scipy.stats import gamma, norm
from sql_macros import render_file, render_macro

LEVELS = 400
LARGEST_ERROR = 0.005
RANKING = ["period", "measure", "basis", "ranking_level"]


def chances(shape: np.ndarray, rate: np.ndarray, places: int) -> np.ndarray:
    """P(area is among the `places` highest of p underlying rates), areas' rates gamma(shape, rate); shape (p,).

    At each level of the rate the number of the other areas above it has the Poisson-binomial distribution, built up
    area by area with each area left out in turn.
    """
    areas = len(shape)
    lowest, highest = (gamma.ppf(1e-8, shape) / rate).min(), (gamma.isf(1e-8, shape) / rate).max()
    levels = np.linspace(np.sqrt(lowest), np.sqrt(highest), LEVELS + 1) ** 2
    above = gamma.sf(levels[:, None] * rate, shape)
    few_enough = np.empty_like(above)
    for level, own in enumerate(above):
        # Row i: the distribution of how many areas but i lie above, up to places - 1.
        distribution = np.zeros((areas, places))
        distribution[:, 0] = 1
        for area, chance in enumerate(own):
            without = distribution[area].copy()
            distribution[:, 1:] = distribution[:, 1:] * (1 - chance) + distribution[:, :-1] * chance
            distribution[:, 0] *= 1 - chance
            distribution[area] = without
        few_enough[level] = distribution.sum(axis=1)
    return ((above[:-1] - above[1:]) * (few_enough[:-1] + few_enough[1:]) / 2).sum(axis=0)


@pytest.fixture(scope="module")
def ranked(built_database):
    """The ranked areas with their posterior distributions and the stored chance."""
    return built_database.execute(
        """
        select ranked.*, stabilised.posterior_shape, stabilised.posterior_rate, chances.probability_worst_tenth
        from rankings.int_rates_ranked as ranked
        inner join rankings.int_rates_stabilised as stabilised using (ranked_rate_id)
        inner join rankings.int_worst_tenth_chances_calculated as chances using (ranked_rate_id)
        order by ranked.ranked_rate_id
        """
    ).df()


def test_rankings_of_every_level_agree_with_exact_integration(ranked):
    """Rankings of 9, 11, 22, 32 and about 150 areas, and two of above 300; their sum is the number of places."""
    random = np.random.default_rng(2014)
    told_apart = ranked[ranked.posterior_shape.notna()]
    chosen = []
    for level, rows in told_apart.groupby("ranking_level"):
        ids = rows.ranking_id.unique()
        chosen += list(random.choice(ids, size=min(len(ids), 2 if level == "lower_tier" else 7), replace=False))
    assert len(chosen) >= 30
    for ranking_id, rows in told_apart[told_apart.ranking_id.isin(chosen)].groupby("ranking_id"):
        places = max(1, len(rows) // 10)
        expected = chances(rows.posterior_shape.to_numpy(), rows.posterior_rate.to_numpy(), places)
        error = np.abs(rows.probability_worst_tenth.to_numpy() - expected).max()
        assert error <= LARGEST_ERROR, (ranking_id, len(rows), error)


def test_chances_of_a_ranking_add_up_to_its_places(ranked):
    for _, rows in ranked.groupby("ranking_id"):
        assert rows.probability_worst_tenth.sum() == pytest.approx(max(1, len(rows) // 10), abs=0.2)


def test_areas_that_cannot_be_told_apart_have_the_same_chance(ranked):
    alike = ranked[ranked.posterior_shape.isna()]
    assert len(alike) > 100
    places = np.maximum(1, alike.areas_ranked // 10)
    assert (alike.probability_worst_tenth == places / alike.areas_ranked).all()


@pytest.mark.parametrize("areas", [1, 2, 9, 19, 20, 25, 30, 40])
def test_made_up_rankings_agree_with_exact_integration(areas):
    """The model's own SQL on made-up posteriors, shapes below one and below four among them."""
    random = np.random.default_rng(areas)
    shape = random.gamma(1.2, 4.0, areas) + 0.3
    rate = shape / random.gamma(15, 2e-4, areas)
    connection = duckdb.connect()
    connection.execute(
        """create table int_rates_stabilised as
        select 1 as ranking_id, unnest(range(len(?))) as ranked_rate_id, unnest(?::double[]) as posterior_shape,
            unnest(?::double[]) as posterior_rate, len(?) as areas_ranked""",
        [list(shape), list(shape), list(rate), list(shape)],
    )
    query = render_file("models/rankings/int_worst_tenth_chances_calculated.sql")
    found = connection.execute(f"select probability_worst_tenth from ({query}) order by ranked_rate_id").df()
    expected = chances(shape, rate, max(1, areas // 10))
    assert np.abs(found.probability_worst_tenth.to_numpy() - expected).max() <= LARGEST_ERROR


def test_the_tails_are_as_near_as_their_comments_say():
    """Peizer and Pratt's deviate, the terms that carry small shapes, and the normal tail, beside scipy."""
    for smallest, bound in ((5, 6e-5), (3, 2.1e-4), (2, 6e-4), (1, 4e-3)):
        shapes = [smallest, smallest * 1.3, smallest * 7.0, smallest * 900.0]
        rows = [(a, x) for a in shapes for x in gamma.ppf(np.linspace(1e-7, 1 - 1e-7, 500), a)]
        frame = np.array(rows)
        connection = duckdb.connect()
        connection.execute(
            "create table tails as select unnest(?::double[]) as shape, unnest(?::double[]) as x",
            [list(frame[:, 0]), list(frame[:, 1])],
        )
        deviate = render_macro("gamma_deviate", "shape", "x")
        tail = render_macro("normal_lower_tail_approximate", "deviate")
        found = connection.execute(f"select {tail} from (select *, {deviate} as deviate from tails)").fetchnumpy()
        (values,) = found.values()
        assert np.abs(values - gamma.sf(frame[:, 1], frame[:, 0])).max() <= bound, smallest
    terms = render_macro("gamma_recurrence_terms", "0.4e0", "x")
    levels = np.linspace(1e-3, 12, 200)
    values = duckdb.execute(f"select {terms} from (select unnest(?::double[]) as x)", [list(levels)]).fetchall()
    expected = gamma.sf(levels, 4.4) - gamma.sf(levels, 0.4)
    assert np.array(values)[:, 0] == pytest.approx(expected, rel=1e-10)
    deviates = np.linspace(-9, 9, 1801)
    tail = render_macro("normal_lower_tail_approximate", "z")
    values = duckdb.execute(f"select {tail} from (select unnest(?::double[]) as z)", [list(deviates)]).fetchall()
    assert np.abs(np.array(values)[:, 0] - norm.cdf(deviates)).max() < 7.6e-8
