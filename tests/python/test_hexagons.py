"""The map: hexagons are shared out once, near their places, with regions whole, as the seed says."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from report import hexagons
from report.hexagons import hexagon_positions, parts_of_groups
from scripts import hexagon_positions as script


@pytest.fixture(scope="module")
def maps():
    """The seed: level and edition to the hexagon of each area."""
    found = {}
    for row in script.rows_of(script.SEED):
        one = found.setdefault((row["ranking_level"], int(row["edition"])), {})
        assert row["area_code"] not in one
        one[row["area_code"]] = (int(row["map_column"]), int(row["map_row"]))
    return found


@pytest.fixture(scope="module")
def points():
    """Longitude and latitude of each area."""
    return {
        row["area_code"]: (float(row["longitude"]), float(row["latitude"]))
        for row in script.rows_of(script.SEEDS / "area_centroids.csv")
    }


@pytest.mark.parametrize(("level", "edition"), [("upper_tier", 2010), ("upper_tier", 2023), ("lower_tier", 2014)])
def test_the_seed_is_what_the_script_gives(maps, level, edition):
    made = {code: (column, row) for _, _, code, column, row in script.positions(level, edition)}
    assert made == maps[level, edition]


def test_the_seed_has_every_edition_and_area(maps):
    wanted = {(level, year): set(areas) for level in script.TIERS for year, areas in script.editions(level).items()}
    assert {key: set(one) for key, one in maps.items()} == wanted


def test_no_two_areas_share_a_hexagon_and_regions_are_whole(maps):
    for (level, edition), one in maps.items():
        assert len(set(one.values())) == len(one)
        codes = sorted(one)
        regions = script.editions(level)[edition]
        parts = parts_of_groups([one[code] for code in codes], [regions[code] for code in codes])
        assert len(parts) == 9
        assert all(len(found) == 1 for found in parts.values()), (level, edition)


def test_every_area_of_every_ranking_has_a_hexagon(maps, built_database):
    """One edition has all areas of each ranking of England's authorities, whatever measure and period."""
    rankings = built_database.execute(
        """
        select distinct ranking_level, list_sort(list(distinct area_code))
        from marts.fct_rankings
        where ranking_level in ('lower_tier', 'upper_tier')
        group by ranking_level, measure, basis, period
        """
    ).fetchall()
    assert rankings
    for level, codes in rankings:
        assert any(set(codes) <= set(one) for (of_level, _), one in maps.items() if of_level == level)


def test_neighbours_stay_near_and_directions_are_kept(maps, points):
    """Nine in ten pairs of neighbours on the ground are at most two hexagons apart; north stays above south."""
    for one in maps.values():
        codes = sorted(one)
        beside = hexagons._neighbours(hexagons._on_a_plane([points[code] for code in codes]))
        centres = [hexagons.centre(one[code]) for code in codes]
        pairs = [(place, other) for place, others in enumerate(beside) for other in others if place < other]
        near = sum(math.dist(centres[place], centres[other]) < 2.1 for place, other in pairs)
        assert near / len(pairs) > 0.9
        far_apart = [
            (place, other)
            for place in range(len(codes))
            for other in range(len(codes))
            if points[codes[place]][1] > points[codes[other]][1] + 1
        ]
        kept = sum(centres[place][1] < centres[other][1] for place, other in far_apart)
        assert kept / len(far_apart) > 0.97


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 8), st.integers(0, 2**32))
def test_the_assignment_is_the_cheapest(rows, more, seed):
    """Against scipy, with costs that tie often."""
    draw = random.Random(seed)
    costs = [[float(draw.randrange(20)) for _ in range(rows + more)] for _ in range(rows)]
    found = hexagons._assign(costs)
    assert len(set(found)) == rows
    expected_rows, expected_columns = linear_sum_assignment(costs)
    cheapest = sum(costs[row][column] for row, column in zip(expected_rows, expected_columns, strict=True))
    assert sum(costs[row][column] for row, column in enumerate(found)) == cheapest


@pytest.mark.parametrize(
    "points",
    [
        {},
        {"A": (18.0, 59.0)},
        {"A": (18.0, 59.0), "B": (18.0, 59.0), "C": (18.0, 59.0), "D": (18.0, 59.0)},
        {f"A{place:02}": (10.0 + place, 60.0) for place in range(25)},
        {f"A{place:02}": (10.0, 50.0 + place / 7) for place in range(25)},
    ],
    ids=["none", "one", "of one place", "from west to east", "from north to south"],
)
def test_any_points_have_a_map(points):
    placed = hexagon_positions(points, dict.fromkeys(points))
    assert placed.keys() == points.keys()
    assert len(set(placed.values())) == len(points)
    if points:
        assert min(column for column, _ in placed.values()) == 0
        assert min(row for _, row in placed.values()) in (0, 1)


def test_a_group_in_two_parts_is_joined():
    """Two areas of a group at either end of a row change places with those between, or leave the row."""
    cells = [(column, 0) for column in range(5)]
    groups = ["a", "b", "b", "b", "a"]
    joined = hexagons._join_groups(cells, groups, [hexagons.centre(cell) for cell in cells])
    assert len(set(joined)) == 5
    assert {group: len(parts) for group, parts in parts_of_groups(joined, groups).items()} == {"a": 1, "b": 1}
