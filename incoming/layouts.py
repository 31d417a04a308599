"""Finds the header of each supplied file and names the fields of its lines, as the seeds of layouts say.

Python decides how a file is to be read and writes one select for it. What stands in the fields is judged in SQL
(models/incoming).
"""

import re
from pathlib import Path
from typing import NamedTuple

from duckdb import DuckDBPyConnection, DuckDBPyRelation

from incoming.columns import FIELD_OF, FIELDS, NEEDED, YEAR, Block, Known, Mapping, Row, heading_key, judged, mapping_of
from incoming.files import FOLDER_OF_RECORDS, NOT_FOR_HERE, Refused, hindrance, printable, quoted
from incoming.ons import Count, Names, counts_of, names_of
from incoming.records import COLUMNS as COLUMNS_OF_RECORDS
from incoming.tables import (
    DELIMITERS,
    ENDINGS,
    LARGEST_FILE,
    SHEET,
    WORKBOOK_ENDINGS,
    Sheet,
    cells,
    damaged,
    ending_of,
    plainly_named,
    sheets,
    visible_sheets,
)
from ingest.workbook import ROWS_OF_HEADER
from ingest.workbook import Sheet as WorkbookSheet

# The layout of the file that says how others are to be read, and that of a table that is read so.
COLUMNS, TABLE = "columns", "table"
ALL_KNOWN = 1_000_000
# What is said of a table that is of no layout and has counts under known headings.
WIDE = {"layout": None}
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
        if any(layout == about[0] for layout, *_ in headers)
    ]


class Lists(NamedTuple):
    """What is known of files: layouts, names of headings, tables of other publishers, and how ONS printed its areas."""

    layouts: list[Layout]
    known: Known
    known_tables: list[tuple]
    # Every heading that any of these names.
    headings: set[str]
    names: Names


def lists_of(seeds: dict[str, DuckDBPyRelation]) -> Lists:
    """What the seeds say, and of ONS's figures the names of areas as printed."""
    items = seeds["items"].project("item").order("item").fetchall()
    printed = (
        seeds["stg_ons__figures"]
        .filter("source_file in ('live_births_by_area', 'deaths_registered_by_area')")
        .project("area_name_printed, area_code, cast(data_year as integer)")
        .distinct()
        .fetchall()
    )
    layouts = layouts_of(seeds["incoming_layouts"], seeds["incoming_layout_columns"])
    known = Known(
        dict(seeds["incoming_headings"].order("heading_order").project("heading, means").fetchall()),
        {heading_key(item): item for (item,) in items},
    )
    known_tables = (
        seeds["incoming_known_tables"]
        .order("known_table, line_order")
        .project("known_table, headings, heading, line, is_known_by_itself")
        .fetchall()
    )
    headings = {*known.fields, *known.items}.union(
        *(layout.fields for layout in layouts),
        *({*needed.split(), heading} for _, needed, heading, *_ in known_tables),
    )
    return Lists(layouts, known, known_tables, headings, names_of(printed))


