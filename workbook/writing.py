"""Writing sheets: numbers as numbers, text as text, a heading that stays in sight and says what its column is.

Rows are written as they come and are not kept (XlsxWriter's constant_memory), so a large table needs no more room than
a small one.
"""

import re
from pathlib import Path

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbook.sheets import Sheet

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
_WIDTH_OF_PAPER = 300
_ROWS_AT_ONCE = 10_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Excel asks only `=`; other programs ask all of these when a cell is edited.
_LIKE_A_FORMULA = ("=", "+", "-", "@")
# Text columns of which each value is one number as it was printed, with its decimals.
_PRINTED_NUMBERS = ("published_value",)
# How numbers are shown, by the end of the column's name; others by their type.
_NUMBER_FORMATS = (
    (("p_value", "q_value"), "0.0000"),
    (("recomputed_value",), "General"),
    (("probability_worst_tenth",), "0.000"),
    (("_year", "years_in_period"), "0"),
)
_NUMBER_FORMATS_BY_TYPE = {"DOUBLE": "0.00", "SMALLINT": "#,##0", "INTEGER": "#,##0", "BIGINT": "#,##0"}


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
        return self(align="left", indent=1, bold=True, bottom=1, bg_color="#E8EEF2", font_color="#1D2329")


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
    for endings, shown in _NUMBER_FORMATS:
        if column.endswith(endings) and data_type != "VARCHAR":
            return shown
    return _NUMBER_FORMATS_BY_TYPE.get(data_type, "General")


def write_sheet(
    connection: duckdb.DuckDBPyConnection,
    workbook: Workbook,
    formats: Formats,
    sheet: Sheet,
    parquet: Path,
    notes: dict[str, str],
) -> int:
    """Write one sheet: headings with their notes, then the rows.

    A rate that ONS would not print stands as ONS's mark in its cell ([x] for fewer than three deaths, [c] where a count
    was withheld): the small-number rule of the report, read off the mart's `rate_display`.

    Args:
        connection: any connection; the export is read from its file.
        workbook: the workbook in the making.
        formats: its formats.
        sheet: what to write.
        parquet: the export.
        notes: what each column is, by name.

    Returns:
        The number of rows below the heading.

    Raises:
        duckdb.Error: the export lacks a column.
    """
    source = f"from read_parquet('{str(parquet).replace(chr(39), chr(39) * 2)}') where {sheet.rows}"
    types = {
        name: str(data_type) for name, data_type, *_ in connection.execute(f"describe select * {source}").fetchall()
    }
    rows = connection.execute(f"select count(*) {source}").fetchall()[0][0]
    widest = connection.execute(
        f"select {', '.join(f'max(length(cast({column} as varchar)))' for column in sheet.columns)} {source}"
    ).fetchall()[0]
    worksheet = workbook.add_worksheet(sheet.title)
    worksheet.freeze_panes(1, sheet.frozen_columns)
    worksheet.autofilter(0, 0, rows, len(sheet.columns) - 1)
    # Codes and periods are text on purpose.
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
    wrapped, total = {}, 0
    for place, (column, width) in enumerate(zip(sheet.columns, widest, strict=True)):
        shown_width = min(width or 0, 12 if types[column] == "DOUBLE" else _LONG_TEXT)
        if types[column] == "VARCHAR" and (width or 0) > _LONG_TEXT:
            shown_width = wrapped[place] = min(_WIDEST, max(_LONG_TEXT, width // _LINES_WANTED))
        # Room for the button of the filter.
        room = max(shown_width + 2, len(column) + 3)
        worksheet.set_column(place, place, room)
        total += room
        worksheet.write_string(0, place, column, formats.heading)
        if column in notes:
            note = text_of(notes[column].replace("`", ""))
            worksheet.write_comment(0, place, note, {"x_scale": 2.4, "y_scale": 0.5 + len(note) / 200})

    prepare_to_print(worksheet, pages_across=-(-total // _WIDTH_OF_PAPER))
    worksheet.repeat_rows(0)
    worksheet.repeat_columns(0, sheet.frozen_columns - 1)
    writers = [_writer(worksheet, formats, column, types[column], place) for place, column in enumerate(sheet.columns)]
    has_marks = "rate_per_1000" in sheet.columns and "rate_display" in types
    rate = sheet.columns.index("rate_per_1000") if has_marks else None
    selected = ", ".join([*sheet.columns, "rate_display" if has_marks else "null"])
    found = connection.execute(f"select {selected} {source} order by {sheet.order}")
    row = 0
    while some := found.fetchmany(_ROWS_AT_ONCE):
        for *values, display in some:
            row += 1
            height = max((height_of(len(values[place] or ""), width) for place, width in wrapped.items()), default=0)
            if height > _HEIGHT_OF_LINE:
                worksheet.set_row(row, height)
            for place, value in enumerate(values):
                if place == rate and display is not None and display.startswith("["):
                    worksheet.write_string(row, place, display, formats(align="right"))
                elif value is not None:
                    writers[place](row, value)
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
