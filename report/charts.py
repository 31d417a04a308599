"""The charts, described in Altair and compiled once to Vega; the pages feed them rows by name.

Colours are CSS custom properties, so that one drawing follows the reader's light or dark scheme, and print. A chart's
data sets are named and empty here: a page fills them with `view.data(name, rows)`.
"""

import functools
import json

import altair as alt
import vl_convert

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
AREA, BENCHMARK, REGION = "var(--area)", "var(--benchmark)", "var(--region)"
HIGH, LOW, MIDDLE = "var(--high)", "var(--low)", "var(--middle)"
INK, QUIET, RULE, PAPER = "var(--ink)", "var(--ink-quiet)", "var(--rule)", "var(--panel)"
# How a verdict is drawn: its colour and a shape, which can be told apart without colours.
VERDICTS = ["lower", "similar", "higher", "none"]
VERDICT_COLOURS = alt.Scale(domain=VERDICTS, range=[LOW, MIDDLE, HIGH, MIDDLE])
VERDICT_SHAPES = alt.Scale(domain=VERDICTS, range=["triangle-down", "circle", "triangle-up", "circle"])

CONFIG = {
    "background": None,
    "font": FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "domainColor": RULE,
        "gridColor": RULE,
        "tickColor": RULE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelFont": FONT,
        "titleFont": FONT,
        "titlePadding": 8,
    },
    "axisY": {
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleY": -12,
        "titleX": -4,
        "domain": False,
        "ticks": False,
        "gridOpacity": 0.75,
    },
    "axisX": {"grid": False},
    "text": {"font": FONT, "fontSize": 12},
}


def _finished(chart, height, width="container"):
    """The chart as a Vega-Lite dict with the shared configuration, `height` pixels high."""
    chart = chart.properties(width=width, height=height, padding={"left": 4, "right": 12, "top": 24, "bottom": 4})
    specification = chart.to_dict(validate=False)
    specification["config"] = CONFIG
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification


def _years():
    """A horizontal axis of calendar years, whole numbers without commas."""
    return alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(nice=False, zero=False, padding=14),
        axis=alt.Axis(format="d", tickMinStep=1, labelOverlap=True),
    )


def _rate(field="rate_per_1000:Q"):
    """A vertical axis of rates that starts at zero."""
    return alt.Y(field, title="per 1,000", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=5))