def fields_of_files(session: DuckDBPyConnection, folder: Path, lists: Lists) -> DuckDBPyRelation:
    """Every line of every file as named fields, and one row without a line for each thing in the folder."""
    fields = {field for layout in lists.layouts for field in layout.fields.values()}
    fields |= {FIELD_OF.get(means, means) for means in FIELDS}
    session.execute(
        "create or replace temp table incoming_fields (source_file varchar, layout varchar, source_line bigint, "
        f"block integer, {''.join(f'{field}_text varchar, ' for field in sorted(fields))}is_malformed boolean, "
        "has_more_fields_than_header boolean, line_text varchar, problem varchar, has_doubled_columns boolean, "
        "first_line bigint, columns_expected varchar, columns_missing varchar, sheet_read varchar, "
        "sheets_passed varchar, file_name varchar, edition integer, count_heading varchar, known_table varchar, "
        "columns_lines varchar, fault_code varchar, fault_column varchar, fault_value varchar, fault_detail varchar)"
    )
    rows: list[Row] = []
    things = found(folder)
    # What columns.csv says comes first.
    for name, path, problem in sorted(things, key=lambda thing: not is_columns(thing[0])):
        abouts = [{"problem": problem}]
        if path and problem is None:
            try:
                with plainly_named(path) as plain:
                    of_file = [row for row in rows if row.fault is None and row.matches(name)]
                    abouts = read(session, name, plain, lists, of_file)
            except Refused as refusal:
                abouts = [{"problem": f"not read as {ending_of(path).lstrip('.')}: {refusal}"}]
            except Exception:
                # A file that cannot be read must not stop the others; what a reader says of it helps nobody.
                abouts = [{"problem": f"not read as {ending_of(path).lstrip('.')}: {damaged(path)}"}]
            if any("problem" in about for about in abouts):
                session.execute("delete from incoming_fields where coalesce(file_name, source_file) = ?", [name])
        for about in abouts:
            row = {"source_file": name, "file_name": name, "has_doubled_columns": False, **about}
            values = ", ".join(f"${column}" for column in row)
            values = values.replace("$line_text", text_of(["$line_text"]))
            session.execute(f"insert into incoming_fields ({', '.join(row)}) values ({values})", row)
        if is_columns(name) and abouts[0].get("layout") == COLUMNS:
            rows += rows_of_columns(session, name, lists)
    for row in rows:
        if row.fault is None and not row.is_matched:
            row.fault = ("columns_file_unknown", "file", "")
        elif row.fault is None and not row.is_found:
            row.fault = ("columns_heading_unknown", "column", row.headings)
        if row.fault:
            session.execute(
                "update incoming_fields set fault_code = ?, fault_column = ?, fault_value = ?, fault_detail = ? "
                "where source_file = ? and source_line = ?",
                [row.fault[0], row.fault[1], getattr(row, row.fault[1]) or None, row.fault[2], row.said_in, row.line],
            )
    return session.sql("select * from incoming_fields")


def is_columns(name: str) -> bool:
    """Whether a file is the one that says how others are to be read."""
    return name.casefold().partition(".")[0] == COLUMNS


def rows_of_columns(session: DuckDBPyConnection, name: str, lists: Lists) -> list[Row]:
    """The rows of a file that says how others are to be read, each judged by itself."""
    texts = ", ".join(f"coalesce({field}_text, '')" for field in ("file", "heading", "means", "value"))
    read_rows = session.execute(
        f"select source_line, {texts} from incoming_fields where source_file = ? and source_line is not null "
        "and not is_malformed and not has_more_fields_than_header order by source_line",
        [name],
    ).fetchall()
    return judged([Row(name, *row) for row in read_rows], set(lists.known.items.values()))


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


def read(session: DuckDBPyConnection, name: str, path: Path, lists: Lists, rows: list[Row]) -> list[dict]:
    """Add the lines of one file with their fields named; return what is said of the file, or of each sheet of ONS."""
    for row in rows:
        row.is_matched = True
    grids = list(visible_sheets(path)) if ending_of(path) in WORKBOOK_ENDINGS else []
    if rows:
        return [read_by_columns(session, name, path, lists, rows, grids)]
    told = read_ons(session, name, grids, lists) or [read_by_layout(session, name, path, lists, grids)]
    # A table with counts under headings that are known may say all that there is to say by itself.
    return [read_by_columns(session, name, path, lists, rows, grids)] if told == [WIDE] else told


