"""The sheet "Your area": a name is chosen from a list, and formulas find its figures in the other sheets.

Nothing is computed: every formula looks a cell up by the key in the hidden last column of its sheet. What a formula
shows before a program recalculates it is the same value, written beside it. The hidden sheet "Lists" holds the names
to choose from and the points of the chart.
"""

from dataclasses import dataclass

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbook import writing
from workbook.sheets import LATEST, NEIGHBOURS, RATES, TOLD_ONCE, TRENDS, Sheet, decimals_of
from workbook.writing import HEADINGS, Formats, Kept

TITLE = "Your area"
LISTS = "Lists"
_FIRST_CHOICE = "Kirklees"
_FIRST_MEASURE = "Infant mortality rate"
_CHOSEN_AREA, _CHOSEN_MEASURE = (2, 1), (3, 1)
_SUMMARY = 4
_FIRST_MEASURE_ROW = 7
# The column of the hidden sheet with the places of what each row of the first sheet shows.
_FINDER = 30
_BASES = ("registration", "occurrence")
_NEIGHBOURS_SHOWN = 5
_COLUMNS = (
    *("period", "basis", "numerator", "denominator", "rate_per_1000", "mark", "lower_95", "upper_95"),
    *("benchmark_rate_per_1000", "verdict", "probability_above_benchmark", "rank_highest_first", "areas_ranked"),
    *("rank_lower_95", "rank_upper_95", "recent_trend"),
)
_WIDTHS = (44, 8, 13, 8, 10, 9, 7, 9, 9, 13, 21, 13, 9, 9, 10, 10, 23)
_AREA_INK, _BENCHMARK_INK = "#7A5195", "#6B7480"
_NOTES = (
    "Rates are deaths per 1,000 births. The 95 % interval shows what chance alone leaves open. "
    "Rank 1 is the highest rate; the true rank could be anywhere in its 95 % range.",
    "[u]: 3 to 19 deaths, low reliability. [x]: fewer than 3 deaths, no rate is shown. [c]: a count was withheld. "
    "An empty cell: not published, not compared or not ranked.",
    "Deaths by year of registration and by year of occurrence are two series. The chart never joins them.",
    "The figures are about children who died. Whether a sign of life is registered differs between places and years. "
    "Part of any difference is that.",
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. Rates, intervals, ranks "
    "and verdicts: this project.",
)


@dataclass(frozen=True)
class Choices:
    """What can be chosen: areas with their benchmarks, measures and the years of the chart.

    Attributes:
        areas: label, code, code and name of the benchmark (empty where there is none).
        measures: names of all that are listed, in their order.
        told_once: those among them that can be chosen for the chart and the neighbours.
        years: from the first to the last year in which areas are ranked.
    """

    areas: list[tuple[str, str, str, str]]
    measures: list[str]
    told_once: list[str]
    years: list[str]

    @property
    def area(self) -> tuple[str, str, str, str]:
        """The area that is chosen when the file is opened first."""
        return next((area for area in self.areas if area[0] == _FIRST_CHOICE), self.areas[0])

    @property
    def measure(self) -> str:
        """The measure that is chosen then."""
        return _FIRST_MEASURE if _FIRST_MEASURE in self.told_once else self.told_once[0]


def choices(connection: duckdb.DuckDBPyConnection, folder: str) -> Choices:
    """What can be chosen, of the exports in a folder; areas of one name have their code beside it."""
    areas = connection.execute(
        """
        with areas as (
            select area_code, any_value(area_name) as area_name, max(benchmark_area_code) as benchmark_area_code
            from read_parquet($summaries) group by area_code
        )
        select
            areas.area_name || case when count(*) over (partition by areas.area_name) > 1
                then ' (' || areas.area_code || ')' else '' end,
            areas.area_code, coalesce(areas.benchmark_area_code, ''), coalesce(benchmarks.area_name, '')
        from areas
        left join read_parquet($dim_area) as benchmarks on areas.benchmark_area_code = benchmarks.area_code
        order by areas.area_name, areas.area_code
        """,
        {"summaries": f"{folder}/fct_area_summaries.parquet", "dim_area": f"{folder}/dim_area.parquet"},
    ).fetchall()
    measures = connection.execute(
        f"select measure_name, {TOLD_ONCE} from read_parquet(?) order by display_order",
        [f"{folder}/dim_measure.parquet"],
    ).fetchall()
    first_year, last_year = connection.execute(
        "select min(period_start_year), max(period_end_year) from read_parquet(?)", [f"{folder}/fct_rankings.parquet"]
    ).fetchall()[0]
    return Choices(
        areas=[tuple(writing.text_of(part) for part in area) for area in areas],
        measures=[name for name, _ in measures],
        told_once=[name for name, can_be_chosen in measures if can_be_chosen],
        years=[str(year) for year in range(first_year, last_year + 1)],
    )


