"""What is said of an area's rate and rank against scipy: the same model, worked out by fine quadrature.

The published rankings of every size, and made-up ones where a short cut would show: two areas, few deaths, one area
with most births, thousands of areas.
"""

import duckdb
import numpy as np
import pytest
from scipy import special, stats
from sql_macros import render_file, render_macro

COEFFICIENTS = np.array(
    [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.23, 0.26, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8, 1.0]
)
STEPS = ("int_spreads", "int_posteriors", "int_rank_levels", "int_rank_ranges")
# Own rates at so many quantiles; twice as many change no expected rank by 0.02.
NODES = 1000
# Areas looked at in long lists.
DRAWN = 25


def spread(deaths: np.ndarray, births: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean rate of a ranking and the weight of each coefficient of variation; deaths and births of shape (p,)."""
    mean = deaths.sum() / births.sum()
    steps = np.diff(COEFFICIENTS)
    prior = np.concatenate([[steps[0]], (steps[:-1] + steps[1:]) / 2, [steps[-1]]])
    shapes = 1 / COEFFICIENTS**2
    logs = [stats.nbinom.logpmf(deaths, shape, shape / (shape + mean * births)).sum() for shape in shapes]
    weights = prior * np.exp(logs - np.max(logs))
    return mean, weights / weights.sum()


def posteriors(deaths: np.ndarray, births: np.ndarray, mean: float, weights: np.ndarray) -> tuple:
    """Shape and rate of each area's gamma distribution (METHODS, "One posterior"); all of shape (p,)."""
    shapes = 1 / COEFFICIENTS**2
    above = shapes[:, None] + deaths
    below = shapes[:, None] / mean + births
    average = weights @ (above / below)
    variance = weights @ (above * (above + 1) / below**2) - average**2
    return average**2 / variance, average / variance


def at_most_exactly(chances: np.ndarray) -> np.ndarray:
    """P(at most so many independent events), a row per row of `chances` (nodes, events), a column per count from 0."""
    exactly = np.zeros((len(chances), chances.shape[1] + 1))
    exactly[:, 0] = 1
    for chance in chances.T[:, :, None]:
        exactly[:, 1:] = exactly[:, 1:] * (1 - chance) + exactly[:, :-1] * chance
        exactly[:, 0] *= 1 - chance[:, 0]
    return exactly.cumsum(axis=1)


def at_most(chances: np.ndarray) -> np.ndarray:
    """The same by the normal form with skewness, as the model has it."""
    counts = np.arange(chances.shape[1] + 1)
    variance = (chances * (1 - chances)).sum(axis=1, keepdims=True)
    skew = (chances * (1 - chances) * (1 - 2 * chances)).sum(axis=1, keepdims=True) / 6 / variance**1.5
    deviate = (counts + 0.5 - chances.sum(axis=1, keepdims=True)) / np.sqrt(variance)
    return np.clip(stats.norm.cdf(deviate) + skew * (1 - deviate**2) * stats.norm.pdf(deviate), 0, 1)


def rank_of(area: int, shape: np.ndarray, rate: np.ndarray) -> tuple[float, int, int, float, float]:
    """Expected rank, both ends of its 95 % range and the chance of the worst tenth of one area, highest first.

    The chance by the model's form, and exactly for up to 40 areas; above both are the same here.
    """
    quantiles = (np.arange(NODES) + 0.5) / NODES
    own = stats.gamma.ppf(quantiles, shape[area]) / rate[area]
    others = np.arange(len(shape)) != area
    above = special.gammaincc(shape[others], own[:, None] * rate[others])
    worst = max(1, len(shape) // 10)
    by_form = at_most(above).mean(axis=0)
    ranks = at_most_exactly(above).mean(axis=0) if len(shape) <= 40 else by_form
    in_worst = (1 - above).prod(axis=1).mean() if worst == 1 else by_form[worst - 1]
    exactly = in_worst if worst == 1 else ranks[worst - 1]
    return 1 + above.sum(axis=1).mean(), 1 + (ranks < 0.025).sum(), 1 + (ranks < 0.975).sum(), in_worst, exactly


def check(rows, drawn):
    """Hold the rows of one ranking (of fct_rankings' columns) against scipy; ranks of the areas drawn."""
    deaths, births = rows.numerator.to_numpy(float), rows.denominator.to_numpy(float)
    shape, rate = posteriors(deaths, births, *spread(deaths, births))
    np.testing.assert_allclose(rows.stabilised_rate_per_1000, 1000 * shape / rate, rtol=1e-8)
    np.testing.assert_allclose(rows.stabilised_lower_95, 1000 * stats.gamma.ppf(0.025, shape) / rate, rtol=1e-7)
    np.testing.assert_allclose(rows.stabilised_upper_95, 1000 * stats.gamma.isf(0.025, shape) / rate, rtol=1e-7)
    for area in drawn:
        expected, lower, upper, worst, exactly = rank_of(area, shape, rate)
        found = rows.iloc[area]
        assert found.expected_rank == pytest.approx(expected, abs=0.3, rel=0.01)
        places = 1 if len(shape) <= 200 else 2
        assert abs(found.rank_lower_95 - lower) <= places and abs(found.rank_upper_95 - upper) <= places, (
            area,
            lower,
            upper,
        )
        assert found.probability_worst_tenth == pytest.approx(worst, abs=0.003)
        assert found.probability_worst_tenth == pytest.approx(exactly, abs=0.005)


def test_published_rankings_of_every_size_agree_with_scipy(built_database):
    """Of every number of areas that a ranking has, one ranking or two, so that 9, 22, 151 and 308 are among them."""
    rankings = built_database.execute(
        """select * from marts.fct_rankings where stabilised_rate_per_1000 is not null
        order by ranking_level, measure, basis, period, area_code"""
    ).df()
    rankings["ranking"] = rankings.groupby(["ranking_level", "period", "measure", "basis"]).ngroup()
    random = np.random.default_rng(24)
    tried = []
    for areas, of_size in rankings.groupby("areas_ranked"):
        numbers = of_size.ranking.unique()
        for number in random.choice(numbers, min(len(numbers), 2), replace=False):
            rows = of_size[of_size.ranking == number]
            check(rows, range(areas) if areas <= 40 else random.choice(areas, 3, replace=False))
            benchmark = rows.benchmark_rate_per_1000 / 1000
            counts = rows.numerator.to_numpy(float), rows.denominator.to_numpy(float)
            shape, rate = posteriors(*counts, *spread(*counts))
            above = np.where(benchmark.isna(), np.nan, stats.gamma.sf(benchmark * rate, shape))
            np.testing.assert_allclose(rows.probability_above_benchmark.to_numpy(float), above, atol=1e-9)
            tried.append(areas)
    assert len(tried) >= 30 and {9, 22, 151, 308} <= set(tried)


def by_the_models(deaths, births):
    """The rows of one made-up ranking by the models' own SQL; the benchmark is the sum of the areas."""
    connection = duckdb.connect()
    connection.execute(
        """create table int_ranked_rates as
        select 1 as ranking_id, row_number() over () as ranked_rate_id, true as is_ranked, event_count, births,
            event_count as numerator, births as denominator, count(*) over () as areas_ranked
        from (select unnest(?::double[]) as event_count, unnest(?::double[]) as births)""",
        [list(map(float, deaths)), list(map(float, births))],
    )
    connection.execute(
        """create table int_rankings as
        select 1 as ranking_id, true as is_complete, sum(event_count) as deaths, sum(births) as births,
            sum(event_count) as benchmark_numerator, sum(births) as benchmark_denominator
        from int_ranked_rates"""
    )
    for step in STEPS:
        connection.execute(f"create table {step} as {render_file(f'models/rankings/{step}.sql')}")
    return connection.execute(
        """select * from int_ranked_rates
        left join int_posteriors using (ranked_rate_id) left join int_rank_ranges using (ranked_rate_id)
        order by ranked_rate_id"""
    ).df()


def made_up(areas: int, spread: float, births: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Deaths and births of areas whose underlying rates are gamma distributed about 3.9 per 1,000."""
    random = np.random.default_rng(seed)
    sizes = np.round(births * random.lognormal(0, 0.8, areas)) + 20
    rates = 0.0039 * random.gamma(1 / spread**2, spread**2, areas)
    return random.poisson(rates * sizes), sizes


MADE_UP = {
    "two areas": ((12, 3), (2000, 1500)),
    "two areas, one death": ((1, 0), (300, 500)),
    "seven areas, one death": ((0, 0, 1, 0, 0, 0, 0), (300, 500, 200, 150, 400, 600, 90)),
    "nine areas": made_up(9, 0.2, 60000, 1),
    "twenty-two areas": made_up(22, 0.1, 1200, 2),
    "few deaths in many areas": made_up(151, 0.3, 60, 3),
    "equal rates": ([4] * 30, [1000] * 30),
    "one area with most births": (lambda d, b: (np.append(d, 9000), np.append(b, 2.4e6)))(*made_up(150, 0.2, 2000, 4)),
    "one area with most deaths": ([300] + [2] * 40, [4000] + [1000] * 40),
    "thousands, little spread": made_up(5570, 0.05, 900, 5),
    "thousands, much spread": made_up(5570, 0.3, 900, 6),
}


@pytest.mark.parametrize("deaths, births", MADE_UP.values(), ids=MADE_UP)
def test_made_up_rankings_agree_with_scipy(deaths, births):
    rows = by_the_models(deaths, births)
    areas = len(rows)
    drawn = (
        range(areas)
        if areas <= 40
        else np.random.default_rng(7).choice(areas, DRAWN if areas < 1000 else 8, replace=False)
    )
    check(rows, drawn)


def test_a_ranking_without_deaths_has_no_posterior():
    rows = by_the_models([0, 0, 0], [500, 600, 700])
    assert len(rows) == 3
    assert rows[["posterior_shape", "stabilised_rate_per_1000", "expected_rank", "rank_lower_95"]].isna().all(axis=None)


def test_one_area_alone_is_first():
    (row,) = by_the_models([5], [1000]).to_dict("records")
    assert (row["expected_rank"], row["rank_lower_95"], row["rank_upper_95"]) == (1, 1, 1)
    assert row["probability_worst_tenth"] == 1


def test_witnesses(built_database):
    """METHODS' own numbers, infant 2022; 0.7818 is the exact chance of Kirklees' worst tenth (Poisson-binomial)."""
    found = built_database.execute(
        """select area_name, ranking_level, stabilised_rate_per_1000, stabilised_lower_95, stabilised_upper_95,
            probability_above_benchmark, expected_rank, rank_lower_95, rank_upper_95
        from marts.fct_rankings
        where measure = 'infant' and period = '2022' and (area_name, ranking_level) in (
            ('Kirklees', 'upper_tier'), ('Birmingham', 'upper_tier'), ('Rutland', 'upper_tier'),
            ('Kirklees', 'lower_tier'))
        order by 2 desc, 1"""
    ).fetchall()
    assert [row[0] for row in found] == ["Birmingham", "Kirklees", "Rutland", "Kirklees"]
    birmingham, kirklees, rutland, kirklees_lower = (row[2:] for row in found)
    assert birmingham[0] == pytest.approx(8.082, abs=2e-3) and birmingham[4:] == pytest.approx((2.0, 1, 6), abs=0.3)
    assert kirklees[:4] == pytest.approx((6.485, 4.693, 8.562, 0.9988), abs=2e-3)
    assert kirklees[4:] == pytest.approx((10.8, 1, 38), abs=1)
    assert rutland[0] == pytest.approx(4.708, abs=2e-3) and rutland[3] == pytest.approx(0.696, abs=2e-3)
    assert rutland[4:] == pytest.approx((49.8, 2, 135), abs=0.3)
    assert kirklees_lower[3] == pytest.approx(0.9990, abs=2e-3) and kirklees_lower[4:] == pytest.approx(
        (18.4, 1, 69), abs=0.3
    )


def test_the_verdict_is_read_off_the_probability(built_database):
    wrong, higher, lower = built_database.execute(
        """select
            count(*) filter (where verdict is distinct from case
                when probability_above_benchmark >= 0.95 then 'higher'
                when probability_above_benchmark <= 0.05 then 'lower'
                when probability_above_benchmark is not null then 'similar' end),
            count(*) filter (where verdict = 'higher'), count(*) filter (where verdict = 'lower')
        from marts.fct_rankings"""
    ).fetchone()
    assert wrong == 0 and higher > 500 and lower > 500


def test_ranks_of_a_ranking_add_up(built_database):
    """Expected ranks to those of the list, chances of the worst tenth to its size."""
    sums = built_database.execute(
        """select areas_ranked, sum(expected_rank) as ranks, sum(probability_worst_tenth) as chances
        from marts.fct_rankings where expected_rank is not null
        group by ranking_level, period, measure, basis, areas_ranked"""
    ).df()
    assert len(sums) > 300
    np.testing.assert_allclose(sums.ranks, sums.areas_ranked * (sums.areas_ranked + 1) / 2, rtol=3e-3)
    np.testing.assert_allclose(sums.chances, np.maximum(1, sums.areas_ranked // 10), atol=0.2, rtol=0.01)


def sql_values(expression: str, **columns) -> np.ndarray:
    """The expression for each row of the named arrays of doubles."""
    unnested = ", ".join(f"unnest(?::double[]) as {name}" for name in columns)
    query = f"select {expression} from (select {unnested})"
    (found,) = duckdb.execute(query, [list(map(float, values)) for values in columns.values()]).fetchnumpy().values()
    return found


def test_log_gamma_is_as_near_as_its_comment_says():
    x = np.concatenate([np.geomspace(1e-6, 8, 2000), np.geomspace(8, 1e9, 2000)])
    found = sql_values(render_macro("log_gamma", "x"), x=x)
    # Near 1 and 2 it is 0: there the error is absolute.
    np.testing.assert_allclose(found, special.gammaln(x), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("smallest", [1, 2, 3.9, 4, 30])
def test_the_upper_tail_is_as_near_as_its_comment_says(smallest):
    tails = np.concatenate([np.geomspace(1e-9, 1e-3, 50), np.linspace(1e-3, 1 - 1e-3, 400)])
    shape = np.repeat(smallest * np.array([1, 1.05, 1.3, 2, 7, 900]), len(tails))
    x = stats.gamma.isf(np.tile(tails, 6), shape)
    deviate = render_macro("gamma_deviate_approximate", "shape", "x")
    tail = render_macro("gamma_upper_tail_approximate", "shape", "x", f"({deviate})")
    assert np.abs(sql_values(tail, shape=shape, x=x) - stats.gamma.sf(x, shape)).max() <= 1e-4


@pytest.mark.parametrize(("smallest", "bound"), [(5, 6e-5), (4, 1e-4), (3, 2.1e-4), (2, 6e-4), (1, 4e-3)])
def test_the_deviate_of_a_gamma_distribution_is_as_near_as_its_comment_says(smallest, bound):
    tails = np.concatenate(
        [np.geomspace(1e-12, 1e-3, 50), np.linspace(1e-3, 1 - 1e-3, 400), 1 - np.geomspace(1e-12, 1e-3, 50)]
    )
    shape = np.repeat(smallest * np.array([1, 1.05, 1.3, 2, 7, 900]), len(tails))
    x = stats.gamma.isf(np.tile(tails, 6), shape)
    deviates = sql_values(render_macro("gamma_deviate", "shape", "x"), shape=shape, x=x)
    assert np.abs(stats.norm.cdf(deviates) - stats.gamma.sf(x, shape)).max() <= bound


@pytest.mark.parametrize("shape", [1e-3, 0.05, 0.4, 1.0, 2.0, 3.99])
def test_the_recurrence_adds_four_densities(shape):
    """Each step of the recurrence is the density of the next shape: x^a e^-x / Gamma(a + 1)."""
    x = np.geomspace(1e-9, 60, 300)
    found = sql_values(render_macro("gamma_recurrence_terms", f"{shape!r}::double", "x"), x=x)
    expected = sum(stats.gamma.pdf(x, shape + step) for step in (1, 2, 3, 4))
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose(found, stats.gamma.sf(x, shape + 4) - stats.gamma.sf(x, shape), atol=1e-10)


def test_the_normal_tail_is_as_near_as_its_comment_says():
    deviates = np.linspace(-9, 9, 18001)
    found = sql_values(render_macro("normal_lower_tail_approximate", "z"), z=deviates)
    assert np.abs(found - stats.norm.cdf(deviates)).max() <= 7.5e-8
