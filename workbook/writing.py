"""Writing sheets: numbers as numbers, text as text, a heading that stays in sight and says what its column is.

Rows are written as they come and are not kept (XlsxWriter's constant_memory), so a large table needs no more room than
a small one.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbook.sheets import SHOWN_AS, Sheet, decimals_of, headings

# What a sheet of Excel holds, and what a cell does.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# Text longer than this is wrapped, in a column as wide as makes so many lines of the longest, within these widths.
_LONG_TEXT = 60
_WIDEST = 150
_LINES_WANTED = 4
_HEIGHT_OF_LINE = 15
_GREATEST_HEIGHT = 409
# How many characters across a sheet of paper can be read.
_WIDTH_OF_PAPER = 260
_ROWS_AT_ONCE = 10_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Excel asks only `=`; other programs ask all of these when a cell is edited.
_LIKE_A_FORMULA = ("=", "+", "-", "@")
# Text columns of which each value is one number as it was printed, with its decimals.
_PRINTED_NUMBERS = ("published_value",)
HEADINGS = headings()
_NUMBER_FORMATS_BY_TYPE = {"SMALLINT": "#,##0", "INTEGER": "#,##0", "BIGINT": "#,##0"}
# A probability is never said to be 0 or 1.
PROBABILITY = '[>=0.9995]">99.9%";[<0.0005]"<0.1%";0.0%'
_WHOLE = ("rank", "years_in_period", "_year", "years_in_trend")


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook):
        """Begin with none."""
        self._workbook = workbook
        self._made: dict[tuple, Format] = {}

    def __call__(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._made[key]

    @property
    def heading(self) -> Format:
        """The format of a heading."""
        return self(
            align="left", indent=1, bold=True, bottom=1, bg_color="#E8EEF2", font_color="#1D2329", text_wrap=True
        )


def text_of(value: str) -> str:
    """A text as a cell may hold it: no control characters, not longer than Excel's limit."""
    return _CONTROL.sub("", re.sub(r"[\t\n\r]+", " ", value))[:MOST_CHARACTERS]


def write_text(worksheet: Worksheet, row: int, column: int, value: str, formats: Formats, **properties: object) -> None:
    """Write a text as text, whatever it begins with: also one who edits the cell does not make it a formula."""
    text = text_of(value)
    if text.lstrip().startswith(_LIKE_A_FORMULA):
        properties["quote_prefix"] = True
    worksheet.write_string(row, column, text, formats(**properties))