def series(area=None, benchmark=None, region=None, forecast=None, height=340, width="container"):
    """Rates over time: an area with its intervals, its benchmark as a line in a band, its region as a broken line, and
    the range to expect of a year as a broken bar, a little to the left of that year's own figure.

    Rows: x (year), rate_per_1000 (None where too few deaths), lower_95, upper_95, basis, run (rows of one run are
    joined), tip; of `forecast`: x, expected_rate_per_1000, lower_95_per_1000, upper_95_per_1000, tip. Lists of such
    rows may be given; otherwise the four data sets are named.
    """

    def data(name, rows):
        return alt.NamedData(name=name) if rows is None else alt.InlineData(values=rows)

    in_benchmark, in_region, in_area = data("benchmark", benchmark), data("region", region), data("area", area)
    in_forecast = alt.Chart(data("forecast", forecast))
    tip = alt.Tooltip("tip:N")
    benchmark_band = (
        alt.Chart(in_benchmark)
        .mark_area(color=BENCHMARK, opacity=0.16)
        .encode(x=_years(), y=_rate("lower_95:Q"), y2="upper_95:Q", detail="run:N")
    )
    benchmark_line = (
        alt.Chart(in_benchmark).mark_line(color=BENCHMARK, strokeWidth=2).encode(x=_years(), y=_rate(), detail="run:N")
    )
    benchmark_points = (
        alt.Chart(in_benchmark)
        .mark_point(shape="square", filled=True, opacity=1, color=BENCHMARK, size=36)
        .encode(x=_years(), y=_rate(), tooltip=tip)
    )
    region_line = (
        alt.Chart(in_region)
        .mark_line(color=REGION, strokeWidth=1.75, strokeDash=[5, 4])
        .encode(x=_years(), y=_rate(), detail="run:N")
    )
    region_points = (
        alt.Chart(in_region)
        .mark_point(shape="diamond", filled=True, opacity=1, color=REGION, size=44)
        .encode(x=_years(), y=_rate(), tooltip=tip)
    )
    area_band = (
        alt.Chart(in_area)
        .mark_area(color=AREA, opacity=0.1)
        .encode(x=_years(), y=_rate("lower_95:Q"), y2="upper_95:Q", detail="run:N")
    )
    area_intervals = (
        alt.Chart(in_area)
        .mark_rule(color=AREA, strokeWidth=1.5)
        .encode(x=_years(), y=_rate("lower_95:Q"), y2="upper_95:Q", tooltip=tip)
    )
    area_line = alt.Chart(in_area).mark_line(color=AREA, strokeWidth=2).encode(x=_years(), y=_rate(), detail="run:N")
    area_points = (
        alt.Chart(in_area)
        .mark_point(shape="circle", opacity=1, size=64, strokeWidth=2, stroke=AREA)
        .encode(
            x=_years(),
            y=_rate(),
            fill=alt.Fill(
                "basis:N",
                legend=None,
                scale=alt.Scale(domain=["registration", "occurrence"], range=[AREA, PAPER]),
            ),
            tooltip=tip,
        )
    )
    forecast_range = in_forecast.mark_rule(
        color=AREA, strokeWidth=2, strokeDash=[2, 3], xOffset=-8, x2Offset=-8
    ).encode(x=_years(), y=_rate("lower_95_per_1000:Q"), y2="upper_95_per_1000:Q", tooltip=tip)
    forecast_ends = [
        in_forecast.mark_tick(color=AREA, orient="horizontal", thickness=thickness, size=12, xOffset=-8).encode(
            x=_years(), y=_rate(f"{field}:Q"), tooltip=tip
        )
        for field, thickness in (("lower_95_per_1000", 1), ("expected_rate_per_1000", 3), ("upper_95_per_1000", 1))
    ]
    layers = [benchmark_band, area_band, benchmark_line, region_line, area_intervals, area_line]
    points = [benchmark_points, region_points, forecast_range, *forecast_ends, area_points]
    return _finished(alt.layer(*layers, *points), height, width)


def caterpillar(value, lower, upper):
    """One bar per area, side by side: its interval with its estimate, the chosen area thick and outlined in ink.

    `value`, `lower` and `upper` are columns of fct_rankings; ranks have an axis upside down, 1 on top. Rows: those
    columns, x (place in the row), verdict (or `none`), tip, link. Data sets `bars` and `chosen`; the signals thick and
    dot are the bars' width and the points' area, in pixels.
    """
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False, zero=False, padding=8))
    if value == "rank_highest_first":
        scale = alt.Scale(reverse=True, nice=False, zero=False, domainMin=1, padding=6)
        title, labels = "rank (1 = highest rate)", {"labelExpr": "datum.value < 1 ? '' : format(datum.value, 'd')"}
    else:
        scale, title, labels = alt.Scale(zero=True, nice=True), "per 1,000", {"format": "~f"}

    def y(field):
        return alt.Y(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, **labels))

    colour = alt.Color("verdict:N", legend=None, scale=VERDICT_COLOURS)
    shape = alt.Shape("verdict:N", legend=None, scale=VERDICT_SHAPES)
    tip = alt.Tooltip("tip:N")
    all_bars, chosen = alt.Chart(alt.NamedData(name="bars")), alt.Chart(alt.NamedData(name="chosen"))
    bars = all_bars.mark_rule(strokeWidth={"expr": "thick"}, opacity=0.8).encode(
        x=x, y=y(lower), y2=upper, color=colour, tooltip=tip
    )
    points = all_bars.mark_point(filled=True, opacity=1, size={"expr": "dot"}).encode(
        x=x, y=y(value), color=colour, shape=shape, tooltip=tip
    )
    chosen_bar = chosen.mark_rule(strokeWidth=4, color=INK).encode(x=x, y=y(lower), y2=upper, tooltip=tip)
    chosen_point = chosen.mark_point(opacity=1, size=110, stroke=INK, strokeWidth=2.5).encode(
        x=x, y=y(value), fill=alt.Fill("verdict:N", legend=None, scale=VERDICT_COLOURS), shape=shape, tooltip=tip
    )
    thick, dot = alt.param(name="thick", value=1.6), alt.param(name="dot", value=18)
    return _finished(alt.layer(bars, points, chosen_bar, chosen_point).add_params(thick, dot), 380)