def read_ons(session: DuckDBPyConnection, name: str, grids: list[Sheet], lists: Lists) -> list[dict]:
    """Add the counts of the tables of ONS that a workbook holds; return what is said of each of its sheets."""
    front = " ".join(str(cell) for row in (grids[0].rows if grids else [])[:ROWS_OF_HEADER] for cell in row)
    told = []
    for grid in grids:
        sheet = WorkbookSheet(name, grid.name, grid.rows)
        table, counts = counts_of(sheet, front, lists.names) or (None, [])
        if table is None:
            continue
        about = {
            "source_file": f"{name}, sheet {printable(grid.name)}",
            "layout": f"ons_{table.seed}",
            "file_name": name,
            "sheet_read": printable(grid.name),
            "edition": table.data_year,
        }
        columns = [f"${place}" for place in range(len(about) + 1, len(about) + 1 + len(Count._fields))]
        session.execute(
            f"insert into incoming_fields ({', '.join(about)}, source_line, block, area_code_text, area_name_text, "
            "period_text, item_text, count_text, count_heading, is_malformed, has_more_fields_than_header) "
            f"select {', '.join(f'${place}' for place, _ in enumerate(about, start=1))}, "
            f"{', '.join(f'unnest({column})' for column in columns)}, false, false",
            [*about.values(), *([list(values) for values in zip(*counts, strict=True)] or [[]] * len(columns))],
        )
        told.append(about)
    return told


def read_by_columns(
    session: DuckDBPyConnection, name: str, path: Path, lists: Lists, rows: list[Row], grids: list[Sheet]
) -> dict:
    """Add the lines of a file as the rows of columns.csv say; return what is said of the file."""

    def mapped(header: list[str | None]) -> Mapping:
        by_themselves = {
            heading: line.split(",")[2]
            for _, heading, line, is_known_by_itself in lines_of_known_table(header, lists)
            if is_known_by_itself
        }
        return mapping_of(rows, header, Known(lists.known.fields | by_themselves, lists.known.items))

    def how_much_is_known(header: list[str | None]) -> int:
        mapping = mapped(header)
        return len(mapping.found) + len(mapping.blocks) + (0 if mapping.missing else ALL_KNOWN)

    best: tuple[Mapping, int, list[str | None]] | None = None
    for sheet in sheets(session, path, how_much_is_known, grids):
        for line, *header in lines_written(session, sheet.width):
            mapping = mapped(header)
            if best is None or mapping.is_better_than(best[0]):
                best = (mapping, line, header)
        if best and not best[0].missing:
            break
    if best is None:
        raise Refused("there is nothing in it")
    mapping, line, header = best
    for row in rows:
        row.is_found = row.is_found or row in mapping.found
        if row in mapping.doubled:
            row.fault = ("columns_meaning_doubled", "means", "")
        row.headings = row.headings or printable(", ".join(heading for heading in header if heading))[:200]
    about = said_of_line(line, header)
    if mapping.missing:
        needed = [NEEDED[need] for need in mapping.missing]
        lines = " and ".join(f'"{line.replace("{file}", name)}"' for _, line in needed)
        return about | {"columns_missing": " and ".join(what for what, _ in needed), "columns_lines": lines}
    headings = [heading_key(heading) for heading in header]
    if any(headings.count(headings[place]) > 1 for block in mapping.blocks for place in block.places.values()):
        return about | {"has_doubled_columns": True}
    session.execute(select_of_blocks(name, mapping.blocks, line, header))
    return about | {"layout": TABLE}


