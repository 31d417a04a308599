"""Opens files of counts and of areas: each sheet as a table of text, in which a row is where its reader sees it.

DuckDB's own readers read them. Text files may be in UTF-8, UTF-16 or Windows-1252, packed with gzip, with comma,
semicolon, tab or bar between the fields; of a Parquet file the names of the columns are line 0.
"""

import csv
import gzip
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from duckdb import DuckDBPyConnection

from incoming.files import MOST_COLUMNS, Refused, identifier, quoted, refuse_wide
from ingest.workbook import ROWS_OF_HEADER

LARGEST_FILE = 2_000_000_000
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz")
WORKBOOK_ENDINGS = (".xlsx", ".xls", ".xlsb", ".ods")
ENDINGS = (*TEXT_ENDINGS, ".parquet", *WORKBOOK_ENDINGS)
ONE_SPACE, LINE_FEED = " ", "\n"
DELIMITERS = (",", ";", "\t", "|")
# The table that a sheet is read into: source_line, is_malformed, and its cells as c1, c2 and so on.
SHEET = "incoming_sheet"
EXCEL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Sheet(NamedTuple):
    """One sheet: how many columns it has, its name in a workbook, and its cells there as calamine gives them."""

    width: int
    name: str | None = None
    rows: list[list[object]] | None = None


def cells(width: int, first: int = 1) -> list[str]:
    """The names of the columns of a sheet, from the first that is asked for."""
    return [f"c{place}" for place in range(first, width + 1)]


def damaged(path: Path) -> str:
    """What is said of a file that its reader could not read to its end."""
    kinds = {".parquet": "a Parquet file", ".csv.gz": "text packed with gzip"}
    kinds |= {ending: f"a workbook ({ending})" for ending in WORKBOOK_ENDINGS}
    kind = kinds.get(ending_of(path), "text with commas, semicolons, tabs or bars")
    return f"the file is damaged, protected by a password, or not {kind}: it could not be read to its end"


