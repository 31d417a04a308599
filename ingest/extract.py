"""Read the figures of one table by its layout, refusing anything that is not as the layout says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.areas import ENGLAND, ENGLAND_AND_WALES, AreaRegister
from ingest.errors import IngestError
from ingest.figures import Figure
from ingest.layouts import CODED, DECILE, NAMED, NATIONAL, Column, Table
from ingest.names import header_key, name_key, printed_text, tidy_text
from ingest.reference import Misprint
from ingest.workbook import ROWS_OF_HEADER, Sheet, column_letter

# The first row of the notes beneath a table; nothing is read from there on, and figures found there are an error.
_NOTES = re.compile(r"^(notes?\b|source:|released:|\d{1,2}\s+\S)", re.IGNORECASE)
_YEAR = re.compile(r"^((?:19|20)\d\d)\d?$")  # a footnote digit may follow the year: 20184 is 2018, note 4
_RELIABILITY_MARKS = frozenset(("", "u", "[u]"))
_FORMER_HEADINGS = frozenset(("former districts of:", "former district of:"))
_ITEM_WORDS = {
    "count": "number of ",
    "rate": "rate of ",
    "lower_95": "lower limit of the rate of ",
    "upper_95": "upper limit of the rate of ",
}


def check_headers(sheet: Sheet, table: Table) -> None:
    """Raise IngestError unless every column of the layout bears its expected header."""
    first, last = table.header_rows
    for column in (*table.keys, *table.columns):
        found = _header(sheet, column.letter, first, last)
        if found != column.header:
            where = sheet.at(column.letter, first)
            raise IngestError(f"{where}: expected the column header '{column.header}', found '{found}'.")


def read_coded_names(sheet: Sheet, table: Table, register: AreaRegister) -> dict[str, str]:
    """Return ``{name as printed: area code}`` of a coded table."""
    return {
        printed_text(sheet.value(table.name_letter, row)): _coded_area(sheet, table, row, register)
        for row in _figure_rows(sheet, table)
    }


def read_table(
    sheet: Sheet, table: Table, register: AreaRegister, misprints: tuple[Misprint, ...] = ()
) -> tuple[list[Figure], list[Figure]]:
    """Return the figures of a table, and the figures of the rows that only add up to them (see ``Table.only``).

    ``misprints`` allows the listed printed values, such as 12.106 for 12,106, to stand as marks. Raises IngestError
    for anything that is not as the layout says: a moved header, an unknown or repeated area, a missing year, a cell
    that is neither a number nor a mark of the layout.
    """
    check_headers(sheet, table)
    figures: list[Figure] = []
    parts: list[Figure] = []
    seen: dict[tuple[int, str], int] = {}
    in_former_districts = False
    for row in _rows(sheet, table):
        if not _has_figures(sheet, table, row):
            in_former_districts = _former_district_heading(sheet, table, row, in_former_districts)
            continue
        year = _year(sheet, table, row)
        code = _area(sheet, table, row, register, in_former_districts)
        kept = table.only is None or sheet.text(table.only[0], row) == table.only[1]
        if kept:
            if (year, code) in seen:
                letter = table.name_letter or table.decile_letter or table.year_letter
                raise IngestError(
                    f"{sheet.at(letter, row)}: expected each area once a year, found {code} for {year} a second time "
                    f"(first in row {seen[year, code]})."
                )
            seen[year, code] = row
        (figures if kept else parts).extend(_figures(sheet, table, row, year, code, misprints))
    _check_complete(sheet, table, seen)
    return figures, parts


def _rows(sheet: Sheet, table: Table) -> Iterator[int]:
    """Yield the rows (1-based) between the headers and the notes; figures beneath the notes are an error."""
    letters = ("A", "B", *(column.letter for column in table.columns))
    row = table.header_rows[1] + 1
    while row <= len(sheet.rows):
        if is_note(sheet, letters, row):
            break
        yield row
        row += 1
    for below in range(row, len(sheet.rows) + 1):
        for column in table.columns:
            value = sheet.value(column.letter, below)
            if isinstance(value, int | float) and not isinstance(value, bool):
                raise IngestError(
                    f"{sheet.at(column.letter, below)}: expected no figures beneath the notes that begin in row "
                    f"{row}, found {sheet.text(column.letter, below)}."
                )


def is_note(sheet: Sheet, letters: Iterable[str], row: int) -> bool:
    """Return whether a row begins the notes beneath a table, or is one of them."""
    return any(_NOTES.match(sheet.text(letter, row)) for letter in letters)


def _figure_rows(sheet: Sheet, table: Table) -> Iterator[int]:
    return (row for row in _rows(sheet, table) if _has_figures(sheet, table, row))


def _has_figures(sheet: Sheet, table: Table, row: int) -> bool:
    return any(sheet.text(column.letter, row) for column in table.columns)


def _former_district_heading(sheet: Sheet, table: Table, row: int, was_in: bool) -> bool:
    """Check a row without figures; return whether former districts follow it."""
    letters = [letter for letter in (table.code_letter, table.name_letter, table.year_letter) if letter]
    keys = [(letter, name_key(sheet.text(letter, row))) for letter in letters]
    for letter, key in keys:
        if key and key not in table.headings:
            raise IngestError(
                f"{sheet.at(letter, row)}: expected figures beside '{sheet.text(letter, row)}', found none."
            )
    return is_former_district_heading((key for _, key in keys), was_in)


def _year(sheet: Sheet, table: Table, row: int) -> int:
    if table.year_letter is None:
        return table.data_year
    match = _YEAR.match(sheet.text(table.year_letter, row))
    if not match:
        found = sheet.text(table.year_letter, row)
        raise IngestError(f"{sheet.at(table.year_letter, row)}: expected a year, found '{found}'.")
    return int(match.group(1))


def _coded_area(sheet: Sheet, table: Table, row: int, register: AreaRegister) -> str:
    printed = printed_text(sheet.value(table.code_letter, row))
    code = register.code_for_printed_code(printed)
    if code is None:
        raise IngestError(
            f"{sheet.at(table.code_letter, row)}: expected a known area code, found '{printed}' "
            f"({printed_text(sheet.value(table.name_letter, row))}); a new one belongs in ingest/reference."
        )
    name = printed_text(sheet.value(table.name_letter, row))
    if not register.accepts_name(code, name):
        raise IngestError(
            f"{sheet.at(table.name_letter, row)}: expected a name of {code} ({register.areas[code].area_name}), "
            f"found '{name}'; a new spelling belongs in ingest/reference/area_renames.csv."
        )
    return code


def _area(sheet: Sheet, table: Table, row: int, register: AreaRegister, in_former_districts: bool) -> str:
    if table.rows_by == NATIONAL:
        return ENGLAND_AND_WALES
    if table.rows_by == DECILE:
        decile = sheet.text(table.decile_letter, row)
        code = decile_code(decile)
        if code is None:
            where = sheet.at(table.decile_letter, row)
            raise IngestError(f"{where}: expected Total or a decile from 1 to 10, found '{decile}'.")
        return code
    if table.rows_by == CODED:
        return _coded_area(sheet, table, row, register)
    if table.rows_by != NAMED:
        raise IngestError(f"{table.publication}: '{table.rows_by}' is no known way to name rows.")
    name = printed_text(sheet.value(table.name_letter, row))
    code = (
        register.code_for_former_district(name)
        if in_former_districts
        else register.code_for_name(name, table.codes_from)
    )
    if code is None:
        advice = "; a new spelling belongs in ingest/reference/area_renames.csv"
        if table.codes_from.endswith(".csv"):
            advice = f", which {table.codes_from} does not list"
        raise IngestError(
            f"{sheet.at(table.name_letter, row)}: expected the name of a known area, found '{name}'{advice}."
        )
    if table.only_area not in (None, code):
        raise IngestError(
            f"{sheet.at(table.name_letter, row)}: expected figures of {register.areas[table.only_area].area_name} "
            f"alone, found '{name}'."
        )
    return code


def _printed_name(sheet: Sheet, table: Table, row: int) -> str:
    if table.rows_by == NATIONAL:
        return "England and Wales"
    letter = table.decile_letter if table.rows_by == DECILE else table.name_letter
    value = sheet.value(letter, row)
    return sheet.text(letter, row) if table.rows_by == DECILE else printed_text(value)


def _figures(
    sheet: Sheet, table: Table, row: int, year: int, code: str, misprints: tuple[Misprint, ...]
) -> list[Figure]:
    """Return one figure for each item of a row."""
    by_item: dict[str, Figure] = {}
    for column in table.columns:
        figure = by_item.setdefault(
            column.item,
            Figure(
                table.publication,
                year,
                table.source_table,
                code,
                _printed_name(sheet, table, row),
                column.item,
            ),
        )
        what = f"the {_ITEM_WORDS.get(column.kind, '')}{column.item.replace('_', ' ')}"
        if column.kind == "count":
            allowed = table.marks | {
                misprint.printed_value
                for misprint in misprints
                if misprint.key == figure.key and not misprint.printed_value.isdecimal()
            }
            figure.count_value, figure.count_mark = sheet.count(column.letter, row, what, allowed)
            figure.count_at = sheet.at(column.letter, row)
        elif column.kind == "rate":
            figure.printed_rate, figure.printed_rate_mark = sheet.rate(column.letter, row, what, table.rate_marks)
            figure.rate_at = sheet.at(column.letter, row)
        elif column.kind in ("lower_95", "upper_95"):
            limit, _ = sheet.rate(column.letter, row, what, frozenset())
            setattr(figure, f"printed_{column.kind}", limit)
        else:
            mark = sheet.text(column.letter, row)
            if mark not in _RELIABILITY_MARKS:
                where = sheet.at(column.letter, row)
                raise IngestError(f"{where}: expected a reliability mark (u or nothing), found '{mark}'.")
            figure.reliability_mark = mark
    return list(by_item.values())


def _check_complete(sheet: Sheet, table: Table, seen: dict[tuple[int, str], int]) -> None:
    """Raise IngestError when a year, or a decile of a year, of the layout is missing or not expected."""
    if not seen:
        where = sheet.at(table.columns[0].letter, table.header_rows[1] + 1)
        raise IngestError(f"{where}: expected figures beneath the headers, found none.")
    if table.years is None:
        return
    if table.rows_by == DECILE:
        codes = [ENGLAND, *(f"{ENGLAND}_IMD_{decile:02}" for decile in range(1, 11))]
    elif table.rows_by == NATIONAL:
        codes = [ENGLAND_AND_WALES]
    else:
        codes = sorted({code for _, code in seen})
    expected = {(year, code) for year in range(table.years[0], table.years[1] + 1) for code in codes}
    missing, extra = sorted(expected - set(seen)), sorted(set(seen) - expected)
    if missing or extra:
        year, code = (missing or extra)[0]
        what = "found none" if missing else "found a year that the layout does not name"
        row = table.header_rows[1] + 1 if missing else seen[year, code]
        raise IngestError(
            f"{sheet.at(table.year_letter, row)}: expected the years {table.years[0]} to {table.years[1]}, "
            f"each once for every row group; {what} for {code} in {year}."
        )


def find_table(sheet: Sheet, shapes: Iterable[Table]) -> Table | None:
    """Return the first of some tables that a sheet holds, with its headers and columns where they are found there.

    A table is known by its title and its headers, wherever in the first rows these stand. Its ``data_year`` is the last
    year of the title, or None where the sheet has none.
    """
    for table in shapes:
        span = table.header_rows[1] - table.header_rows[0]
        found = None
        for first in range(1, min(len(sheet.rows), ROWS_OF_HEADER) - span + 1):
            columns = _columns_found(sheet, table, first, first + span)
            # Headers over several rows are found from where blank rows begin above them; the last place is theirs.
            if columns is None and found:
                break
            if columns:
                found = (found or (first,))[0], first, columns
        if not found:
            continue
        begun, first, columns = found
        title = tidy_text(" ".join(str(cell) for row in sheet.rows[: begun - 1] for cell in row))
        if title and not re.search(table.title, title, re.IGNORECASE):
            continue
        return replace(
            table,
            header_rows=(first, first + span),
            keys=tuple(replace(column, letter=columns[column]) for column in table.keys),
            columns=tuple(replace(column, letter=columns[column]) for column in columns if column.kind != "key"),
            data_year=year_of(title),
            **_keys_moved(table, columns),
        )
    return None


def year_of(title: str) -> int | None:
    """Return the last year that the first sentence with one names, or None."""
    match = re.search(r"\b((?:19|20)\d\d)(?!\d)(?:[^.\d]{1,5}((?:19|20)\d\d)(?!\d))?", title)
    return int(match[2] or match[1]) if match else None


def decile_code(text: str) -> str | None:
    """Return the code of a row by deprivation, ``Total`` or a decile from 1 to 10; None for anything else."""
    if text == "Total":
        return ENGLAND
    return f"{ENGLAND}_IMD_{int(text):02}" if text.isdecimal() and 1 <= int(text) <= 10 else None


def is_former_district_heading(keys: Iterable[str], was_in: bool) -> bool:
    """Return whether former districts follow a row without figures, of which ``keys`` are the names."""
    keys = list(keys)
    return bool(_FORMER_HEADINGS.intersection(keys)) or (was_in and any(keys))


def _columns_found(sheet: Sheet, table: Table, first: int, last: int) -> dict[Column, str] | None:
    """Return the letter of each key and count of a table whose headers stand in some rows; None where one is missing.

    A column is looked for where the layout has it, and elsewhere where only one has its header.
    """
    letters: dict[Column, str] = {}
    others: dict[str, list[str]] | None = None
    for column in (*table.keys, *(column for column in table.columns if column.kind == "count")):
        if _header(sheet, column.letter, first, last) == column.header:
            letters[column] = column.letter
            continue
        if first < last:
            return None
        if others is None:
            others = {}
            for number in range(len(sheet.rows[first - 1])):
                letter = column_letter(number)
                others.setdefault(_header(sheet, letter, first, last), []).append(letter)
        found = others.get(column.header, [])
        if len(found) != 1:
            return None
        letters[column] = found[0]
    return letters


def _header(sheet: Sheet, letter: str, first: int, last: int) -> str:
    return header_key(" ".join(sheet.text(letter, row) for row in range(first, last + 1)))


def _keys_moved(table: Table, columns: dict[Column, str]) -> dict[str, object]:
    """Return the attributes of a table that name its key columns, with the letters at which these were found."""
    moved = {column.letter: letter for column, letter in columns.items() if column.kind == "key"}
    kept = {
        name: moved.get(letter, letter)
        for name in ("name_letter", "code_letter", "year_letter", "decile_letter")
        if (letter := getattr(table, name))
    }
    return kept | ({"only": (moved[table.only[0]], table.only[1])} if table.only else {})