def funnel(kind):
    """Rates against births with the limits that chance would draw; data sets `limits`, `points`, `chosen`, `named`.

    `kind` begins the names of the limits' columns in fct_funnel_limits: `normal` or `adjusted`, both smooth. Rows of
    limits: births, target_per_1000 and the limits. Rows of the others: denominator, rate_per_1000, verdict (or `none`),
    area_name, tip, link; `named` are the few points that bear their name. The signals xmax and ymax end the axes.
    """
    xmax, ymax = alt.param(name="xmax", value=10000), alt.param(name="ymax", value=10)
    x_scale = alt.Scale(domain=[0, {"expr": "xmax"}], nice=False)
    y_scale = alt.Scale(domain=[0, {"expr": "ymax"}], nice=False)

    def x(field="denominator:Q"):
        return alt.X(field, title="births", scale=x_scale, axis=alt.Axis(format=",d", tickCount=5, labelOverlap=True))

    def y(field):
        return alt.Y(field, title="per 1,000", scale=y_scale, axis=alt.Axis(tickCount=5))

    def limit(field, dash, width):
        return (
            alt.Chart(alt.NamedData(name="limits"))
            .mark_line(strokeDash=dash, strokeWidth=width, color=BENCHMARK, interpolate="monotone", clip=True)
            .encode(x=x("births:Q"), y=y(f"{field}:Q"))
        )

    lines = [
        limit("target_per_1000", [1, 0], 1.75),
        limit(f"{kind}_lower_95", [5, 4], 1.25),
        limit(f"{kind}_upper_95", [5, 4], 1.25),
        limit(f"{kind}_lower_99_8", [1, 0], 1.0),
        limit(f"{kind}_upper_99_8", [1, 0], 1.0),
    ]
    points = (
        alt.Chart(alt.NamedData(name="points"))
        .mark_point(filled=True, opacity=0.9, size=46)
        .encode(
            x=x(),
            y=y("rate_per_1000:Q"),
            color=alt.Color("verdict:N", legend=None, scale=VERDICT_COLOURS),
            shape=alt.Shape("verdict:N", legend=None, scale=VERDICT_SHAPES),
            tooltip=alt.Tooltip("tip:N"),
        )
    )
    ring = (
        alt.Chart(alt.NamedData(name="chosen"))
        .mark_point(shape="circle", size=190, strokeWidth=2.5, stroke=INK, fill="transparent", opacity=1)
        .encode(x=x(), y=y("rate_per_1000:Q"), tooltip=alt.Tooltip("tip:N"))
    )
    # A name that would leave the chart stands on the other side of its mark.
    at_right = "datum.denominator > 0.7 * xmax"
    names = (
        alt.Chart(alt.NamedData(name="named"))
        .mark_text(
            align={"expr": f"{at_right} ? 'right' : 'left'"},
            dx={"expr": f"{at_right} ? -9 : 9"},
            dy=1,
            color=INK,
            fontSize=12,
        )
        .encode(x=x(), y=y("rate_per_1000:Q"), text="area_name:N")
    )
    return _finished(alt.layer(*lines, points, ring, names).add_params(xmax, ymax), 440)


