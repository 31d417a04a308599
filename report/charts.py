"""The charts, described in Altair and compiled once to Vega; the pages feed them rows by name.

Colours are CSS custom properties, so that one drawing follows the reader's light or dark scheme, and print. A chart's
data sets are named and empty here: a page fills them with `view.data(name, rows)`.
"""

import functools
import json

import altair as alt
import vl_convert

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
AREA, ENGLAND, REGION = "var(--area)", "var(--england)", "var(--region)"
HIGH, LOW, MIDDLE = "var(--high)", "var(--low)", "var(--middle)"
INK, QUIET, RULE, PAPER = "var(--ink)", "var(--ink-quiet)", "var(--rule)", "var(--panel)"

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


def _years(title=None, **scale):
    """A horizontal axis of calendar years, whole numbers without commas."""
    return alt.X(
        "x:Q",
        title=title,
        scale=alt.Scale(nice=False, zero=False, padding=14, **scale),
        axis=alt.Axis(format="d", tickMinStep=1, labelOverlap=True),
    )


def _rate(field="rate:Q", title="per 1,000", **scale):
    """A vertical axis of rates that starts at zero."""
    return alt.Y(field, title=title, scale=alt.Scale(zero=True, nice=True, **scale), axis=alt.Axis(tickCount=5))


def series(area=None, england=None, region=None, height=340, width="container", title="per 1,000"):
    """Rates over time: an area with its intervals, England as a line in a band, its region as a broken line.

    Rows: x (year), rate (None where too few deaths), lower, upper, run (rows of one run are joined), shape (`filled`
    for one basis, `open` for the other), tip. Lists of such rows may be given; otherwise the three data sets are named.
    """

    def data(name, rows):
        return alt.NamedData(name=name) if rows is None else alt.InlineData(values=rows)

    in_england, in_region, in_area = data("england", england), data("region", region), data("area", area)
    tip = alt.Tooltip("tip:N")
    england_band = (
        alt.Chart(in_england)
        .mark_area(color=ENGLAND, opacity=0.16)
        .encode(x=_years(), y=_rate("lower:Q", title), y2="upper:Q", detail="run:N")
    )
    england_line = (
        alt.Chart(in_england)
        .mark_line(color=ENGLAND, strokeWidth=2)
        .encode(x=_years(), y=_rate(title=title), detail="run:N")
    )
    england_points = (
        alt.Chart(in_england)
        .mark_point(shape="square", filled=True, opacity=1, color=ENGLAND, size=36)
        .encode(x=_years(), y=_rate(title=title), tooltip=tip)
    )
    region_line = (
        alt.Chart(in_region)
        .mark_line(color=REGION, strokeWidth=1.75, strokeDash=[5, 4])
        .encode(x=_years(), y=_rate(title=title), detail="run:N")
    )
    region_points = (
        alt.Chart(in_region)
        .mark_point(shape="diamond", filled=True, opacity=1, color=REGION, size=44)
        .encode(x=_years(), y=_rate(title=title), tooltip=tip)
    )
    area_band = (
        alt.Chart(in_area)
        .mark_area(color=AREA, opacity=0.1)
        .encode(x=_years(), y=_rate("lower:Q", title), y2="upper:Q", detail="run:N")
    )
    area_intervals = (
        alt.Chart(in_area)
        .mark_rule(color=AREA, strokeWidth=1.5)
        .encode(x=_years(), y=_rate("lower:Q", title), y2="upper:Q", tooltip=tip)
    )
    area_line = (
        alt.Chart(in_area).mark_line(color=AREA, strokeWidth=2).encode(x=_years(), y=_rate(title=title), detail="run:N")
    )
    area_points = (
        alt.Chart(in_area)
        .mark_point(shape="circle", opacity=1, size=64, strokeWidth=2, stroke=AREA)
        .encode(
            x=_years(),
            y=_rate(title=title),
            fill=alt.Fill("shape:N", legend=None, scale=alt.Scale(domain=["filled", "open"], range=[AREA, PAPER])),
            tooltip=tip,
        )
    )
    layers = [england_band, area_band, england_line, region_line, area_intervals, area_line]
    return _finished(alt.layer(*layers, england_points, region_points, area_points), height, width)