def height_of(characters: int, width: int) -> int:
    """The height of a row that holds a wrapped text, in points: not every program works it out by itself."""
    return min(_GREATEST_HEIGHT, _HEIGHT_OF_LINE * max(1, -(-characters // width)))


def number_format(column: str, data_type: str) -> str:
    """How the numbers of a column are shown: Excel's number format."""
    if data_type == "DOUBLE":
        decimals = decimals_of(column)
        return PROBABILITY if column.startswith("probability") else "#,##0." + "0" * decimals
    return "0" if column.endswith(_WHOLE) else _NUMBER_FORMATS_BY_TYPE.get(data_type, "General")


@dataclass
class Kept:
    """Rows kept while their sheet was written, for the values that formulas show before anything recalculates them.

    Attributes:
        areas: codes of the areas whose rows are kept.
        last_row: the last row of each sheet, counted from 1 as Excel does.
        rows: by sheet and key, the values by column.
        places: by sheet and key, the place among its rows, from 1.
    """

    areas: set[str]
    last_row: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, dict]] = field(default_factory=dict)
    places: dict[str, dict[str, int]] = field(default_factory=dict)


def read_sheet(connection: duckdb.DuckDBPyConnection, sheet: Sheet, folder: Path) -> dict[str, str]:
    """Make the temporary table `shown_rows` of a sheet's rows as they are shown, with their place and key.

    Args:
        connection: any connection.
        sheet: what to read.
        folder: the exports.

    Returns:
        The type of each column shown, by name.

    Raises:
        duckdb.Error: the export lacks a column.
    """
    quoted = str(folder).replace("'", "''")
    source = f"from read_parquet('{quoted}/{sheet.export}.parquet') as shown where {sheet.rows}"
    types = {name: kind for name, kind, *_ in connection.execute(f"describe {source}".format(folder=quoted)).fetchall()}
    expressions = []
    for column in sheet.columns:
        is_as_stored = column == "rate_per_1000" and "rate_display" not in types
        expression = column if is_as_stored else SHOWN_AS.get(column, column)
        if types.get(column) == "DOUBLE":
            expression = f"round({expression}, {decimals_of(column)})"
        expressions.append(f"{expression} as {column}")
    query = (
        f"create or replace temporary table shown_rows as select {', '.join(expressions)}, "
        f"{sheet.key or 'null'} as row_key, {sheet.area or 'null'} as row_area, "
        f"row_number() over (order by {sheet.order}) as place {source}"
    )
    connection.execute(query.format(folder=quoted))
    described = connection.execute("describe shown_rows").fetchall()
    return {name: kind for name, kind, *_ in described[: len(sheet.columns)]}


def write_sheet(
    connection: duckdb.DuckDBPyConnection,
    worksheet: Worksheet,
    formats: Formats,
    sheet: Sheet,
    folder: Path,
    notes: dict[str, str],
    kept: Kept,
) -> int:
    """Write one sheet: headings with their notes, then the rows.

    A rate that ONS would not print is left empty, and its mark is in the column of marks: the small-number rule of the
    report, read off the mart's `rate_display`.

    Args:
        connection: any connection; the export is read from its file.
        worksheet: the sheet, empty.
        formats: the workbook's formats.
        sheet: what to write.
        folder: the exports.
        notes: the note of each column, by name.
        kept: takes the rows of its areas, where the sheet has a key.

    Returns:
        The number of rows below the heading.

    Raises:
        duckdb.Error: the export lacks a column.
    """
    types = read_sheet(connection, sheet, folder)
    lengths = ", ".join(f"max(length(cast({column} as varchar)))" for column in sheet.columns)
    rows, *widest = connection.execute(f"select count(*), {lengths} from shown_rows").fetchall()[0]
    last_column = len(sheet.columns) - (0 if sheet.key else 1)
    worksheet.freeze_panes(1, sheet.frozen_columns)
    worksheet.autofilter(0, 0, rows, last_column)
    # Codes and periods are text on purpose.
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
    wrapped, total = {}, 0
    worksheet.set_row(0, 3 * _HEIGHT_OF_LINE)
    for place, (column, width) in enumerate(zip(sheet.columns, widest, strict=True)):
        heading = HEADINGS[column]
        shown_width = min(width or 0, 8 if types[column] == "DOUBLE" else _LONG_TEXT)
        if types[column] == "VARCHAR" and (width or 0) > _LONG_TEXT:
            shown_width = wrapped[place] = min(_WIDEST, max(_LONG_TEXT, width // _LINES_WANTED))
        # A heading takes up to three lines, beside the button of the filter.
        longest_word = max(map(len, heading.split()))
        room = max(shown_width + 2, longest_word + 4, len(heading) // 2 + 4)
        worksheet.set_column(place, place, room)
        total += room
        worksheet.write_string(0, place, heading, formats.heading)
        if column in notes:
            note = notes[column]
            worksheet.write_comment(0, place, note, {"x_scale": 2.4, "y_scale": 0.5 + len(note) / 180})
    if sheet.key:
        worksheet.write_string(0, last_column, "lookup", formats.heading)
        worksheet.set_column(last_column, last_column, 4, None, {"hidden": True})

    prepare_to_print(worksheet, pages_across=-(-total // _WIDTH_OF_PAPER))
    worksheet.repeat_rows(0)
    worksheet.repeat_columns(0, sheet.frozen_columns - 1)
    worksheet.print_area(0, 0, rows, len(sheet.columns) - 1)
    writers = [_writer(worksheet, formats, column, types[column], place) for place, column in enumerate(sheet.columns)]
    kept.last_row[sheet.title] = rows + 1
    kept_rows, kept_places = kept.rows.setdefault(sheet.title, {}), kept.places.setdefault(sheet.title, {})
    found = connection.execute("select * exclude (place) from shown_rows order by place")
    row = 0
    while some := found.fetchmany(_ROWS_AT_ONCE):
        for *values, key, area in some:
            row += 1
            height = max((height_of(len(values[place] or ""), width) for place, width in wrapped.items()), default=0)
            if height > _HEIGHT_OF_LINE:
                worksheet.set_row(row, height)
            for place, value in enumerate(values):
                if value is not None:
                    writers[place](row, value)
            if sheet.key:
                worksheet.write_string(row, last_column, text_of(key))
                if area in kept.areas:
                    kept_rows[key], kept_places[key] = dict(zip(sheet.columns, values, strict=True)), row
    return rows


def _writer(worksheet: Worksheet, formats: Formats, column: str, data_type: str, place: int):
    """How a value of a column is written: a function of row and value."""
    if data_type == "BOOLEAN":
        # Excel says TRUE and FALSE whatever the format; other programs would say 1 and 0.
        shown = formats(num_format='"TRUE";"TRUE";"FALSE"', align="left", indent=1)
        return lambda row, value: worksheet.write_boolean(row, place, value, shown)
    if data_type == "VARCHAR" and column in _PRINTED_NUMBERS:

        def write_printed(row: int, value: str) -> None:
            decimals = len(value.partition(".")[2])
            if _PLAIN_NUMBER.fullmatch(value):
                shown = formats(num_format="0." + "0" * decimals if decimals else "0")
                worksheet.write_number(row, place, float(value), shown)
            else:
                write_text(worksheet, row, place, value, formats)

        return write_printed
    if data_type == "VARCHAR":
        plain, wrapped = formats(align="left", indent=1), formats(align="left", indent=1, text_wrap=True)

        def write_words(row: int, value: str) -> None:
            text = text_of(value)
            if text.lstrip().startswith(_LIKE_A_FORMULA):
                write_text(worksheet, row, place, text, formats, align="left", indent=1)
            else:
                worksheet.write_string(row, place, text, wrapped if len(text) > _LONG_TEXT else plain)

        return write_words
    shown = formats(num_format=number_format(column, data_type))
    return lambda row, value: worksheet.write_number(row, place, value, shown)


def prepare_to_print(worksheet: Worksheet, pages_across: int = 1) -> None:
    """Have a sheet printed on A4, across, so many pages wide, with its source below."""
    worksheet.set_paper(9)
    worksheet.set_landscape()
    worksheet.fit_to_pages(pages_across, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    worksheet.set_footer("&L&8Source: Office for National Statistics, Open Government Licence v.3.0&R&8&A, &P of &N")