def read_by_layout(session: DuckDBPyConnection, name: str, path: Path, lists: Lists, grids: list[Sheet]) -> dict:
    """Add the lines of a file of a known layout; return what is said of the file."""
    layouts = [layout for layout in lists.layouts if layout.name != COLUMNS or is_columns(name)]

    def fitting(header: list[str | None]) -> Layout | None:
        headings = [plain(cell) for cell in header]
        return next((layout for layout in layouts if layout.found(headings) == layout.required), None)

    def how_much_is_known(header: list[str | None]) -> int:
        return ALL_KNOWN if fitting(header) else known_headings(header, lists)

    about: dict = {}
    layout_read, sheet_read, sheets_passed = None, None, []
    nearest: tuple[int, int, list[str | None], list[str | None]] | None = None
    for sheet in sheets(session, path, how_much_is_known, grids):
        lines = lines_written(session, sheet.width)
        if lines and not about:
            about = said_of_line(lines[0][0], lines[0][1:])
        for place, (line, *header) in enumerate(lines):
            layout = fitting(header)
            if layout and layout_read:
                # A sheet a year: only one is read, and the others are told.
                sheets_passed += [sheet.name] if layout == layout_read else []
                break
            if layout:
                headings = [plain(cell) for cell in header]
                if layout.has_doubled_columns(headings):
                    return about | {"has_doubled_columns": True}
                session.execute(select_of_fields(name, layout, line, headings))
                layout_read, sheet_read = layout, sheet.name
                break
            known = known_headings(header, lists)
            if not layout_read and (nearest is None or known > nearest[0]):
                nearest = (known, line, header, lines[place + 1][1:] if place + 1 < len(lines) else [])
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
        raise Refused("there is nothing in any sheet of it that can be seen")
    known, line, header, below = nearest
    fields = [heading for heading in header if heading]
    if len(fields) == 1 and any(fitting(fields[0].split(mark)) for mark in DELIMITERS):
        raise Refused(f"line {line} is one field in quotation marks; fields with commas between were expected")
    if {*map(heading_key, COLUMNS_OF_RECORDS[:2])} <= {*map(heading_key, header)}:
        raise Refused(
            f"line {line} is the header of births one by one, which belong into the folder {FOLDER_OF_RECORDS}/"
        )
    refusal = refusal_of(name, header, below, lists, layouts)
    return WIDE if refusal == WIDE else about | (said_of_line(line, header) if known else {}) | refusal


def said_of_line(line: int, texts: list[str | None]) -> dict:
    """What is said of a line that is told: its number and its text."""
    return {"first_line": line, "line_text": ",".join(text for text in texts if text is not None)}


def known_headings(header: list[str | None], lists: Lists) -> int:
    """How many headings of a line bear a name that is known from any layout or table."""
    return len({heading_key(heading) for heading in header} & lists.headings)


def lines_of_known_table(header: list[str | None], lists: Lists) -> list[tuple[str, str | None, str, bool]]:
    """The lines of columns.csv that read the table of another publisher that has such a header."""
    headings = {heading_key(heading) for heading in header}
    return [
        (known_table, heading, line, is_known_by_itself)
        for known_table, needed, heading, line, is_known_by_itself in lists.known_tables
        if set(needed.split()) <= headings
    ]


def refusal_of(
    name: str, header: list[str | None], below: list[str | None], lists: Lists, layouts: list[Layout]
) -> dict:
    """What is said of a file whose header is of no layout: the nearest one by meaning, or how columns.csv reads it."""
    headings = {heading_key(heading): heading for heading in header if heading}
    known_lines = [line for line in lines_of_known_table(header, lists) if not line[-1]]
    if known_lines:
        cells = {f"heading_{place}": cell for place, cell in enumerate(header, start=1)}
        cells |= {f"value_{place}": cell for place, cell in enumerate(below, start=1)}
        has_years = any(re.fullmatch("(19|20)[0-9]{2}", heading) for heading in headings)
        texts = [
            text
            for _, heading, text, _ in known_lines
            if (heading is None or heading in headings) and (YEAR not in text or has_years)
        ]
        for cell, text in {"file": name, **cells}.items():
            texts = [line.replace("{" + cell + "}", printable(text or "")) for line in texts]
        return {"known_table": known_lines[0][0], "columns_lines": " and ".join(f'"{line}"' for line in texts)}
    if not headings:
        return {"columns_expected": layouts[0].columns_in_words}
    # What is counted says nothing of the layout, for any table can hold it.
    meanings = {
        layout.name: {
            layout.fields[heading] for heading in (layout.required & headings.keys()) - lists.known.items.keys()
        }
        for layout in layouts
    }
    meanings["own"] |= {FIELD_OF.get(means, means) for key, means in lists.known.fields.items() if key in headings} & {
        layouts[0].fields[heading] for heading in layouts[0].required
    }
    layout = max(layouts, key=lambda layout: len(meanings[layout.name]))
    if layout.name == "own" and not {"item", "count"} & headings.keys() and mapping_of([], header, lists.known).blocks:
        return WIDE
    told = {"columns_expected": layout.columns_in_words}
    if not meanings[layout.name] and not headings.keys() & lists.known.items.keys():
        return told
    return told | {"columns_missing": ", ".join(sorted(layout.required - headings.keys()))}