def _numbered_marks():
    """Rules with a number on top, for steps that a list beside the chart tells of; rows of `marks`: x, text, tip."""
    marks = alt.Chart(alt.NamedData(name="marks"))
    tip = alt.Tooltip("tip:N")
    return [
        marks.mark_rule(strokeDash=[3, 3], color=QUIET).encode(x=_years(), tooltip=tip),
        marks.mark_text(dx=8, baseline="top", color=INK, fontSize=12, fontWeight="bold").encode(
            x=_years(), y=alt.value(2), text="text:N", tooltip=tip
        ),
    ]


def century(scale):
    """One rate from year to year over a long time, its moving level within widened limits, and numbered steps.

    `scale` is `linear` or `log`. Rows of `years`: x, rate_per_1000, run, tip and, where there is a level,
    level_per_1000, adjusted_lower_99_8, adjusted_upper_99_8; rows of `marks`: x, text, tip.
    """
    y_scale = alt.Scale(type="log", nice=True) if scale == "log" else alt.Scale(zero=True, nice=True)

    def y(field="rate_per_1000"):
        return alt.Y(f"{field}:Q", title="per 1,000", scale=y_scale, axis=alt.Axis(tickCount=6, format="~f"))

    rows = alt.Chart(alt.NamedData(name="years"))
    band = rows.mark_area(color=BENCHMARK, opacity=0.16).encode(
        x=_years(), y=y("adjusted_lower_99_8"), y2="adjusted_upper_99_8:Q", detail="run:N"
    )
    level = rows.mark_line(color=BENCHMARK, strokeWidth=1.25).encode(x=_years(), y=y("level_per_1000"), detail="run:N")
    line = rows.mark_line(color=AREA, strokeWidth=1.5).encode(x=_years(), y=y(), detail="run:N")
    points = rows.mark_point(filled=True, opacity=1, size=14, color=AREA).encode(
        x=_years(), y=y(), tooltip=alt.Tooltip("tip:N")
    )
    rules, notes = _numbered_marks()
    return _finished(alt.layer(rules, band, level, line, points, notes), 380)


def control():
    """Each year's rate over its level, with the limits of chance alone as a band and the widened ones as broken lines.

    Rows of `control`: x, rate_over_level, the four limits over the level, kind (`within`, or `high` and `low` outside
    the band, with `_adjusted` outside the widened limits too), run, tip; rows of `marks`: x, text, tip.
    """
    rows = alt.Chart(alt.NamedData(name="control"))
    tip = alt.Tooltip("tip:N")

    def y(field):
        axis = alt.Axis(
            tickCount=7,
            labelExpr="(datum.value > 1 ? '+' : datum.value < 1 ? '\u2212' : '') + "
            "format(abs(datum.value - 1) * 100, '.3~r') + ' %'",
        )
        return alt.Y(f"{field}:Q", title="from the level", scale=alt.Scale(zero=False, nice=True), axis=axis)

    band = rows.mark_area(color=BENCHMARK, opacity=0.2).encode(
        x=_years(), y=y("lower_99_8_over_level"), y2="upper_99_8_over_level:Q", detail="run:N"
    )
    widened = [
        rows.mark_line(color=BENCHMARK, strokeWidth=1.25, strokeDash=[5, 4]).encode(
            x=_years(), y=y(f"adjusted_{side}_99_8_over_level"), detail="run:N"
        )
        for side in ("lower", "upper")
    ]
    level = (
        alt.Chart(alt.InlineData(values=[{"level": 1}])).mark_rule(color=BENCHMARK, strokeWidth=1).encode(y=y("level"))
    )
    line = rows.mark_line(color=MIDDLE, strokeWidth=0.75).encode(x=_years(), y=y("rate_over_level"), detail="run:N")
    kinds = ["within", "high", "high_adjusted", "low", "low_adjusted"]
    shapes = ["circle", "triangle-up", "triangle-up", "triangle-down", "triangle-down"]
    points = rows.mark_point(opacity=1, size=46, strokeWidth=1.5).encode(
        x=_years(),
        y=y("rate_over_level"),
        stroke=alt.Stroke("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[MIDDLE, HIGH, HIGH, LOW, LOW])),
        fill=alt.Fill("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[MIDDLE, PAPER, HIGH, PAPER, LOW])),
        shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=shapes)),
        tooltip=tip,
    )
    rules, notes = _numbered_marks()
    return _finished(alt.layer(rules, band, level, *widened, line, points, notes), 320)