class _Finder:
    """Formulas that find a cell of a data sheet by its key, each with the value that it finds at first."""

    def __init__(self, kept: Kept):
        self._kept = kept
        self.places: dict[int, tuple[str, int]] = {}

    def place(self, row: int, sheet: Sheet, formula: str, key: str) -> str:
        """Note what a row of the first sheet shows; the cell of the hidden sheet that holds its place."""
        self.places[row] = (f"={self.position(sheet, formula)}", self.has(sheet, key))
        return f"{LISTS}!{xl_rowcol_to_cell(row, _FINDER, row_abs=True, col_abs=True)}"

    def position(self, sheet: Sheet, key: str) -> str:
        """The formula of the place of a key among the rows of a sheet, 0 where it is not there."""
        return f"IFERROR(MATCH({key},{self._range(sheet, len(sheet.columns))},0),0)"

    def has(self, sheet: Sheet, key: str) -> int:
        """The place of a key at first: 0 where it is not there, otherwise counted as Excel counts."""
        return self._kept.places[sheet.title].get(key, 0)

    def cell(self, sheet: Sheet, column: str, at: str, nothing: str = '""') -> str:
        """The formula of a column in the row whose place is in the cell `at`."""
        found = f"INDEX({self._range(sheet, sheet.columns.index(column))},{at})"
        return f'=IF({at}=0,{nothing},IF({found}="",{nothing},{found}))'

    def value(self, sheet: Sheet, column: str, key: str) -> object:
        """What that formula finds at first, an empty text where there is nothing."""
        value = self._kept.rows[sheet.title].get(key, {}).get(column)
        return "" if value is None else writing.text_of(value) if isinstance(value, str) else value

    def _range(self, sheet: Sheet, place: int) -> str:
        letter = xl_col_to_name(place)
        return f"'{sheet.title}'!${letter}$2:${letter}${max(2, self._kept.last_row[sheet.title])}"


def write_your_area(
    workbook: Workbook, worksheet: Worksheet, lists: Worksheet, formats: Formats, offered: Choices, kept: Kept
) -> None:
    """Write the sheet and the hidden one behind it.

    Args:
        workbook: the workbook, whose data sheets are written.
        worksheet: the sheet, empty.
        lists: the hidden sheet, empty.
        formats: the workbook's formats.
        offered: what can be chosen.
        kept: the rows of the area and benchmark that are chosen at first.
    """
    finder = _Finder(kept)
    _name_cells(workbook)
    _write_figures(worksheet, formats, offered, finder)
    _write_lists(lists, offered, finder)
    # Below the figures and the line that says what the chart shows.
    _insert_chart(workbook, worksheet, _FIRST_MEASURE_ROW + len(offered.measures) + 2, len(offered.years))


def _name_cells(workbook: Workbook) -> None:
    """Names for the cells that formulas read."""
    for name, sheet, (row, column) in (
        ("chosen_area", TITLE, _CHOSEN_AREA),
        ("chosen_measure", TITLE, _CHOSEN_MEASURE),
        ("area_code", LISTS, (0, 6)),
        ("benchmark_code", LISTS, (1, 6)),
        ("benchmark_name", LISTS, (2, 6)),
    ):
        workbook.define_name(name, f"='{sheet}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}")


