"""What each page says: the marts' rows chosen, put in order and worded. The templates lay it out."""

import csv
import re
from collections import Counter, defaultdict
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from report import charts
from report.data import columnar, distinct, select
from report.database import columns, names
from report.formats import (
    CLAIM_VERDICTS,
    WORDS,
    from_highest,
    in_sentence,
    interval,
    kind,
    number,
    ordinal,
    period,
    possessive,
)
from report.hexagons import centre

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
EXAMPLE_AREA = "E08000034"
ARTICLE_YEAR = "2014"
PERINATAL = "perinatal_per_1000_live_births"
PERINATAL_IN_WORDS = "stillbirths and deaths in the first week"
YEARLY = ("measure", "period", "numerator", "denominator", "rate_per_1000", "lower_95", "upper_95", "rate_display")
# The columns of an area's own page, by mart: all that are read but the area's code.
AREA_COLUMNS = {
    table: names(table, "area_code")
    for table in (
        "fct_rates",
        "fct_trends",
        "fct_persistence",
        "fct_detectability",
        "fct_forecasts",
        "fct_area_summaries",
        "fct_rate_changes",
    )
}
AREA_COLUMNS["fct_rate_changes"] = names("fct_rate_changes", "area_code", "years_in_period", "difference_per_1000")
AREA_COLUMNS["fct_detectability"] = names("fct_detectability", "area_code", "fewest_deaths_of_verdict")
# The tables in the data of an area's page. Their columns travel without names, in the order that the dimensions hold
# once: the names would be a tenth of the site.
AREA_TABLES = {
    "rates": "fct_rates",
    "trends": "fct_trends",
    "persistence": "fct_persistence",
    "detectability": "fct_detectability",
    "forecasts": "fct_forecasts",
    "changes": "fct_rate_changes",
    "summaries": "fct_area_summaries",
}
# Of each area compared what is the same for all measures stands once.
COMPARED_ONCE = ("compared_area_code", "distance_km", "compared_deprivation_score")
COMPARISON_COLUMNS = (
    *("ranking_level", "measure", "kind", "period", "basis", "deprivation_index", "deprivation_score"),
    *("list", "chances"),
)
AREA_PAGE_COLUMNS = {
    **{name: AREA_COLUMNS[mart] for name, mart in AREA_TABLES.items()},
    "comparisons": COMPARISON_COLUMNS,
    "compared": COMPARED_ONCE,
}
# How many of the nearest and the most alike are offered to be compared; with the area itself six.
OFFERED = 5


def example(figures):
    """The area that the start page is about, and that other pages point out: Kirklees, or where there is none the first
    that is ranked."""
    areas = list(figures.areas.values())
    return figures.areas.get(EXAMPLE_AREA) or next((area for area in areas if area["first_ranking_level"]), areas[0])


def series_rows(records):
    """The rates of one area, measure and basis as rows of the chart `series`.

    Beside the marts' columns each has `x`, the middle year of its period, and `run`: rows of one run are joined by a
    line, and a gap begins a new one. A rate of fewer than three deaths has no point, only its interval.
    """
    rows, run, last = [], 0, None
    for record in records:
        start, end = int(record["period"][:4]), int(record["period"][-4:])
        if last is not None and end != last + 1:
            run += 1
        last = end
        if record["rate_per_1000"] is None:
            continue
        rows.append(
            {
                "x": (start + end) / 2,
                "rate_per_1000": None if record["rate_display"] == "[x]" else record["rate_per_1000"],
                "lower_95": record["lower_95"],
                "upper_95": record["upper_95"],
                "basis": record["basis"],
                "run": f"{record['basis']}-{run}",
                "tip": "",
            }
        )
    return rows


