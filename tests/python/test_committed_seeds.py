"""The committed seeds that ingestion wrote: figures, areas, deprivation scores and the indicator."""

import re
from collections import Counter

import pytest
from seeds_read import SEEDS, seed_rows

from ingest.figures import INDICATOR_COLUMNS, SEED_COLUMNS
from ingest.layouts import CATALOGUE, ITEMS
from ingest.names import clean_name

FIGURE_SEEDS = sorted({table.seed for table in CATALOGUE.tables} | {"live_births_2017_second_hand"})
INDICATOR_SEED = "nhs/clinical_commissioning_group_indicators.csv"


@pytest.fixture(scope="session")
def figures() -> list[dict[str, str]]:
    """All rows of the committed figure seeds."""
    return [row for seed in FIGURE_SEEDS for row in seed_rows(f"ons/{seed}.csv")]


@pytest.fixture(scope="session")
def areas() -> dict[str, dict[str, str]]:
    """The committed areas by code."""
    return {row["area_code"]: row for row in seed_rows("areas/areas.csv")}


@pytest.mark.parametrize(
    ("path", "columns"),
    [*((f"ons/{seed}.csv", SEED_COLUMNS) for seed in FIGURE_SEEDS), (INDICATOR_SEED, INDICATOR_COLUMNS)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_seed_is_sorted_unique_and_plain(path, columns):
    rows = seed_rows(path)
    keys = [(r["publication"], int(r["data_year"]), r["source_table"], r["area_code"], r["item"]) for r in rows]
    assert keys == sorted(set(keys))
    content = (SEEDS / path).read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert tuple(rows[0]) == columns


def test_every_figure_is_a_number_or_a_mark(figures):
    for row in figures:
        assert bool(row["count_value"]) != bool(row["count_mark"]), row
        assert not (row["printed_rate"] and row["printed_rate_mark"]), row
        assert re.fullmatch(r"\d*", row["count_value"]), row
        assert re.fullmatch(r"(\d+\.\d+)?", row["printed_rate"]), row
        assert row["item"] in ITEMS, row
        assert row["item"] != "live_births" or not (row["printed_rate"] or row["printed_rate_mark"]), row


def test_rates_have_one_decimal_except_northern_ireland_2010(figures):
    longer = [row for row in figures if row["printed_rate"] and not re.fullmatch(r"\d+\.\d", row["printed_rate"])]
    assert len(longer) == 63
    assert {row["publication"] for row in longer} == {"deaths_registered_by_area_2010"}
    assert {row["area_code"][:2] for row in longer} == {"N9", "95"}


def test_marks_are_those_ons_explains(figures):
    marks = {(row["count_mark"], row["printed_rate_mark"]) for row in figures}
    counts, rates = {count for count, _ in marks}, {rate for _, rate in marks}
    assert counts == {"", "*", "-", ":", "12.106"}
    assert rates == {"", "*", "-", ":", "..", "z", "[x]", "[z]", "(blank)"}
    assert {row["reliability_mark"] for row in figures} == {"", "u", "[u]"}


def test_every_figure_has_a_described_area(figures, areas):
    for row in figures:
        area = areas[row["area_code"]]
        split_early = row["area_code"] in ("E09000012", "E09000001") and row["data_year"] == "2013"
        within = int(area["first_year"]) <= int(row["data_year"]) <= int(area["last_year"])
        assert within != split_early, row


def test_areas_have_parents_tiers_and_names(areas):
    tiers = Counter()
    for area in areas.values():
        assert area["area_name"] != area["area_name"].upper(), area
        if area["area_level"] != "deprivation_decile":
            assert clean_name(area["area_name"]) == area["area_name"], area
        for parent in ("county_code", "region_code", "country_code"):
            assert not area[parent] or area[parent] in areas, area
        english = area["country_code"] == "E92000001"
        needs_region = english and area["area_level"] not in ("country", "deprivation_decile")
        assert bool(area["region_code"]) == needs_region, area
        if area["first_year"] <= "2016" <= area["last_year"]:
            tiers["lower"] += area["is_lower_tier"] == "true"
            tiers["upper"] += area["is_upper_tier"] == "true"
            tiers["county of district"] += area["area_level"] == "non_metropolitan_district" and bool(
                area["county_code"]
            )
    # 326 districts and 152 upper-tier authorities in 2016, Isles of Scilly printed with Cornwall
    assert tiers == {"lower": 325, "upper": 151, "county of district": 201}


def test_lineage_joins_areas_of_one_country(areas):
    lineage = seed_rows("areas/area_lineage.csv")
    keys = [(row["predecessor_code"], row["successor_code"]) for row in lineage]
    assert keys == sorted(set(keys))
    for row in lineage:
        successor, predecessor = areas[row["successor_code"]], areas.get(row["predecessor_code"])
        assert row["note"], row
        assert int(row["change_year"]) >= int(successor["first_year"]), row
        if predecessor is None:
            assert row["change_type"] == "recode", row
        else:
            assert predecessor["country_code"] == successor["country_code"], row
            assert predecessor["region_code"] == successor["region_code"], row
        if (
            predecessor is not None
            and row["change_type"] == "merger"
            and predecessor["area_level"] != "former_district"
        ):
            assert int(predecessor["last_year"]) < int(row["change_year"]), row


def test_deprivation_scores(areas):
    scores = {
        (row["deprivation_index"], row["area_code"]): float(row["average_score"])
        for row in seed_rows("areas/deprivation_scores.csv")
    }
    assert Counter(index for index, _ in scores) == {"2015": 326, "2019": 320, "2025": 296}
    unprinted = {code for _, code in scores} - set(areas)
    assert unprinted == {"E06000053"}  # Isles of Scilly, printed with Cornwall
    # Kirklees in three editions, the 70th most deprived in the last; Bournemouth, Christchurch and Poole; Blackpool
    assert [scores[index, "E08000034"] for index in ("2015", "2019", "2025")] == [23.964, 25.151, 25.805]
    assert sum(index == "2025" and score >= 25.805 for (index, _), score in scores.items()) == 70
    assert scores["2019", "E06000058"] == 18.173
    assert max((score, code) for (index, code), score in scores.items() if index == "2025") == (43.467, "E06000009")
    groups = seed_rows("areas/clinical_commissioning_groups.csv")
    assert len(groups) == 209
    scores = sorted((float(row["imd_2015_average_score"]) for row in groups), reverse=True)
    by_rank = {int(row["imd_2015_rank_of_average_score"]): float(row["imd_2015_average_score"]) for row in groups}
    assert by_rank[1] == scores[0]
    assert by_rank[209] == scores[-1]


ENGLAND_TOTALS = [
    ("child_mortality_2022", 2014, "live_births", 661501),
    ("child_mortality_2022", 2014, "stillbirths", 3047),
    ("child_mortality_2022", 2014, "neonatal_deaths", 1679),
    ("child_mortality_2022", 2014, "infant_deaths", 2391),
    ("live_births_by_area_2014", 2014, "live_births", 661496),
    ("deaths_registered_by_area_2014", 2014, "infant_deaths", 2548),
    ("deaths_registered_by_area_2014", 2014, "neonatal_deaths", 1780),
    ("deaths_registered_by_area_2014", 2014, "perinatal_deaths", 4420),
    ("deaths_registered_by_area_2013", 2013, "infant_deaths", 2611),
    ("deaths_registered_by_area_2013", 2013, "neonatal_deaths", 1799),
    ("deaths_registered_by_area_2013", 2013, "perinatal_deaths", 4471),
]
KIRKLEES = [
    (2013, "live_births", 5658),
    (2013, "perinatal_deaths", 39),
    (2013, "neonatal_deaths", 22),
    (2013, "infant_deaths", 32),
    (2014, "live_births", 5472),
    (2014, "perinatal_deaths", 56),
    (2014, "neonatal_deaths", 16),
    (2014, "infant_deaths", 23),
]


def counts_of(figures, area_code, publications) -> dict[tuple[str, int, str], int]:
    """Return {(publication, year, item): count} of one area."""
    return {
        (row["publication"], int(row["data_year"]), row["item"]): int(row["count_value"])
        for row in figures
        if row["area_code"] == area_code and row["publication"].startswith(publications) and row["count_value"]
    }


def test_control_totals_of_england(figures):
    counts = counts_of(figures, "E92000001", ("child_mortality_2022", "live_births_by_area", "deaths_registered"))
    assert {key[:3]: counts[key[:3]] for key in ENGLAND_TOTALS} == {key[:3]: key[3] for key in ENGLAND_TOTALS}
    in_2022 = [
        int(row["count_value"])
        for row in figures
        if (row["publication"], row["data_year"], row["area_code"], row["item"])
        == ("child_mortality_2022", "2022", "E92000001", "live_births")
    ]
    assert sorted(in_2022) == [576589, 577046]  # decile table, area table


def test_control_totals_of_kirklees(figures):
    counts = counts_of(figures, "E08000034", ("live_births_by_area", "deaths_registered"))
    by_year = {(year, item): count for (_, year, item), count in counts.items()}
    assert {key[:2]: by_year[key[:2]] for key in KIRKLEES} == {key[:2]: key[2] for key in KIRKLEES}


def test_printed_rates_of_england_and_wales_2010_to_2016(figures):
    printed = Counter(
        "national" if row["area_code"].startswith("K04") else "area"
        for row in figures
        if row["publication"].startswith("deaths_registered_by_area")
        and int(row["data_year"]) <= 2016
        and row["item"] in ("infant_deaths", "neonatal_deaths")
        and row["printed_rate"]
        and row["area_code"][0] in "EWfK"
        and row["area_code"] != "K02000001"
    )
    assert printed == {"area": 4341, "national": 14}


def test_years_of_the_national_series(figures):
    years = {
        (row["publication"], int(row["data_year"]))
        for row in figures
        if row["area_code"] == "K04000001" and row["item"] == "early_neonatal_deaths"
    }
    assert years == {("child_mortality_2018", year) for year in range(1921, 2019)} | {
        ("child_mortality_2022", year) for year in range(1980, 2023)
    }


INDICATORS = [
    # area, year, live births, stillbirths, neonatal deaths, rate, limits: read off the workbooks by eye
    ("E92000001", 2013, 664517, 3103, 1774, "7.3", "7.1", "7.5"),
    ("E92000001", 2014, 661501, 3047, 1679, "7.1", "6.9", "7.3"),
    ("E92000001", 2015, 664399, 2952, 1745, "7.0", "6.8", "7.2"),
    ("E38000213", 2014, 4785, 12, 12, "5.0", "3.2", "7.4"),
    ("E38000039", 2014, 1618, 5, 4, "5.5", "2.5", "10.5"),
    ("E38000083", 2014, 2315, 14, 4, "7.7", "4.6", "12.2"),
]


def test_control_totals_of_the_indicator():
    rows = {(row["area_code"], int(row["data_year"]), row["item"]): row for row in seed_rows(INDICATOR_SEED)}
    items = ("live_births", "stillbirths", "neonatal_deaths", "stillbirth_and_neonatal_deaths")
    areas = {code for code, _, _ in rows}
    assert len(areas) == 4
    assert set(rows) == {(code, year, item) for code in areas for year in (2013, 2014, 2015) for item in items}
    for code, year, births, stillbirths, deaths, *printed in INDICATORS:
        for item, count in zip(items, (births, stillbirths, deaths, ""), strict=True):
            assert rows[code, year, item]["count_value"] == str(count)
        rate = rows[code, year, "stillbirth_and_neonatal_deaths"]
        assert [rate["printed_rate"], rate["printed_lower_95"], rate["printed_upper_95"]] == printed
    for row in rows.values():
        shown = [row["printed_rate"], row["printed_lower_95"], row["printed_upper_95"]]
        assert [bool(text) for text in shown] == [row["item"] == "stillbirth_and_neonatal_deaths"] * 3
        assert all(re.fullmatch(r"(\d+\.\d)?", text) for text in shown), row


def test_the_indicator_counts_england_by_year_of_occurrence(figures):
    """The sheets do not say how deaths are put into years; England's nine counts are those of ONS by occurrence."""
    by_occurrence = counts_of(figures, "E92000001", ("child_mortality_2022",))
    registered = counts_of(figures, "E92000001", ("deaths_registered_by_area",))
    england = [row for row in seed_rows(INDICATOR_SEED) if row["area_code"] == "E92000001" and row["count_value"]]
    assert len(england) == 9
    for row in england:
        year = int(row["data_year"])
        assert int(row["count_value"]) == by_occurrence["child_mortality_2022", year, row["item"]], row
        if row["item"] == "neonatal_deaths":
            assert int(row["count_value"]) != registered[f"deaths_registered_by_area_{year}", year, row["item"]], row
