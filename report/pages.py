"""What each page says: the marts' rows chosen, put in order and worded. The templates lay it out."""

import csv
import re
from collections import defaultdict
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
    probability,
)

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
EXAMPLE_AREA = "E08000034"
ARTICLE_YEAR = "2014"
PERINATAL = "perinatal_per_1000_live_births"
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
        "fct_area_comparisons",
        "fct_area_summaries",
    )
}


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


def start(figures, claims):
    """The start page: the question, the answer in sentences, the two charts that show it."""
    area = example(figures)
    benchmark = figures.areas.get(area["compared_area_code"])
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    own = figures.rates[area["area_code"]]
    beside = figures.rates[benchmark["area_code"]] if benchmark else []
    # One basis tells the story of the article's years; the area's own page has the other.
    pictures = {
        "Stillbirths and deaths in the first week": _picture(
            select(own, measure=PERINATAL, basis="registration"), select(beside, measure=PERINATAL)
        ),
        "Deaths before the first birthday": _picture(select(own, measure="infant"), select(beside, measure="infant")),
    }
    periods = [rate["period"] for rates in figures.rates.values() for rate in rates]
    return {
        "area": area,
        "benchmark": benchmark,
        "sentences": _answer(figures, area, claims),
        "pictures": [
            {**picture, "title": title, "measure_name": titles[picture["measure"]]}
            for title, picture in pictures.items()
            if picture
        ],
        "summary": _summary(figures, area, "infant"),
        "coverage": (min(name[:4] for name in periods), max(name[-4:] for name in periods)),
    }


def _summary(figures, area, measure):
    """The plain sentence on an area and measure, or None."""
    found = select(figures.summaries.get(area["area_code"], ()), measure=measure)
    return found[0]["summary"] if found else None


def _answer(figures, area, claims):
    """The answer in a few sentences, each from one mart row; a sentence whose row is absent is left out."""
    name, level, sentences = area["area_name"], area["first_ranking_level"], []
    of_level = next(iter(select(figures.ranking_levels, ranking_level=level)), None)
    for row in select(
        figures.rankings.get((level, PERINATAL, "registration"), ()), area_code=area["area_code"], period=ARTICLE_YEAR
    ):
        if row["rank_highest_first"] is None:
            continue
        said = (
            f"In {ARTICLE_YEAR}, the year of the article, {name} registered {number(row['numerator'])} stillbirths and "
            f"deaths under seven days and {number(row['denominator'])} live births: {row['rate_display']} per 1,000."
        )
        if row["verdict"]:
            said += _against_benchmark(row, of_level["benchmark_area_name"])
        sentences.append(said)
        said = (
            f"That was the {from_highest(row['rank_highest_first'])} rate of {number(row['areas_ranked'])} "
            f"{of_level['areas_in_words']}."
        )
        if row["rank_lower_95"] is not None:
            said += (
                f" With numbers this small, its true rank could be anywhere from {ordinal(row['rank_lower_95'])} to "
                f"{ordinal(row['rank_upper_95'])}."
            )
        sentences.append(said)
    for row in select(
        figures.persistence.get(area["area_code"], ()), ranking_level=level, measure="infant", basis="registration"
    ):
        whole = of_level["benchmark_area_name"]
        limits = row["observed_over_expected_lower_99_8"], row["observed_over_expected_upper_99_8"]
        sentences.append(
            f"Infant mortality in {name} was above {whole}\u2019s in {row['years_above_benchmark']} of the "
            f"{row['years_present']} years that are published by registration. An average area would be above at least "
            f"that often with probability {probability(row['chance_probability'])}. Over those years {name} had "
            f"{number(row['observed_over_expected'], 2)} times the deaths expected at {whole}\u2019s rates (99.8 % "
            f"interval {interval(*limits, 2)})."
        )
    of_article = select(claims, is_from_article=True)
    if of_article:
        tally = {verdict: len(select(of_article, verdict=verdict)) for verdict in CLAIM_VERDICTS}
        sentences.append(
            f"Of the article\u2019s {len(of_article)} statements, the published counts reproduce "
            f"{_reproduced(of_article)}, agree with {tally['consistent']} and contradict "
            f"{tally['contradicted'] or 'none'}. The other {tally['not_checkable']} cannot be checked with the "
            "counts that are public."
        )
    return sentences


def _reproduced(claims):
    """How many claims are reproduced, and how many of these not as worded: `5 (3 of them not as worded)`."""
    reproduced = select(claims, verdict="reproduced")
    otherwise = len(select(reproduced, is_as_worded=False))
    return f"{len(reproduced)} ({otherwise} of them not as worded)" if otherwise else str(len(reproduced))


