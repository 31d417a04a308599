"""Finds the header of each supplied file and names the fields of its lines, as the seeds of layouts say.

Python decides how a file is to be read and writes one select for it. What stands in the fields is judged in SQL
(models/incoming).
"""

import re
from pathlib import Path
from typing import NamedTuple

from duckdb import DuckDBPyConnection, DuckDBPyRelation

from incoming.files import FOLDER_OF_RECORDS, NOT_FOR_HERE, Refused, hindrance, printable, quoted
from incoming.tables import (
    ENDINGS,
    LARGEST_FILE,
    SHEET,
    cells,
    damaged,
    ending_of,
    plainly_named,
    sheets,
)

# A header may stand below a title and notes, not below a table.
LINES_OF_HEADER = 60
BLANK = r"[\s\p{Z}]"
# Fields of which the text is a number.
NUMBERS = ("count", "numerator", "denominator", "live_births", "stillbirths", "neonatal_deaths")


class Layout(NamedTuple):
    """How the columns of a known kind of file are named; layouts are tried in the order of the seed."""

    name: str
    # The heading with which the columns of another area begin, where areas stand side by side.
    repeated_header: str | None
    columns_in_words: str
    fields: dict[str, str]
    required: frozenset[str]

    def found(self, headings: list[str]) -> set[str]:
        """The required headings that are among some."""
        return self.required & set(headings)

    def has_doubled_columns(self, headings: list[str]) -> bool:
        """Whether a column stands twice where it may not."""
        known = [heading for heading in headings if heading in self.fields]
        return self.repeated_header is None and len(known) > len(set(known))

    def blocks(self, headings: list[str]) -> list[dict[str, list[str]]]:
        """The cells of each field for each area that a line tells of; what comes before the first is said of all."""
        blocks: list[dict[str, list[str]]] = [{}]
        for cell, heading in zip(cells(len(headings)), headings, strict=True):
            if heading == self.repeated_header:
                blocks.append({})
            if heading in self.fields:
                blocks[-1].setdefault(self.fields[heading], []).append(cell)
        before, *areas = blocks
        return [{**before, **area} for area in areas] or [before]


def layouts_of(layouts: DuckDBPyRelation, columns: DuckDBPyRelation) -> list[Layout]:
    """The layouts of the seeds."""
    named = layouts.order("display_order").project("layout, repeated_header, columns_in_words").fetchall()
    headers = columns.project("layout, header, field, is_required").fetchall()
    return [
        Layout(
            *about,
            {header: field for layout, header, field, _ in headers if layout == about[0]},
            frozenset(header for layout, header, _, is_required in headers if layout == about[0] and is_required),
        )
        for about in named
    ]


def fields_of_files(session: DuckDBPyConnection, folder: Path, layouts: list[Layout]) -> DuckDBPyRelation:
    """Every line of every file as named fields, and one row without a line for each thing in the folder."""
    fields = sorted({field for layout in layouts for field in layout.fields.values()})
    session.execute(
        "create or replace temp table incoming_fields (source_file varchar, layout varchar, source_line bigint, "
        f"block integer, {''.join(f'{field}_text varchar, ' for field in fields)}is_malformed boolean, "
        "has_more_fields_than_header boolean, line_text varchar, problem varchar, has_doubled_columns boolean, "
        "first_line bigint, columns_expected varchar, columns_missing varchar, sheet_read varchar, "
        "sheets_passed varchar)"
    )
    for name, path, problem in found(folder):
        about = {"problem": problem}
        if path and problem is None:
            try:
                with plainly_named(path) as plain:
                    about = named(session, name, plain, layouts)
            except Refused as refusal:
                about = {"problem": f"not read as {ending_of(path).lstrip('.')}: {refusal}"}
                session.execute("delete from incoming_fields where source_file = ?", [name])
            except Exception:
                # A file that cannot be read must not stop the others; what a reader says of it helps nobody.
                about = {"problem": f"not read as {ending_of(path).lstrip('.')}: {damaged(path)}"}
                session.execute("delete from incoming_fields where source_file = ?", [name])
        row = {"source_file": name, "has_doubled_columns": False, **about}
        values = ", ".join(f"${column}" for column in row)
        values = values.replace("$line_text", text_of(["$line_text"]))
        session.execute(f"insert into incoming_fields ({', '.join(row)}) values ({values})", row)
    return session.sql("select * from incoming_fields")


def found(folder: Path) -> list[tuple[str, Path | None, str | None]]:
    """Each thing in the folder: its name fit for a screen, its path, and why it cannot be read."""
    if not folder.is_dir():
        place = f"the folder {printable(folder)} of supplied files (variable incoming_folder, or INCOMING_FOLDER)"
        return [("", None, f"{place} does not exist")]
    # Records of births lie in a folder of their own, and are counted by models of their own (models/records).
    things = [path for path in sorted(folder.iterdir()) if path.name not in (*NOT_FOR_HERE, FOLDER_OF_RECORDS)]
    return [(printable(path.name), path, hindrance(path, ENDINGS) or too_large(path)) for path in things]


