"""What the sheet "Your area" of the workbook must show for an area, read from the marts."""

import duckdb
import pytest

from tests.records import records

VERDICTS = {"higher": "very likely higher", "lower": "very likely lower", "similar": "not clearly different", None: ""}


def check_your_area(cells: list[list], marts: duckdb.DuckDBPyConnection, area: str, measure: str) -> None:
    """Fail unless the sheet shows the area's figures: all measures, neighbours, trends and summary.

    Args:
        cells: the rows of the sheet, numbers as numbers or as the text that shows them.
        marts: the database that the workbook was made of.
        area: code of the area that is chosen.
        measure: code of the measure that is chosen.
    """
    summaries = {
        row["measure_name"]: row
        for row in records(marts, f"select * from marts.fct_area_summaries where area_code = '{area}'")
    }
    chosen = next((row for row in summaries.values() if row["measure"] == measure), None)
    assert cells[4][0] == (chosen["summary"] if chosen else "Nothing was published for this area and measure.")
    measures = [
        name
        for (name,) in marts.execute("select measure_name from marts.dim_measure order by display_order").fetchall()
    ]
    for name, line in zip(measures, cells[7:], strict=False):
        figures = summaries.get(name)
        assert line[0] == name
        if figures is None:
            assert set(line[1:17]) == {""}
            continue
        assert line[1:3] == [figures["period"], figures["basis"]]
        columns = ("numerator", "denominator", None, None, "lower_95", "upper_95", "benchmark_rate_per_1000", None)
        columns += (
            "probability_above_benchmark",
            "rank_highest_first",
            "areas_ranked",
            "rank_lower_95",
            "rank_upper_95",
        )
        for shown, column in zip(line[3:16], columns, strict=True):
            if column:
                assert number(shown) == expected(figures[column], column), column
        display = figures["rate_display"]
        is_rate = figures["rate_per_1000"] is not None and display != "[x]"
        assert number(line[5]) == (float(display) if is_rate else None)
        assert line[6] == (
            display if display in ("[x]", "[c]") else "[u]" if figures["reliability_flag"] == "u" else ""
        )
        assert line[10] == VERDICTS[figures["verdict"]]
        assert line[16] == figures["recent_trend"].replace("_", " ")
    of_this = f"area_code = '{area}' and measure = '{measure}'"
    for kind, title in (("nearest", "Nearest areas"), ("alike", "Most alike in deprivation and births")):
        (start,) = (place for place, line in enumerate(cells) if line[9] == title)
        found = [line[9:15] for line in cells[start + 1 : start + 6]]
        wanted = records(
            marts,
            "select compared.* from marts.fct_area_comparisons as compared inner join marts.fct_area_summaries using "
            f"(area_code, measure, ranking_level) where {of_this} and kind = '{kind}' and rank <= 5 order by rank",
        )
        assert [line[0] for line in found] == [row["compared_area_name"] for row in wanted] + [""] * (5 - len(wanted))
        columns = ("compared_rate_per_1000", "compared_lower_95", "compared_upper_95", "probability_higher")
        for line, row in zip(found, wanted, strict=False):
            for shown, column in zip(line[2:], columns, strict=True):
                assert number(shown) == expected(row[column], column), column
    (start,) = (place for place, line in enumerate(cells) if str(line[9]).startswith("Change over the years"))
    for line in cells[start + 1 : start + 3]:
        trend = records(
            marts,
            f"select * from marts.fct_trends where {of_this} and basis = '{line[9]}' and trend_first_year is not null "
            "order by last_year desc limit 1",
        )
        if not trend:
            assert set(line[11:17]) == {""}
            continue
        assert [number(line[11]), line[12]] == [trend[0]["trend_first_year"], trend[0]["last_period"]]
        columns = ("annual_percent_change", "annual_percent_change_lower_95", "annual_percent_change_upper_95")
        for shown, column in zip(line[13:16], columns, strict=True):
            assert number(shown) == expected(trend[0][column], column), column
        assert line[16] == trend[0]["recent_trend"].replace("_", " ")


def number(shown: object) -> float | None:
    """A number as a cell holds it or as a program shows it."""
    if shown == "":
        return None
    if isinstance(shown, str):
        text = shown.replace(",", "").lstrip("<>")
        return float(text.rstrip("%")) / 100 if text.endswith("%") else float(text)
    return float(shown)


def expected(value: float | None, column: str) -> object:
    """The value to the precision that is shown; a chance stops at 0.1 and 99.9 %."""
    if value is None:
        return None
    if column.startswith("probability"):
        return pytest.approx(min(max(value, 0.001), 0.999), abs=0.00100001)
    return pytest.approx(value, abs=0.0500001)
