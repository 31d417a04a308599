"""Looks at what is in the folder of records of births: how each file is to be read, and why one cannot be.

A file that cannot be read to its end must not stop the others, so each new or changed one is read once here, alone,
and no record is kept; the records are read, judged and counted in SQL (models/records).
"""

import csv
import gzip
import json
import os
import re
from pathlib import Path

from incoming.files import NOT_FOR_HERE, Refused, hindrance, identifier, printable, quoted, refuse_wide

COLUMNS = ("birth_id", "birth_date", "area_code", "birth_type", "gestation_weeks", "death_date")
TEXT_ENDINGS = (".csv", ".csv.gz")
ENDINGS = (*TEXT_ENDINGS, ".parquet")
LONGEST_HEADER = 100_000
PIECE = 1_000_000
DATES = ("birth_date", "death_date")
# The forms of a date: how each is called, how it looks, and how DuckDB reads it. American ones stand here too, lest one
# be taken for the other.
FORMS = {
    "yyyy-mm-dd": ("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00([.]0+)?)?", "%Y-%m-%d"),
    "dd/mm/yyyy": ("[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%d/%m/%Y"),
    "mm/dd/yyyy": ("[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%m/%d/%Y"),
    "ddmmyyyy": ("[0-9]{8}", "%d%m%Y"),
    "mmddyyyy": ("[0-9]{8}", "%m%d%Y"),
    "yyyymmdd": ("[0-9]{8}", "%Y%m%d"),
    "dd.mm.yyyy": ("[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}", "%d.%m.%Y"),
    "dd-mm-yyyy": ("[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}", "%d-%m-%Y"),
    "mm-dd-yyyy": ("[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}", "%m-%d-%Y"),
    "yyyy/mm/dd": ("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    "dd-Mon-yyyy": ("[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}", "%d-%b-%Y"),
}


def files_of_records(session, folder, this):
    """One row per thing in the folder of records; `this` names the rows of the last build."""
    seen = seen_before(session, this)
    session.execute(
        "create or replace temp table record_files (source_file varchar, file_path varchar, file_format varchar, "
        "file_state varchar, reading varchar, lines_in_file bigint, problem varchar)"
    )
    for path, problem in found(folder) if folder else []:
        row = {
            "source_file": printable(path.relative_to(folder.parent)),
            "file_path": printable(path),
            "problem": problem,
        }
        if problem is None:
            row |= {"file_path": str(path)} | looked_at(session, path, seen)
        session.execute(
            f"insert into record_files ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
        )
    return session.sql("select * from record_files")


def seen_before(session, this):
    """Lines and reading of each file that an earlier build has read to its end, by path and state: it is read once."""
    try:
        rows = session.execute(
            f"select file_path, file_state, lines_in_file, reading from {this} where problem is null"
        ).fetchall()
    except Exception:
        return {}
    return {(path, state): (lines, json.loads(reading)) for path, state, lines, reading in rows}


def found(folder):
    """Each thing in the folder and the folders within it, and why it cannot be read as a file of records."""
    if not os.path.lexists(folder):
        return []
    if not folder.is_dir():
        return [(folder, "not a folder; records of births are looked for in a folder of this name")]
    unreadable, things = [], []
    for place, folders, files in os.walk(folder, onerror=unreadable.append):
        links = [name for name in folders if Path(place, name).is_symlink()]
        things += [(Path(place, name), "a link to a folder, which is not followed") for name in links]
        paths = [Path(place, name) for name in files if name not in NOT_FOR_HERE]
        things += [(path, hindrance_of_records(path)) for path in paths]
        if not files and not folders and Path(place) != folder:
            things.append((Path(place), "an empty folder"))
    things += [(Path(error.filename), f"not read: {error.strerror}") for error in unreadable]
    return sorted(things)


def hindrance_of_records(path):
    """Why a thing in the folder cannot be read as a file of records; None where it can."""
    if any("\ud800" <= letter <= "\udfff" for letter in str(path)):
        return "its name is no UTF-8 text"
    return hindrance(path, ENDINGS, " among records of births")


def looked_at(session, path, seen):
    """The columns of the row of one file: its format, its state, and how it is to be read or why it cannot be."""
    about = path.stat()
    state = f"{about.st_size} bytes of {about.st_mtime_ns}"
    is_text = path.name.lower().endswith(TEXT_ENDINGS)
    row = {"file_format": "csv" if is_text else "parquet", "file_state": state}
    try:
        reading = text_reading(path) if is_text else parquet_reading(session, path)
        lines, reading_before = seen.get((str(path), state), (None, {}))
        # What is known of a file only when it has been read to its end is known from then.
        if reading.items() <= reading_before.items():
            reading = reading_before
        else:
            lines = lines_of_text(session, path, reading) if is_text else rows_of_parquet(session, path, reading)
    except Refused as refusal:
        return row | {"problem": str(refusal)}
    except Exception:
        # What an engine says of a damaged file helps nobody, and may hold parts of it.
        kind = "text with commas, semicolons, tabs or bars, packed with gzip or not" if is_text else "a Parquet file"
        return row | {"problem": f"the file is damaged, or it is not {kind}: it could not be read to its end"}
    return row | {"reading": json.dumps(reading), "lines_in_file": lines}


def text_reading(path):
    """How a text file is to be read, from its first line: whether it is packed, its delimiter, its columns in order."""
    is_packed = packed(path)
    with opened(path, is_packed) as file:
        first_line = file.readline(LONGEST_HEADER)
    if b"\r" in first_line.rstrip(b"\r\n"):
        raise Refused("its lines end in carriage returns alone; lines that end in line feeds were expected")
    try:
        text = first_line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise Refused("the first line, which names the columns, is no UTF-8 text") from None
    if "\0" in text:
        raise Refused("the first line, which names the columns, holds bytes that are no text")
    refuse_wide(1 + max(text.count(mark) for mark in ",;\t|"), 1)
    best = max((header(text, delimiter) for delimiter in ",;\t|"), key=lambda names: len(set(names[1]) & set(COLUMNS)))
    refuse_columns(best[1])
    return {
        "is_packed": is_packed,
        "delimiter": best[0],
        "columns": [name if name in COLUMNS else "" for name in best[1]],
    }


def header(text, delimiter):
    """A delimiter, and the names of columns that stand between it."""
    return delimiter, [column_name(name) for name in next(csv.reader([text], delimiter=delimiter), [])]


def column_name(name):
    """The name of a column; capitals, spaces, hyphens and underscores do not matter."""
    return re.sub("[ _-]+", "_", name.strip().lower())


def refuse_columns(names):
    """Refuse a file in which a column of a record is missing or stands twice."""
    missing = [column for column in COLUMNS if column not in names]
    doubled = [column for column in COLUMNS if names.count(column) > 1]
    if missing or doubled:
        what = "missing" if missing else "there more than once"
        told = printable(", ".join(names)) or "none"
        raise Refused(
            f"{', '.join(missing or doubled)} {'is' if len(missing or doubled) == 1 else 'are'} {what}; found were "
            f"{told if len(told) <= 120 else told[:120] + ' …'}; expected were {', '.join(COLUMNS)}, in any order"
        )


def packed(path):
    """Whether a file is packed with gzip, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def opened(path, is_packed):
    """The bytes of a text file, unpacked."""
    return gzip.open(path) if is_packed else path.open("rb")


def lines_of_text(session, path, reading):
    """Number of lines of a text file, read to its end by Python, which knows a damaged gzip file, and by DuckDB."""
    lines, last = 0, b""
    with opened(path, reading["is_packed"]) as file:
        while piece := file.read(PIECE):
            lines += piece.count(b"\n")
            last = piece
    lines += not last.endswith(b"\n")
    places = {column: f"column_{reading['columns'].index(column)}" for column in DATES}
    told_apart, unlike_iso = lines_told_apart(session, path, reading, places)
    if told_apart < lines:
        with opened(path, reading["is_packed"]) as file:
            written = sum(1 for line in file if line.strip(b"\r\n"))
        if told_apart < written:
            raise Refused(f"{written - told_apart:,} of its lines cannot be told apart: a quotation mark is not closed")
    places = {column: name for column, name in places.items() if unlike_iso[column]}
    reading |= date_forms(session, f"{text_scan(path, reading)}, ignore_errors = true)", places)
    return lines


def text_scan(path, reading):
    """SQL that reads a text file, each column as text, up to the arguments that differ and the bracket that closes."""
    types = "{" + ", ".join(f"column_{place}: varchar" for place, _ in enumerate(reading["columns"])) + "}"
    return (
        f"read_csv({as_pattern(path)}, auto_detect = false, header = true, delim = {quoted(reading['delimiter'])}, "
        f"quote = '\"', escape = '\"', columns = {types}, "
        f"compression = '{'gzip' if reading['is_packed'] else 'none'}'"
    )


def date_forms(session, scan, columns):
    """How the dates of columns are written where they are not as ISO 8601 writes them, found from all rows.

    Two forms that fit as many rows and differ in some refuse the file, unless the other column shows which is meant.
    """
    found = {column: forms_of(session, scan, name) for column, name in columns.items()}
    told = {column: forms[0] for column, forms in found.items() if len(forms) == 1}
    for column, forms in found.items():
        if len(forms) > 1:
            told[column] = next((form for form in told.values() if form in forms), None)
            if told[column] is None:
                refuse_forms(session, scan, column, columns[column], forms)
    told = {column: FORMS[form][1] for column, form in told.items() if form != "yyyy-mm-dd"}
    return {"date_forms": told} if told else {}


def dates_in(name, form):
    """SQL of a column of text as dates of one form; NULL where it is none."""
    looks, reads = FORMS[form]
    date = f"cast(try_strptime(substr(trim({name}), 1, 11), '{reads}') as date)"
    date = f"try_cast(substr(trim({name}), 1, 10) as date)" if form == "yyyy-mm-dd" else date
    return f"case when trim({name}) similar to '{looks}' and year({date}) between 1900 and 2099 then {date} end"


def forms_of(session, scan, name):
    """The forms that fit the most dates of a column; one that never gives another date than the first is left out."""
    dates = {form: dates_in(name, form) for form in FORMS}
    counts = session.execute(f"select {', '.join(f'count({date})' for date in dates.values())} from {scan}").fetchone()
    first, *others = [form for form, count in zip(FORMS, counts, strict=True) if count == max(counts)]
    return [first] + [form for form in others if max(counts) and differing(session, scan, name, first, form)]


def differing(session, scan, name, first, second):
    """The first date of a column that two forms read differently, and what each makes of it; None where all agree."""
    one, other = dates_in(name, first), dates_in(name, second)
    return session.execute(
        f"select trim({name}), {one}, {other} from {scan} where {one} <> {other} order by {one} limit 1"
    ).fetchone()


def refuse_forms(session, scan, column, name, forms):
    """Refuse a file of which the dates of a column can be read in two ways, with a date that shows it."""
    text, one, other = differing(session, scan, name, *forms[:2])
    raise Refused(
        f"the dates of the column {column} can be {forms[0]} or {forms[1]}, which fit as many rows: "
        f'"{printable(text)}" would be {one} or {other}; write them as 2014-03-31'
    )


def lines_told_apart(session, path, reading, dates):
    """Number of lines of a text file that DuckDB reads or refuses one by one, and of dates that are not like ISO's."""
    for table in ("record_file_rejects", "record_file_scans"):
        session.execute(f"drop table if exists {table}")
    names = [f"column_{place}" for place, _ in enumerate(reading["columns"])]
    read, *unlike_iso = session.execute(
        f"select count(*) + {breaks('concat(' + ', '.join(names) + ')')}, "
        f"{', '.join(unlike_iso_date(name) for name in dates.values())} from {text_scan(path, reading)}, "
        "store_rejects = true, rejects_table = 'record_file_rejects', rejects_scan = 'record_file_scans')"
    ).fetchall()[0]
    # What a quotation mark that is not closed has swallowed is one line that can be told, and the others that cannot.
    refused = session.execute(
        f"""
        select count(*) + {breaks("refused_line")}
        from (
            select
                case
                    when bool_or(error_type = 'UNQUOTED VALUE') then ''
                    else rtrim(any_value(csv_line), chr(10) || chr(13))
                end as refused_line
            from record_file_rejects
            group by line
        )
        """
    ).fetchall()[0][0]
    return 1 + read + refused, dict(zip(dates, unlike_iso, strict=True))


def unlike_iso_date(name):
    """SQL of the number of dates of a column that are not like ISO's, which a look at one letter of each shows."""
    return f"count(*) filter (length({name}) > 7 and substr(trim({name}), 5, 1) <> '-')"


def breaks(text):
    """SQL of the number of line breaks in texts."""
    return f"coalesce(sum(length({text}) - length(replace({text}, chr(10), ''))), 0)"


def parquet_reading(session, path):
    """How a Parquet file is to be read: the name that each column has in it, and its type."""
    described = session.execute(
        f"describe select * from read_parquet({as_pattern(path)}, hive_partitioning = false)"
    ).fetchall()
    names = [column_name(row[0]) for row in described]
    refuse_columns(names)
    if "file_row_number" in names:
        raise Refused("a column is named file_row_number, by which DuckDB calls the place of a record; rename it")
    by_name = dict(zip(names, described, strict=True))
    return {
        "names": {column: by_name[column][0] for column in COLUMNS},
        "types": {column: by_name[column][1] for column in COLUMNS},
    }


def rows_of_parquet(session, path, reading):
    """Number of rows of a Parquet file, of which every value that is needed is read."""
    columns = ", ".join(f"count({identifier(name)})" for name in reading["names"].values())
    scan = f"read_parquet({as_pattern(path)}, hive_partitioning = false)"
    rows, *filled = session.execute(f"select count(*), {columns} from {scan}").fetchone()
    if filled[COLUMNS.index("birth_id")] == rows:
        reading["every_record_has_an_id"] = True
    for column in COLUMNS:
        if reading["types"][column].upper() == "TIMESTAMP WITH TIME ZONE":
            refuse_moments(session, scan, column, f"timezone('UTC', {identifier(reading['names'][column])})")
    texts = {column: identifier(reading["names"][column]) for column in DATES if reading["types"][column] == "VARCHAR"}
    if texts:
        counts = session.execute(f"select {', '.join(map(unlike_iso_date, texts.values()))} from {scan}").fetchone()
        texts = {column: name for (column, name), count in zip(texts.items(), counts, strict=True) if count}
        reading |= date_forms(session, scan, texts)
    return rows


def refuse_moments(session, scan, column, moment):
    """Refuse a file in which moments with a time zone are no days: which day they fall on depends on the place."""
    amiss, example = session.execute(
        f"select count(*), cast(min({moment}) as varchar) from {scan} where {moment} <> date_trunc('day', {moment})"
    ).fetchone()
    if amiss:
        raise Refused(
            f"column {column} holds moments with a time zone, of which {amiss:,} are not midnight in UTC (the first is "
            f"{example} UTC), so that their day depends on the place; dates without a time were expected"
        )


def as_pattern(path):
    """Path as DuckDB's readers take it: characters that would stand for others stand for themselves."""
    return quoted(re.sub(r"([*?\[])", r"[\1]", str(path)))