def _write_lists(lists: Worksheet, offered: Choices, finder: _Finder) -> None:
    """The hidden sheet: names to choose from (A to E), what is chosen (G), the chart's points (I on), places."""
    _, code, benchmark, benchmark_name = offered.area
    last = len(offered.areas)
    chosen = [
        (f'=IFERROR(INDEX(${letter}$1:${letter}${last},MATCH(chosen_area,$A$1:$A${last},0)),"")', value)
        for letter, value in (("B", code), ("C", benchmark), ("D", benchmark_name))
    ]
    for row in range(max(last, len(offered.told_once), len(offered.years) + 1, len(chosen), max(finder.places) + 1)):
        if row < last:
            for column, text in enumerate(offered.areas[row]):
                lists.write_string(row, column, text)
        if row < len(offered.told_once):
            lists.write_string(row, 4, offered.told_once[row])
        if row < len(chosen):
            lists.write_formula(row, 6, chosen[row][0], None, chosen[row][1])
        if row in finder.places:
            formula, place = finder.places[row]
            lists.write_formula(row, _FINDER, formula, None, place)
        if row == 0:
            _write_series_names(lists, offered)
        elif row <= len(offered.years):
            _write_points(lists, row, offered, finder)
    lists.hide()


def _write_series_names(lists: Worksheet, offered: Choices) -> None:
    """The names of the chart's four series, above their points."""
    label, _, _, benchmark_name = offered.area
    nothing = "No benchmark"
    compared = f'IF(benchmark_name="","{nothing}",benchmark_name)'
    for place, (name, shown) in enumerate((("chosen_area", label), (compared, benchmark_name or nothing))):
        for number, basis in enumerate(_BASES):
            formula = f'={name}&", by year of {basis}"'
            lists.write_formula(0, _points(place, number), formula, None, f"{shown}, by year of {basis}")


def _points(place: int, number: int) -> int:
    """The column of a series: place 0 is the area, 1 its benchmark; number is that of the basis."""
    return 9 + 10 * place + 5 * number


def _write_points(lists: Worksheet, row: int, offered: Choices, finder: _Finder) -> None:
    """The points of a year: for each series rate, interval below and above, its row, upper limit."""
    year = offered.years[row - 1]
    lists.write_string(row, 8, year)
    for place, (name, code) in enumerate((("area_code", offered.area[1]), ("benchmark_code", offered.area[2]))):
        for number, basis in enumerate(_BASES):
            column = _points(place, number)
            at = xl_rowcol_to_cell(row, column + 3, col_abs=True)
            rate = xl_rowcol_to_cell(row, column, col_abs=True)
            found = f'{name}&"|"&chosen_measure&"|{basis}|{year}"'
            key = f"{code}|{offered.measure}|{basis}|{year}"
            values = [finder.value(RATES, part, key) for part in ("rate_per_1000", "lower_95", "upper_95")]
            lists.write_formula(
                row,
                column,
                finder.cell(RATES, "rate_per_1000", at, "NA()"),
                None,
                "#N/A" if values[0] == "" else values[0],
            )
            for step, (limit, sign) in enumerate((("lower_95", -1), ("upper_95", 1)), start=1):
                inner = finder.cell(RATES, limit, at, rate)[1:]
                difference = f"{rate}-({inner})" if sign < 0 else f"({inner})-{rate}"
                width = 0 if values[0] == "" else round(sign * (values[step] - values[0]), 1)
                lists.write_formula(row, column + step, f"=IFERROR({difference},0)", None, width)
            lists.write_formula(row, column + 3, f"={finder.position(RATES, found)}", None, finder.has(RATES, key))
            top = finder.cell(RATES, "upper_95", at, "NA()")
            lists.write_formula(row, column + 4, top, None, "#N/A" if values[2] == "" else values[2])


