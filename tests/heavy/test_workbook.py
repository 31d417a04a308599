"""LibreOffice opens the workbook, shows what stands in it, and prints it: `make test-workbook`.

Needs `soffice` (Debian: libreoffice-calc) and `pdftoppm` (poppler-utils). Pictures of the pages are left in
test-output/workbook, to be looked at.
"""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from publish import placing
from publish.plugin import published_place
from tests.exports import copy_of_exports
from workbook.making import WORKBOOK_FILE, make_workbook
from workbook.sheets import SHEETS

OUTPUT = Path(__file__).resolve().parents[2] / "test-output" / "workbook"
# Comma, double quote, UTF-8, from line 1, as shown, every sheet a file of its own.
EVERY_SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def convert(workbook: Path, to: str, folder: Path) -> None:
    """Have LibreOffice convert a workbook, with a profile of its own; any complaint fails."""
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
        assert heading == list(sheet.columns)
        assert len(shown) == len(stored)
        # Every text as it stands; every number to the digits that its format shows.
        for seen, row in zip(shown, stored, strict=True):
            for text, value in zip(seen, row, strict=True):
                if isinstance(value, str):
                    assert text == value
                elif not isinstance(value, bool):
                    decimals = len(text.partition(".")[2])
                    # Where the format does not say how many, LibreOffice writes 14 digits or more.
                    tolerance = max(0.5000001 * 10**-decimals, 5.0000001e-14 * abs(value))
                    assert abs(float(text.replace(",", "")) - value) <= tolerance


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
