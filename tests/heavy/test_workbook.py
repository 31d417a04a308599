"""LibreOffice opens the workbook, shows what stands in it, and prints it: `make test-workbook`.

Needs `soffice` (Debian: libreoffice-calc) and `pdftoppm` (poppler-utils). Pictures of the pages are left in
test-output/workbook, to be looked at.
"""

import csv
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from publish import placing
from publish.plugin import published_place
from tests.exports import copy_of_exports
from tests.your_area import check_your_area
from workbook.making import WORKBOOK_FILE, make_workbook
from workbook.sheets import SHEETS
from workbook.writing import HEADINGS

OUTPUT = Path(__file__).resolve().parents[2] / "test-output" / "workbook"
# Comma, double quote, UTF-8, from line 1, as shown, every sheet a file of its own.
EVERY_SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
FIRST_SHEET_AS_CSV = EVERY_SHEET_AS_CSV.removesuffix("-1") + "1"


# LibreOffice takes the stored values of formulas as they are unless it is told to recalculate.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(workbook: Path, to: str, folder: Path) -> None:
    """Have LibreOffice recalculate and convert a workbook, with a profile of its own; any complaint fails."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(RECALCULATE, encoding="utf-8")
    done = subprocess.run(
        [
            *("soffice", "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", to, "--outdir", str(folder), str(workbook)),
        ],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in (done.stdout + done.stderr).lower(), done.stdout + done.stderr


def choose(workbook: Path, area: str, measure: str, chosen: Path) -> None:
    """A copy of a workbook in which a person chose another area and measure in the first sheet."""
    first_sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(chosen, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == first_sheet:
                text = content.decode()
                for cell, value in (("B3", area), ("B4", measure)):
                    text, times = re.subn(rf'(<c r="{cell}"[^>]*><is><t>)[^<]*', rf"\g<1>{value}", text)
                    assert times == 1
                content = text.encode()
            after.writestr(name, content)


@pytest.fixture(scope="module")
def exports() -> Path:
    """The published exports; the programs that are needed are there."""
    for program in ("soffice", "pdftoppm", "pdftotext"):
        assert shutil.which(program), f"{program} is missing: apt-get install libreoffice-calc poppler-utils"
    folder = published_place().parent / placing.EXPORTS_FOLDER
    assert folder.is_dir(), "there are no exports: run `dbt build`"
    return folder


def test_libreoffice_shows_every_row(exports, tmp_path):
    made = make_workbook(exports)
    convert(made.path, EVERY_SHEET_AS_CSV, tmp_path)
    for sheet in SHEETS:
        with (tmp_path / f"{made.path.stem}-{sheet.title}.csv").open(encoding="utf-8", newline="") as file:
            heading, *shown = csv.reader(file)
        stored = CalamineWorkbook.from_path(str(made.path)).get_sheet_by_name(sheet.title).to_python()[1:]
        assert heading == [HEADINGS[column] for column in sheet.columns] + (["lookup"] if sheet.key else [])
        assert len(shown) == len(stored)
        # Every text as it stands; every number to the digits that its format shows.
        for seen, row in zip(shown, stored, strict=True):
            for text, value in zip(seen, row, strict=True):
                if isinstance(value, str):
                    assert text == value
                elif not isinstance(value, bool):
                    # A chance is shown in per cent, and never as 0 or 100.
                    if text.startswith(("<", ">")):
                        assert value in (0, 1)
                        continue
                    percent = 100 if text.endswith("%") else 1
                    decimals = len(text.rstrip("%").partition(".")[2])
                    # Where the format does not say how many, LibreOffice writes 14 digits or more.
                    tolerance = max(0.5000001 * 10**-decimals, 5.0000001e-14 * abs(value))
                    assert abs(float(text.replace(",", "").rstrip("%")) - value * percent) <= tolerance


# An authority, one of another country, one without a rank or a benchmark, a district in two tiers, a small one.
@pytest.mark.parametrize(
    ("name", "code", "measure"),
    [
        ("Kirklees", "E08000034", "neonatal"),
        ("Rutland", "E06000017", "infant"),
        ("Cardiff", "W06000015", "stillbirth"),
        ("West Midlands (E11000005)", "E11000005", "infant"),
        ("Glasgow City", "S12000046", "infant"),
        ("England", "E92000001", "infant"),
    ],
)
def test_your_area_follows_the_name_that_is_chosen(exports, tmp_path, name, code, measure):
    workbook = exports / WORKBOOK_FILE if (exports / WORKBOOK_FILE).exists() else make_workbook(exports).path
    with duckdb.connect(str(published_place()), read_only=True) as marts:
        ((measure_name,),) = marts.execute(
            "select measure_name from marts.dim_measure where measure = ?", [measure]
        ).fetchall()
        choose(workbook, name, measure_name, tmp_path / "chosen.xlsx")
        convert(tmp_path / "chosen.xlsx", FIRST_SHEET_AS_CSV, tmp_path)
        with next(tmp_path.glob("*.csv")).open(encoding="utf-8", newline="") as file:
            check_your_area(list(csv.reader(file)), marts, code, measure)


def test_pages_to_look_at(exports, tmp_path):
    """A workbook of some rows of each table, as pages: one picture each."""
    few = copy_of_exports(exports, tmp_path / "exports", 60)
    make_workbook(few)
    convert(few / WORKBOOK_FILE, "pdf", tmp_path)
    pdf = (tmp_path / WORKBOOK_FILE).with_suffix(".pdf")
    words = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "Open Government Licence v.3.0" in words
    for sheet in SHEETS:
        assert f"{sheet.title}, " in words
    assert "###" not in words
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    subprocess.run(["pdftoppm", "-r", "90", "-png", pdf, OUTPUT / "page"], check=True)
    assert list(OUTPUT.glob("page-*.png"))
