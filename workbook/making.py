"""Making the workbook whole, and putting it among the exports in one step."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from xlsxwriter import Workbook

from publish import placing
from publish.errors import PublishingError
from workbook import writing, your_area
from workbook.sheets import MARK, MARK_NOTE, READ_BY_YOUR_AREA, SHEETS, Sheet
from workbook.writing import HEADINGS, Formats, Kept

WORKBOOK_FILE = "infant_mortality.xlsx"
TITLE = "Births, stillbirths and deaths of babies: rates, and how certain they are"
LICENCE = Path(__file__).resolve().parents[1] / "LICENSE"
_WIDTH_OF_WORDS = 110
_MARKS = (
    ("[u]", "3 to 19 deaths: a rate of low reliability."),
    ("[x]", "Fewer than three deaths: no rate is shown, only its interval."),
    ("[c]", "The publisher withheld a count."),
    ("an empty cell", "Not published, or it cannot be worked out."),
)
_CAUTION = (
    "The figures are about children who died. A baby born alive before 24 weeks of pregnancy who dies counts as an "
    "infant death. One born dead before 24 weeks counts nowhere. Whether a sign of life is registered differs between "
    "places and years. Part of any difference is that. Never mix deaths by year of registration with deaths by year "
    "of occurrence."
)


@dataclass(frozen=True)
class Made:
    """What was made: the file, its sheets, their rows, and a sentence for each table that has too many for a sheet."""

    path: Path
    sheets: int
    rows: int
    left_out: list[str]


def make_workbook(exports: Path) -> Made:
    """Make the workbook of a folder of exports, put it there in place of an older one, and note it in the manifest.

    Args:
        exports: the folder that a build published, with its manifest.

    Returns:
        What was made.

    Raises:
        PublishingError: there are no exports, they are an older version's, another build was published meanwhile, or
            the disk refused. What was published is as it was.
    """
    exports = exports.resolve()
    manifest = _manifest(exports)
    try:
        with placing.workspace_beside(exports.parent / WORKBOOK_FILE) as workspace:
            new = workspace / WORKBOOK_FILE
            try:
                rows, left_out = _write(exports, manifest, new, workspace)
            except duckdb.Error as error:
                if _manifest(exports)["build_id"] != manifest["build_id"]:
                    raise _overtaken() from error
                first_line = str(error).strip().splitlines()[0].rstrip(".")
                raise PublishingError(
                    f"{exports} was not written by this version of the project ({first_line}): run `dbt build`."
                ) from error
            placing.flush_to_disk(new)
            _put_in_place(exports, manifest, new)
    except OSError as error:
        raise PublishingError(f"the workbook cannot be written ({error.strerror or error}).") from error
    # "Read me" and "Columns" are always there, "Your area" where all is that it reads.
    sheets = len(rows) + 2 + all(sheet.title in rows for sheet in READ_BY_YOUR_AREA)
    return Made(path=exports / WORKBOOK_FILE, sheets=sheets, rows=sum(rows.values()), left_out=left_out)


def _manifest(exports: Path) -> dict:
    """The manifest of a folder of exports.

    Raises:
        PublishingError: there is none.
    """
    try:
        manifest = json.loads((exports / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("project") != placing.PROJECT_NAME:
        raise PublishingError(f"There are no exports at {exports}: run `dbt build` first, or name them with --exports.")
    return manifest


def _overtaken() -> PublishingError:
    """The error where a build was published while the workbook was being made."""
    return PublishingError("A build was published while the workbook was being made: run `python -m workbook` again.")


def _put_in_place(exports: Path, manifest: dict, new: Path) -> None:
    """Put the workbook among the exports that it was made of, and its bytes and SHA-256 into their manifest.

    Raises:
        PublishingError: the exports are another build's by now.
    """
    with new.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    described = {WORKBOOK_FILE: {"bytes": new.stat().st_size, "sha256": digest}}
    with placing.folder_held(exports.parent):
        if _manifest(exports)["build_id"] != manifest["build_id"]:
            raise _overtaken()
        files = dict(sorted({**manifest["files"], **described}.items()))
        new_manifest = new.with_name(placing.MANIFEST_FILE)
        new_manifest.write_text(json.dumps({**manifest, "files": files}, indent=2) + "\n", encoding="utf-8")
        placing.flush_to_disk(new_manifest)
        new.replace(exports / WORKBOOK_FILE)
        new_manifest.replace(exports / placing.MANIFEST_FILE)
        placing.flush_to_disk(exports)


def _write(exports: Path, manifest: dict, path: Path, workspace: Path) -> tuple[dict[str, int], list[str]]:
    """Write the file; returns the rows of each sheet by title, and a sentence for each that is left out."""
    options = {
        "constant_memory": True,
        "tmpdir": str(workspace),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    rows, left_out = {}, []
    with contextlib.closing(duckdb.connect()) as connection, Workbook(path, options) as workbook:
        built_at = datetime.fromisoformat(manifest["built_at"]).replace(tzinfo=None)
        workbook.set_properties({"title": TITLE, "created": built_at, "comments": f"Build {manifest['build_id']}"})
        formats = Formats(workbook)
        counted = {sheet: _count(connection, exports, sheet) for sheet in SHEETS}
        for sheet, number in counted.items():
            if number >= writing.MOST_ROWS:
                left_out.append(
                    f"The sheet {sheet.title} is left out: it would have {number:,} rows, and a sheet of Excel holds "
                    f"{writing.MOST_ROWS - 1:,} below its heading; {sheet.export}.parquet has them all."
                )
        sheets = [sheet for sheet, number in counted.items() if number < writing.MOST_ROWS]
        offered = your_area.choices(connection, str(exports))
        first = workbook.add_worksheet(your_area.TITLE) if set(READ_BY_YOUR_AREA) <= set(sheets) else None
        if first is None:
            left_out.append(f"The sheet {your_area.TITLE} is left out, because it reads one that is.")
        _write_read_me(connection, workbook, formats, exports, manifest, {s: counted[s] for s in sheets}, left_out)
        described, kept = {}, Kept(areas={offered.area[1], offered.area[2]})
        for sheet in sheets:
            described[sheet] = _comments(connection, exports / f"{sheet.export}.parquet")
            notes = {
                column: writing.text_of(f"In the database: {column}. {note}")
                for column, note in described[sheet].items()
                if column in sheet.columns
            }
            worksheet = workbook.add_worksheet(sheet.title)
            rows[sheet.title] = writing.write_sheet(connection, worksheet, formats, sheet, exports, notes, kept)
        _write_columns(workbook, formats, described)
        if first is not None:
            lists = workbook.add_worksheet(your_area.LISTS)
            your_area.write_your_area(workbook, first, lists, formats, offered, kept)
    return rows, left_out


def _count(connection: duckdb.DuckDBPyConnection, exports: Path, sheet: Sheet) -> int:
    """The number of rows that a sheet would have."""
    folder = str(exports).replace("'", "''")
    query = f"select count(*) from read_parquet('{{folder}}/{sheet.export}.parquet') where {sheet.rows}"
    return connection.execute(query.format(folder=folder)).fetchall()[0][0]


def _comments(connection: duckdb.DuckDBPyConnection, parquet: Path) -> dict[str, str]:
    """What the columns of an export are, by name: the comments that publishing put into the file."""
    found = connection.execute("select decode(key), decode(value) from parquet_kv_metadata(?)", [str(parquet)])
    return {name: comment.replace("`", "") for name, comment in found.fetchall()} | {MARK: MARK_NOTE}


def _write_read_me(
    connection: duckdb.DuckDBPyConnection,
    workbook: Workbook,
    formats: Formats,
    exports: Path,
    manifest: dict,
    counted: dict[Sheet, int],
    left_out: list[str],
) -> None:
    """The second sheet: what this is, from which build, what the sheets hold, marks, measures, sources and licence."""
    worksheet = workbook.add_worksheet("Read me")
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 44)
    worksheet.set_column(1, 1, _WIDTH_OF_WORDS)
    writing.prepare_to_print(worksheet)
    row = 0

    def line(name: str, words: str = "", link: str | None = None, **properties: object) -> None:
        nonlocal row
        if words:
            worksheet.set_row(row, writing.height_of(len(words), _WIDTH_OF_WORDS))
        if link:
            shown = formats(font_color="#0B527D", underline=1)
            worksheet.write_url(row, 0, f"internal:'{link}'!A1", shown, string=name)
        else:
            writing.write_text(worksheet, row, 0, name, formats, **properties)
        if words:
            writing.write_text(worksheet, row, 1, words, formats, text_wrap=True)
        row += 1

    def heading(words: str) -> None:
        nonlocal row
        row += 1
        line(words, bold=True, font_size=12)

    worksheet.set_row(0, 24)
    line(TITLE, bold=True, font_size=15)
    line("", _CAUTION)

    heading("Sheets")
    for sheet, number in counted.items():
        line(sheet.title, f"{sheet.about} {number:,} rows.", link=sheet.title)
    line(
        "Columns",
        "What each column is, its unit and its name in the database, as in the headings' notes.",
        link="Columns",
    )
    for sentence in left_out:
        line("", sentence)

    heading("Marks")
    for mark, meaning in _MARKS:
        line(mark, meaning)

    heading("Measures")
    measures = connection.execute(
        "select measure, measure_name, numerator_definition, denominator_definition from read_parquet(?) "
        "order by display_order",
        [str(exports / "dim_measure.parquet")],
    ).fetchall()
    for measure, name, numerator, denominator in measures:
        line(name, f"Counted: {numerator.rstrip('.')}. Per: {denominator.rstrip('.')}. In the database: {measure}.")

    heading("Sources and licence")
    for paragraph in _attributions():
        line("", paragraph)
    supplied = connection.execute(
        "select file from read_parquet(?) where rows_used > 0 order by file", [str(exports / "input_files.parquet")]
    ).fetchall()
    if supplied:
        names = ", ".join(file for (file,) in supplied)
        line("", f"This build also holds figures from files that its maker supplied: {names}.")
    line("", "Rates, intervals, ranks and verdicts are this project's own calculations from those counts.")

    heading("Build")
    revision = manifest.get("git_revision")
    changed = ", with local changes" if manifest.get("has_local_changes") else ""
    line("Build", manifest["build_id"])
    line("Built at", manifest["built_at"])
    if revision:
        line("Revision", f"{revision}{changed}")
    line("Made with", f"dbt {manifest['dbt_version']}, DuckDB {manifest['duckdb_version']}")


def _attributions() -> list[str]:
    """The attributions of the figures, as LICENSE has them: its paragraphs that name their licence."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in LICENCE.read_text(encoding="utf-8").split("\n\n")]
    return [paragraph for paragraph in paragraphs if "Open Government Licence" in paragraph]


def _write_columns(workbook: Workbook, formats: Formats, described: dict[Sheet, dict[str, str]]) -> None:
    """The last sheet: every column of every sheet, with what it is."""
    worksheet = workbook.add_worksheet("Columns")
    worksheet.freeze_panes(1, 0)
    worksheet.set_column(0, 0, 18)
    worksheet.set_column(1, 2, 34)
    worksheet.set_column(3, 3, _WIDTH_OF_WORDS)
    writing.prepare_to_print(worksheet)
    worksheet.repeat_rows(0)
    for place, name in enumerate(("Sheet", "Column", "Name in the database", "What it is")):
        worksheet.write_string(0, place, name, formats.heading)
    lines = [
        (sheet.title, column, notes.get(column, "")) for sheet, notes in described.items() for column in sheet.columns
    ]
    for row, (sheet, column, note) in enumerate(lines, start=1):
        worksheet.set_row(row, writing.height_of(len(note), _WIDTH_OF_WORDS))
        for place, text in enumerate((sheet, HEADINGS[column], column)):
            worksheet.write_string(row, place, text, formats())
        writing.write_text(worksheet, row, 3, note, formats, text_wrap=True)
    worksheet.autofilter(0, 0, len(lines), 3)
