"""What CONTRIBUTING.md promises: a measure, a level and a claim are rows in seeds, and no SQL changes."""

from pathlib import Path

import pytest
from dbt_process import Copy

MEASURE = (
    "stillbirth_and_infant,Stillbirth and infant mortality rate,Stillbirths and deaths under 1 year,"
    "Live births and stillbirths,true,true,lower_is_better,10,was stillborn or died before its first birthday,"
    "were stillborn or died before their first birthday,were stillborn or died\n"
)
COMPONENTS = "".join(
    f"stillbirth_and_infant,{role},{item}\n"
    for role, item in (
        ("numerator", "stillbirths"),
        ("numerator", "infant_deaths"),
        ("denominator", "live_births"),
        ("denominator", "stillbirths"),
    )
)
LEVEL = "metropolitan_county,Metropolitan counties of England,metropolitan counties,E92000001,8\n"
ADDED = {
    "seeds/reference/measures.csv": MEASURE,
    "seeds/reference/measure_components.csv": COMPONENTS,
    "seeds/areas/ranking_levels.csv": LEVEL,
    "seeds/areas/ranking_level_members.csv": "metropolitan_county,metropolitan_county\n",
}


@pytest.fixture(scope="module")
def grown(copy) -> Copy:
    """A copy of the project with rows added to four seeds, and every model built anew that comes after them."""
    for name, rows in ADDED.items():
        path = copy.folder / name
        path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    changed = [f"{Path(name).stem}+" for name in ADDED]
    done = copy.dbt("build", "--resource-type", "seed", "--resource-type", "model", "--select", *changed)
    assert done.returncode == 0, done.stdout
    return copy


def test_a_new_measure_has_rates_ranks_and_summaries(grown):
    """The rate is that of its parts, every area with figures is ranked, and every summary has words."""
    differing = grown.query(
        """
        select count(*)
        from marts.fct_rates as whole
        inner join marts.fct_rates as stillbirths using (area_code, period, basis)
        inner join marts.fct_rates as infant using (area_code, period, basis)
        where whole.measure = 'stillbirth_and_infant' and stillbirths.measure = 'stillbirth'
            and infant.measure = 'infant' and whole.status = 'ok'
            and (whole.numerator <> stillbirths.numerator + infant.numerator
                or whole.denominator <> stillbirths.denominator)
        """
    )
    assert differing == [(0,)]
    ((ranked, undescribed),) = grown.query(
        """
        select
            (select count(*) from marts.fct_rankings
            where measure = 'stillbirth_and_infant' and rank_highest_first is not null),
            (select count(*) from marts.fct_area_summaries where summary is null)
        """
    )
    assert ranked > 1_000 and undescribed == 0
    ((summary,),) = grown.query(
        "select summary from marts.fct_area_summaries "
        "where area_code = 'E08000034' and measure = 'stillbirth_and_infant'"
    )
    assert "of 4,721 babies were stillborn or died before their first birthday, " in summary, summary


def test_a_new_level_has_ranks_comparisons_and_a_funnel(grown):
    rows = grown.query(
        """
        select areas_ranked, areas_in_level, count(*), count(verdict), count(funnel_position), min(benchmark_area_code)
        from marts.fct_rankings
        where ranking_level = 'metropolitan_county' and measure = 'infant' and period = '2014'
        group by all
        """
    )
    assert rows == [(6, 6, 6, 6, 6, "E92000001")]
    ((summary,),) = grown.query(
        "select summary from marts.fct_area_summaries where area_code = 'E11000006' and measure = 'infant'"
    )
    assert summary.startswith("West Yorkshire, 2022: 153 of 25,594 babies died "), summary
    assert grown.query("select areas from marts.dim_ranking_level where ranking_level = 'metropolitan_county'") == [
        (6,)
    ]
