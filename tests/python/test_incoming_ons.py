"""ONS's own workbooks, dropped in as they are: they change nothing that is known, and give a new year's figures.

As in test_ingest.py, ONS_WORKBOOKS names the folder of the originals, which are not part of the project. A small
workbook of the same shape is read everywhere (test_incoming_files.py).
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from dbt_process import PROJECT, Copy
from python_calamine import CalamineWorkbook
from test_incoming_files import read

WORKBOOKS = Path(os.environ.get("ONS_WORKBOOKS") or "nowhere")
pytestmark = pytest.mark.skipif(
    not WORKBOOKS.is_dir(),
    reason="ONS_WORKBOOKS names no folder of the original workbooks, which are not part of the project",
)
# Tables that say of the files themselves what became of them, and the build's own.
ABOUT_FILES = {"input_files", "rejected_rows", "fct_counts", "build_information"}
RATES = "select area_code, measure, numerator, denominator, rate_per_1000 from marts.fct_rates where "
RANKS = (
    "select area_code, measure, ranking_level, rank_highest_first, areas_ranked, verdict from marts.fct_rankings where "
)


def rewritten(name: str, year: int, to: Path) -> Path:
    """A workbook with one year made another wherever it stands."""
    original = CalamineWorkbook.from_path(WORKBOOKS / name)
    old = next(word for word in name.replace(".", "_").split("_") if word.isdecimal())
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in original.sheet_names:
        page = book.create_sheet(sheet)
        for row in original.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            page.append(
                [
                    cell.replace(old, str(year)) if isinstance(cell, str) else year if cell == int(old) else cell
                    for cell in row
                ]
            )
    to.mkdir(exist_ok=True)
    book.save(to / f"another name {year}.xlsx")
    return to


def build(copy: Copy, folder: Path) -> None:
    """Build and test everything with the files of a folder."""
    done = copy.dbt("build", "--vars", json.dumps({"incoming_folder": str(folder)}))
    assert done.returncode == 0, done.stdout


def test_each_workbook_is_known(tmp_path):
    """In every layout that ONS has had: sheets, kinds, and how many areas and counts."""
    for path in WORKBOOKS.glob("*.xls*"):
        shutil.copy(path, tmp_path)
    files = read(tmp_path)
    found = {name.replace(".xlsx", "").replace(".xls", ""): file for name, file in files.items()}
    assert {name: file["edition"] for name, file in found.items()} == {
        name: int(name.partition(", ")[0].replace("_tables_3_and_21_only", "")[-4:]) for name in found
    }
    assert {file["layout"] for file in files.values()} == {
        *("ons_child_mortality_by_area", "ons_child_mortality_by_deprivation_decile", "ons_live_births_by_area"),
        *("ons_deaths_registered_by_area", "ons_live_births_2021", "ons_births_and_stillbirths_2023"),
    }
    assert len(found) == 22
    assert {row["area_code_text"] for file in files.values() for row in file["rows"]}.isdisjoint({None, ""})


def test_a_workbook_whose_counts_are_known_changes_no_number(copy, published_database_path, tmp_path):
    shutil.copy(WORKBOOKS / "child_mortality_2022.xlsx", tmp_path)
    build(copy, tmp_path)
    assert copy.query("select kind, rows_read, rows_used, rows_rejected from marts.input_files") == [
        ("ons", 519, 0, 519)
    ]
    assert copy.query(
        "select count(*) from marts.rejected_rows where reason not like 'this count was published (%'"
    ) == [(0,)]
    said = subprocess.run(
        [
            *(sys.executable, PROJECT / "scripts" / "compare_exports.py", "--tolerance", "1e-9"),
            *(published_database_path, copy.folder / "infant_mortality.duckdb"),
        ],
        capture_output=True,
        text=True,
    ).stdout
    tables = dict(re.findall(r"^(\w+): (equal|\d[\d,]* rows)", said, re.MULTILINE))
    assert len(tables) > 25
    assert {name for name, what in tables.items() if what != "equal"} <= ABOUT_FILES, said


def test_a_new_year_has_rates_ranks_and_summaries_of_every_area(copy, tmp_path):
    build(copy, rewritten("child_mortality_2022.xlsx", 2023, tmp_path / "new"))
    # The births and stillbirths of 2023 were published: rates of stillbirths are those.
    occurred = "basis = 'occurrence' and measure <> 'stillbirth' and period = '{}' order by all"
    before, after = (copy.query(RATES + occurred.format(year)) for year in (2022, 2023))
    known = {row[0] for row in before}
    assert [row for row in after if row[0] in known] == before and len(before) > 2500
    before, after = (copy.query(RANKS + occurred.format(year)) for year in (2022, 2023))
    assert after == before and len(before) > 3000
    summaries = (
        "select area_code from marts.fct_area_summaries where measure = 'infant' and period = '2023' order by all"
    )
    ranked = (
        "select distinct area_code from marts.fct_rankings where measure = 'infant' and period = '2022' order by all"
    )
    assert set(copy.query(ranked)) <= set(copy.query(summaries))
    reasons = copy.query(
        "select distinct regexp_replace(reason, '[0-9]+', 'N', 'g') from marts.rejected_rows order by all"
    )
    assert all(reason.startswith("this count was published (N in ") for (reason,) in reasons)


def test_other_editions_and_tables_give_the_figures_of_other_years(copy, tmp_path):
    """Child mortality in the layouts of 2018 and 2020, births and registered deaths, read of one folder."""
    for name, year in {
        "child_mortality_2018.xls": 2031,
        "child_mortality_2020_tables_3_and_21_only.xlsx": 2032,
        "live_births_by_area_2016.xls": 2033,
        "deaths_registered_by_area_2016.xls": 2033,
        "deaths_registered_by_area_2012.xls": 2008,
        "live_births_by_area_2012.xls": 2008,
    }.items():
        rewritten(name, year, tmp_path / name)
        shutil.move(tmp_path / name / f"another name {year}.xlsx", tmp_path / f"{name}.xlsx")
        (tmp_path / name).rmdir()
    done = copy.dbt(
        "run", "--select", "stg_incoming__fields+,+int_measure_counts", "stg_incoming__fields+,+fct_rates", "--vars",
        json.dumps({"incoming_folder": str(tmp_path)}),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    # Deciles stand in a table of their own, and the stillbirths beside registered deaths in one by occurrence.
    alone = (
        "rate_per_1000 is not null and area_code not like '%IMD%' and (basis, measure) <> ('registration', 'perinatal')"
    )
    for old, new, basis in (
        (2018, 2031, "occurrence"),
        (2020, 2032, "occurrence"),
        (2016, 2033, "registration"),
        (2012, 2008, "registration"),
    ):
        before, after = (
            copy.query(f"{RATES} basis = '{basis}' and period = '{year}' and {alone} order by all")
            for year in (old, new)
        )
        assert after == before and len(after) > 1000
