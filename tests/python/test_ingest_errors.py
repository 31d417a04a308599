"""Wrong input: one sentence naming file, sheet, cell and what was expected; exit code 1; no seed touched."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from commands import run_python
from ingest_workbooks import CHILD_MORTALITY, CRAWLEY, DEATHS, small_catalogue, write_small_world, write_workbook
from openpyxl.utils.cell import rows_from_range

from ingest import reference, seeds
from ingest.__main__ import main
from ingest.areas import AreaRegister
from ingest.checks import check_all, check_lineage
from ingest.errors import IngestError
from ingest.figures import Figure
from ingest.layouts import CATALOGUE, CsvFile, DeprivationScores
from ingest.reference import Misprint
from ingest.run import read_csv


def snapshot(folder: Path) -> dict[Path, bytes]:
    """Return every file below a folder with its content."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def written(tmp_path) -> Path:
    """A seeds folder with the sound small world, and a file of the user's own."""
    write_small_world(tmp_path / "sound")
    folder = tmp_path / "seeds"
    assert main(["--from", str(tmp_path / "sound"), "--to", str(folder)], small_catalogue()) == 0
    (folder / "ons" / "own.yml").write_text("version: 2\n")
    return folder


def fail(capsys, tmp_path, written, catalogue=None, **faults) -> str:
    """Run on a faulty small world; check exit code, one sentence, untouched seeds; return the sentence."""
    write_small_world(tmp_path / "faulty", **faults)
    return fail_on(capsys, tmp_path / "faulty", written, catalogue)


def fail_on(capsys, source, written, catalogue=None) -> str:
    """As :func:`fail`, on a folder that is there already."""
    before = snapshot(written)
    capsys.readouterr()
    assert main(["--from", str(source), "--to", str(written)], catalogue or small_catalogue()) == 1
    lines = capsys.readouterr().err.splitlines()
    sentences = [line for line in lines if line.startswith("ingest: ")]
    assert len(sentences) == 1
    assert lines[-1] == sentences[0]
    assert sentences[0].endswith(".")
    assert snapshot(written) == before
    assert not list(written.glob(".ingest-*"))
    return sentences[0].removeprefix("ingest: ")


# A table of wrong cells: their workbook, what stands in them instead, and the sentence.
FAULTS = [
    line.split("\t") for line in Path(__file__).with_name("ingest_faults.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("workbook", "cells", "sentence"), [pytest.param(*rest, id=fault) for fault, *rest in FAULTS[1:]]
)
def test_fault_is_one_sentence(workbook, cells, sentence, capsys, tmp_path, written):
    changes = {
        cell: text for place, text in json.loads(cells).items() for row in rows_from_range(place) for cell in row
    }
    assert fail(capsys, tmp_path, written, changes={workbook: changes}) == sentence


@pytest.mark.parametrize(("workbook", "sheet", "other"), [(CHILD_MORTALITY, "3", "Three"), (CRAWLEY, "1.25", "1.26")])
def test_missing_sheet(workbook, sheet, other, capsys, tmp_path, written):
    sentence = fail(capsys, tmp_path, written, sheets={workbook: other})
    assert sentence == f"{workbook}: expected a sheet named '{sheet}', found only '{other}'."


def test_missing_file(capsys, tmp_path, written):
    write_small_world(tmp_path / "faulty")
    (tmp_path / "faulty" / DEATHS).unlink()
    sentence = fail_on(capsys, tmp_path / "faulty", written)
    assert sentence == f"{DEATHS}: expected this workbook in {tmp_path / 'faulty'}, found no such file."


def test_damaged_file(capsys, tmp_path, written):
    write_small_world(tmp_path / "faulty")
    (tmp_path / "faulty" / DEATHS).write_bytes(b"not a workbook")
    sentence = fail_on(capsys, tmp_path / "faulty", written)
    assert sentence.startswith(f"{DEATHS}: expected an Excel workbook, but it cannot be read (")


def test_missing_folder(capsys, tmp_path, written):
    sentence = fail_on(capsys, tmp_path / "nowhere", written)
    assert sentence == f"{tmp_path / 'nowhere'}: expected a folder that holds the ONS workbooks, found none."


def test_missing_year_and_moved_table(capsys, tmp_path, written):
    national = replace(
        small_catalogue().tables[-1],
        rows_by="national",
        seed="child_mortality_england_and_wales",
        year_letter="C",
        years=(2021, 2022),
        data_year=None,
    )
    catalogue = replace(small_catalogue(), tables=(*small_catalogue().tables, national))
    changes = {CHILD_MORTALITY: {"C11": 2022, "C12": "soon"}}
    sentence = fail(capsys, tmp_path, written, catalogue=catalogue, changes=changes)
    assert sentence == f"{CHILD_MORTALITY}, sheet '3', cell C12: expected a year, found 'soon'."
    blank = {cell: "" for row in rows_from_range("A12:S19") for cell in row}
    changes = {CHILD_MORTALITY: {**blank, "C11": 20224}}
    only = replace(small_catalogue(), tables=(national,))
    sentence = fail(capsys, tmp_path, written, catalogue=only, changes=changes)
    assert sentence == (
        f"{CHILD_MORTALITY}, sheet '3', cell C11: expected the years 2021 to 2022, each once for every row group; "
        "found none for K04000001 in 2021."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area_code,area_name\nE06000047,County Durham\n", "line 1: expected a column 'live_births'"),
        ("area_code,area_name,live_births\nE06000047,County Durham,many\n", "line 2: expected a whole number"),
        ("area_code,area_name,live_births\nE06000999,County Durham,5\n", "line 2: expected a known area code"),
        ("area_code,area_name,live_births\nE06000047,Darlington,5\n", "line 2: expected a name of E06000047"),
        (
            "area_code,area_name,live_births\nE06000047,County Durham,5\nE06000047,County Durham,5\n",
            "line 3: expected each area once",
        ),
        ("area_code,area_name,live_births\n", "expected 294 rows, found 0"),
    ],
)
def test_second_hand_births(text, expected, capsys, tmp_path, written):
    source = CATALOGUE.births_second_hand
    if "294" not in expected:
        source = replace(source, rows=None)
    write_small_world(tmp_path / "faulty")
    (tmp_path / "faulty" / source.file).write_text(text)
    catalogue = replace(small_catalogue(), births_second_hand=source)
    assert expected in fail_on(capsys, tmp_path / "faulty", written, catalogue)