def plain(heading: str | None) -> str:
    """A heading as the layouts write it."""
    return re.sub("[^a-z0-9]", "", (heading or "").lower())


def lines_written(session: DuckDBPyConnection, width: int) -> list[tuple]:
    """The first lines of a sheet in which anything stands: the number of each and its cells."""
    return session.execute(
        f"select source_line, {', '.join(cells(width))} from {SHEET} "
        f"where trim(concat({', '.join(cells(width))})) <> '' order by source_line limit {ROWS_OF_HEADER}"
    ).fetchall()


def select_of_fields(name: str, layout: Layout, header_line: int, headings: list[str]) -> str:
    """The statement that names the fields of all lines below the header, each line once for each of its areas."""
    first = 0 if layout.repeated_header is None else 1
    blocks = {
        number: {f"{field}_text": text_of(places, field in NUMBERS) for field, places in fields.items()}
        for number, fields in enumerate(layout.blocks(headings), start=first)
    }
    return insert_of_lines(name, layout.name, header_line, headings, blocks, is_said(cells(len(headings))))


def select_of_blocks(name: str, blocks: list[Block], header_line: int, header: list[str | None]) -> str:
    """The statement that reads each count of all lines below the header as a line of its own.

    Lines in which no column that is read holds anything are passed over: notes at the foot, headings within the table.
    """
    columns = {}
    for number, block in enumerate(blocks):
        texts = {field: text_of([f"c{place + 1}"], field in NUMBERS) for field, place in block.places.items()}
        if block.items_by_value and "item" in texts:
            cases = " ".join(f"when {quoted(said)} then {quoted(item)}" for said, item in block.items_by_value.items())
            texts["item"] = f"case lower({texts['item']}) {cases} else {texts['item']} end"
        texts |= {field: quoted(text) for field, text in block.constants.items()}
        columns[number] = {f"{field}_text": text for field, text in texts.items()}
        columns[number]["count_heading"] = quoted(printable(header[block.places["count"]]))
    read_cells = sorted({f"c{place + 1}" for block in blocks for place in block.places.values()})
    return insert_of_lines(name, TABLE, header_line, header, columns, f"is_malformed or {is_said(read_cells)}")


def is_said(some_cells: list[str]) -> str:
    """SQL of whether any of some cells holds more than blanks."""
    return f"concat({', '.join(some_cells)}) not similar to '{BLANK}*'"


def insert_of_lines(
    name: str, layout: str, header_line: int, header: list[str | None], blocks: dict[int, dict[str, str]], wanted: str
) -> str:
    """The statement that takes the wanted lines below the header, once for each block, by the SQL of its columns."""
    width = len(header)
    headed = max(place for place, heading in enumerate(header, start=1) if heading)
    beyond = f"trim(concat({', '.join(cells(width, headed + 1))})) <> ''" if width > headed else "false"
    line_text = text_of([f"concat_ws(',', {', '.join(cells(width))})"])
    parts = [
        f"select {quoted(name)} as source_file, {quoted(name)} as file_name, {quoted(layout)} as layout, source_line, "
        f"{number} as block, {''.join(f'{text} as {column}, ' for column, text in columns.items())}is_malformed, "
        f"{beyond} as has_more_fields_than_header, "
        f"case when is_malformed or {beyond} then {line_text} end as line_text from {SHEET} "
        f"where source_line > {header_line} and ({wanted})"
        for number, columns in blocks.items()
    ]
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