def _against_benchmark(row, whole):
    """The verdict on a rate beside its benchmark's, in one sentence that follows another."""
    verdict = "not clearly different from" if row["verdict"] == "similar" else f"very likely {row['verdict']} than"
    return (
        f" That is {verdict} {whole}\u2019s rate ({number(row['benchmark_rate_per_1000'], 1)}): "
        f"the probability that it is higher is {probability(row['probability_above_benchmark'])}."
    )


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
        evidence[line["claim_code"]].append({**line, "key": ", ".join(part for part in key if part)})
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


def century(marts, figures):
    """The long series: of the area and dating with the most years, every year that has a rate, with the limits of its
    control chart and the steps of law and definitions that touch it."""

    def years(code, basis):
        yearly = select(figures.rates[code], basis=basis, years_in_period=1)
        return [rate for rate in yearly if rate["rate_per_1000"] is not None]

    series = [(code, basis) for code in figures.areas for basis in distinct(figures.rates[code], "basis")]
    code, basis = max(series, key=lambda one: len(distinct(years(*one), "period")))
    held, name = years(code, basis), figures.areas[code]["area_name"]
    infant = select(held, measure="infant")
    heading, lead = f"{name}: the long run", "Each measure, as long as it was published."
    if infant:
        first, last = infant[0], infant[-1]
        heading = (
            f"From {first['rate_display']} to {last['rate_display']} deaths per 1,000 live births: {name}, "
            f"{first['period']} to {last['period']}"
        )
        lead = (
            f"In {first['period']}, {number(first['numerator'])} children died before their first birthday in {name}, "
            f"and {number(first['denominator'])} were born alive; in {last['period']} it was "
            f"{number(last['numerator'])} deaths and {number(last['denominator'])} live births."
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
            "measures": columnar(figures.measures, ("measure", "measure_name", "numerator_definition")),
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


def area_page(figures, area):
    """The page of one area: what stands on it before its script runs, and the data of the script.

    First shown is infant mortality where there is any, by single years and one dating.
    """
    code = area["area_code"]
    rates = figures.rates[code]
    rated = [rate for rate in rates if rate["rate_per_1000"] is not None] or rates
    first = (select(rated, measure="infant") or rated)[0]
    titles = {measure["measure"]: measure["measure_name"] for measure in figures.measures}
    ranked_in = figures.ranked_in.get(code, ())
    tables = {
        "rates": (figures.rates, "fct_rates"),
        "trends": (figures.trends, "fct_trends"),
        "persistence": (figures.persistence, "fct_persistence"),
        "detectability": (figures.detectability, "fct_detectability"),
        "forecasts": (figures.forecasts, "fct_forecasts"),
        "comparisons": (figures.comparisons, "fct_area_comparisons"),
        "summaries": (figures.summaries, "fct_area_summaries"),
    }
    return {
        "area": area,
        "kind": kind(area["area_level"]),
        "region": figures.areas.get(area["region_code"]) if area["region_code"] != code else None,
        "compared": figures.areas.get(area["compared_area_code"]),
        "is_ranked_twice": len(ranked_in) > 1,
        "measure_name": titles[first["measure"]],
        "first": select(rates, **{column: first[column] for column in ("measure", "basis", "years_in_period")}),
        "summary": _summary(figures, area, first["measure"]),
        "is_merger": any(rate["is_like_for_like"] for rate in rates),
        "has_forecast": bool(figures.forecasts.get(code)),
        "data": {
            "area_code": code,
            "ranking_levels": ranked_in,
            **{
                name: columnar(held[code], AREA_COLUMNS[mart], known=figures.known)
                for name, (held, mart) in tables.items()
                if held.get(code)
            },
        },
    }


def sections(figures):
    """The areas in sections for the list: countries and wider, then each region, then the rest by ranking level or
    kind. Each entry is an area with a `note` on what kind of area it is where neither section nor name says it."""
    areas = figures.areas
    levels = {level["ranking_level"]: level["ranking_level_name"] for level in figures.ranking_levels}
    countries = {area["country_code"] for area in areas.values()}
    wide, regions, rest = [], defaultdict(list), defaultdict(list)
    for code, area in areas.items():
        what, entry = in_sentence(kind(area["area_level"])), {**area, "note": ""}
        region = areas.get(area["region_code"])
        if code in countries or area["country_code"] is None:
            wide.append(entry)
        elif region:
            if not area["is_lower_tier"] and what not in area["area_name"]:
                entry["note"] = f"({what})"
            regions[region["area_name"]].insert(0 if area is region else len(areas), entry)
        else:
            rest[levels.get(area["first_ranking_level"]) or kind(area["area_level"])].append(entry)
    return [("Countries and wider", wide)] * bool(wide) + sorted(regions.items()) + sorted(rest.items())