def test_deprivation_scores_must_be_numbers_of_known_areas(capsys, tmp_path, written):
    names = {"code": "area_code", "name": "area_name", "score": "average_score"}
    nameless = {"code": "area_code", "score": "average_score"}
    catalogue = replace(
        small_catalogue(),
        deprivation_scores=(
            DeprivationScores("2019", CsvFile("first.csv", names)),
            DeprivationScores("2019", CsvFile("second.csv", nameless)),
        ),
    )
    write_small_world(tmp_path / "faulty")
    sound = "E06000047,County Durham,1.5\n"
    for first, second, expected in (
        ("E06000047,County Durham,poor\n", "", "first.csv, line 2: expected a number, found 'poor'."),
        ("E06000999,Nowhere,1.5\n", "", "first.csv, line 2: expected a known area code, found 'E06000999'."),
        (
            "E06000047,Darlington,1.5\n",
            "",
            "first.csv, line 2: expected a name of E06000047 (County Durham), found 'Darlington'.",
        ),
        (sound + sound, "", "first.csv, line 3: expected each area once, found E06000047 a second time."),
        (
            sound,
            "E06000047,1.502\n",
            "second.csv, line 2: expected about the score of E06000047 in first (1.5), found 1.502.",
        ),
    ):
        (tmp_path / "faulty" / "first.csv").write_text("code,name,score\n" + first)
        (tmp_path / "faulty" / "second.csv").write_text("code,score\n" + second)
        assert fail_on(capsys, tmp_path / "faulty", written, catalogue) == expected
    (tmp_path / "faulty" / "second.csv").write_text("code,score\nE06000005,2.25\nE06000047,1.5004\n")
    assert main(["--from", str(tmp_path / "faulty"), "--to", str(tmp_path / "seeds")], catalogue) == 0
    assert (tmp_path / "seeds/areas/deprivation_scores.csv").read_text() == (
        "deprivation_index,area_code,average_score,publication,note\n"
        "2019,E06000005,2.25,second,\n"
        "2019,E06000047,1.5,first,\n"
    )


def test_deprivation_scores_of_a_sheet_have_their_headers_in_its_first_row(capsys, tmp_path, written):
    columns = {"code": "area_code", "Average score": "average_score"}
    catalogue = replace(
        small_catalogue(),
        deprivation_scores=(DeprivationScores("2019", CsvFile("scores.xlsx", columns, rows=1), "IMD"),),
    )
    write_small_world(tmp_path / "faulty")
    for cells, expected in (
        ({"A1": "code", "B1": "Rank"}, "cell A1: expected a column 'Average score', found code, Rank."),
        ({"A1": "code", "B1": "Average score "}, "expected 1 rows, found 0."),
        (
            {"A1": "code", "B1": "Average score ", "A2": "E06000047", "B2": "poor"},
            "sheet 'IMD', row 2: expected a number, found 'poor'.",
        ),
    ):
        write_workbook(tmp_path / "faulty/scores.xlsx", "IMD", cells)
        assert fail_on(capsys, tmp_path / "faulty", written, catalogue).endswith(expected)


