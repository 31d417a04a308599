"""Reads `columns.csv`, in which users say how their tables are to be read, and finds in a header what it says.

A row names a file (`*` stands for any letters), a heading and what its column means; without a heading it gives a
constant. Headings that bear a known name (seed `incoming_headings`, the items) need no row. A faulty row is told and
left out; it stops neither its file nor another.
"""

import fnmatch
import re
from dataclasses import dataclass
from typing import NamedTuple

YEAR = "{year}"
# What a column can mean besides an item; each is a field of the project's own layout.
FIELDS = (
    *("area_code", "area_name", "year", "basis", "item", "count", "sum", "sex", "category", "breakdown"),
    *("ethnicity", "ethnic_group", "cause", "cause_of_death", "age_of_mother", "month", "quarter"),
)
CONSTANTS = ("area_code", "area_name", "year", "basis", "item")
# The field of each meaning in the lines that are read.
FIELD_OF = {"year": "period"}
# What every count needs, and the row of columns.csv that gives it.
NEEDED = {
    "area": ("which area a row is about", "{file},HEADING,area_code,"),
    "year": ("the year", "{file},,year,2019"),
    "basis": ("whether deaths are counted by registration or occurrence", "{file},,basis,occurrence"),
    "count": ("which column holds counts", "{file},HEADING,infant_deaths,"),
    "item": ("what is counted", "{file},,item,infant_deaths"),
}


def heading_key(heading: str | None) -> str:
    """A heading by which it is compared: letters and digits of any alphabet alone, in small letters."""
    text = (heading or "").casefold()
    return "".join(letter for letter in text if letter.isalnum()) or text.strip()


@dataclass
class Row:
    """One row of columns.csv, with what is wrong with it: the key of a fault, the column at fault and a detail."""

    said_in: str
    line: int
    file: str
    column: str
    means: str
    value: str
    fault: tuple[str, str, str] | None = None
    is_matched: bool = False
    is_found: bool = False
    # The headings of a file that the row is about.
    headings: str = ""

    def matches(self, name: str) -> bool:
        """Whether the row is about a file."""
        return fnmatch.fnmatchcase(name.casefold(), self.file.casefold().replace("[", "[[]").replace("?", "[?]"))

    def places(self, headings: list[str]) -> list[tuple[int, str | None]]:
        """Where the heading of the row stands in a header, and the year that it names there."""
        if YEAR not in self.column:
            return [(place, None) for place, key in enumerate(headings) if key == heading_key(self.column)]
        before, after = (heading_key(part) for part in self.column.split(YEAR, 1))
        pattern = re.compile(f"{re.escape(before)}((?:19|20)[0-9]{{2}}){re.escape(after)}")
        matches = ((place, pattern.fullmatch(key)) for place, key in enumerate(headings))
        return [(place, match[1]) for place, match in matches if match]

    def values(self) -> dict[str, str]:
        """The item that each value of a column of items stands for."""
        pairs = [pair.partition("=") for pair in self.value.split(";") if pair.strip()]
        return {said.strip().casefold(): item.strip().lower() for item, _, said in pairs}


class Known(NamedTuple):
    """The names that headings bear without a row of columns.csv: field by key, in the order in which they are taken."""

    fields: dict[str, str]
    items: dict[str, str]


class Block(NamedTuple):
    """How one count of a line is read: of each field the place of its cell or its constant, and the count's heading."""

    places: dict[str, int]
    constants: dict[str, str]
    items_by_value: dict[str, str]


@dataclass
class Mapping:
    """What rows of columns.csv and known names make of a header."""

    blocks: list[Block]
    found: list[Row]
    # Rows of which the meaning is another column's already.
    doubled: list[Row]
    missing: list[str]

    def is_better_than(self, other: "Mapping") -> bool:
        """Whether a line is rather the header than another: nothing is missing, then by the headings that are found."""
        return (not self.missing, len(self.found)) > (not other.missing, len(other.found))