def deciles():
    """Rates by tenth of deprivation in one year with 95 % intervals; rows of `tenths`:
    deprivation_decile, rate_per_1000, lower_95, upper_95, tip; rows of `country`: rate_per_1000, tip."""
    x = alt.X(
        "deprivation_decile:O",
        title="tenth: 1 = most deprived, 10 = least",
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(domain=list(range(1, 11))),
    )
    rows = alt.Chart(alt.NamedData(name="tenths"))
    intervals = rows.mark_rule(color=AREA, strokeWidth=2).encode(
        x=x, y=_rate("lower_95:Q"), y2="upper_95:Q", tooltip=alt.Tooltip("tip:N")
    )
    points = rows.mark_point(shape="circle", filled=True, opacity=1, size=80, color=AREA).encode(
        x=x, y=_rate(), tooltip=alt.Tooltip("tip:N")
    )
    country = (
        alt.Chart(alt.NamedData(name="country"))
        .mark_rule(color=BENCHMARK, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(y=_rate(), tooltip=alt.Tooltip("tip:N"))
    )
    return _finished(alt.layer(country, intervals, points), 320)


def ends():
    """The most and the least deprived tenth from year to year; rows of `ends`: x, rate_per_1000, lower_95,
    upper_95, end, run, tip."""
    rows = alt.Chart(alt.NamedData(name="ends"))
    domain = ["most", "least"]
    colour = alt.Color("end:N", legend=None, scale=alt.Scale(domain=domain, range=[AREA, REGION]))
    shape = alt.Shape("end:N", legend=None, scale=alt.Scale(domain=domain, range=["triangle-up", "triangle-down"]))
    dash = alt.StrokeDash("end:N", legend=None, scale=alt.Scale(domain=domain, range=[[1, 0], [6, 4]]))
    band = rows.mark_area(opacity=0.15).encode(
        x=_years(), y=_rate("lower_95:Q"), y2="upper_95:Q", color=colour, detail="run:N"
    )
    line = rows.mark_line(strokeWidth=2).encode(x=_years(), y=_rate(), color=colour, strokeDash=dash, detail="run:N")
    points = rows.mark_point(filled=True, opacity=1, size=56).encode(
        x=_years(), y=_rate(), color=colour, shape=shape, tooltip=alt.Tooltip("tip:N")
    )
    return _finished(alt.layer(band, line, points), 320)


def gradient():
    """One index of inequality from year to year, with its interval where the mart has one.

    The reader chooses the index; rows of `gradient`: x, value, lower, upper, tip.
    """
    rows = alt.Chart(alt.NamedData(name="gradient"))

    def y(field):
        return alt.Y(field, title=None, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=5))

    intervals = rows.mark_rule(color=AREA, strokeWidth=1.5).encode(
        x=_years(), y=y("lower:Q"), y2="upper:Q", tooltip=alt.Tooltip("tip:N")
    )
    line = rows.mark_line(color=AREA, strokeWidth=2).encode(x=_years(), y=y("value:Q"))
    points = rows.mark_point(filled=True, opacity=1, size=56, color=AREA).encode(
        x=_years(), y=y("value:Q"), tooltip=alt.Tooltip("tip:N")
    )
    return _finished(alt.layer(intervals, line, points), 260)