def too_large(path: Path) -> str | None:
    """Why a file is too large to be read; None where it is not."""
    return f"the file is larger than {LARGEST_FILE:,} bytes" if path.stat().st_size > LARGEST_FILE else None


def named(session: DuckDBPyConnection, name: str, path: Path, layouts: list[Layout]) -> dict:
    """Add the lines of one file with their fields named; return what is said of the file itself."""
    about: dict = {}
    layout_read, sheet_read, sheets_passed = None, None, []
    nearest, most_found = None, 0
    for sheet in sheets(session, path):
        lines = lines_written(session, sheet.width)
        if lines and not about:
            first_line, *texts = lines[0]
            about = {"first_line": first_line, "line_text": ",".join(text for text in texts if text is not None)}
        for line, *header in lines:
            headings = [re.sub("[^a-z0-9]", "", (cell or "").lower()) for cell in header]
            fitting = next((layout for layout in layouts if layout.found(headings) == layout.required), None)
            if fitting and layout_read:
                # A sheet a year: only one is read, and the others are told.
                sheets_passed += [sheet.name] if fitting == layout_read else []
                break
            if fitting:
                if fitting.has_doubled_columns(headings):
                    return about | {"has_doubled_columns": True}
                session.execute(select_of_fields(name, fitting, line, headings))
                layout_read, sheet_read = fitting, sheet.name
                break
            if layout_read:
                continue
            for layout in layouts:
                required = layout.found(headings)
                if len(required) > most_found or (nearest is None and layout.fields.keys() & set(headings)):
                    nearest, most_found = (layout, required), len(required)
    if layout_read:
        told = {}
        if sheets_passed:
            others = ", ".join(f'"{printable(other)}"' for other in sheets_passed[:5])
            told = {
                "sheet_read": printable(sheet_read),
                "sheets_passed": others + (" and others" if len(sheets_passed) > 5 else ""),
            }
        return about | told | {"layout": layout_read.name}
    if nearest is None:
        return about | {"columns_expected": layouts[0].columns_in_words}
    layout, required = nearest
    missing = ", ".join(sorted(layout.required - required))
    return about | {"columns_expected": layout.columns_in_words, "columns_missing": missing}


def lines_written(session: DuckDBPyConnection, width: int) -> list[tuple]:
    """The first lines of a sheet in which anything stands: the number of each and its cells."""
    return session.execute(
        f"select source_line, {', '.join(cells(width))} from {SHEET} "
        f"where trim(concat({', '.join(cells(width))})) <> '' order by source_line limit {LINES_OF_HEADER}"
    ).fetchall()


def select_of_fields(name: str, layout: Layout, header_line: int, headings: list[str]) -> str:
    """The statement that names the fields of all lines below the header, each line once for each of its areas."""
    width = len(headings)
    headed = max(place for place, heading in enumerate(headings, start=1) if heading)
    beyond = f"trim(concat({', '.join(cells(width, headed + 1))})) <> ''" if width > headed else "false"
    line_text = text_of([f"concat_ws(',', {', '.join(cells(width))})"])
    parts = []
    for block, fields in enumerate(layout.blocks(headings), start=0 if layout.repeated_header is None else 1):
        texts = {f"{field}_text": text_of(places, field in NUMBERS) for field, places in fields.items()}
        parts.append(
            f"select {quoted(name)} as source_file, {quoted(layout.name)} as layout, source_line, {block} as block, "
            f"{''.join(f'{text} as {field}, ' for field, text in texts.items())}is_malformed, "
            f"{beyond} as has_more_fields_than_header, case when is_malformed or {beyond} then "
            f"{line_text} end as line_text from {SHEET} "
            f"where source_line > {header_line} and concat({', '.join(cells(width))}) not similar to '{BLANK}*'"
        )
    return f"insert into incoming_fields by name {' union all by name '.join(parts)}"


def text_of(cells_of_field: list[str], is_number: bool = False) -> str:
    """SQL of the text of a field: blanks of every kind are single spaces, with none at the ends; NULL if empty.

    Two numbers in one cell stay two: where more than one blank stands between, or a line break, there is a bar.
    Nearly all cells are plain, and to see that takes a tenth of the time of a replacement.
    """

    def freed(cell: str) -> str:
        if not is_number:
            return f"trim(regexp_replace({cell}, '{BLANK}+', ' ', 'g'))"
        ends_cut = f"regexp_replace({cell}, '^{BLANK}+|{BLANK}+$', '', 'g')"
        apart = f"regexp_replace({ends_cut}, '{BLANK}{{2,}}|[\\t\\n\\r\\f\\v]', ' | ', 'g')"
        return f"regexp_replace({apart}, '\\p{{Z}}', ' ', 'g')"

    texts = [
        f"case when {cell} similar to '[!-~]+( [!-~]+)*' then {cell} else nullif({freed(cell)}, '') end"
        for cell in cells_of_field
    ]
    return texts[0] if len(texts) == 1 else f"greatest({', '.join(texts)})"