def judged(rows: list[Row], items: set[str]) -> list[Row]:
    """Rows of columns.csv, each with what is wrong with it by itself."""
    for row in rows:
        row.means = row.means.lower()
        means = sorted({*FIELDS, *items, "ignore"})
        if not row.file:
            row.fault = ("columns_file_missing", "file", "")
        elif row.means not in means:
            row.fault = ("columns_meaning_unknown", "means", ", ".join([*FIELDS[:7], "ignore", *sorted(items)]))
        elif not row.column and (row.means not in CONSTANTS or not row.value):
            row.fault = ("columns_constant_ill_formed", "column", ", ".join(CONSTANTS))
        elif row.column and row.value and row.means != "item":
            row.fault = ("columns_value_too_many", "value", "")
        elif row.column and row.means == "item" and row.value:
            unknown = sorted(set(row.values().values()) - items)
            if unknown or "=" not in row.value:
                row.fault = ("columns_items_ill_formed", "value", "")
        elif YEAR in row.column and row.means not in {*items, "count", "ignore"}:
            row.fault = ("columns_year_astray", "column", "")
        elif not row.column and row.means == "item" and row.value.lower() not in items:
            row.fault = ("columns_items_ill_formed", "value", "")
    return rows


def mapping_of(rows: list[Row], header: list[str | None], known: Known) -> Mapping:
    """What the rows about a file and the known names make of one line of it as the header."""
    headings = [heading_key(heading) for heading in header]
    found = [(row, row.places(headings)) for row in rows if row.column]
    constants: dict[str, str] = {}
    places: dict[str, int] = {}
    counts: set[tuple[int, str | None, str | None]] = set()
    items_by_value: dict[str, str] = {}
    doubled: list[Row] = []
    for row in rows:
        if not row.column and constants.setdefault(row.means, row.value) != row.value:
            doubled.append(row)
    for row, columns in found:
        if row.means == "count" or row.means in known.items.values():
            counts |= {(place, year, None if row.means == "count" else row.means) for place, year in columns}
        elif columns and row.means != "ignore":
            if places.setdefault(row.means, columns[0][0]) != columns[0][0]:
                doubled.append(row)
            elif row.means == "item":
                items_by_value |= row.values()
    free = {
        heading: place
        for place, heading in reversed([*enumerate(headings)])
        if all(place != other for _, columns in found for other, _ in columns)
    }
    has_years = any(year for _, year, _ in counts)
    for heading, means in known.fields.items():
        if heading in free and means not in {*places, *constants}:
            if means == "count":
                counts |= set() if counts else {(free[heading], None, None)}
            elif means != "year" or not has_years:
                places[means] = free[heading]
    counted = {item for _, _, item in counts}
    if None not in counted:
        counts |= {(free[key], None, item) for key, item in known.items.items() if key in free and item not in counted}
    in_order = sorted(counts, key=lambda count: (count[0], count[1] or "", count[2] or ""))
    says = {*places, *constants}
    is_said = {
        "area": bool(says & {"area_code", "area_name"}),
        "year": "year" in says or (bool(counts) and all(year for _, year, _ in counts)),
        "basis": "basis" in says,
        "count": bool(counts),
        "item": "item" in says or all(item for _, _, item in counts),
    }
    return Mapping(
        [block_of(place, year, item, places, constants, items_by_value) for place, year, item in in_order],
        [row for row, columns in found if columns] + [row for row in rows if not row.column],
        doubled,
        [need for need in NEEDED if not is_said[need]],
    )


def block_of(
    place: int,
    year: str | None,
    item: str | None,
    places: dict[str, int],
    constants: dict[str, str],
    items_by_value: dict[str, str],
) -> Block:
    """How one column of counts is read, of which the heading may name the year and the item."""
    given = constants | ({"year": year} if year else {}) | ({"item": item} if item else {})
    cells = {means: cell for means, cell in places.items() if means not in given}
    return Block(
        {"count": place} | {FIELD_OF.get(means, means): cell for means, cell in cells.items()},
        {FIELD_OF.get(means, means): text for means, text in given.items()},
        items_by_value,
    )