def _write_figures(worksheet: Worksheet, formats: Formats, offered: Choices, finder: _Finder) -> None:
    """The sheet itself, row by row."""
    label, code, _, benchmark_name = offered.area
    last = len(_WIDTHS) - 1
    for column, width in enumerate(_WIDTHS):
        worksheet.set_column(column, column, width)
    worksheet.hide_gridlines(2)
    writing.prepare_to_print(worksheet)
    worksheet.fit_to_pages(1, 1)
    to_choose = formats(bold=True, font_size=13, bg_color="#FFF4CC", border=1, valign="vcenter")
    small = formats(font_color="#4A525A")
    worksheet.set_row(0, 26)
    worksheet.write_string(0, 0, TITLE, formats(bold=True, font_size=18))
    worksheet.write_string(1, 0, "Choose in the two yellow cells. Everything below follows.", small)
    for (row, column), words, chosen, letter, number in (
        (_CHOSEN_AREA, "Area", label, "A", len(offered.areas)),
        (_CHOSEN_MEASURE, "Measure of the chart and of the neighbours", offered.measure, "E", len(offered.told_once)),
    ):
        worksheet.set_row(row, 20)
        worksheet.write_string(row, 0, words, formats(bold=True, valign="vcenter"))
        worksheet.merge_range(row, column, row, column + 4, chosen, to_choose)
        worksheet.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": f"={LISTS}!${letter}$1:${letter}${number}",
                "error_title": "Not in the list",
                "error_message": "Choose a name from the list.",
            },
        )
    words = formats(text_wrap=True, font_size=12)
    worksheet.set_row(_SUMMARY, 36)
    chosen_key = f"{code}|{offered.measure}"
    worksheet.merge_range(_SUMMARY, 0, _SUMMARY, last, "", words)
    at = finder.place(_SUMMARY, LATEST, 'area_code&"|"&chosen_measure', chosen_key)
    shown = finder.cell(LATEST, "summary", at, '"Nothing was published for this area and measure."')
    first = finder.value(LATEST, "summary", chosen_key) or "Nothing was published for this area and measure."
    worksheet.write_formula(_SUMMARY, 0, shown, words, first)

    heading_row = _FIRST_MEASURE_ROW - 1
    worksheet.set_row(heading_row, 60)
    worksheet.write_string(heading_row, 0, "Measure: latest figures", formats.heading)
    for column, name in enumerate(_COLUMNS, start=1):
        if name == "benchmark_rate_per_1000":
            formula = '=IF(benchmark_name="","Benchmark\'s rate","Rate in "&benchmark_name)'
            worksheet.write_formula(
                heading_row,
                column,
                formula,
                formats.heading,
                f"Rate in {benchmark_name}" if benchmark_name else HEADINGS[name],
            )
        else:
            worksheet.write_string(heading_row, column, HEADINGS[name], formats.heading)
    row = _FIRST_MEASURE_ROW
    for measure in offered.measures:
        worksheet.write_string(row, 0, measure, formats(indent=1, align="left"))
        key = f"{code}|{measure}"
        at = finder.place(row, LATEST, f"area_code&\"|\"&'{TITLE}'!$A${row + 1}", key)
        for column, name in enumerate(_COLUMNS, start=1):
            worksheet.write_formula(
                row, column, finder.cell(LATEST, name, at), _format_of(formats, name), finder.value(LATEST, name, key)
            )
        row += 1
    title = f"{label}: {offered.measure}, rate of each year with its 95 % interval"
    formula = '=chosen_area&": "&chosen_measure&", rate of each year with its 95 % interval"'
    worksheet.write_formula(row + 1, 0, formula, formats(bold=True), title)
    row = _write_neighbours(worksheet, formats, row + 1, offered, finder)
    row = _write_trends(worksheet, formats, row + 1, offered, finder)
    for note in _NOTES:
        row += 1
        worksheet.merge_range(row, 0, row, last, note, small)
    worksheet.print_area(0, 0, row, last)
    worksheet.set_first_sheet()
    worksheet.activate()
    worksheet.set_selection(*_CHOSEN_AREA, *_CHOSEN_AREA)


def _format_of(formats: Formats, column: str) -> object:
    """The format of a column's cells in this sheet."""
    if column.startswith("probability"):
        return formats(num_format=writing.PROBABILITY)
    if column.endswith(("_95", "per_1000", "percent_change")) and not column.startswith("rank"):
        return formats(num_format="0." + "0" * decimals_of(column))
    if column in ("numerator", "denominator", "rank_highest_first", "areas_ranked", "rank_lower_95", "rank_upper_95"):
        return formats(num_format="#,##0")
    return formats(align="left", indent=1)


