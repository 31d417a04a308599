"""The chance of the worst tenth against numerical integration with the exact Poisson-binomial distribution."""

import duckdb
import numpy as np
import pytest
from scipy.stats import gamma, norm
from sql_macros import render_file, render_macro

MODEL = "models/rankings/int_worst_tenth_chances.sql"
# What METHODS promises of any ranking, and what holds in those of the published figures.
LARGEST_ERROR = 0.005
LARGEST_ERROR_OF_PUBLISHED = 0.001
# Levels of the integration: its own error is below 0.0004 in every ranking tried here, a quarter of that at 800.
LEVELS = 400
# Rankings tried of each number of areas; the small ones differ more from each other and cost less.
RANKINGS_OF_A_SIZE = {"up to 40 areas": 4, "above": 1}


def few_others_above(above: np.ndarray, places: int) -> np.ndarray:
    """P(at most places - 1 of the other areas lie above the level), exactly; above and result of shape (levels, areas).

    The number of areas above a level has the Poisson-binomial distribution, built up area by area; each area's factor
    is then divided out again, from the end where the division loses nothing: from none above for a chance of up to a
    half, from all above for a larger one.
    """
    levels, areas = above.shape
    everybody = np.zeros((levels, areas + 1))
    everybody[:, 0] = 1
    for chance in above.T[:, :, None]:
        everybody[:, 1:] = everybody[:, 1:] * (1 - chance) + everybody[:, :-1] * chance
        everybody[:, 0] *= 1 - chance[:, 0]
    small = np.minimum(above, 0.5)
    large = np.maximum(above, 0.5)
    upwards, without = np.zeros_like(above), np.zeros_like(above)
    for count in range(places):
        without = (everybody[:, [count]] - small * without) / (1 - small)
        upwards += without
    downwards, without = np.zeros_like(above), np.zeros_like(above)
    for count in range(areas, 0, -1):
        without = (everybody[:, [count]] - (1 - large) * without) / large
        if count <= places:
            downwards += without
    return np.where(above <= 0.5, upwards, downwards)


