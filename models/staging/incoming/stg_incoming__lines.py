"""Opens the files that users supply: every line of every file as text, with its place, and what could not be opened.

Python only finds and opens files, since a file that cannot be opened must not stop the others; DuckDB's own readers
read them, and everything that is judged is judged in SQL (models/core).
"""

import gzip
import importlib.util
import tempfile
from pathlib import Path

from incoming.files import FOLDER_OF_RECORDS, NOT_FOR_HERE, hindrance, identifier, printable, quoted

LARGEST_FILE = 2_000_000_000
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz")
ENDINGS = (*TEXT_ENDINGS, ".parquet", ".xlsx")
ONE_SPACE, LINE_FEED = " ", "\n"


def model(dbt, session):
    """One row per line of each file, and one without a line per file that says what kept it from being read."""
    folder = Path(dbt.config.meta_get("incoming_folder"))
    session.execute(
        "create or replace temp table incoming_lines "
        "(source_file varchar, sheet varchar, sheet_place integer, source_line bigint, "
        "cells varchar[], is_malformed boolean, problem varchar)"
    )
    for place, (name, path, problem) in enumerate(found(folder)):
        if problem is None:
            problem = read(session, name, path)
        session.execute(
            "insert into incoming_lines (source_file, sheet_place, problem) values (?, ?, ?)", [name, place, problem]
        )
    return session.sql("select * from incoming_lines")


def found(folder):
    """Each thing in the folder: its name fit for a screen, its path, and why it cannot be read."""
    if not folder.is_dir():
        place = f"the folder {printable(folder)} of supplied files (variable incoming_folder, or INCOMING_FOLDER)"
        return [("", None, f"{place} does not exist")]
    # Records of births lie in a folder of their own, and are counted by models of their own (models/records).
    things = [path for path in sorted(folder.iterdir()) if path.name not in (*NOT_FOR_HERE, FOLDER_OF_RECORDS)]
    return [(printable(path.name), path, hindrance(path, ENDINGS) or too_large(path)) for path in things]


def too_large(path):
    """Why a file is too large to be read; None where it is not."""
    return f"the file is larger than {LARGEST_FILE:,} bytes" if path.stat().st_size > LARGEST_FILE else None


def read(session, name, path):
    """Add the lines of one file; return what went wrong, in words."""
    ending = next(ending for ending in ENDINGS if path.name.lower().endswith(ending))
    # DuckDB takes brackets and stars in a path for a pattern, so it is given a name without them.
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / f"file{ending}"
        plain.symlink_to(path.resolve())
        try:
            if ending == ".parquet":
                read_parquet(session, name, plain)
            elif ending == ".xlsx":
                read_workbook(session, name, plain)
            else:
                read_text(session, name, plain)
        except Exception as error:
            session.execute("delete from incoming_lines where source_file = ?", [name])
            return f"not read as {ending.lstrip('.')}: {first_sentence(error).replace(str(plain), name)}"
    return None


def read_text(session, name, path):
    """Add the lines of a text file, read by DuckDB from a copy in UTF-8 in which a line is where an editor shows it."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        with gzip.open(path) as unpacked:
            content = unpacked.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError(f"unpacked it is larger than {LARGEST_FILE:,} bytes")
    text = decoded(content).replace("\r\n", LINE_FEED).replace("\r", LINE_FEED)
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
    # Braces are put together apart: dbt takes two of them for its own.
    types = "{" + ", ".join(f"c{place}: varchar" for place in range(1, width + 1)) + "}"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "lines.csv"
        copy.write_bytes(content)
        scan = (
            f"read_csv({quoted(copy)}, auto_detect = false, header = false, delim = {quoted(delimiter)}, quote = '\"', "
            f"escape = '\"', columns = {types}, "
            f"null_padding = true, parallel = false, max_line_size = {len(content) + 1}, "
        )
        columns = ", ".join(f"c{place}" for place in range(1, width + 1))
        records = f"select row_number() over () as place, list_value({columns}) as cells from {scan}"
        # A record begins where the one before has ended; one with line breaks in a field is longer than a line.
        session.execute(
            f"""
            create or replace temp table incoming_records as
            with records as ({records} strict_mode = false)),
            records_with_breaks as (
                select *, coalesce(length(regexp_replace(array_to_string(cells, ''), '[^\\n]', '', 'g')), 0) as breaks
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
        "insert into incoming_lines "
        "select ?, null, 1, source_line, cells, list_contains(cast(? as bigint[]), source_line), null "
        "from incoming_records",
        [name, malformed],
    )


def malformed_lines(session, records, content):
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


def read_parquet(session, name, path):
    """Add the rows of a Parquet file; the names of its columns are the header, and stand on line 0."""
    scan = f"read_parquet({quoted(path)}, file_row_number = true)"
    described = session.execute(f"select * exclude (file_row_number) from {scan} limit 0").description
    names = [column[0] for column in described]
    cells = ", ".join(f"cast({identifier(column)} as varchar)" for column in names)
    insert = "insert into incoming_lines select ?, null, 1,"
    session.execute(f"{insert} 0, cast(? as varchar[]), false, null", [name, names])
    session.execute(f"{insert} file_row_number + 1, list_value({cells}), false, null from {scan}", [name])


def read_workbook(session, name, path):
    """Add the rows of every sheet of a workbook, numbered as Excel numbers them."""
    from python_calamine import CalamineWorkbook

    load_extension(session, "excel")
    workbook = CalamineWorkbook.from_path(path)
    for place, sheet in enumerate(workbook.sheet_names, start=1):
        end = workbook.get_sheet_by_name(sheet).end
        if end is None:
            continue
        cells = f"A1:{column_letters(end[1])}{end[0] + 1}"
        scan = (
            f"read_xlsx({quoted(path)}, sheet = {quoted(sheet)}, range = '{cells}', header = false, "
            "all_varchar = true, stop_at_empty = false)"
        )
        session.execute(
            f"insert into incoming_lines select ?, ?, {place}, row_number() over (), list_value(*columns(*)), false, "
            f"null from {scan}",
            [name, sheet],
        )


def decoded(content):
    """The text of a file: UTF-16 with its mark, UTF-8, or else Windows-1252, in which each byte is a letter."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("it is text neither in UTF-8 nor in UTF-16 nor in Windows-1252")


def load_extension(session, name):
    """Load an extension of DuckDB from its Python package: no network is asked."""
    package = Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
    file = next(package.rglob(f"{name}.duckdb_extension"))
    session.execute(f"load {quoted(file)}")


def column_letters(place):
    """The letters of a column in Excel; the first is 0."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def first_sentence(error):
    """What an error says, in one line fit for a screen."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return printable(text.partition(": ")[2] or text if text.split(": ")[0].endswith("Error") else text)[:200]