def _write_neighbours(worksheet: Worksheet, formats: Formats, row: int, offered: Choices, finder: _Finder) -> int:
    """Beside the chart: the nearest areas and those most alike; returns the row after them."""
    code = offered.area[1]
    columns = ("compared_rate_per_1000", "compared_lower_95", "compared_upper_95", "probability_higher")
    said = ("Rate", "95 % interval from", "95 % interval to", "Chance that your area is higher")
    for kind, title in (("nearest", "Nearest areas"), ("alike", "Most alike in deprivation and births")):
        worksheet.set_row(row, 60)
        worksheet.merge_range(row, 9, row, 10, title, formats.heading)
        for column, heading in enumerate(said, start=11):
            worksheet.write_string(row, column, heading, formats.heading)
        for rank in range(1, _NEIGHBOURS_SHOWN + 1):
            row += 1
            key = f"{code}|{offered.measure}|{kind}|{rank}"
            at = finder.place(row, NEIGHBOURS, f'area_code&"|"&chosen_measure&"|{kind}|{rank}"', key)
            name = formats(align="left", indent=1)
            worksheet.merge_range(row, 9, row, 10, "", name)
            worksheet.write_formula(
                row,
                9,
                finder.cell(NEIGHBOURS, "compared_area_name", at),
                name,
                finder.value(NEIGHBOURS, "compared_area_name", key),
            )
            for column, of in enumerate(columns, start=11):
                worksheet.write_formula(
                    row,
                    column,
                    finder.cell(NEIGHBOURS, of, at),
                    _format_of(formats, of),
                    finder.value(NEIGHBOURS, of, key),
                )
        row += 1
    return row


def _write_trends(worksheet: Worksheet, formats: Formats, row: int, offered: Choices, finder: _Finder) -> int:
    """Below them: how the rate changed, deaths by registration and by occurrence apart; returns the last row."""
    code = offered.area[1]
    columns = (
        *("trend_first_year", "last_period", "annual_percent_change", "annual_percent_change_lower_95"),
        *("annual_percent_change_upper_95", "recent_trend"),
    )
    worksheet.set_row(row, 46)
    worksheet.merge_range(row, 9, row, 10, "Change over the years, deaths dated by", formats.heading)
    for column, name in enumerate(columns, start=11):
        worksheet.write_string(row, column, HEADINGS[name], formats.heading)
    for basis in _BASES:
        row += 1
        key = f"{code}|{offered.measure}|{basis}"
        at = finder.place(row, TRENDS, f'area_code&"|"&chosen_measure&"|{basis}"', key)
        worksheet.merge_range(row, 9, row, 10, basis, formats(align="left", indent=1))
        for column, name in enumerate(columns, start=11):
            worksheet.write_formula(
                row, column, finder.cell(TRENDS, name, at), _format_of(formats, name), finder.value(TRENDS, name, key)
            )
    return row


def _insert_chart(workbook: Workbook, worksheet: Worksheet, chart_row: int, years: int) -> None:
    """The chart: the area's rates with their intervals and its benchmark's, each basis a line of its own."""
    chart = workbook.add_chart({"type": "line"})
    for place, ink in ((1, _BENCHMARK_INK), (0, _AREA_INK)):
        for number, dash in enumerate(("dash", "solid")):
            column = _points(place, number)
            values = [LISTS, 1, column, years, column]
            series = {
                "name": [LISTS, 0, column],
                "categories": [LISTS, 1, 8, years, 8],
                "values": values,
                "line": {"color": ink, "width": 1.75, "dash_type": dash},
                "marker": {
                    "type": ("circle", "diamond")[number],
                    "size": 6 - 2 * place,
                    "fill": {"color": ink},
                    "border": {"color": ink},
                },
            }
            if place == 0:
                above, below = xl_col_to_name(column + 2), xl_col_to_name(column + 1)
                series["y_error_bars"] = {
                    "type": "custom",
                    "plus_values": f"={LISTS}!${above}$2:${above}${years + 1}",
                    "minus_values": f"={LISTS}!${below}$2:${below}${years + 1}",
                    "line": {"color": ink, "width": 0.75},
                }
            chart.add_series(series)
    # Unseen, so that the axis has room for the intervals.
    for number in range(len(_BASES)):
        column = _points(0, number) + 4
        chart.add_series({"values": [LISTS, 1, column, years, column], "line": {"none": True}})
    chart.set_title({"none": True})
    chart.set_y_axis(
        {
            "name": "Deaths per 1,000 births",
            "min": 0,
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": "#D9DEE2"}},
        }
    )
    chart.set_legend({"position": "bottom", "delete_series": [4, 5]})
    chart.show_na_as_empty_cell()
    # A year that was not published is bridged within a series; LibreOffice would draw it as 0 otherwise.
    chart.show_blanks_as("span")
    chart.show_hidden_data()
    chart.set_size({"width": 850, "height": 390})
    worksheet.insert_chart(
        chart_row,
        0,
        chart,
        {"description": "The area's rate of each year with its 95 % interval, and its benchmark's", "x_offset": 4},
    )
