"""Small workbooks in the real layouts, for the tests of ingestion.

The world has one English region with two unitary authorities, one Welsh authority and births outside England and
Wales. Three publications of ONS are written: the coded births table of 2015 and the named deaths table of 2014 (.xls),
and the child mortality table of 2022 (.xlsx); and the sheets of NHS Digital's indicator in two workbooks, for England
and a commissioning group each. The area codes are real, the figures made up.
"""

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.utils.cell import coordinate_to_tuple
from seeds_read import seed_rows

from ingest.layouts import CATALOGUE, Catalogue

ROOT = Path(__file__).resolve().parents[2]

BIRTHS = "live_births_by_area_2015.xls"
DEATHS = "deaths_registered_by_area_2014.xls"
CHILD_MORTALITY = "child_mortality_2022.xlsx"
COASTAL = "Coastal-West-Sussex-CCGOIS-June-2017.xlsx"
CRAWLEY = "Crawley-CCGOIS-June-2017.xlsx"
SHEETS = {BIRTHS: "Table 1", DEATHS: "Table 1a", CHILD_MORTALITY: "3", COASTAL: "1.25", CRAWLEY: "1.25"}

_TABLES = {
    ("live_births_by_area_2015", "Table 1"),
    ("deaths_registered_by_area_2014", "Table 1a"),
    ("child_mortality_2022", "3"),
}

PARENTS = ("county_code", "region_code")

Cells = dict[str, object]


def small_catalogue() -> Catalogue:
    """Return the real catalogue cut down to the tables of the small world, all in one folder."""
    tables = tuple(table for table in CATALOGUE.tables if (table.publication, table.sheet) in _TABLES)
    indicators = tuple(replace(table, file=Path(table.file).name) for table in CATALOGUE.indicators)
    return replace(
        CATALOGUE,
        tables=tables,
        indicators=tuple(table for table in indicators if table.file in SHEETS),
        births_second_hand=None,
        deprivation_scores=(),
        imd_clinical_commissioning_groups=replace(CATALOGUE.imd_clinical_commissioning_groups, rows=None),
        area_centroids=None,
        wards=None,
    )


def _births() -> Cells:
    cells: Cells = {"A7": "Area of usual residence", "F7": "Live Births", "F8": "Numbers", "F9": "All", "F10": "Total"}
    rows = [
        ("K04000001, J99000001", "ENGLAND, WALES AND ELSEWHERE ", 1010),
        ("E92000001", "ENGLAND", 800),
        ("E12000001", "NORTH EAST", 800),
        ("E06000047", "County Durham", 500),
        ("E06000005", "Darlington", "300"),  # a number kept as text, as in some workbooks
        ("W92000004", "WALES", 200),
        ("W06000015", "Cardiff     ", 200),
        ("J99000001", "Usual residence outside England ", 10),
        ("", "and Wales where birth occurred in", ""),
        ("", "England and Wales", ""),
    ]
    for row, (code, name, births) in enumerate(rows, start=12):
        cells |= {f"A{row}": code, f"B{row}": name, f"F{row}": births}
    cells["B24"] = "Notes: "
    return cells


def _deaths() -> Cells:
    cells: Cells = {"A9": "Area of usual residence", "H7": "Infant ", "H8": "(under 1 year)"}
    cells |= {"I7": "Neonatal", "I8": "(under 4 weeks)", "J7": "Perinatal"}
    cells |= {"J8": "(stillbirths and", "J9": "deaths under", "J10": "1 week)"}
    for letter, measure in (("O", "Infant"), ("P", "Neonatal"), ("Q", "Perinatal")):
        cells |= {f"{letter}7": f"{measure} mortality", f"{letter}8": "rate (per 1,000"}
        cells[f"{letter}9"] = "births and" if letter == "Q" else "live births)"
    cells["Q10"] = "stillbirths)"
    rows = [
        ("ENGLAND AND WALES2    ", (10, 6, 12), (9.9, 5.9, 11.8)),
        ("ENGLAND", (7, 5, 9), (8.8, 6.3, 11.2)),
        ("NORTH EAST", (7, 5, 9), (8.8, 6.3, 11.2)),
        ("County Durham UA 4", (4, 4, 7), (8.0, 8.0, 13.9)),
        ("Darlington UA", (3, 1, 2), (10, "", "")),
        ("WALES", (2, 1, 3), ("", "", 14.9)),
        ("Cardiff", (2, 1, 3), ("", "", 14.9)),
        ("Outside England and Wales", (1, 0, 0), (":", ":", ":")),
    ]
    for row, (name, counts, rates) in enumerate(rows, start=12):
        cells[f"A{row}"] = name
        cells |= {f"{letter}{row}": value for letter, value in zip("HIJ", counts, strict=True)}
        cells |= {f"{letter}{row}": value for letter, value in zip("OPQ", rates, strict=True)}
    cells["A21"] = "Note: rates are not calculated where there are fewer than 3 deaths"
    return cells


