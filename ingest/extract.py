"""Read the figures of one table by its layout, refusing anything that is not as the layout says."""

import re
from collections.abc import Iterator

from ingest.areas import ENGLAND, ENGLAND_AND_WALES, AreaRegister
from ingest.errors import IngestError
from ingest.figures import Figure
from ingest.layouts import CODED, DECILE, NAMED, NATIONAL, Table
from ingest.names import header_key, name_key, printed_text
from ingest.reference import Misprint
from ingest.workbook import Sheet

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
        found = header_key(" ".join(sheet.text(column.letter, row) for row in range(first, last + 1)))
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
        if any(_NOTES.match(sheet.text(letter, row)) for letter in letters):
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
    if any(key in _FORMER_HEADINGS for _, key in keys):
        return True
    return was_in and any(key for _, key in keys)


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
        if decile == "Total":
            return ENGLAND
        if not (decile.isdecimal() and 1 <= int(decile) <= 10):
            where = sheet.at(table.decile_letter, row)
            raise IngestError(f"{where}: expected Total or a decile from 1 to 10, found '{decile}'.")
        return f"{ENGLAND}_IMD_{int(decile):02}"
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