@contextmanager
def plainly_named(path: Path) -> Iterator[Path]:
    """A file under a name without brackets and stars, which DuckDB would take for a pattern."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / f"file{ending_of(path)}"
        plain.symlink_to(path.resolve())
        yield plain


def ending_of(path: Path) -> str:
    """The ending by which a file is read."""
    return next(ending for ending in ENDINGS if path.name.lower().endswith(ending))


def sheets(
    session: DuckDBPyConnection, path: Path, known: Callable[[list[str]], int], grids: list[Sheet]
) -> Iterator[Sheet]:
    """Read one sheet after another into the table SHEET, and say what each is.

    `known` tells how much of a header is known by its cells; `grids` are the sheets of a workbook.
    """
    ending = ending_of(path)
    if ending == ".parquet":
        yield Sheet(read_parquet(session, path))
    elif ending in WORKBOOK_ENDINGS:
        for sheet in grids:
            read_cells(session, sheet)
            yield sheet
    else:
        yield Sheet(read_text(session, path, known))


def read_text(session: DuckDBPyConnection, path: Path, known: Callable[[list[str]], int]) -> int:
    """Read a text file, by DuckDB from a copy in UTF-8 in which a line is where an editor shows it."""
    text = decoded(unpacked(path)).replace("\r\n", LINE_FEED).replace("\r", LINE_FEED)
    if not text.strip():
        raise Refused("there is nothing in it")
    if "\0" in text:
        raise Refused("it holds bytes that are no text")
    # DuckDB passes over empty lines; a line of one space it keeps, so that lines can be counted.
    lines = [line if line.strip() else ONE_SPACE for line in text.split(LINE_FEED)]
    while lines and lines[-1] == ONE_SPACE:
        lines.pop()
    lines = composite_column_told_apart(lines)
    delimiter = delimiter_of(lines, known)
    # As many columns as any line can have, so that none is too long to be read.
    width, widest = max((1 + line.count(delimiter), -number) for number, line in enumerate(lines, start=1))
    refuse_wide(width, -widest)
    content = (LINE_FEED.join(lines) + LINE_FEED).encode()
    types = "{" + ", ".join(f"{cell}: varchar" for cell in cells(width)) + "}"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "lines.csv"
        copy.write_bytes(content)
        records = (
            f"select row_number() over () as place, {', '.join(cells(width))} from read_csv({quoted(copy)}, "
            f"auto_detect = false, header = false, delim = {quoted(delimiter)}, quote = '\"', escape = '\"', "
            f"columns = {types}, null_padding = true, parallel = false, max_line_size = {len(content) + 1}, "
        )
        if b'"' not in content:
            sheet = f"select place as source_line, false as is_malformed, * exclude (place) from ({records}"
            session.execute(f"create or replace temp table {SHEET} as {sheet} strict_mode = false))")
        else:
            read_quoted_text(session, records, width, content, delimiter)
    return width


def read_quoted_text(session: DuckDBPyConnection, records: str, width: int, content: bytes, delimiter: str) -> None:
    """Read text with quotation marks, in which a record may have several lines, and a mark may be out of place."""
    # A record begins where the one before has ended; one with line breaks in a field is longer than a line.
    text = f"concat({', '.join(cells(width))})"
    session.execute(
        f"""
        create or replace temp table incoming_records as
        with records as ({records} strict_mode = false)),
        records_with_breaks as (
            select *, length({text}) - length(replace({text}, chr(10), '')) as breaks
            from records
        )
        select
            *,
            1 + coalesce(sum(breaks + 1) over (
                order by place rows between unbounded preceding and 1 preceding
            ), 0) as source_line
        from records_with_breaks
        """
    )
    malformed = malformed_lines(session, records, content, delimiter)
    written = content.decode().split(LINE_FEED)
    session.execute(
        f"create or replace temp table {SHEET} as select source_line, "
        f"list_contains(cast(? as bigint[]), source_line) as is_malformed, {', '.join(cells(width))} "
        "from incoming_records",
        [malformed],
    )
    # Where a quotation mark has swallowed the lines below, each of them is a line that cannot be told into fields.
    swallowed = session.execute(
        "select source_line, breaks from incoming_records "
        "where breaks > 0 and list_contains(cast(? as bigint[]), source_line)",
        [malformed],
    ).fetchall()
    for first, breaks in swallowed:
        session.execute(f"delete from {SHEET} where source_line = ?", [first])
        session.executemany(
            f"insert into {SHEET} (source_line, is_malformed, c1) values (?, true, ?)",
            [(line, written[line - 1]) for line in range(first, first + breaks + 1) if line <= len(written)],
        )


def malformed_lines(session: DuckDBPyConnection, records: str, content: bytes, delimiter: str) -> list[int]:
    """Lines in which a quotation mark is not closed or is inside a field: what DuckDB refuses when it is strict."""
    for table in ("reject_scans", "reject_errors"):
        session.execute(f"drop table if exists {table}")
    session.execute(
        f"create or replace temp table incoming_strict as {records} "
        "strict_mode = true, ignore_errors = true, store_rejects = true)"
    )
    starts = session.execute("select distinct line_byte_position from reject_errors").fetchall()
    lines = [1 + content[: start - 1].count(b"\n") for (start,) in starts]
    # A quotation mark that is never closed swallows the rest of the file, as one record that is refused or not.
    kept = session.execute("select count(*) from incoming_strict").fetchone()[0]
    read, last = session.execute("select count(*), max(source_line) from incoming_records").fetchone()
    end = content.decode().split(LINE_FEED)[last - 1 :]
    is_one_unclosed = is_unclosed(LINE_FEED.join(end), delimiter)
    return [*lines, last] if is_one_unclosed or kept + len(lines) < read else lines


def is_unclosed(record: str, delimiter: str) -> bool:
    """Whether the last record of a file ends within quotation marks."""
    is_quoted, at_start, place = False, True, 0
    while place < len(record):
        letter = record[place]
        if is_quoted and letter == '"':
            if record[place + 1 : place + 2] == '"':
                place += 1
            else:
                is_quoted = False
        elif not is_quoted:
            if letter == '"' and at_start:
                is_quoted = True
            at_start = letter in (delimiter, LINE_FEED)
        place += 1
    return is_quoted


def read_parquet(session: DuckDBPyConnection, path: Path) -> int:
    """Read a Parquet file; the names of its columns are the header, and stand on line 0."""
    scan = f"read_parquet({quoted(path)}, file_row_number = true)"
    described = session.execute(f"select * exclude (file_row_number) from {scan} limit 0").description
    names, kinds = [column[0] for column in described], [column[1] for column in described]
    refuse_wide(len(names))
    header = ", ".join(f"{quoted(name)} as {cell}" for name, cell in zip(names, cells(len(names)), strict=True))
    # A moment is told in UTC, whatever the zone of the machine.
    texts = {name: identifier(name) for name in names}
    texts |= {
        name: f"timezone('UTC', {identifier(name)})"
        for name, kind in zip(names, kinds, strict=True)
        if str(kind) == "TIMESTAMP WITH TIME ZONE"
    }
    values = ", ".join(f"cast({text} as varchar)" for text in texts.values())
    session.execute(
        f"create or replace temp table {SHEET} as "
        f"select cast(0 as bigint) as source_line, false as is_malformed, {header} "
        f"union all select file_row_number + 1, false, {values} from {scan}"
    )
    return len(names)


def delimiter_of(lines: list[str], known: Callable[[list[str]], int]) -> str:
    """The delimiter with which most is known of some line; of equals the one of which most stand in one line."""
    written = [line for line in lines if line.strip()][:ROWS_OF_HEADER]

    def most_known(mark: str) -> int:
        told = (line for line in written if line.count(mark) < MOST_COLUMNS and len(line) < csv.field_size_limit())
        return max((known(next(csv.reader([line], delimiter=mark), [])) for line in told), default=0)

    return max(DELIMITERS, key=lambda mark: (most_known(mark), max(line.count(mark) for line in written)))


def composite_column_told_apart(lines: list[str]) -> list[str]:
    r"""The lines of a table of Eurostat (`freq,geo\TIME_PERIOD`, then years) with a field for each part of the first.

    A flag behind a number says how it came about and is no part of it; that a number is confidential is a mark.
    """
    composite = re.match(r"(\w+(?:,\w+)*)\\TIME_PERIOD\t", lines[0])
    if not composite:
        return lines
    told = [lines[0].replace("\\TIME_PERIOD", "", 1)]
    told += [re.sub(r"(?<=\d) [a-z]{1,3} *(?=\t|$)", "", re.sub(r": c *(?=\t|$)", "c", line)) for line in lines[1:]]
    return [line.replace(",", "\t", composite[1].count(",")) for line in told]


def visible_sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets of a workbook that are not empty, with rows numbered as Excel numbers them."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(path)
    raised_cells = raised_texts(path)
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.end is None:
            continue
        width = refuse_wide(sheet.end[1] + 1)
        rows = sheet.to_python(skip_empty_area=False)
        for reference, text in raised_cells.get(about.name, []):
            line, column = place_of(reference)
            rows[line - 1][column - 1] = text
        yield Sheet(width, about.name, rows)


def read_cells(session: DuckDBPyConnection, sheet: Sheet) -> None:
    """Read the cells of a sheet of a workbook into the table SHEET."""
    columns = cells(sheet.width)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rows.csv"
        with copy.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([cell_text(cell) for cell in row] for row in sheet.rows)
        types = "{" + ", ".join(f"{cell}: varchar" for cell in columns) + "}"
        values = ", ".join(f"nullif({cell}, '') as {cell}" for cell in columns)
        session.execute(
            f"create or replace temp table {SHEET} as select row_number() over () as source_line, "
            f"false as is_malformed, {values} "
            f"from read_csv({quoted(copy)}, auto_detect = false, header = false, delim = ',', quote = '\"', "
            f"escape = '\"', columns = {types}, null_padding = true, parallel = false, "
            f"max_line_size = {copy.stat().st_size + 1})"
        )


def cell_text(cell: object) -> str:
    """A cell as text: a whole number without decimals, a date or a truth as what it is and never as a number."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def raised_texts(path: Path) -> dict[str, list[tuple[int, str]]]:
    """The cells of each sheet of an .xlsx in which characters are raised as footnotes are: where, and what to read.

    Raised digits are read as such (12³), so that a footnote never becomes a part of a number.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        if "xl/sharedStrings.xml" not in archive.namelist():
            return {}
        shared = archive.read("xl/sharedStrings.xml")
        if b"superscript" not in shared:
            return {}
        texts = {
            str(place): "".join(raised(run) for run in item.iter(f"{EXCEL}r"))
            for place, item in enumerate(ElementTree.fromstring(shared).iter(f"{EXCEL}si"))
            if any(mark.get("val") == "superscript" for mark in item.iter(f"{EXCEL}vertAlign"))
        }
        targets = {
            relation.get("Id"): relation.get("Target", "").removeprefix("/xl/")
            for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        found = {}
        for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{EXCEL}sheet"):
            with archive.open(f"xl/{targets[sheet.get(RELATION)]}") as file:
                found[sheet.get("name")] = [
                    (cell.get("r"), texts[place])
                    for _, cell in ElementTree.iterparse(file)
                    if cell.tag == f"{EXCEL}c"
                    and cell.get("t") == "s"
                    and (place := cell.findtext(f"{EXCEL}v")) in texts
                ]
    return found


def raised(run: ElementTree.Element) -> str:
    """The text of a run of letters, its digits raised where the run is."""
    text = run.findtext(f"{EXCEL}t") or ""
    mark = run.find(f"{EXCEL}rPr/{EXCEL}vertAlign")
    return text.translate(RAISED) if mark is not None and mark.get("val") == "superscript" else text


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of a cell that is called as Excel does, both from 1."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column


def unpacked(path: Path) -> bytes:
    """The bytes of a text file, packed with gzip or not."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        with gzip.open(path) as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise Refused(f"unpacked it is larger than {LARGEST_FILE:,} bytes")
    return content


def decoded(content: bytes) -> str:
    """The text of a file: UTF-16 with its mark, UTF-8, or else Windows-1252, in which each byte is a letter."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("it is text neither in UTF-8 nor in UTF-16 nor in Windows-1252")