def _child_mortality() -> Cells:
    headers = [f"Area of usual residence ({what})" for what in ("code", "name", "geography")]
    headers += ["Live births", "Stillbirths", "Perinatal deaths", "Neonatal deaths", "Postneonatal deaths"]
    headers += ["Infant deaths", "Stillbirth rate", "Stillbirth unreliable indicator "]
    for measure in ("Perinatal", "Neonatal", "Postneonatal", "Infant"):
        headers += [f"{measure} mortality rate", f"{measure} unreliable indicator "]
    cells: Cells = {f"{letter}10": header for letter, header in zip("ABCDEFGHIJKLMNOPQRS", headers, strict=True)}
    rows = [
        ("K04000001, J99000001", "England, Wales and Elsewhere", (1010, 7, 12, 6, 4, 10)),
        ("K04000001", "England and Wales", (1000, 6, 10, 5, 4, 9)),
        ("E92000001", "England", (800, 4, 7, 4, 3, 7)),
        ("E12000001", "North East", (800, 4, 7, 4, 3, 7)),
        ("E06000047", "County Durham      ", (500, 3, 5, 2, 2, 4)),
        ("E06000005", "Darlington", (300, 1, 2, 2, 1, 3)),
        ("W92000004", "Wales", (200, 2, 3, 1, 1, 2)),
        ("W06000015", "Cardiff", (200, 2, 3, 1, 1, 2)),
        ("J99000001", "Usual residence outside England and Wales", (10, 1, 2, 1, 0, 1)),
    ]
    for row, (code, name, counts) in enumerate(rows, start=11):
        cells |= {f"A{row}": code, f"B{row}": name, f"C{row}": "Country"}
        cells |= {f"{letter}{row}": value for letter, value in zip("DEFGHI", counts, strict=True)}
        for letter in "JLNPR":
            cells[f"{letter}{row}"] = "[z]" if code.startswith("J") else "[x]"
        for letter in "KMOQS":
            cells[f"{letter}{row}"] = "" if code.startswith("J") else "[u]"
    cells |= {"J12": 6.0, "K12": "[u]", "R12": 9}
    return cells


COASTAL_FIGURES = [(12, 8.6, 16.3, 3300, 25, 15), (10.3, 7.2, 14.3, 3270, 21, 13), (9, 6.1, 12.8, 3310, 20, 10)]
CRAWLEY_FIGURES = [(4.8, 2.1, 9.5, 1646, 6, 2), (5.5, 2.5, 10.5, 1618, 5, 4), (5, 2.2, 9.8, 1600, 8, 0)]


def _indicator(group: str, figures: list[tuple[float, ...]]) -> Cells:
    """England beside one group, three years: rate, lower and upper limit, live births, stillbirths, neonatal deaths.

    What stands between the limits, in header and rows, is no figure and must not be read.
    """
    headers = ["Indicator value", "CI lower", "CI upper", "Live births", "Stillbirths", "Neonatal deaths"]
    england = [(7.5, 5.7, 9.6, 8000, 40, 20), (7, 5.3, 9.1, 7900, 35, 20), (6.7, 5, 8.8, 8100, 36, 18)]
    cells: Cells = {"A25": "Reporting period"}
    for name_letter, letters, name, rows in (
        ("B", "CDFHIJ", " England", england),
        ("K", "LMOQRS", f"{group}   ", figures),
    ):
        cells |= {f"{name_letter}25": "Level description"}
        cells |= {f"{letter}25": header for letter, header in zip(letters, headers, strict=True)}
        for row, values in enumerate(rows, start=26):
            cells |= {f"A{row}": 1987 + row, f"{name_letter}{row}": name}
            cells |= {f"{letter}{row}": value for letter, value in zip(letters, values, strict=True)}
    return cells | {"E25": "CI lower", "G25": "CI upper", "E26": "chart", "N27": -4.5, "P28": 10**9}


def write_workbook(path: Path, sheet: str, cells: Cells) -> None:
    """Write a workbook of one sheet."""
    if path.suffix == ".xls":
        book = xlwt.Workbook()
        page = book.add_sheet(sheet)
        for reference, value in cells.items():
            row, column = coordinate_to_tuple(reference)
            page.write(row - 1, column - 1, value)
        book.save(str(path))
    else:
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for reference, value in cells.items():
            if value != "":
                page[reference] = value
        book.save(path)


def _write_lookup(path: Path) -> None:
    """Write a lookup of the districts of 2016 from the committed seed of areas (Isles of Scilly is not in it)."""
    areas = {row["area_code"]: row for row in seed_rows("areas/areas.csv")}
    columns = ("LAD16CD", "LAD16NM", "CTY16CD", "CTY16NM", "GOR10CD", "GOR10NM", "CTRY16CD")
    with path.open("w", encoding="cp1252", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        for code, area in areas.items():
            of_2016 = int(area["first_year"]) <= 2016 <= int(area["last_year"])
            district = area["is_lower_tier"] == "true" or code[:3] in ("W06", "S12", "N09")
            if of_2016 and district:
                named = [(area[kind], areas[area[kind]]["area_name"]) if area[kind] else ("", "") for kind in PARENTS]
                writer.writerow((code, area["area_name"], *named[0], *named[1], area["country_code"]))


def _write_commissioning_groups(path: Path) -> None:
    """Write the list of groups with made-up scores."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(CATALOGUE.imd_clinical_commissioning_groups.columns)
        writer.writerow(("E38000039", "NHS Crawley CCG", "19.5", "2"))
        writer.writerow(("E38000213", "NHS Coastal West Sussex CCG", "20.5", "1"))


def write_small_world(
    folder: Path, changes: dict[str, Cells] | None = None, sheets: dict[str, str] | None = None
) -> None:
    """Write the small world's files into ``folder``.

    ``changes`` is ``{file: {cell: value}}``, put over the sound figures; ``sheets`` renames the sheet of a file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file, cells in (
        (BIRTHS, _births()),
        (DEATHS, _deaths()),
        (CHILD_MORTALITY, _child_mortality()),
        (COASTAL, _indicator("NHS Coastal West Sussex CCG", COASTAL_FIGURES)),
        (CRAWLEY, _indicator("NHS Crawley CCG", CRAWLEY_FIGURES)),
    ):
        sheet = (sheets or {}).get(file, SHEETS[file])
        write_workbook(folder / file, sheet, cells | (changes or {}).get(file, {}))
    _write_lookup(folder / CATALOGUE.lookup.file)
    _write_commissioning_groups(folder / CATALOGUE.imd_clinical_commissioning_groups.file)