def caterpillar(measured):
    """One bar per area, side by side: its interval with its estimate, the chosen area named.

    `measured` is `rank` (axis upside down, 1 on top) or `rate`. Rows: x (place in the row), value, lower, upper,
    verdict, chosen (boolean), name, tip, link. Data sets `bars` and `chosen`; the signals thick
    and dot are the bars' width and the points' area, in pixels.
    """
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False, zero=False, padding=8))
    if measured == "rank":
        scale = alt.Scale(reverse=True, nice=False, zero=False, domainMin=1, padding=6)
        title, labels = "rank (1 = highest rate)", {"labelExpr": "datum.value < 1 ? '' : format(datum.value, 'd')"}
    else:
        scale, title, labels = alt.Scale(zero=True, nice=True), "per 1,000", {"format": "~f"}

    def y(field):
        return alt.Y(field, title=title, scale=scale, axis=alt.Axis(tickCount=6, **labels))

    verdicts = ["lower", "similar", "higher", "none"]
    colours = alt.Scale(domain=verdicts, range=[LOW, MIDDLE, HIGH, MIDDLE])
    bars = (
        alt.Chart(alt.NamedData(name="bars"))
        .mark_rule(strokeWidth={"expr": "thick"}, opacity=0.8)
        .encode(
            x=x,
            y=y("lower:Q"),
            y2="upper:Q",
            color=alt.Color("verdict:N", legend=None, scale=colours),
            tooltip=alt.Tooltip("tip:N"),
        )
    )
    points = (
        alt.Chart(alt.NamedData(name="bars"))
        .mark_point(filled=True, opacity=1, size={"expr": "dot"})
        .encode(
            x=x,
            y=y("value:Q"),
            color=alt.Color("verdict:N", legend=None, scale=colours),
            shape=alt.Shape(
                "verdict:N",
                legend=None,
                scale=alt.Scale(domain=verdicts, range=["triangle-down", "circle", "triangle-up", "circle"]),
            ),
            tooltip=alt.Tooltip("tip:N"),
        )
    )
    chosen_bar = (
        alt.Chart(alt.NamedData(name="chosen"))
        .mark_rule(strokeWidth=4, color=AREA)
        .encode(x=x, y=y("lower:Q"), y2="upper:Q", tooltip=alt.Tooltip("tip:N"))
    )
    chosen_point = (
        alt.Chart(alt.NamedData(name="chosen"))
        .mark_point(filled=True, opacity=1, size=110, fill=PAPER, stroke=AREA, strokeWidth=3)
        .encode(x=x, y=y("value:Q"), tooltip=alt.Tooltip("tip:N"))
    )
    thick, dot = alt.param(name="thick", value=1.6), alt.param(name="dot", value=18)
    return _finished(alt.layer(bars, points, chosen_bar, chosen_point).add_params(thick, dot), 380)