def funnel():
    """The page of the funnel: how many areas of one underlying rate lie outside its exact limits, least and most.

    From benchmarks/operating_characteristics.csv: over authorities and districts with the births of two years, in 100
    at 95 % and in 1,000 at 99.8 %, one place after the point.
    """
    with (BENCHMARKS / "operating_characteristics.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "spread" and float(row["size"]) == 0]

    def least_and_most(level, out_of):
        what = f"funnel_position at {level} %, by area"
        shares = [float(row["events"]) / float(row["trials"]) for row in rows if row["what"] == what]
        return [f"{out_of * share:.1f}" for share in (min(shares), max(shares))]

    return {"outside_95": least_and_most("95", 100), "outside_99_8": least_and_most("99.8", 1000)}


def newest_periods(figures, level, measure):
    """The single years in which every area of a level has a rate, newest first: (basis, period, rows)."""
    found = []
    for basis in WORDS["basis"]:
        rows = [row for row in figures.rankings.get((level, measure, basis), ()) if row["years_in_period"] == 1]
        for year, members in groupby(rows, key=itemgetter("period")):
            ranked = list(members)
            if all(row["rank_highest_first"] is not None for row in ranked) and any(row["verdict"] for row in ranked):
                found.append((basis, year, ranked))
    return sorted(found, key=lambda one: (one[1], one[0]), reverse=True)


# A hexagon of width 1, a corner on top.
SIDE = 3**-0.5
HEXAGON = f"M0 {-SIDE:.3f}L.5 {-SIDE / 2:.3f}V{SIDE / 2:.3f}L0 {SIDE:.3f}L-.5 {SIDE / 2:.3f}V{-SIDE / 2:.3f}Z"


def _highest_not_called(areas):
    """Of the areas in the order of their ranks, the first that is not very likely higher though some of lower rates
    are, or None."""
    called = [place for place, area in enumerate(areas) if area["verdict"] == "higher"]
    before = areas[: called[-1]] if called else []
    return next((area for area in before if area["verdict"] != "higher" and area["rate_display"] != "[x]"), None)


def _home_map(figures, level, positions, maps):
    """The map of the start page with the areas that the verdict names, or None where there is no map of the level.

    `positions` are the places of all maps, `maps` the number of the map of each (basis, period).
    """
    newest = newest_periods(figures, level, "infant")
    if not newest or maps.get(newest[0][:2]) is None:
        return None
    basis, year, rows = newest[0]
    of_level = select(figures.ranking_levels, ranking_level=level)[0]
    places = {row["area_code"]: row for row in positions if row["map"] == maps[basis, year]}
    letters = {"higher": "H", "lower": "L"}
    areas = []
    for row in rows:
        if row["area_code"] not in places:
            continue
        area, place = figures.areas[row["area_code"]], places[row["area_code"]]
        tip = (
            f"{area['area_name']}\n{row['rate_display']} per 1,000 (95 % interval "
            f"{interval(row['lower_95'], row['upper_95'])})\n{WORDS['verdict'][row['verdict']]}"
        )
        x, y = centre((place["map_column"], place["map_row"]))
        areas.append(
            {
                **row,
                **area,
                "kind": row["verdict"],
                "letter": letters.get(row["verdict"]),
                "x": f"{x:g}",
                "y": f"{y:.3f}",
                "tip": tip,
            }
        )
    right, bottom = max(float(area["x"]) for area in areas), max(float(area["y"]) for area in areas)
    return {
        "period": year,
        "measure_name": next(one["measure_name"] for one in figures.measures if one["measure"] == "infant"),
        "benchmark_name": of_level["benchmark_area_name"],
        "areas_in_words": of_level["areas_in_words"],
        "areas": areas,
        "called": {verdict: select(areas, verdict=verdict) for verdict in letters},
        "not_called": _highest_not_called(areas),
        "box": f"-.65 -.7 {right + 1.3:.3f} {bottom + 1.4:.3f}",
        "outline": HEXAGON,
    }


def _changed(marts, figures, level):
    """What is new in the newest year beside the one published before it: sentences, and areas newly named."""
    newest = newest_periods(figures, level, "infant")
    if not newest:
        return None
    basis, year, rows = newest[0]
    of_level = select(figures.ranking_levels, ranking_level=level)[0]
    benchmark = of_level["benchmark_area_code"]
    whole, sentences, lists = of_level["benchmark_area_name"], [], []
    for change in select(figures.changes.get(benchmark, ()), measure="infant", basis=basis, to_period=year):
        own = select(figures.rates[benchmark], measure="infant", basis=basis, period=year)[0]
        could_be = change["difference_lower_95"] < 0 < change["difference_upper_95"]
        before = change["from_period"]
        said = (
            f"Against {before} alone, that change could be chance"
            if could_be
            else f"Against {before}, that is more than chance would change"
        )
        sentences.append(
            f"In {whole}, {number(own['numerator'])} of {number(own['denominator'])} babies died before their first "
            f"birthday: {own['rate_display']} per 1,000, after {number(change['from_rate_per_1000'], 1)} in "
            f"{before}. {said}."
        )
    earlier = next((one for one in newest[1:] if one[0] == basis), None)
    if earlier:
        named = [
            {verdict: {row["area_code"] for row in select(ranked, verdict=verdict)} for verdict in ("higher", "lower")}
            for ranked in (rows, earlier[2])
        ]
        sentences.append(
            f"{len(named[0]['higher'])} of {len(rows)} {of_level['areas_in_words']} were very likely higher than "
            f"{whole}, and {len(named[0]['lower'])} very likely lower. In {earlier[1]}, the year published before, "
            f"it was {len(named[1]['higher'])} and {len(named[1]['lower'])} of {len(earlier[2])}."
        )
        for words, one, other in (
            ("Very likely higher, and not in {}", named[0]["higher"], named[1]["higher"]),
            ("No longer very likely higher", named[1]["higher"], named[0]["higher"]),
        ):
            # An area that boundary changes ended is not among those that left.
            members = [code for code in one - other if code in {row["area_code"] for row in rows}]
            if members:
                found = sorted((figures.areas[code] for code in members), key=itemgetter("area_name"))
                lists.append((words.format(earlier[1]), found))
    return {"period": year, "sentences": sentences, "lists": lists, "long_run": outside_long_run(marts, figures, year)}


def start(marts, figures, claims, positions, maps):
    """The start page: the question, its answer, the map, what is new, and the two charts of the example area.

    `positions` and `maps` are those of `_home_map`, `maps` by (level, measure, basis, period).
    """
    area = example(figures)
    benchmark = figures.areas.get(area["compared_area_code"])
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    own = figures.rates[area["area_code"]]
    beside = figures.rates[benchmark["area_code"]] if benchmark else []
    # One basis tells the story of the article's years; the area's own page has the other.
    pictures = {
        PERINATAL_IN_WORDS.capitalize(): _picture(
            select(own, measure=PERINATAL, basis="registration"), select(beside, measure=PERINATAL)
        ),
        "Deaths before the first birthday": _picture(select(own, measure="infant"), select(beside, measure="infant")),
    }
    periods = [rate["period"] for rates in figures.rates.values() for rate in rates]
    level = area["first_ranking_level"]
    numbers = {key[2:]: number for key, number in maps.items() if key[:2] == (level, "infant")}
    return {
        "answer": _answer(figures, area),
        "map": _home_map(figures, level, positions, numbers),
        "changed": _changed(marts, figures, level),
        "area": area,
        "benchmark": benchmark,
        "sentences": _details(figures, area, claims),
        "pictures": [
            {**picture, "title": title, "measure_name": titles[picture["measure"]]}
            for title, picture in pictures.items()
            if picture
        ],
        "summary": _summary(figures, area, "infant"),
        "coverage": (min(name[:4] for name in periods), max(name[-4:] for name in periods)),
    }


def summary_words():
    """The words of the area summaries, by slot and form, which area pages fill for periods other than the newest."""
    found = defaultdict(dict)
    with (SEEDS / "wording" / "summary_sentences.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["slot"] in ("opening", "count", "after_count", "verdict"):
                found[row["slot"]][row["form"]] = row["template"]
    return found


def _summary(figures, area, measure):
    """The plain sentence on an area and measure, or None."""
    found = select(figures.summaries.get(area["area_code"], ()), measure=measure)
    return found[0]["summary"] if found else None


def _of_article(figures, area):
    """The ranking of the article's year that the article is about: the area's row and its level, or None."""
    level = area["first_ranking_level"]
    rows = figures.rankings.get((level, PERINATAL, "registration"), ())
    row = next(iter(select(rows, area_code=area["area_code"], period=ARTICLE_YEAR)), None)
    if row is None or row["rank_highest_first"] is None:
        return None
    return row, select(figures.ranking_levels, ranking_level=level)[0]


def _answer(figures, area):
    """The answer in two or three short sentences: of the newest year, then of the article's; None where neither is."""

    def compared(verdict, whole):
        how = "not clearly different from" if verdict == "similar" else f"very likely {verdict} than"
        return f"{how} {possessive(whole)}"

    said, level = [], area["first_ranking_level"]
    for _, year, rows in newest_periods(figures, level, "infant")[:1]:
        for row in select(rows, area_code=area["area_code"]):
            whole = select(figures.ranking_levels, ranking_level=level)[0]["benchmark_area_name"]
            if row["verdict"] and row["rate_display"] != "[x]":
                said.append(
                    f"In {year} {possessive(area['area_name'])} infant mortality rate was "
                    f"{compared(row['verdict'], whole)}: {row['rate_display']} per 1,000 against "
                    f"{number(row['benchmark_rate_per_1000'], 1)}."
                )
    found = _of_article(figures, area)
    if found and found[0]["verdict"] and found[0]["rank_lower_95"] is not None:
        row, of_level = found
        said.append(
            f"In {ARTICLE_YEAR}, the year of the article, its rate of {PERINATAL_IN_WORDS} was "
            f"{compared(row['verdict'], of_level['benchmark_area_name'])}. But its rank could be "
            f"{ordinal(row['rank_lower_95'])} to {ordinal(row['rank_upper_95'])} of {number(row['areas_ranked'])}."
        )
    return " ".join(said) or None


def _details(figures, area, claims):
    """What is behind the answer, each sentence from one mart row; a sentence whose row is absent is left out."""
    name, level, sentences = area["area_name"], area["first_ranking_level"], []
    found = _of_article(figures, area)
    if found:
        row, of_level = found
        sentences.append(
            f"In {ARTICLE_YEAR}, {name} registered {number(row['numerator'])} stillbirths and deaths under seven days "
            f"and {number(row['denominator'])} live births: {row['rate_display']} per 1,000. That was the "
            f"{from_highest(row['rank_highest_first'])} rate of {number(row['areas_ranked'])} "
            f"{of_level['areas_in_words']}."
        )
    for row in select(
        figures.persistence.get(area["area_code"], ()), ranking_level=level, measure="infant", basis="registration"
    ):
        whole = select(figures.ranking_levels, ranking_level=level)[0]["benchmark_area_name"]
        sentences.append(
            f"Infant mortality in {name} was above {possessive(whole)} in {row['years_above_benchmark']} of the "
            f"{row['years_present']} years from {row['first_year']} to {row['last_year']}. Over those years "
            f"{number(row['observed_deaths'])} babies died, where {number(row['expected_deaths'])} would be expected "
            f"at {possessive(whole)} rates."
        )
    of_article = select(claims, is_from_article=True)
    if of_article:
        tally = {verdict: len(select(of_article, verdict=verdict)) for verdict in CLAIM_VERDICTS}
        sentences.append(
            f"Of the article\u2019s {len(of_article)} statements, the published counts reproduce "
            f"{_reproduced(of_article)}, agree with {tally['consistent']} and contradict "
            f"{tally['contradicted'] or 'none'}. The other {tally['not_checkable']} cannot be settled with the "
            "counts that are public."
        )
    return sentences


def _reproduced(claims):
    """How many claims are reproduced, and how many of these not as worded: `5 (3 of them not as worded)`."""
    reproduced = select(claims, verdict="reproduced")
    otherwise = len(select(reproduced, is_as_worded=False))
    return f"{len(reproduced)} ({otherwise} of them not as worded)" if otherwise else str(len(reproduced))


def _picture(own, beside):
    """A chart of an area and its benchmark by single years at two widths, with its table; None without figures.

    `own` and `beside` are the rates of one measure. The benchmark is drawn as far as the area is, by each dating.
    """
    drawn, table = {"area": [], "benchmark": []}, []
    own, beside = select(own, years_in_period=1), select(beside, years_in_period=1)
    for basis in distinct(own, "basis"):
        lines = select(own, basis=basis)
        within = [row for row in select(beside, basis=basis) if row["period"] >= lines[0]["period"]]
        drawn["area"] += series_rows(lines)
        drawn["benchmark"] += series_rows(within)
        shown = {row["period"]: row["rate_display"] for row in within}
        table += [{**line, "benchmark_rate_display": shown.get(line["period"])} for line in lines]
    if not drawn["area"]:
        return None
    return {
        "measure": table[0]["measure"],
        "wide": charts.picture(charts.series(**drawn, region=[], forecast=[], width=1000, height=310)),
        "narrow": charts.picture(charts.series(**drawn, region=[], forecast=[], width=318, height=260)),
        "table": table,
        "years": (table[0]["period"], table[-1]["period"]),
        "has_two_bases": len(distinct(table, "basis")) > 1,
    }


UNITS = {"percent": " %", "per_1000": " per 1,000"}
PREFIXES = {"more_than": "more than ", "rank": "rank "}


def claims(marts, figures):
    """Every claim with its verdict, in the mart's order: figures as text, and `evidence`, the numbers that its
    explanation uses with the key of the published row that each stands in."""
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    places = dict(marts.rows("select area_code, area_name from marts.dim_area"))
    evidence = defaultdict(list)
    for line in marts.records(
        f"select {columns('fct_claim_evidence')} from marts.fct_claim_evidence order by claim_code, line"
    ):
        key = (
            places.get(line["area_code"]),
            period(line["period"]),
            in_sentence(titles.get(line["measure"], "")),
            WORDS["basis"].get(line["basis"]),
        )
        # Ranks and counts are whole numbers.
        limits = (line["lower_95"], line["upper_95"])
        decimals = 0 if all(limit is None or float(limit).is_integer() for limit in limits) else 2
        evidence[line["claim_code"]].append(
            {
                **line,
                "key": ", ".join(part for part in key if part),
                "interval_in_words": interval(*limits, decimals),
            }
        )
    found = marts.records(
        f"select {columns('fct_claim_checks')} from marts.fct_claim_checks order by claim_order, claim_code"
    )
    for claim in found:
        claim["mark"], claim["verdict_text"] = CLAIM_VERDICTS[claim["verdict"]]
        unit, rank = UNITS.get(claim["unit"], ""), PREFIXES.get(claim["unit"], "")
        claim["published_text"] = _claim_figure(
            claim["published_value"], rank or PREFIXES.get(claim["relation"], ""), unit
        )
        claim["recomputed_text"] = _claim_figure(claim["recomputed_display"], rank, unit)
        claim["anchor"] = re.sub(r"[^a-z0-9]+", "-", claim["claim_code"].lower()).strip("-")
        claim["evidence"] = evidence[claim["claim_code"]]
    return found


def _claim_figure(text, prefix, unit):
    """A claim's figure with commas and its unit; words as they stand, a dash for none."""
    if not text:
        return "\u2013"
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return f"{prefix}{number(text, len(text.partition('.')[2]))}{unit}"
    return text


def article(marts, claims):
    """The article page: the claims by source, how many have which verdict, and the whole-number solutions of those that
    have any set of assumptions, as data for the script."""
    assumptions = [line for claim in claims for line in claim["evidence"] if line["value_code"] == "solutions"]
    solutions = marts.records(
        f"select {columns('fct_claim_solutions')} from marts.fct_claim_solutions "
        "order by claim_code, assumption_code, denominator, numerator"
    )
    return {
        "sources": [
            {
                "name": source,
                "claims": members,
                "tally": [
                    (
                        mark,
                        text,
                        _reproduced(members) if verdict == "reproduced" else str(len(select(members, verdict=verdict))),
                    )
                    for verdict, (mark, text) in CLAIM_VERDICTS.items()
                ],
            }
            for source, members in (
                (source, list(found)) for source, found in groupby(claims, key=itemgetter("source"))
            )
        ],
        "data": {
            "claims": columnar(claims, ("claim_code", "claim")),
            "assumptions": columnar(assumptions, ("claim_code", "assumption_code", "assumption_name", "assumptions")),
            "solutions": columnar(solutions, names("fct_claim_solutions")),
        }
        if assumptions
        else None,
    }


def _false_alarms():
    """How many in 1,000 years lie outside the limits of the control chart where no year differs from the others, one
    place after the point; keys such as `amid_chance_0` (years, limits, variation between years in per cent).

    From benchmarks/control_limits.csv, for the most deaths a year.
    """
    with (BENCHMARKS / "control_limits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    most = max(int(row["deaths_a_year"]) for row in rows)
    return {
        f"{row['years']}_{row['limits']}_{round(100 * float(row['variation']))}": number(
            1000 * int(row["events"]) / int(row["trials"]), 1
        )
        for row in rows
        if int(row["deaths_a_year"]) == most
    }


def _longest(figures):
    """The longest yearly series: area code, dating, and the rates of the years that have one."""

    def years(code, basis):
        yearly = select(figures.rates[code], basis=basis, years_in_period=1)
        return [rate for rate in yearly if rate["rate_per_1000"] is not None]

    series = [(code, basis) for code in figures.areas for basis in distinct(figures.rates[code], "basis")]
    code, basis = max(series, key=lambda one: len(distinct(years(*one), "period")))
    return code, basis, years(code, basis)


def outside_long_run(marts, figures, year):
    """What the control chart of the longest series says of infant mortality in a year outside its limits, or None."""
    code, basis, _ = _longest(figures)
    found = marts.records(
        "select control_position, control_position_adjusted from marts.fct_control_limits "
        "where area_code = ? and basis = ? and measure = 'infant' and period = ? and control_position <> 'within'",
        [code, basis, year],
    )
    if not found:
        return None
    way = WORDS["control_position"][found[0]["control_position"]].split()[-1]
    widened = (
        "Allowing for how much years differ, it was within them."
        if found[0]["control_position_adjusted"] == "within"
        else "It was outside the widened limits too."
    )
    return (
        f"Compared with the six years nearest to it, the rate of {figures.areas[code]['area_name']} in {year} was "
        f"{way} the limits of chance alone. {widened}"
    )


def century(marts, figures):
    """The long series: of the area and dating with the most years, every year that has a rate, with the limits of its
    control chart and the steps of law and definitions that touch it."""
    code, basis, held = _longest(figures)
    name = figures.areas[code]["area_name"]
    infant = select(held, measure="infant")
    heading, lead = f"{name}: the long run", "Each measure, as long as it was published."
    if infant:
        first, last = infant[0], infant[-1]
        title = select(figures.measures, measure="infant")[0]["measure_name"]
        # As the script words them, of this measure and the others.
        heading = (
            f"{title}: from {first['rate_display']} to {last['rate_display']} per 1,000, {name}, "
            f"{first['period']} to {last['period']}"
        )
        lead = (
            f"In {first['period']}, {number(first['numerator'])} of {number(first['denominator'])} babies in {name} "
            f"died before their first birthday. In {last['period']} it was {number(last['numerator'])} of "
            f"{number(last['denominator'])}."
        )
    limits = marts.records(
        f"select {columns('fct_control_limits')} from marts.fct_control_limits where area_code = ? and basis = ? "
        "order by measure, period_end_year",
        [code, basis],
    )
    changes = marts.records(
        f"select {columns('dim_definition_change')} from marts.dim_definition_change where area_code = ? "
        "order by change_date, change_code, measure",
        [code],
    )
    return {
        "heading": heading,
        "lead": lead,
        "area": figures.areas[code],
        "has_limits": bool(limits),
        "false_alarms": _false_alarms(),
        "data": {
            "area_name": name,
            "dated_by": WORDS["basis"][basis],
            "measures": columnar(
                figures.measures, ("measure", "measure_name", "outcome_plural", "numerator_lies_within_denominator")
            ),
            "rates": columnar(held, YEARLY),
            "limits": columnar(limits, names("fct_control_limits", "area_code", "basis", "period_end_year")),
            "changes": columnar(
                [{**change, "change_date": str(change["change_date"])} for change in changes],
                names("dim_definition_change", "area_code"),
            ),
            "words": WORDS["control_position"],
        },
    }


def deprivation(marts, figures):
    """Rates by tenth of deprivation, their country's beside them, and their gradient."""
    tenths = marts.records(
        "select area_code, country_code, deprivation_decile from marts.dim_area where deprivation_decile is not null "
        "order by deprivation_decile"
    )
    held = [
        {**rate, "deprivation_decile": tenth["deprivation_decile"]}
        for tenth in tenths
        for rate in select(figures.rates.get(tenth["area_code"], ()), years_in_period=1)
    ]
    country = tenths[0]["country_code"] if tenths else None
    key = itemgetter("measure", "basis", "period")
    wanted = set(map(key, held))
    beside = [rate for rate in select(figures.rates.get(country, ()), years_in_period=1) if key(rate) in wanted]
    gradient = marts.records(
        f"select {columns('fct_deprivation_gradient')} from marts.fct_deprivation_gradient order by measure, period"
    )
    return {
        "country": figures.areas.get(country),
        "data": {
            "country_name": figures.areas[country]["area_name"] if country in figures.areas else None,
            "measures": columnar(figures.measures, ("measure", "measure_name")),
            "tenths": columnar(held, ("deprivation_decile", *YEARLY)),
            "country": columnar(beside, ("measure", "period", "rate_per_1000", "rate_display")),
            "gradient": columnar(select(gradient, years_in_period=1), names("fct_deprivation_gradient")),
        },
    }


def combined(marts, figures):
    """The what-if groups as columns, those with the area that is pointed out first, those of one area last."""
    records = marts.records(
        f"""
        select {columns("fct_combined_area_rankings", "combined")}
        from marts.fct_combined_area_rankings as combined
        inner join marts.dim_ranking_level using (ranking_level)
        inner join marts.dim_measure using (measure)
        where rank_highest_first is not null
        order by
            combined.members not like '%), %', combined.members not like '%(' || ? || ')%', group_name, group_code,
            dim_ranking_level.display_order, dim_measure.display_order, basis desc, right(period, 4), years_in_period
        """,
        [example(figures)["area_code"]],
    )
    return {"data": columnar(records, names("fct_combined_area_rankings"))}


def methods(marts, figures):
    """The methods page: what is published for which year, how the printed rates fare, the exceptions."""
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    records = marts.records(
        f"""
        select {columns("fct_coverage", "counted")}
        from marts.fct_coverage as counted
        inner join marts.dim_measure using (measure)
        where years_in_period = 1
        order by ranking_level, dim_measure.display_order, basis desc
        """
    )
    years = sorted({int(record["period"]) for record in records})
    years = list(range(years[0], years[-1] + 1)) if years else []
    lines = defaultdict(list)
    for (level, measure, basis), counted in groupby(records, key=itemgetter("ranking_level", "measure", "basis")):
        counts = {int(record["period"]): record for record in counted}
        lines[level].append({"measure": titles[measure], "basis": basis, "counts": counts})
    coverage = [{"level": level, "lines": lines[level["ranking_level"]]} for level in figures.ranking_levels]
    checks = dict(marts.rows("select outcome, count(*) from marts.fct_published_rate_checks group by outcome"))
    exceptions = marts.rows(
        """
        select exception_reason, count(*)
        from marts.fct_published_rate_checks
        where is_known_exception
        group by exception_reason
        order by count(*) desc, exception_reason
        """
    )
    return {
        "measures": figures.measures,
        "years": years,
        "coverage": coverage,
        "checks": checks,
        "checked": sum(checks.values()),
        "exceptions": exceptions,
        "unexplained": marts.rows(
            "select count(*) from marts.fct_published_rate_checks where outcome = 'differs' and not is_known_exception"
        )[0][0],
    }


def area_page(figures, area, ended):
    """The page of one area: what stands on it before its script runs, and the data of the script; `ended` is `endings`.

    Without the script the table has infant mortality, where there is any, in every single year, newest first.
    """
    code = area["area_code"]
    rates = figures.rates[code]
    rated = [rate for rate in rates if rate["rate_per_1000"] is not None] or rates
    first = (select(rated, measure="infant") or rated)[0]
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    ranked_in = figures.ranked_in.get(code, ())
    tables = {
        "rates": figures.rates,
        "trends": figures.trends,
        "persistence": figures.persistence,
        "detectability": figures.detectability,
        "forecasts": figures.forecasts,
        "changes": {code: select(figures.changes.get(code, ()), years_in_period=3)},
        "summaries": figures.summaries,
    }
    return {
        "area": area,
        "kind": described(figures, area, ended),
        "region": figures.areas.get(area["region_code"]) if area["region_code"] != code else None,
        "compared": figures.areas.get(area["compared_area_code"]),
        "is_ranked_twice": len(ranked_in) > 1,
        "measure_name": titles[first["measure"]],
        "first": sorted(
            select(rates, measure=first["measure"], years_in_period=first["years_in_period"]),
            key=lambda rate: (rate["period"], rate["basis"]),
            reverse=True,
        ),
        "first_year": min(rate["period"][:4] for rate in rated),
        "successors": [figures.areas[after] for after in figures.lineage.get(code, ()) if after in figures.areas],
        "summary": _summary(figures, area, first["measure"]),
        "is_merger": any(rate["is_like_for_like"] for rate in rates),
        "has_forecast": bool(figures.forecasts.get(code)),
        "data": {
            "area_code": code,
            "ranking_levels": ranked_in,
            **_comparisons(figures, code),
            **{
                name: _in_order(held[code], AREA_COLUMNS[AREA_TABLES[name]], figures)
                for name, held in tables.items()
                if held.get(code)
            },
        },
    }


def _in_order(records, names, figures):
    """Records as columns in the order of `names`, without the names."""
    return list(columnar(records, names, known=figures.known).values())


def _comparisons(figures, code):
    """What an area's page has of its comparisons.

    `compared`: the areas compared, each once. `lists`: lists of rows of these; most measures share one. `comparisons`:
    one row a level, measure and kind, with the number of its list and a character of formats.CHANCES for each member.
    Those of one parent stand in the order of their codes.
    """
    rows, once, lists, found = figures.comparisons.get(code), {}, {}, []
    for _, members in groupby(rows or (), key=itemgetter("ranking_level", "measure", "kind")):
        of_kind = list(members)
        if of_kind[0]["kind"] == "same_parent":
            of_kind.sort(key=itemgetter("compared_area_code"))
        keys = [tuple(row[column] for column in COMPARED_ONCE) for row in of_kind]
        places = tuple(once.setdefault(key, len(once)) for key in keys)
        chances = "".join(row["chance"] for row in of_kind)
        found.append({**of_kind[0], "list": lists.setdefault(places, len(lists)), "chances": chances})
    if not found:
        return {}
    compared = [dict(zip(COMPARED_ONCE, values, strict=True)) for values in once]
    return {
        "comparisons": _in_order(found, COMPARISON_COLUMNS, figures),
        "compared": _in_order(compared, COMPARED_ONCE, figures),
        "lists": list(lists),
    }


def neighbours(figures):
    """The nearest areas and those most alike, of infant mortality or else any measure: records for the page Compare."""
    found = []
    for rows in figures.comparisons.values():
        measure = next((row["measure"] for row in rows if row["measure"] == "infant"), rows[0]["measure"])
        found += [row for row in rows if row["measure"] == measure and row["rank"] <= OFFERED]
    return [row for row in found if row["kind"] != "same_parent" and row["compared_area_code"] in figures.areas]


def _of_newest_years(figures):
    """The codes of the areas that any ranking of infant mortality of the newest year has."""
    return {
        row["area_code"]
        for level in figures.ranking_levels
        for _, _, rows in newest_periods(figures, level["ranking_level"], "infant")[:1]
        for row in rows
    }


def endings(figures):
    """Area code to the last year with figures, for areas whose figures ended before the newest.

    Those that later areas took the place of are `former` ones: (last year, is former). An area that shares name and
    kind with another is told apart by its last year too.
    """
    newest = _of_newest_years(figures)
    last = max((area["last_year"] or 0 for area in figures.areas.values()), default=0)
    shared = Counter((area["area_name"], kind(area)) for area in figures.areas.values())
    return {
        code: (area["last_year"], any(after in figures.areas for after in figures.lineage.get(code, ())))
        for code, area in figures.areas.items()
        if area["last_year"]
        and area["last_year"] < last
        and (code not in newest or shared[area["area_name"], kind(area)] > 1)
    }


def described(figures, area, ended):
    """What kind of area an area is, and until when it has figures; `ended` is `endings`."""
    last, is_former = ended.get(area["area_code"], (None, False))
    what = kind(area)
    if is_former:
        after = [figures.areas[code] for code in figures.lineage[area["area_code"]] if code in figures.areas]
        # An area that kept its name and kind has only another code, or other boundaries.
        is_same = any((one["area_name"], kind(one)) == (area["area_name"], what) for one in after)
        if is_same:
            return f"{what} as it was until {last}"
        return f"{what if what.startswith('Former ') else f'Former {in_sentence(what)}'}, until {last}"
    return f"{what}, figures until {last}" if last else what


def places(figures, claims, ended):
    """What the search knows: `areas`, each with its page and what it is, and names of places that lead to them.

    A ward or town of a district that later became part of another leads to the district whose figures are the newest;
    so do the names of `former` districts themselves, which have their own page too. Former commissioning `groups` come
    with the anchor of the first of the article's `claims` that names them. `ended` is `endings`.
    """
    newest = _of_newest_years(figures)
    order = {code: place for place, code in enumerate(figures.areas)}
    areas = []
    for code, area in figures.areas.items():
        region = figures.areas.get(area["region_code"])
        parts = [described(figures, area, ended), *([region["area_name"]] if region and region is not area else [])]
        areas.append([area["area_name"], area["page"], ", ".join(parts), int(code in ended)])

    def leads_to(code):
        """The place among the areas of where a district's newest figures are, or None."""
        found, seen = [code], {code}
        while found and not newest & set(found):
            found = [after for one in found for after in figures.lineage.get(one, ()) if after not in seen]
            seen.update(found)
        return order.get(next((one for one in found if one in newest), code))

    def anchor(name):
        """Where on the article's page a group is first named."""
        return next((claim["anchor"] for claim in claims if claim["is_from_article"] and name in claim["claim"]), None)

    towns, groups, wards = [], [], defaultdict(list)
    with (SEEDS / "areas" / "places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = leads_to(row["area_code"])
            if place is None:
                continue
            if row["place_kind"] == "ward":
                wards[place].append(row["place_name"])
            elif row["place_kind"] == "town":
                towns.append([row["place_name"], place])
            else:
                groups.append([row["place_name"], place, anchor(row["place_name"])])
    former = [
        [figures.areas[code]["area_name"], leads_to(code), place]
        for code, place in order.items()
        if code in ended and leads_to(code) != place
    ]
    return {
        "areas": areas,
        "towns": towns,
        "former": former,
        "groups": groups,
        "wards": {place: "|".join(found) for place, found in wards.items()},
    }


def sections(figures, ended):
    """The areas in sections for the list: countries and wider, then each region, then the rest by ranking level or
    kind. Each entry is an area with a `note` on what kind of area it is where neither section nor name says it, and
    until when it has figures; `ended` is `endings`."""
    areas = figures.areas
    levels = {level["ranking_level"]: level["ranking_level_name"] for level in figures.ranking_levels}
    countries = {area["country_code"] for area in areas.values()}
    wide, regions, rest = [], defaultdict(list), defaultdict(list)
    for code, area in areas.items():
        what, notes = in_sentence(kind(area)), []
        region = areas.get(area["region_code"])
        if region and not area["is_lower_tier"] and what not in area["area_name"]:
            notes.append(what)
        if code in ended:
            last, is_former = ended[code]
            is_district = is_former and area["is_lower_tier"] and "former" not in area["area_name"]
            notes.append(f"{'former district, ' * is_district}until {last}")
        entry = {**area, "note": f"({', '.join(notes)})" if notes else ""}
        if code in countries or area["country_code"] is None:
            wide.append({**entry, "note": f"(until {ended[code][0]})" if code in ended else ""})
        elif region:
            regions[region["area_name"]].insert(0 if area is region else len(areas), entry)
        else:
            rest[levels.get(area["first_ranking_level"]) or kind(area)].append(entry)
    return [("Countries and wider", wide)] * bool(wide) + sorted(regions.items()) + sorted(rest.items())