def combined():
    """Ranks with their intervals, line by line; rows of `lines`: area_name, rank_highest_first,
    rank_lower_95, rank_upper_95, kind (`member`, `group`), tip, link."""
    rows = alt.Chart(alt.NamedData(name="lines"))
    x = alt.X(
        "rank_highest_first:Q",
        title="rank (1 = highest rate)",
        scale=alt.Scale(zero=False, nice=False, domainMin=1, padding=10),
        axis=alt.Axis(
            labelExpr="datum.value < 1 ? '' : format(datum.value, 'd')", orient="top", grid=True, tickCount=6
        ),
    )
    y = alt.Y(
        "area_name:N",
        title=None,
        sort=None,
        scale=alt.Scale(paddingOuter=0.3),
        axis=alt.Axis(grid=False, labelLimit=190, labelColor=INK, domain=False, ticks=False),
    )
    domain = ["member", "group"]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=domain, range=[MIDDLE, AREA]))
    intervals = rows.mark_rule(strokeWidth=2).encode(
        x=alt.X("rank_lower_95:Q", title="rank (1 = highest rate)"),
        x2="rank_upper_95:Q",
        y=y,
        color=colour,
        tooltip=alt.Tooltip("tip:N"),
    )
    points = rows.mark_point(filled=True, opacity=1, size=90).encode(
        x=x,
        y=y,
        color=colour,
        tooltip=alt.Tooltip("tip:N"),
        shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=domain, range=["circle", "diamond"])),
    )
    chart = _finished(alt.layer(intervals, points), {"step": 30})
    return chart


def _names(label_limit):
    """A vertical axis of names, one line each, in the order of the rows."""
    return alt.Y(
        "label:N",
        title=None,
        sort=None,
        scale=alt.Scale(paddingOuter=0.3),
        axis=alt.Axis(grid=False, labelLimit=label_limit, labelColor=INK, domain=False, ticks=False),
    )


def since():
    """Changes a year with their intervals, line by line, and a line at no change; rows of `changes`: label, value,
    lower, upper, tip; one row of `zero`: value."""
    rows = alt.Chart(alt.NamedData(name="changes"))
    x = alt.X("value:Q", title="% a year", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(grid=True, tickCount=6))
    tip = alt.Tooltip("tip:N")
    zero = alt.Chart(alt.NamedData(name="zero")).mark_rule(color=INK, strokeWidth=1.25).encode(x=x)
    intervals = rows.mark_rule(color=AREA, strokeWidth=2.5).encode(
        x=alt.X("lower:Q", title="% a year"), x2="upper:Q", y=_names(200), tooltip=tip
    )
    points = rows.mark_point(filled=True, opacity=1, size=80, color=AREA).encode(x=x, y=_names(200), tooltip=tip)
    return _finished(alt.layer(zero, intervals, points), {"step": 34})