def funnel():
    """Rates against births with the limits that chance would draw; data sets `limits`, `points`, `named`.

    Rows of limits: births, target, low_95, high_95, low_99_8, high_99_8. Rows of points: births, rate, position,
    tip, link. Rows of named: the same, for the few points that bear their name. The signals xmax and ymax end the axes.
    """
    xmax, ymax = alt.param(name="xmax", value=10000), alt.param(name="ymax", value=10)
    x_scale = alt.Scale(domain=[0, {"expr": "xmax"}], nice=False)
    y_scale = alt.Scale(domain=[0, {"expr": "ymax"}], nice=False)

    def x():
        return alt.X(
            "births:Q", title="births", scale=x_scale, axis=alt.Axis(format=",d", tickCount=5, labelOverlap=True)
        )

    def y(field):
        return alt.Y(field, title="per 1,000", scale=y_scale, axis=alt.Axis(tickCount=5))

    def limit(field, dash, width):
        return (
            alt.Chart(alt.NamedData(name="limits"))
            .mark_line(strokeDash=dash, strokeWidth=width, color=ENGLAND, clip=True)
            .encode(x=x(), y=y(field))
        )

    lines = [
        limit("target:Q", [1, 0], 1.75),
        limit("low_95:Q", [5, 4], 1.25),
        limit("high_95:Q", [5, 4], 1.25),
        limit("low_99_8:Q", [1, 0], 1.0),
        limit("high_99_8:Q", [1, 0], 1.0),
    ]
    positions = ["within", "high_95", "high_99_8", "low_95", "low_99_8"]
    colour = alt.Scale(domain=positions, range=[MIDDLE, HIGH, HIGH, LOW, LOW])
    shape = alt.Scale(
        domain=positions, range=["circle", "triangle-up", "triangle-up", "triangle-down", "triangle-down"]
    )
    fill = alt.Scale(domain=positions, range=[MIDDLE, PAPER, HIGH, PAPER, LOW])
    points = (
        alt.Chart(alt.NamedData(name="points"))
        .mark_point(opacity=0.9, size=46, strokeWidth=1.6, clip=True)
        .encode(
            x=x(),
            y=y("rate:Q"),
            stroke=alt.Stroke("position:N", legend=None, scale=colour),
            fill=alt.Fill("position:N", legend=None, scale=fill),
            shape=alt.Shape("position:N", legend=None, scale=shape),
            tooltip=alt.Tooltip("tip:N"),
        )
    )
    ring = (
        alt.Chart(alt.NamedData(name="chosen"))
        .mark_point(shape="circle", size=190, strokeWidth=2.5, stroke=AREA, fill="transparent", opacity=1, clip=True)
        .encode(x=x(), y=y("rate:Q"), tooltip=alt.Tooltip("tip:N"))
    )
    names = (
        alt.Chart(alt.NamedData(name="named"))
        .mark_text(align="left", dx=9, dy=1, color=INK, fontSize=12, clip=False)
        .encode(x=x(), y=y("rate:Q"), text="name:N")
    )
    return _finished(alt.layer(*lines, points, ring, names).add_params(xmax, ymax), 440)


def century(scale):
    """One rate from year to year over a long time, with its changes of definition marked.

    `scale` is `linear` or `log`. Rows of `years`: x, rate, run, tip; rows of `marks`: x, text.
    """
    y_scale = alt.Scale(type="log", nice=True) if scale == "log" else alt.Scale(zero=True, nice=True)

    def y():
        return alt.Y("rate:Q", title="per 1,000", scale=y_scale, axis=alt.Axis(tickCount=6, format="~f"))

    line = (
        alt.Chart(alt.NamedData(name="years"))
        .mark_line(color=AREA, strokeWidth=2)
        .encode(x=_years(), y=y(), detail="run:N")
    )
    points = (
        alt.Chart(alt.NamedData(name="years"))
        .mark_point(filled=True, opacity=1, size=14, color=AREA)
        .encode(x=_years(), y=y(), tooltip=alt.Tooltip("tip:N"))
    )
    rules = alt.Chart(alt.NamedData(name="marks")).mark_rule(strokeDash=[3, 3], color=QUIET).encode(x=_years())
    notes = (
        alt.Chart(alt.NamedData(name="marks"))
        .mark_text(align="right", dx=-6, baseline="top", color=INK, fontSize=12, lineBreak="\n")
        .encode(x=_years(), y=alt.value(2), text="text:N")
    )
    return _finished(alt.layer(rules, line, points, notes), 380)


