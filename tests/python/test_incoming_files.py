"""Files as people have them: a corpus of named cases, built together, each with what must be said of it.

`incoming_cases.tsv` is a table with one case a line: the file's name, how it is written (an encoding, or gzip), the
kind and the rows used that must come of it, and its content. There line breaks and what cannot be seen are written as
Python does; `{own}` and the like are the header of a layout, `{n}` the number of the case, so that no two cases have an
area in common. Then the rows rejected (line, column: part of the reason) and part of the problem that `input_files`
must tell. Every count is made up.
"""

import codecs
import gzip
import re
import shutil
import struct
import subprocess
import time
import zipfile
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pandas as pd
import pytest
import xlsxwriter
import xlwt
from dbt_process import Copy
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from ingest_workbooks import CHILD_MORTALITY, write_small_world
from seeds_read import SEEDS

from incoming.layouts import fields_of_files, lists_of
from incoming.ons import only_year

HEADERS = {
    "own": "area_code,area_name,year,basis,item,count",
    "areas": "area_code,area_name,area_level,parent_area_code",
    "nhs": (
        "Reporting period,Breakdown,ONS code,Level,Level description,Indicator value,CI lower,CI upper,Denominator,"
        "Numerator"
    ),
    "fingertips": (
        "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,"
        "Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,"
        "Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,Compared to percentiles,"
        "Time period Sortable,New data,Compared to goal"
    ),
}
HEADER = HEADERS["own"].split(",")


def unescaped(text: str) -> str:
    """Text in which characters are written as Python does."""
    return re.sub(r"\\(u.{4}|U.{8}|x..|.)", lambda match: match[0].encode("latin-1").decode("unicode_escape"), text)


def case_of(line: str) -> dict:
    """One line of the table as a case."""
    file, how, kind, used, content, rejected, problem = line.split("\t")
    for layout, header in HEADERS.items():
        content = content.replace("{" + layout + "}", header + "\n")
    content = re.sub(r"\{x\*(\d+)\}", lambda match: "x" * int(match[1]), content)
    rows = [re.fullmatch(r"(\d+) ([^:]+): (.*)", row).groups() for row in rejected.split(" | ") if row]
    return {
        "name": file.partition(".")[0],
        "file": file,
        "encoding": how if how not in ("", "gzip") else "utf-8",
        "is_packed": how == "gzip",
        "kind": kind,
        "used": int(used),
        "content": unescaped(content),
        "rejected": [[int(number), column, unescaped(reason)] for number, column, reason in rows],
        "problem": unescaped(problem) or None,
    }


