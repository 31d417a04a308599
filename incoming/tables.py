"""Opens files of counts and of areas: each sheet as a table of text, in which a row is where its reader sees it.

DuckDB's own readers read them. Text files may be in UTF-8, UTF-16 or Windows-1252, packed with gzip, with comma,
semicolon or tab between the fields; of a Parquet file the names of the columns are line 0.
"""

import gzip
import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from incoming.files import identifier, printable, quoted

LARGEST_FILE = 2_000_000_000
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz")
ENDINGS = (*TEXT_ENDINGS, ".parquet", ".xlsx")
ONE_SPACE, LINE_FEED = " ", "\n"
# The table that a sheet is read into: source_line, is_malformed, and its cells as c1, c2 and so on.
SHEET = "incoming_sheet"


def cells(width: int, first: int = 1) -> list[str]:
    """The names of the columns of a sheet, from the first that is asked for."""
    return [f"c{place}" for place in range(first, width + 1)]


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


def sheets(session: DuckDBPyConnection, path: Path) -> Iterator[int]:
    """Read one sheet after another into the table SHEET; yields how many columns each has."""
    ending = ending_of(path)
    if ending == ".parquet":
        yield read_parquet(session, path)
    elif ending == ".xlsx":
        yield from read_workbook(session, path)
    else:
        yield read_text(session, path)


def read_text(session: DuckDBPyConnection, path: Path) -> int:
    """Read a text file, by DuckDB from a copy in UTF-8 in which a line is where an editor shows it."""
    text = decoded(unpacked(path)).replace("\r\n", LINE_FEED).replace("\r", LINE_FEED)
    if not text.strip():
        raise ValueError("there is nothing in it")
    if "\0" in text:
        raise ValueError("it holds bytes that are no text")
    # DuckDB passes over empty lines; a line of one space it keeps, so that lines can be counted.
    lines = [line if line.strip() else ONE_SPACE for line in text.split(LINE_FEED)]
    while lines and lines[-1] == ONE_SPACE:
        lines.pop()
    delimiter = max(",;\t", key=lambda mark: max(line.count(mark) for line in lines[:30]))
    # As many columns as any line can have, so that none is too long to be read.
    width = 1 + max(line.count(delimiter) for line in lines)
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
            read_quoted_text(session, records, width, content)
    return width


def read_quoted_text(session: DuckDBPyConnection, records: str, width: int, content: bytes) -> None:
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
    malformed = malformed_lines(session, records, content)
    session.execute(
        f"create or replace temp table {SHEET} as select source_line, "
        f"list_contains(cast(? as bigint[]), source_line) as is_malformed, {', '.join(cells(width))} "
        "from incoming_records",
        [malformed],
    )


def malformed_lines(session: DuckDBPyConnection, records: str, content: bytes) -> list[int]:
    """Lines in which a quotation mark is not closed or stands inside a field: what DuckDB refuses when it is strict."""
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
    read, last, breaks = session.execute(
        "select count(*), max(source_line), max_by(breaks, place) from incoming_records"
    ).fetchone()
    is_one_unclosed = content.count(b'"') % 2 == 1 and breaks > 0
    return [*lines, last] if is_one_unclosed or kept + len(lines) < read else lines


def read_parquet(session: DuckDBPyConnection, path: Path) -> int:
    """Read a Parquet file; the names of its columns are the header, and stand on line 0."""
    scan = f"read_parquet({quoted(path)}, file_row_number = true)"
    described = session.execute(f"select * exclude (file_row_number) from {scan} limit 0").description
    names = [column[0] for column in described]
    header = ", ".join(f"{quoted(name)} as {cell}" for name, cell in zip(names, cells(len(names)), strict=True))
    values = ", ".join(f"cast({identifier(name)} as varchar)" for name in names)
    session.execute(
        f"create or replace temp table {SHEET} as "
        f"select cast(0 as bigint) as source_line, false as is_malformed, {header} "
        f"union all select file_row_number + 1, false, {values} from {scan}"
    )
    return len(names)


def read_workbook(session: DuckDBPyConnection, path: Path) -> Iterator[int]:
    """Read the sheets of a workbook that are not empty, with rows numbered as Excel numbers them."""
    from python_calamine import CalamineWorkbook

    load_extension(session, "excel")
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        end = workbook.get_sheet_by_name(name).end
        if end is None:
            continue
        width = end[1] + 1
        session.execute(
            f"create or replace temp table {SHEET} as select row_number() over () as source_line, "
            f"false as is_malformed, * from read_xlsx({quoted(path)}, sheet = {quoted(name)}, "
            f"range = 'A1:{column_letters(end[1])}{end[0] + 1}', header = false, all_varchar = true, "
            f"stop_at_empty = false) as sheet ({', '.join(cells(width))})"
        )
        yield width


def unpacked(path: Path) -> bytes:
    """The bytes of a text file, packed with gzip or not."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        with gzip.open(path) as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError(f"unpacked it is larger than {LARGEST_FILE:,} bytes")
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
    raise ValueError("it is text neither in UTF-8 nor in UTF-16 nor in Windows-1252")


def load_extension(session: DuckDBPyConnection, name: str) -> None:
    """Load an extension of DuckDB from its Python package: no network is asked."""
    package = Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
    file = next(package.rglob(f"{name}.duckdb_extension"))
    session.execute(f"load {quoted(file)}")


def column_letters(place: int) -> str:
    """The letters of a column in Excel; the first is 0."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def first_sentence(error: Exception) -> str:
    """What an error says, in one line fit for a screen."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return printable(text.partition(": ")[2] or text if text.split(": ")[0].endswith("Error") else text)[:200]