def compared():
    """Rates of a few areas with their intervals, line by line, coloured by the verdict, and their benchmark's rate.

    Rows of `rates`: label, rate_per_1000, lower_95, upper_95, verdict (or `none`), tip, link; of `chosen` the first of
    them; one row of `benchmark`: rate_per_1000, tip.
    """
    rows, chosen = alt.Chart(alt.NamedData(name="rates")), alt.Chart(alt.NamedData(name="chosen"))
    x = alt.X(
        "rate_per_1000:Q",
        title="per 1,000",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(grid=True, tickCount=6),
    )
    tip, y = alt.Tooltip("tip:N"), _names(190)
    colour = alt.Color("verdict:N", legend=None, scale=VERDICT_COLOURS)
    shape = alt.Shape("verdict:N", legend=None, scale=VERDICT_SHAPES)
    benchmark = (
        alt.Chart(alt.NamedData(name="benchmark"))
        .mark_rule(color=BENCHMARK, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(x=x, tooltip=tip)
    )
    lower = alt.X("lower_95:Q", title="per 1,000")
    ink = chosen.mark_rule(strokeWidth=6, color=INK).encode(x=lower, x2="upper_95:Q", y=y, tooltip=tip)
    intervals = rows.mark_rule(strokeWidth=2.5).encode(x=lower, x2="upper_95:Q", y=y, color=colour, tooltip=tip)
    points = rows.mark_point(filled=True, opacity=1, size=90).encode(x=x, y=y, color=colour, shape=shape, tooltip=tip)
    ring = chosen.mark_point(opacity=1, size=130, stroke=INK, strokeWidth=2.5).encode(
        x=x, y=y, fill=alt.Fill("verdict:N", legend=None, scale=VERDICT_COLOURS), shape=shape, tooltip=tip
    )
    return _finished(alt.layer(benchmark, ink, intervals, points, ring), {"step": 30})


def solutions():
    """Whole-number solutions: births along, deaths up; rows of `solutions`: denominator, numerator, tip."""
    rows = alt.Chart(alt.NamedData(name="solutions"))
    points = rows.mark_point(filled=True, opacity=0.85, size=30, color=AREA, shape="square").encode(
        x=alt.X(
            "denominator:Q",
            title="births",
            scale=alt.Scale(zero=False, nice=True, padding=10),
            axis=alt.Axis(format=",d", tickMinStep=1, tickCount=6, labelOverlap=True),
        ),
        y=alt.Y(
            "numerator:Q",
            title="deaths",
            scale=alt.Scale(zero=False, nice=True, padding=10),
            axis=alt.Axis(format="d", tickMinStep=1, tickCount=6),
        ),
        tooltip=alt.Tooltip("tip:N"),
    )
    return _finished(alt.layer(points), 320)


@functools.cache
def specifications():
    """Every chart that pages draw in the browser, compiled to Vega: name to specification."""
    lite = {
        "series": series(),
        "caterpillar_rank": caterpillar("rank_highest_first", "rank_lower_95", "rank_upper_95"),
        "caterpillar_rate": caterpillar("rate_per_1000", "lower_95", "upper_95"),
        "caterpillar_stabilised": caterpillar("stabilised_rate_per_1000", "stabilised_lower_95", "stabilised_upper_95"),
        "funnel_normal": funnel("normal"),
        "funnel_adjusted": funnel("adjusted"),
        "century_linear": century("linear"),
        "century_log": century("log"),
        "control": control(),
        "deciles": deciles(),
        "ends": ends(),
        "gradient": gradient(),
        "combined": combined(),
        "since": since(),
        "compared": compared(),
        "solutions": solutions(),
    }
    return {name: vl_convert.vegalite_to_vega(specification) for name, specification in lite.items()}


def picture(specification):
    """A Vega-Lite specification with its data in it, as the text of an SVG element to stand in a page."""
    svg = vl_convert.vegalite_to_svg(json.dumps(specification))
    return svg[svg.index("<svg") :]


@functools.cache
def runtime():
    """Vega's own script, the part that draws compiled charts, as one script that leaves only `vegaRuntime` behind.

    The copy of Vega is the one inside vl-convert; its own name `vega` is empty there, so it is imported by its path.
    """
    path = f"/npm/vega@{vl_convert.get_vega_version()}/+esm"
    bundle = vl_convert.javascript_bundle(
        f'import {{View, parse}} from "{path}"; window.vegaRuntime = {{View, parse}};'
    )
    notice = (
        "/* Vega, https://vega.github.io/ - Copyright (c) 2015-2025 University of Washington Interactive Data Lab and "
        "contributors. BSD 3-Clause licence, text beside this file in licences.txt. */\n"
    )
    return f"{notice}(()=>{{{bundle}\n}})();\n"