CASES = [
    case_of(line)
    for line in (Path(__file__).parent / "incoming_cases.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
TITLE = "Table 3: Live births, stillbirths and infant deaths: area of residence, numbers and rates, {} [note 3]"
MODELS = ("stg_incoming__fields", "stg_incoming__fields+,+input_files")
MARKS_OF_ORDER = {
    "utf-16-le-bom": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-be-bom": ("utf-16-be", codecs.BOM_UTF16_BE),
}


def write_small_workbook(path: Path) -> None:
    """Write child mortality by area of the small world of ingestion's tests, of another year and sheet."""
    write_small_world(
        path.parent / "small world", {CHILD_MORTALITY: {"A1": TITLE.format(2030)}}, {CHILD_MORTALITY: "Any"}
    )
    shutil.move(path.parent / "small world" / CHILD_MORTALITY, path)
    shutil.rmtree(path.parent / "small world")


def write_xlsb(path: Path, rows: list[list[str | int]]) -> None:
    """Write rows as a binary workbook of Excel, in the few records that one needs ([MS-XLSB]); no library writes it."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return head + bytes([len(data)]) + data

    def text(written: str) -> bytes:
        return struct.pack("<I", len(written)) + written.encode("utf-16-le")

    sheet = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for line, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", line) + bytes(21))
        for column, value in enumerate(row):
            cell = struct.pack("<II", column, 0)
            is_text = isinstance(value, str)
            sheet += record(6, cell + text(value)) if is_text else record(5, cell + struct.pack("<d", value))
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("counts"))
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book + record(144) + record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet + record(146) + record(130))


def write_ods(path: Path, rows: list[list[str | int]]) -> None:
    """Write rows as a workbook of OpenDocument, in the few elements that one needs."""

    def cell(value: str | int) -> str:
        kind = 'string"' if isinstance(value, str) else f'float" office:value="{value}"'
        return f'<table:table-cell office:value-type="{kind}><text:p>{value}</text:p></table:table-cell>'

    written = "".join(f"<table:table-row>{''.join(cell(value) for value in row)}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="counts">{written}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


def write_xls(path: Path, rows: list[list[str | int]]) -> None:
    """Write rows as a workbook of Excel up to 2003."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("counts")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    book.save(str(path))


WRITERS = {".xls": write_xls, ".xlsb": write_xlsb, ".ods": write_ods}


def write_one_count(path: Path, area_code: str) -> None:
    """Write one made-up count in the project's layout as Parquet or as a workbook."""
    row = [area_code, "Made up", 2014, "registration", "live_births", 400]
    frame = pd.DataFrame([row], columns=HEADER)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        WRITERS[path.suffix](path, [HEADER, row])


def content(case: dict, number: int) -> bytes:
    """The bytes of the file of a case."""
    encoding, mark = MARKS_OF_ORDER.get(case["encoding"], (case["encoding"], b""))
    written = mark + case["content"].replace("{n}", str(number)).encode(encoding)
    return gzip.compress(written) if case["is_packed"] else written


@pytest.fixture(scope="module")
def folder(copy) -> Path:
    """The folder that the copy looks into by default: with another one dbt would read the whole project anew."""
    return copy.folder / "data" / "incoming"


def build(copy: Copy) -> CompletedProcess:
    """Build what a copy of the project reads in its folder of supplied files, up to the counts of these files."""
    return copy.dbt("run", "--select", *MODELS)


@pytest.fixture(scope="module")
def folder_built(copy, folder) -> Copy:
    """A copy of the project that has read all cases in one folder."""
    copy.keep_years(2009, 2016)
    for number, case in enumerate(CASES):
        (folder / case["file"]).write_bytes(content(case, number))
    for number, ending in enumerate(("parquet", "xlsx", "xls", "xlsb", "ods"), start=1):
        write_one_count(folder / f"counts [{number}] *?.{ending}", f"ZBRACKETS{number}")
    write_small_workbook(folder / "anything.xlsx")
    (folder / "a folder").mkdir()
    (folder / "leads nowhere.csv").symlink_to("nowhere")
    (folder / "leads round.csv").symlink_to("leads round.csv")
    done = build(copy)
    assert done.returncode == 0, done.stdout
    assert "\x1b[31m" not in done.stdout.replace("\x1b[31mERROR", "")
    return copy


@pytest.fixture(scope="module")
def told(folder_built) -> tuple[dict, dict]:
    """What the build told of each file, and of each row that was not used."""
    files = {name: rest for name, *rest in folder_built.query("select * from marts.input_files")}
    rows: dict[str, list] = {}
    for name, *rest in folder_built.query(
        'select "file", line, "column", reason from marts.rejected_rows order by line'
    ):
        rows.setdefault(name, []).append(rest)
    return files, rows


def test_a_workbook_of_ons_is_known_by_title_and_headers(folder_built, told):
    """Whatever its name and its sheet: sheet and row are the place of its counts, the year is that of the title."""
    files, _ = told
    assert files["anything.xlsx"] == ["ons", 9, 9, 0, None]
    counts = folder_built.query(
        "select area_code, data_year, basis, item, count_value, source_file, source_line from core.int_counts "
        "where source_file like 'anything.xlsx%' and area_code in ('E06000005', 'K04000001_residents') "
        "and not is_derived and item in ('live_births', 'infant_deaths') order by all"
    )
    place = "anything.xlsx, sheet Any"
    assert counts == [
        ("E06000005", 2030, "occurrence", "infant_deaths", 3, place, 16),
        ("E06000005", 2030, "occurrence", "live_births", 300, place, 16),
        ("K04000001_residents", 2030, "occurrence", "infant_deaths", 9, place, 12),
        ("K04000001_residents", 2030, "occurrence", "live_births", 1000, place, 12),
    ]


@pytest.mark.parametrize("ending", ["[1] *?.parquet", "[2] *?.xlsx", "[3] *?.xls", "[4] *?.xlsb", "[5] *?.ods"])
def test_workbooks_and_parquet_are_read_whatever_their_name(ending, told, folder_built):
    """Also a name that looks like a pattern."""
    file = f"counts {ending}"
    files, _ = told
    assert files[file] == ["own", 1, 1, 0, None]
    counts = "select area_code, item, count_value from incoming.int_incoming_counts where source_file = "
    assert folder_built.query(f"{counts} '{file}'") == [(f"ZBRACKETS{ending[1]}", "live_births", 400)]


def test_what_a_note_says_of_a_count(folder_built):
    """Hidden to protect people, or never published: also where a note says that it was suppressed as incomplete."""
    marks = dict(
        folder_built.query(
            "select source_file, count_mark from incoming.int_incoming_counts "
            "where layout = 'fingertips' and item = 'infant_deaths' and count_value is null"
        )
    )
    assert marks["fingertips_suppressed.csv"] == "[c]"
    assert (marks["fingertips_incomplete.csv"], marks["fingertips_not_published.csv"]) == (":", ":")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case, told):
    files, rows = told
    kind, rows_read, rows_used, rows_rejected, problem = files[case["file"]]
    rejected = rows.get(case["file"], [])
    expected_problem = (case["problem"] or "").replace("{n}", str(CASES.index(case)))
    assert (kind, rows_used, rows_rejected) == (case["kind"], case["used"], len(case["rejected"])), (problem, rejected)
    assert rows_read == rows_used + rows_rejected
    assert [row[:2] for row in rejected] == [row[:2] for row in case["rejected"]], rejected
    for (_, _, reason), (_, _, expected) in zip(rejected, case["rejected"], strict=True):
        assert expected in reason
    if case["problem"] or not rejected:
        assert expected_problem in (problem or "") and bool(problem) == bool(case["problem"]), problem
    assert "\n" not in (problem or "") and len(problem or "") < 500


# The seeds that are asked how files are to be read.
READ = ("incoming_layouts", "incoming_layout_columns", "incoming_headings", "incoming_known_tables", "items")


def read(folder: Path) -> dict[str, dict]:
    """What the files in a folder hold, before any of it is judged: of each file what is said of it, and its rows."""
    with duckdb.connect() as session:
        seeds = {path.stem: session.read_csv(str(path)) for path in SEEDS.rglob("*.csv") if path.stem in READ}
        figures = f"read_csv('{SEEDS}/ons/*_by_area.csv', union_by_name = true, all_varchar = true, filename = true)"
        seeds["stg_ons__figures"] = session.sql(
            f"select *, parse_filename(filename, true) as source_file from {figures}"
        )
        lists = lists_of(seeds)
        relation = fields_of_files(session, folder, lists)
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    files = {row["source_file"]: row | {"rows": []} for row in rows if row["source_line"] is None}
    for row in rows:
        if row["source_line"] is not None:
            files[row["source_file"]]["rows"].append(row)
    return files


def counts_of(file: dict) -> list[str]:
    """The texts of the counts of a file, in their order."""
    return [row["count_text"] for row in sorted(file["rows"], key=lambda row: row["source_line"])]


def test_cells_of_a_workbook_have_one_meaning(tmp_path):
    """A raised footnote, a date that was a range, a truth: none is a number; whole numbers have no decimals."""
    with xlsxwriter.Workbook(tmp_path / "cells.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for line in range(1, 7):
            sheet.write_row(line, 0, [f"Z{line}", "Made up", 2014, "registration", "live_births"])
        sheet.write(1, 5, 5472)
        sheet.write_rich_string(2, 5, "12", workbook.add_format({"font_script": 1}), "3")
        sheet.write_datetime(3, 5, datetime(2024, 5, 1), workbook.add_format({"num_format": "d-mmm"}))
        sheet.write_boolean(4, 5, True)
        sheet.write(5, 5, 12.5)
        sheet.write_string(6, 5, "120\n134")
    assert counts_of(read(tmp_path)["cells.xlsx"]) == ["5472", "12³", "2024-05-01", "TRUE", "12.5", "120 | 134"]


def test_a_hidden_sheet_is_not_read_and_a_sheet_a_year_is_told(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "years.xlsx") as workbook:
        for name, count in (("old", 1), ("2014", 2), ("2015", 3), ("2016", 4)):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ["Z1", "Made up", 2014, "registration", "live_births", count])
            if name == "old":
                sheet.hide()
            if name == "2014":
                sheet.activate()
                sheet.set_first_sheet()
    file = read(tmp_path)["years.xlsx"]
    assert counts_of(file) == ["2"]
    assert (file["sheet_read"], file["sheets_passed"]) == ("2014", '"2015", "2016"')


def test_a_line_of_150000_commas_is_refused_at_once(tmp_path):
    (tmp_path / "commas.csv").write_text(",".join(HEADER) + "\n" + "," * 150_000 + "\n")
    begun = time.monotonic()
    problem = read(tmp_path)["commas.csv"]["problem"]
    assert problem == "not read as csv: line 2 has 150,001 fields, and a table of at most 16,384 columns was expected"
    assert time.monotonic() - begun < 5


def test_a_front_sheet_gives_the_year_only_where_it_names_one():
    """In 2022 ONS's front sheet began with 2020, from when its tables are more accessible."""
    assert only_year("Deaths registered in 2017, England and Wales. Table 1a: 2017") == 2017
    assert only_year("From 2020, accessibility changes have been made. Date of release: 31 May 2024") is None


def test_a_workbook_with_nothing_in_it_is_refused_as_such(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "empty.xlsx") as workbook:
        workbook.add_worksheet()
    problem = "not read as xlsx: there is nothing in any sheet of it that can be seen"
    assert read(tmp_path)["empty.xlsx"]["problem"] == problem


def test_a_lock_of_a_spreadsheet_is_passed_over_by_name(tmp_path):
    (tmp_path / "~$counts.xlsx").write_bytes(b"lock")
    problem = "passed over: the lock that a spreadsheet keeps while it has a file open"
    assert read(tmp_path)["~$counts.xlsx"]["problem"] == problem


def test_nothing_that_users_supply_is_committed(tmp_path):
    """Git passes over whatever lies in data/incoming/, whatever its ending; its README it keeps."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    shutil.copy(Path(__file__).parents[2] / ".gitignore", tmp_path)
    (tmp_path / "data" / "incoming" / "births").mkdir(parents=True)
    for name in ("README.md", "a.CSV", "b.xlsx", "c.tsv", "d.parquet", "e.csv.gz", "f", ".g", "births/h.Parquet"):
        (tmp_path / "data" / "incoming" / name).touch()
    listed = subprocess.run(
        ["git", "-C", tmp_path, "ls-files", "--others", "--exclude-standard", "data"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert listed.stdout.split() == ["data/incoming/README.md"]


def test_whatever_lies_in_the_folder_is_named(told):
    files, _ = told
    assert files["a folder"][4] == "a folder; files are looked for in the folder of supplied files itself"
    assert files["leads nowhere.csv"][4].startswith("a link that leads nowhere")
    assert files["leads round.csv"][4].startswith("a link that leads nowhere")
    assert len(files) == len(CASES) + 9


def test_nothing_that_steers_a_terminal_is_told(folder_built):
    for table, columns in {"input_files": "problem", "rejected_rows": "value, reason"}.items():
        for row in folder_built.query(f"select {columns} from marts.{table}"):
            assert all(text is None or text.isprintable() for text in row), row


# What a fault puts in the place of a field: nothing, other numbers, letters that look alike, marks, quotation marks.
FAULTS = [
    *("", "-1", "9007199254740993", "Z\u200b1", "\u0415", "*", "x y", '"', 'a"b', "=1+1", "\x1b[31m", "02014", "14"),
    *("2012 - 14", "2011-2014", "1,5"),
]
LAYOUTS = {case["kind"]: case["content"] for case in CASES if case["rejected"] == [] and case["used"]}


@st.composite
def files_with_faults(draw) -> bytes:
    """A file of any layout whose rows are repeated, each with faults in any fields."""
    content = draw(st.sampled_from(sorted(LAYOUTS.values()))).replace("{n}", str(draw(st.integers(0, 9))))
    header, *rows = content.rstrip("\n").split("\n")
    delimiter = max(",;\t", key=header.count)
    written = [header]
    for _ in range(draw(st.integers(0, 4))):
        fields = draw(st.sampled_from(rows)).split(delimiter)
        for place in draw(st.lists(st.integers(0, len(fields) - 1), max_size=2)):
            fields[place] = draw(st.sampled_from(FAULTS))
        written.append(delimiter.join(fields[: draw(st.integers(1, len(fields) + 1))]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return end.join(written).encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))


# An example builds: one that fails is told as it is, not made smaller by hundreds of builds.
@settings(
    max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_every_row_of_any_file_is_used_or_rejected(folder_built, folder, data):
    """Whatever stands in a hundred files, each row is used or listed, and what other areas have stays as it was.

    Last but one of the tests, for the files take the place of the cases.
    """
    contents = [data.draw(files_with_faults()) for _ in range(100)]
    assume(len(set(contents)) > 1)  # What is drawn first is a hundred times the simplest file.
    shutil.rmtree(folder)
    folder.mkdir()
    for number, written in enumerate(contents):
        (folder / f"{number}.csv").write_bytes(written)
    rates = "select count(*), sum(numerator), sum(denominator) from core.int_measure_counts where not is_supplied"
    before = folder_built.query(rates)
    done = build(folder_built)
    assert done.returncode == 0, done.stdout
    files = folder_built.query("select file, rows_read, rows_used, rows_rejected from marts.input_files")
    assert len(files) == len(contents)
    listed = dict(folder_built.query('select "file", count(*) from marts.rejected_rows group by "file"'))
    lines = dict(
        folder_built.query("select source_file, count(*) from incoming.int_incoming_lines group by source_file")
    )
    for name, rows_read, rows_used, rows_rejected in files:
        assert rows_read == rows_used + rows_rejected == lines.get(name, 0)
        assert rows_rejected == listed.get(name, 0)
    assert folder_built.query(rates) == before


def test_a_folder_that_is_not_there_is_one_sentence(folder_built, folder):
    shutil.rmtree(folder)
    done = build(folder_built)
    assert done.returncode != 0
    sentence = (
        "the folder data/incoming of supplied files (variable incoming_folder, or INCOMING_FOLDER) does not exist"
    )
    assert sentence in done.stdout
    assert "Traceback" not in done.stdout