def deciles():
    """Rates by tenth of deprivation in one year with 95 % intervals; rows of `deciles`: x (1 to 10), rate, lower,
    upper, tip."""
    x = alt.X(
        "x:O",
        title="tenth of areas by deprivation: 1 = most deprived, 10 = least",
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(domain=list(range(1, 11))),
    )
    rows = alt.Chart(alt.NamedData(name="deciles"))
    intervals = rows.mark_rule(color=AREA, strokeWidth=2).encode(
        x=x, y=_rate("lower:Q"), y2="upper:Q", tooltip=alt.Tooltip("tip:N")
    )
    points = rows.mark_point(shape="circle", filled=True, opacity=1, size=80, color=AREA).encode(
        x=x, y=_rate(), tooltip=alt.Tooltip("tip:N")
    )
    england = (
        alt.Chart(alt.NamedData(name="england"))
        .mark_rule(color=ENGLAND, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(y=_rate(), tooltip=alt.Tooltip("tip:N"))
    )
    return _finished(alt.layer(england, intervals, points), 320)


def ends():
    """The most and the least deprived tenth from year to year; rows of `ends`: x, rate, lower, upper, end, run, tip."""
    rows = alt.Chart(alt.NamedData(name="ends"))
    domain = ["most", "least"]
    colour = alt.Color("end:N", legend=None, scale=alt.Scale(domain=domain, range=[HIGH, LOW]))
    shape = alt.Shape("end:N", legend=None, scale=alt.Scale(domain=domain, range=["triangle-up", "triangle-down"]))
    dash = alt.StrokeDash("end:N", legend=None, scale=alt.Scale(domain=domain, range=[[1, 0], [6, 4]]))
    band = rows.mark_area(opacity=0.15).encode(
        x=_years(), y=_rate("lower:Q"), y2="upper:Q", color=colour, detail="run:N"
    )
    line = rows.mark_line(strokeWidth=2).encode(x=_years(), y=_rate(), color=colour, strokeDash=dash, detail="run:N")
    points = rows.mark_point(filled=True, opacity=1, size=56).encode(
        x=_years(), y=_rate(), color=colour, shape=shape, tooltip=alt.Tooltip("tip:N")
    )
    return _finished(alt.layer(band, line, points), 320)


def gradient():
    """One index of inequality from year to year, with its interval where the mart has one; rows of `gradient`."""
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
    """Ranks with their intervals, line by line; rows of `lines`: place, name, value, lower, upper, kind (`member`,
    `group`), tip."""
    rows = alt.Chart(alt.NamedData(name="lines"))
    x = alt.X(
        "value:Q",
        title="rank (1 = highest rate)",
        scale=alt.Scale(zero=False, nice=False, domainMin=1, padding=10),
        axis=alt.Axis(
            labelExpr="datum.value < 1 ? '' : format(datum.value, 'd')", orient="top", grid=True, tickCount=6
        ),
    )
    y = alt.Y(
        "name:N",
        title=None,
        sort=None,
        scale=alt.Scale(paddingOuter=0.3),
        axis=alt.Axis(grid=False, labelLimit=190, labelColor=INK, domain=False, ticks=False),
    )
    domain = ["member", "group"]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=domain, range=[MIDDLE, AREA]))
    intervals = rows.mark_rule(strokeWidth=2).encode(
        x=alt.X("lower:Q", title="rank (1 = highest rate)"),
        x2="upper:Q",
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


def solutions():
    """Whole-number solutions: births along, deaths up; rows of `solutions`: x, y, group, tip."""
    rows = alt.Chart(alt.NamedData(name="solutions"))
    points = rows.mark_point(filled=True, opacity=0.85, size=30, color=AREA, shape="square").encode(
        x=alt.X(
            "x:Q",
            title="births",
            scale=alt.Scale(zero=False, nice=True, padding=10),
            axis=alt.Axis(format=",d", tickMinStep=1, tickCount=6, labelOverlap=True),
        ),
        y=alt.Y(
            "y:Q",
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
        "caterpillar_rank": caterpillar("rank"),
        "caterpillar_rate": caterpillar("rate"),
        "funnel": funnel(),
        "century_linear": century("linear"),
        "century_log": century("log"),
        "deciles": deciles(),
        "ends": ends(),
        "gradient": gradient(),
        "combined": combined(),
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
