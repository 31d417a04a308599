"""The areas beside each area: which they are, worked out again with numpy, and the chance that its rate is higher."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

EARTH_RADIUS_KM = 6371
LEVELS = ["lower_tier", "upper_tier", "welsh_unitary_authority", "region"]


@pytest.fixture(scope="module")
def comparisons(built_database) -> pd.DataFrame:
    """The rows of fct_area_comparisons on infant mortality, with the place that orders them."""
    return built_database.execute(
        "select * from marts.fct_area_comparisons where measure = 'infant' "
        "order by ranking_level, area_code, kind, rank"
    ).df()


@pytest.fixture(scope="module")
def rankings(built_database) -> dict[tuple, pd.DataFrame]:
    """The areas of each ranking, by level, period and basis: births, rate, rank, posterior, point, parent and score."""
    found = built_database.execute(
        """
        select
            rates.ranking_level, rates.period, rates.basis, rates.area_code, rates.births, rates.rate_per_1000,
            rates.lower_95, rates.upper_95, rates.rank_highest_first, posteriors.posterior_shape as shape,
            posteriors.posterior_rate as rate, areas.longitude, areas.latitude,
            coalesce(
                nullif(areas.county_code, areas.area_code), nullif(areas.region_code, areas.area_code),
                areas.benchmark_area_code
            ) as parent,
            scores.deprivation_score as score, coalesce(scores.deprivation_index, '') as edition
        from rankings.int_ranked_rates as rates
        inner join rankings.int_posteriors as posteriors using (ranked_rate_id)
        inner join marts.dim_area as areas using (area_code)
        left join marts.dim_area_deprivation as scores
            on rates.area_code = scores.area_code
            and rates.period_end_year between scores.first_year and coalesce(scores.last_year, 9999)
        where rates.measure = 'infant' and rates.years_in_period = 1 and rates.is_ranked
        """
    ).df()
    keys = ["ranking_level", "period", "basis"]
    return {key: rows.set_index("area_code").sort_index() for key, rows in found.groupby(keys)}


def haversines(areas: pd.DataFrame, code: str) -> pd.Series:
    """Kilometres from an area to all others that have a point, on a globe."""
    placed = areas.dropna(subset=["longitude"])
    latitudes, longitudes = np.radians(placed.latitude), np.radians(placed.longitude)
    squares = (
        np.sin((latitudes - latitudes[code]) / 2) ** 2
        + np.cos(latitudes) * np.cos(latitudes[code]) * np.sin((longitudes - longitudes[code]) / 2) ** 2
    )
    return (2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(squares))).drop(code)


def unlikeness(areas: pd.DataFrame, code: str) -> pd.Series:
    """Distance in deprivation and the logarithm of births, in standard deviations, among those scored by one index; by
    births among those without a score."""
    alike = areas[areas.edition == areas.edition[code]]
    scales = [np.log(alike.births)] + ([alike.score] if pd.notna(areas.score[code]) else [])
    points = np.column_stack([scale / scale.std(ddof=1) for scale in scales])
    distances = np.linalg.norm(points - points[alike.index.get_loc(code)], axis=1)
    return pd.Series(distances, index=alike.index).drop(code)


def ten_least(distances: pd.Series) -> list[str]:
    """The codes of the ten least, equal ones in the order of their codes."""
    return [code for _, code in sorted(zip(distances.round(9), distances.index, strict=True))][:10]


@pytest.mark.parametrize("level", LEVELS)
def test_each_area_stands_beside_those_it_should(comparisons, rankings, level):
    kinds_seen = set()
    own = comparisons[comparisons.ranking_level == level]
    for (code, kind, period, basis), rows in own.groupby(["area_code", "kind", "period", "basis"]):
        areas = rankings[level, period, basis]
        assert list(rows["rank"]) == list(range(1, len(rows) + 1))
        kinds_seen.add(kind)
        if kind == "same_parent":
            others = areas[(areas.parent == areas.parent[code]) & (areas.index != code)].reset_index()
            expected = list(others.sort_values(["rank_highest_first", "area_code"]).area_code)
        else:
            expected = ten_least(haversines(areas, code) if kind == "nearest" else unlikeness(areas, code))
        assert list(rows.compared_area_code) == expected
    assert kinds_seen >= {"alike", "same_parent"} and ("nearest" in kinds_seen) == level.endswith("_tier")


def test_every_area_of_the_latest_year_has_all_kinds(comparisons, rankings):
    """Nobody is left out: of each ranking of the latest year every area that has others."""
    for level in ("lower_tier", "upper_tier"):
        own = comparisons[comparisons.ranking_level == level]
        latest = own[own.period == "2022"]
        for kind in ("nearest", "alike"):
            assert set(latest[latest.kind == kind].area_code) == set(rankings[level, "2022", "occurrence"].index)


def test_the_period_is_the_latest_that_the_area_has(comparisons, rankings):
    latest: dict[tuple, tuple] = {}
    for (level, period, basis), areas in rankings.items():
        for code in areas.index:
            place = latest.get((level, code), ("", "z"))
            if (period, -ord(basis[0])) > (place[0], -ord(place[1][0])):
                latest[level, code] = (period, basis)
    for row in comparisons.drop_duplicates(["ranking_level", "area_code"]).itertuples():
        assert (row.period, row.basis) == latest[row.ranking_level, row.area_code]


def test_distances_rates_and_intervals_are_those_of_the_areas(comparisons, rankings):
    for (level, code, period, basis), rows in comparisons.groupby(["ranking_level", "area_code", "period", "basis"]):
        areas = rankings[level, period, basis]
        others = areas.loc[rows.compared_area_code]
        for column, value in (
            ("compared_denominator", others.births),
            ("compared_rate_per_1000", others.rate_per_1000),
            ("compared_lower_95", others.lower_95),
            ("compared_upper_95", others.upper_95),
            ("compared_deprivation_score", others.score),
        ):
            assert rows[column].to_numpy(float) == pytest.approx(value.to_numpy(float), rel=1e-12, nan_ok=True), column
        assert rows.rate_per_1000.to_numpy() == pytest.approx(areas.rate_per_1000[code], rel=1e-12)
        placed = rows[rows.distance_km.notna()]
        if len(placed):
            expected = haversines(areas, code)[placed.compared_area_code]
            assert placed.distance_km.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-6)


def test_the_chance_is_that_of_two_gamma_variables(comparisons, rankings):
    """Of two gamma variables, the first over both, each over its rate, is beta distributed."""
    told, expected = [], []
    for (level, code, period, basis), rows in comparisons.groupby(["ranking_level", "area_code", "period", "basis"]):
        areas = rankings[level, period, basis]
        own, others = areas.loc[code], areas.loc[rows.compared_area_code]
        told.append(rows.probability_higher.to_numpy())
        expected.append(beta.sf(own.rate / (own.rate + others.rate), own["shape"], others["shape"]))
    told, expected = np.concatenate(told), np.concatenate(expected)
    assert len(told) > 10_000 and told.min() < 0.01 and told.max() > 0.99
    assert told == pytest.approx(expected, abs=1e-6)


def test_the_chances_of_two_areas_make_one(comparisons):
    """Where each of two areas stands beside the other, in one ranking."""
    keys = ["ranking_level", "kind", "period", "basis"]
    both = comparisons.merge(
        comparisons,
        left_on=[*keys, "area_code", "compared_area_code"],
        right_on=[*keys, "compared_area_code", "area_code"],
        suffixes=("", "_other"),
    )
    assert len(both) > 1_000
    assert (both.probability_higher + both.probability_higher_other).to_numpy() == pytest.approx(1, abs=1e-9)
    assert (comparisons.area_code != comparisons.compared_area_code).all()