def chances(shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """P(area is in the worst tenth) of p areas whose underlying rates are gamma(shape, rate); all of shape (p,)."""
    places = max(1, len(shape) // 10)
    highest = (gamma.isf(1e-9, shape) / rate).max()
    lowest = (gamma.ppf(1e-9, shape) / rate).min()
    levels = np.linspace(np.sqrt(lowest), np.sqrt(highest), LEVELS + 1) ** 2
    if shape.min() < 1:
        # So much of such an area's distribution lies close to 0 that equal steps would miss it.
        levels = np.unique(np.concatenate([levels, highest * np.geomspace(1e-40, 1e-2, LEVELS)]))
    above = gamma.sf(levels[:, None] * rate, shape)
    in_place = few_others_above(above, places)
    return ((above[:-1] - above[1:]) * (in_place[:-1] + in_place[1:]) / 2).sum(axis=0)


def chances_by_the_model(shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """The same from the model's own SQL on a made-up table in place of int_stabilised_rates."""
    connection = duckdb.connect()
    connection.execute(
        """create table int_stabilised_rates as
        select 1 as ranking_id, unnest(range(len(?))) as ranked_rate_id, unnest(?::double[]) as posterior_shape,
            unnest(?::double[]) as posterior_rate, len(?) as areas_ranked, true as has_pairs_compared""",
        [list(shape), list(shape), list(rate), list(shape)],
    )
    query = f"select probability_worst_tenth from ({render_file(MODEL)}) order by ranked_rate_id"
    (found,) = connection.execute(query).fetchnumpy().values()
    return found


def posterior(deaths: np.ndarray, births: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shape and rate of Marshall's posterior (METHODS, "Stabilised rate"); deaths and births of shape (p,)."""
    mean = deaths.sum() / births.sum()
    spread = np.sum(births * (deaths / births - mean) ** 2) / births.sum()
    variance = spread - mean / births.mean()
    assert variance > 0
    return mean**2 / variance + deaths, mean / variance + births


def test_the_integration_itself_is_exact():
    """Areas that are alike have the same chance; of two areas the chance of the higher one is a beta distribution's."""
    assert chances(np.full(40, 3.5), np.full(40, 700.0)) == pytest.approx(0.1, abs=5e-5)
    # X1 > X2 where X1/(X1 + X2) > 1/2; for shapes 2 and 5 and one rate, P = 1 - I_{1/2}(2, 5) = 7/64.
    assert chances(np.array([2.0, 5.0]), np.ones(2)) == pytest.approx([7 / 64, 57 / 64], abs=5e-5)


@pytest.fixture(scope="module")
def ranked(built_database):
    """The ranked areas with their posterior distributions and the stored chance."""
    return built_database.execute(
        """
        select stabilised.*, chances.probability_worst_tenth
        from rankings.int_stabilised_rates as stabilised
        inner join rankings.int_worst_tenth_chances as chances using (ranked_rate_id)
        order by stabilised.ranked_rate_id
        """
    ).df()


def test_rankings_of_every_size_agree_with_exact_integration(ranked):
    """Of every number of areas that a ranking has, one ranking or more, 9, 20, 151 and 308 among them."""
    random = np.random.default_rng(2014)
    told_apart = ranked[ranked.posterior_shape.notna()]
    largest_error = {}
    tried = 0
    for areas, rankings in told_apart.groupby("areas_ranked"):
        ids = rankings.ranking_id.unique()
        wanted = RANKINGS_OF_A_SIZE["up to 40 areas" if areas <= 40 else "above"]
        for ranking_id in random.choice(ids, size=min(len(ids), wanted), replace=False):
            rows = rankings[rankings.ranking_id == ranking_id]
            expected = chances(rows.posterior_shape.to_numpy(), rows.posterior_rate.to_numpy())
            error = np.abs(rows.probability_worst_tenth.to_numpy() - expected).max()
            largest_error[areas] = max(largest_error.get(areas, 0), error)
            tried += 1
    assert tried >= 30 and {9, 20, 151, 308} <= set(largest_error)
    assert max(largest_error.values()) <= LARGEST_ERROR_OF_PUBLISHED, (
        f"largest error by number of areas: {largest_error}"
    )


def test_chances_of_a_ranking_add_up_to_its_places(ranked):
    sums = ranked.groupby("ranking_id").agg(
        chances=("probability_worst_tenth", "sum"), areas=("areas_ranked", "first"), rows=("areas_ranked", "size")
    )
    assert (sums.areas == sums.rows).all()
    assert np.abs(sums.chances - np.maximum(1, sums.areas // 10)).max() <= 0.2


def test_areas_that_cannot_be_told_apart_have_the_same_chance(ranked):
    """Rankings of one area among them, which has the place for certain."""
    alike = ranked[ranked.posterior_shape.isna()]
    assert len(alike) > 100
    places = np.maximum(1, alike.areas_ranked // 10)
    assert (alike.probability_worst_tenth == places / alike.areas_ranked).all()


@pytest.mark.parametrize("areas", [1, 2, 9, 19, 20, 25, 30, 40, 50])
def test_made_up_rankings_agree_with_exact_integration(areas):
    """Shapes below one and below four among them."""
    random = np.random.default_rng(areas)
    shape = random.gamma(1.2, 4.0, areas) + 0.3
    rate = shape / random.gamma(15, 2e-4, areas)
    if areas > 9:
        assert shape.min() < 1 and ((shape >= 1) & (shape < 4)).any() and shape.max() > 4
    assert np.abs(chances_by_the_model(shape, rate) - chances(shape, rate)).max() <= LARGEST_ERROR


@pytest.mark.parametrize(("areas", "with_deaths", "bound"), [
    (20, 8, LARGEST_ERROR),
    (25, 10, LARGEST_ERROR),
    (40, 16, LARGEST_ERROR),
    (151, 60, LARGEST_ERROR),
    # Where hardly more areas have deaths than there are places, the normal form is rough, as the model's caveats say.
    (40, 4, 0.03),
    (60, 6, 0.03),
])  # fmt: skip
def test_rankings_with_many_areas_without_deaths(areas, with_deaths, bound):
    """Posteriors as Marshall's formulas give them; those of areas without deaths have shapes below one."""
    random = np.random.default_rng(areas + with_deaths)
    births = random.integers(100, 3000, areas).astype(float)
    deaths = np.zeros(areas)
    deaths[:with_deaths] = 1 + random.poisson(0.006 * births[:with_deaths])
    shape, rate = posterior(deaths, births)
    assert shape.min() < 1
    assert np.abs(chances_by_the_model(shape, rate) - chances(shape, rate)).max() <= bound


@pytest.mark.parametrize("areas", [20, 151, 308])
def test_one_area_with_all_deaths_has_a_place(areas):
    """Shapes of about a thousandth and less, for which Wilson and Hilferty's upper quantile is below zero."""
    deaths, births = np.zeros(areas), np.full(areas, 3000.0)
    deaths[0], births[0] = 30, 60
    shape, rate = posterior(deaths, births)
    assert shape.min() < 2e-3
    found = chances_by_the_model(shape, rate)
    assert found[0] == pytest.approx(1, abs=1e-4)
    assert found.min() >= 0 and found[1:].max() < 0.1


@pytest.mark.parametrize(("smallest", "bound"), [(5, 6e-5), (4, 1e-4), (3, 2.1e-4), (2, 6e-4), (1, 4e-3)])
def test_the_deviate_of_a_gamma_distribution_is_as_near_as_its_comment_says(smallest, bound):
    tails = np.concatenate(
        [np.geomspace(1e-12, 1e-3, 50), np.linspace(1e-3, 1 - 1e-3, 400), 1 - np.geomspace(1e-12, 1e-3, 50)]
    )
    shape = np.repeat(smallest * np.array([1, 1.05, 1.3, 2, 7, 900]), len(tails))
    x = gamma.isf(np.tile(tails, 6), shape)
    deviate = render_macro("gamma_deviate", "shape", "x")
    shapes_and_x = "select unnest(?::double[]) as shape, unnest(?::double[]) as x"
    (deviates,) = (
        duckdb.execute(f"select {deviate} from ({shapes_and_x})", [list(shape), list(x)]).fetchnumpy().values()
    )
    assert np.abs(norm.cdf(deviates) - gamma.sf(x, shape)).max() <= bound


@pytest.mark.parametrize("shape", [1e-3, 0.05, 0.4, 1.0, 2.0, 3.99])
def test_the_recurrence_adds_four_densities(shape):
    """Each step of the recurrence is the density of the next shape: x^a e^-x / Gamma(a + 1)."""
    x = np.geomspace(1e-9, 60, 300)
    terms = render_macro("gamma_recurrence_terms", f"{shape!r}::double", "x")
    (found,) = duckdb.execute(f"select {terms} from (select unnest(?::double[]) as x)", [list(x)]).fetchnumpy().values()
    expected = sum(gamma.pdf(x, shape + step) for step in (1, 2, 3, 4))
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose(found, gamma.sf(x, shape + 4) - gamma.sf(x, shape), atol=1e-10)


def test_the_normal_tail_is_as_near_as_its_comment_says():
    deviates = np.linspace(-9, 9, 18001)
    tail = render_macro("normal_lower_tail_approximate", "z")
    (found,) = (
        duckdb.execute(f"select {tail} from (select unnest(?::double[]) as z)", [list(deviates)]).fetchnumpy().values()
    )
    assert np.abs(found - norm.cdf(deviates)).max() <= 7.5e-8