def test_seeds_are_put_back_when_replacing_fails(written, monkeypatch):
    before = snapshot(written)
    calls = 0
    real = os.replace

    def failing(source, target):
        nonlocal calls
        calls += 1
        if calls == 4:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(seeds.os, "replace", failing)
    contents = {"ons/live_births_by_area.csv": "new\n", "areas/areas.csv": "new\n", "ons/new.csv": "new\n"}
    with pytest.raises(IngestError, match=r"could not be written \(No space left on device\); none was changed"):
        seeds.replace_together(written, contents)
    assert snapshot(written) == before
    assert not list(written.glob(".ingest-*"))


def test_seeds_folder_that_is_a_file(capsys, tmp_path):
    write_small_world(tmp_path / "sound")
    (tmp_path / "seeds").write_text("")
    assert main(["--from", str(tmp_path / "sound"), "--to", str(tmp_path / "seeds")], small_catalogue()) == 1
    assert "expected a folder that can be written" in capsys.readouterr().err.splitlines()[-1]


def test_command_line_fails_with_one_sentence(tmp_path):
    result = run_python("-m", "ingest", "--from", tmp_path, "--to", tmp_path / "seeds")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"ingest: {CATALOGUE.lookup.file}: expected this file in {tmp_path}, found no such file.\n"
    assert not (tmp_path / "seeds").exists()


# --- Checks that the small world cannot reach -----------------------------------------------------------------------


@pytest.fixture
def register(tmp_path) -> AreaRegister:
    """The areas of the small world's lookup."""
    write_small_world(tmp_path / "lookup")
    return AreaRegister(read_csv(tmp_path / "lookup", CATALOGUE.lookup), "lookup")


def national(item: str, count: str, mark: str = "") -> Figure:
    """A figure of England and Wales in 1939."""
    return Figure("p", 1939, "t", "K04000001", "England and Wales", item, count, mark, count_at="f, sheet 's', cell A1")


def test_known_misprint_is_tolerated_only_as_listed(register):
    figures = [
        national("infant_deaths", "30"),
        national("neonatal_deaths", "14"),
        national("postneonatal_deaths", "13"),
    ]
    with pytest.raises(IngestError, match="expected 27 infant deaths"):
        check_all(figures, [], register, ())
    misprint = Misprint("p", "t", 1939, "K04000001", "neonatal_deaths", "14", "17", "true", "because")
    check_all(figures, [], register, (misprint,))
    with pytest.raises(IngestError, match="expected the known misprint 15"):
        check_all(figures, [], register, (replace(misprint, printed_value="15"),))
    with pytest.raises(IngestError, match="expected a figure for the known misprint"):
        check_all(figures, [], register, (replace(misprint, data_year=1938),))
    with pytest.raises(IngestError, match="expected 31 infant deaths"):
        check_all(figures, [], register, (replace(misprint, implied_value="18"),))


def test_hidden_parts_may_not_exceed_the_total(register):
    def row(code: str, count: str, mark: str = "") -> Figure:
        return Figure("p", 2010, "t", code, code, "infant_deaths", count, mark, count_at=f"f, sheet 's', {code}")

    def table(total: str, second: Figure) -> list[Figure]:
        wales = [row("W92000004", "1"), row("K04000001", str(int(total) + 1))]
        return [row("E92000001", total), row("E12000001", total), row("E06000047", "5"), second, *wales]

    check_all(table("7", row("E06000005", "", "*")), [], register, ())
    check_all(table("5", row("E06000005", "", "-")), [], register, ())
    with pytest.raises(IngestError, match="expected 5 or more infant deaths"):
        check_all(table("4", row("E06000005", "", "*")), [], register, ())
    with pytest.raises(IngestError, match="expected 5 infant deaths"):
        check_all(table("6", row("E06000005", "", "-")), [], register, ())


def test_further_rows_add_up_to_their_total(register):
    total = national("live_births", "10")
    parts = [national("live_births", "4"), national("live_births", "6")]
    check_all([total], parts, register, ())
    with pytest.raises(IngestError, match="expected 4 live births"):
        check_all([total], parts[:1], register, ())
    with pytest.raises(IngestError, match="expected also a row for all"):
        check_all([], parts, register, ())


def test_new_area_needs_lineage(register):
    for code in ("E06000047", "E06000005", "E07000246"):
        register.note_year(code, 2018)
    register.note_year("E06000047", 2010)
    with pytest.raises(IngestError, match=r"E06000005 .*expected its predecessors"):
        check_lineage(register)
    register.note_year("E06000005", 2010)
    check_lineage(register)  # Somerset West and Taunton has its predecessors
    register.note_year("E06000047", 2024)
    with pytest.raises(IngestError, match=r"E06000005 .*expected its successors"):
        check_lineage(register)


def test_reference_file_with_other_columns(monkeypatch, tmp_path):
    (tmp_path / "area_renames.csv").write_text("printed_name,area_code\n")
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    with pytest.raises(IngestError, match=r"ingest/reference/area_renames.csv: expected the columns printed_name"):
        reference.area_renames()
