"""The areas nearest in deprivation and births, worked out again from scores and births with numpy."""

import numpy as np
import pytest

# The latest year with births by area: every area of a level that has births then has its peers then.
YEAR = 2023


@pytest.fixture(scope="module")
def peers(built_database):
    """The rows of dim_area_peer of that year."""
    return built_database.execute("select * from marts.dim_area_peer where births_year = ?", [YEAR]).df()


@pytest.fixture(scope="module")
def areas(built_database):
    """Live births of that year and deprivation score of 2025, by area code."""
    found = built_database.execute(
        """
        select area_code, denominator - numerator as births, deprivation_score
        from marts.fct_rates
        left join (from marts.dim_area_deprivation where deprivation_index = '2025') using (area_code)
        where measure = 'stillbirth' and basis = 'occurrence' and period = ?
        """,
        [str(YEAR)],
    ).df()
    return found.set_index("area_code")


@pytest.mark.parametrize("level", ["lower_tier", "upper_tier", "welsh_unitary_authority", "region"])
def test_peers_are_the_ten_nearest(peers, areas, level):
    own = peers[peers.ranking_level == level]
    members = areas.loc[sorted(set(own.area_code))]
    assert not members.isna().births.any()
    for compared_by, listed in own.groupby("compared_by"):
        scored = compared_by == "deprivation_and_births"
        alike = members[members.deprivation_score.notna()] if scored else members
        scales = [np.log(alike.births), alike.deprivation_score] if scored else [np.log(alike.births)]
        points = np.column_stack([scale / scale.std(ddof=1) for scale in scales])
        for area, rows in listed.groupby("area_code"):
            distances = np.linalg.norm(points - points[alike.index.get_loc(area)], axis=1)
            nearest = sorted(zip(distances.round(9), alike.index, strict=True))
            nearest = [code for _, code in nearest if code != area][:10]
            rows = rows.sort_values("peer_rank")
            assert list(rows.peer_area_code) == nearest
            expected = [distances[alike.index.get_loc(code)] for code in nearest]
            assert rows.distance.to_numpy() == pytest.approx(expected, abs=1e-9)
            assert list(rows.peer_births) == [members.births[code] for code in nearest]


def test_nobody_is_its_own_peer_and_scores_are_the_dimension_s(peers, areas):
    assert (peers.area_code != peers.peer_area_code).all()
    assert set(peers.deprivation_index.dropna()) == {"2025"}
    for code, column in (("area_code", "deprivation_score"), ("peer_area_code", "peer_deprivation_score")):
        scores = np.where(peers.deprivation_score.isna(), np.nan, areas.deprivation_score[peers[code]])
        np.testing.assert_array_equal(peers[column], scores)
