"""Finds ONS's own tables in a workbook that somebody supplies, and reads each count of theirs as a line of its own.

The tables are those of `ingest/layouts.py`, looked for by title and headers in every visible sheet. Which area a row is
about is told as in `ingest`; where a table prints names alone, by the names that ONS printed beside codes (the seeds).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from incoming.files import Refused, printable
from ingest.extract import decile_code, find_table, is_former_district_heading, is_note
from ingest.layouts import DECILE, KNOWN_ANYWHERE, NAMED, Table
from ingest.names import name_key, printed_text
from ingest.reference import area_code_spellings, area_renames
from ingest.workbook import Sheet

FORMER = "former_"


class Names(NamedTuple):
    """The codes of areas by the name that ONS printed, each with the years in which it did."""

    codes: dict[str, dict[int, str]]
    former: dict[str, str]

    def code(self, name: str, year: int, is_former: bool) -> str | None:
        """The code of a printed name in the year that is nearest to one; None where it is not known."""
        key = name_key(name)
        if is_former:
            return self.former.get(key)
        years = self.codes.get(key, {})
        return years[min(years, key=lambda other: (abs(other - year), -other))] if years else None


def names_of(printed: list[tuple[str, str, int]]) -> Names:
    """The names of areas: of each the name as printed, the code and the year."""
    codes: dict[str, dict[int, str]] = {}
    former = {}
    for name, code, year in printed:
        if code.startswith(FORMER):
            former[name_key(name)] = code
        else:
            codes.setdefault(name_key(name), {})[year] = code
    for row in area_renames():
        if row["beside"] == "name":
            codes.setdefault(name_key(row["printed_name"]), {0: row["area_code"]})
    return Names(codes, former)


class Count(NamedTuple):
    """One count of a row, as text; the fields of the project's own layout."""

    source_line: int
    block: int
    area_code: str | None
    area_name: str
    period: str
    item: str
    count: str
    count_heading: str


def counts_of(sheet: Sheet, front: str, names: Names) -> tuple[Table, list[Count]] | None:
    """The table of ONS that a sheet holds, and its counts; None where it holds none.

    ``front`` is the text of the first sheet of the workbook, which names the year where the table itself has no title.
    """
    table = find_table(sheet, KNOWN_ANYWHERE)
    if table is None:
        return None
    edition = table.data_year or only_year(front)
    if edition is None:
        raise Refused(f'a year was expected in the title of the sheet "{printable(sheet.name)}", a table of ONS')
    table = replace(table, data_year=edition)
    return table, list(_counts(sheet, table, names))


def only_year(front: str) -> int | None:
    """The year that a front sheet names; None where it names several, such as those of releases and of changes."""
    years = {*re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", front)}
    return int(years.pop()) if len(years) == 1 else None


def _counts(sheet: Sheet, table: Table, names: Names) -> Iterator[Count]:
    spellings = area_code_spellings()
    is_former = False
    for row in range(table.header_rows[1] + 1, len(sheet.rows) + 1):
        figures = [sheet.text(column.letter, row) for column in table.columns]
        if not any(figures):
            keys = (name_key(sheet.text(letter, row)) for letter in (table.code_letter, table.name_letter) if letter)
            is_former = is_former_district_heading(keys, is_former)
            continue
        if is_note(sheet, ("A", "B", *(column.letter for column in table.columns)), row) and not any(
            figure.isdecimal() for figure in figures
        ):
            continue
        if table.only and sheet.text(table.only[0], row) != table.only[1]:
            continue
        letter = table.decile_letter or table.name_letter
        name = printed_text(sheet.text(letter, row))
        year = sheet.text(table.year_letter, row) if table.year_letter else str(table.data_year)
        if table.rows_by == DECILE:
            code = decile_code(name)
        elif table.rows_by == NAMED:
            code = names.code(name, table.data_year, is_former)
        else:
            printed = printed_text(sheet.text(table.code_letter, row))
            code = spellings.get(printed, printed)
        for block, (column, figure) in enumerate(zip(table.columns, figures, strict=True)):
            yield Count(row, block, code, name, year, column.item, figure, column.header)
