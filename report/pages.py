"""What each page says: the marts' rows chosen, put in order and worded. The templates lay it out."""

import re
from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from report import charts, data
from report.formats import (
    AREA_LEVELS,
    BASES,
    CLAIM_VERDICTS,
    RANKING_LEVELS,
    STATUSES,
    compact,
    interval,
    number,
    ordinal,
    percent,
    period,
    probability,
)

EXAMPLE_AREA = "E08000034"
ARTICLE_YEAR = "2014"
PERINATAL = "perinatal_per_1000_live_births"


def years_and_runs(group, basis_first):
    """The rows of one group for the chart `series`: its years, its rates and limits, its unbroken runs.

    `group` is one of data.rate_groups; `basis_first` is the basis drawn with filled points. A rate of fewer than three
    deaths has no point, only its interval. Periods stand at their middle year.
    """
    rows, run, last = [], 0, None
    for index, name in enumerate(group["p"]):
        start, end = int(name[:4]), int(name[-4:])
        rate = group.get("r", [None] * len(group["p"]))[index]
        if last is not None and end != last + 1:
            run += 1
        last = end
        if rate is None:
            continue
        rows.append(
            {
                "x": (start + end) / 2,
                "rate": None if data.shown(group, index) == "[x]" else rate,
                "lower": group["l"][index],
                "upper": group["u"][index],
                "run": f"{group['b']}-{run}",
                "shape": "filled" if group["b"] == basis_first else "open",
                "tip": "",
            }
        )
    return rows


def _group(groups, measure, basis, width=1):
    """The group of that measure, basis and width, or None."""
    return next((g for g in groups if (g["m"], g["b"], g["w"]) == (measure, basis, width)), None)


def start(marts, measures, areas, groups, claims):
    """The start page: the question, the answer in sentences, the two charts that show it."""
    names = {measure["measure"]: measure["name"] for measure in measures}
    area = next((area for area in areas if area["code"] == EXAMPLE_AREA), areas[0])
    return {
        "area": area,
        "sentences": _answer(marts, area, names, claims),
        "pictures": [
            picture
            for picture in (
                _picture(groups, area, PERINATAL, names, "perinatal"),
                _picture(groups, area, "infant", names, "infant"),
            )
            if picture
        ],
        "summary": next(
            iter(
                marts.records(
                    "select summary, period from marts.fct_area_summaries where area_code = ? and measure = 'infant'",
                    [area["code"]],
                )
            ),
            None,
        ),
        "coverage": marts.rows("select min(period_start_year), max(period_end_year) from marts.fct_rates")[0],
    }


def _answer(marts, area, names, claims):
    """The answer in four sentences at most, each from one mart row; a sentence whose row is absent is left out."""
    name, sentences = area["name"], []
    ranked = marts.records(
        """
        select
            rates.numerator, rates.denominator, rates.rate_display, rankings.rank_highest_first, rankings.areas_ranked,
            rankings.rank_interval_lower, rankings.rank_interval_upper,
            comparisons.verdict, comparisons.exact_p_value, comparisons.fdr_q_value
        from marts.fct_rankings as rankings
        inner join marts.fct_rates as rates using (area_code, period, measure, basis)
        inner join marts.fct_england_comparisons as comparisons using (area_code, period, measure, basis, ranking_level)
        where rankings.area_code = ? and rankings.period = ? and rankings.measure = ?
            and rankings.basis = 'registration' and rankings.ranking_level = 'upper_tier'
            and rankings.rank_highest_first is not null
        """,
        [area["code"], ARTICLE_YEAR, PERINATAL],
    )
    if ranked:
        row = ranked[0]
        sentences.append(
            f"In {ARTICLE_YEAR}, the year the article is about, {name} registered {number(row['numerator'])} "
            f"stillbirths and deaths under seven days and {number(row['denominator'])} live births: "
            f"{row['rate_display']} per 1,000, the {ordinal(row['rank_highest_first'])} highest of "
            f"{number(row['areas_ranked'])} upper-tier authorities, but with numbers this small its true place could "
            f"be anywhere from {ordinal(row['rank_interval_lower'])} to {ordinal(row['rank_interval_upper'])}."
        )
        sentences.append(_against_england(row))
    lasting = marts.records(
        """
        select years_present, years_above_england, chance_probability, smr, smr_lower_99_8, smr_upper_99_8
        from marts.fct_persistence
        where area_code = ? and measure = 'infant' and basis = 'registration' and ranking_level = 'upper_tier'
        """,
        [area["code"]],
    )
    if lasting:
        row = lasting[0]
        sentences.append(
            f"Infant mortality in {name} was above England\u2019s in {row['years_above_england']} of the "
            f"{row['years_present']} years for which both are published by registration; an average area would be "
            f"above at least that often with probability {probability(row['chance_probability'])}, and over those "
            f"years {name} had {number(row['smr'], 2)} times the deaths that England\u2019s rates would give "
            f"(99.8 % interval {interval(row['smr_lower_99_8'], row['smr_upper_99_8'], 2)})."
        )
    if claims:
        tally = {verdict: sum(claim["verdict"] == verdict for claim in claims) for verdict in CLAIM_VERDICTS}
        sentences.append(
            f"Of {len(claims)} statements in print that this project checks, the published counts reproduce "
            f"{tally['reproduced']}, are consistent with {tally['consistent']} and contradict "
            f"{tally['contradicted'] or 'none'}; {tally['not_checkable']} cannot be checked with the counts at hand."
        )
    return sentences


def _against_england(row):
    """One sentence on a rate beside the rest of England: its verdict, and what became of it among many comparisons."""
    p, q = probability(row["exact_p_value"]), probability(row["fdr_q_value"])
    areas = number(row["areas_ranked"])
    if row["verdict"] in ("higher", "lower"):
        return (
            f"That is {row['verdict']} than in the rest of England by more than chance readily explains (exact test "
            f"p = {p}), even when one allows for {areas} authorities being compared (q = {q})."
        )
    if row["exact_p_value"] is not None and row["exact_p_value"] < 0.05:
        return (
            "Looked at alone, a rate so far from the rest of England\u2019s would seldom come about by chance (exact "
            f"test p = {p}); but of {areas} authorities some will be as far by chance, and once one allows for that "
            f"the evidence falls short of the usual mark (q = {q}; the mark is 0.05)."
        )
    return f"It cannot be told apart from the rate in the rest of England (exact test p = {p}, q = {q})."


def _picture(groups, area, measure, names, key):
    """A chart of an area and England at two widths, with its title, description and table; None without figures."""
    rows = {"area": [], "england": []}
    table = []
    for basis in ("registration", "occurrence"):
        own = _group(groups.get(area["code"], []), measure, basis)
        england = _group(groups.get(data.ENGLAND, []), measure, basis)
        if own:
            rows["area"] += years_and_runs(own, "registration")
        if england:
            rows["england"] += years_and_runs(england, "registration")
        for line in _beside(own, england):
            table.append({**line, "basis": BASES[basis]})
    if measure == PERINATAL:
        # One basis tells the story of the article's years; the area's own page has the other.
        rows = {name: [row for row in found if row["run"].startswith("registration")] for name, found in rows.items()}
        table = [line for line in table if line["basis"] == BASES["registration"]]
    rows = {name: [row for row in found if row["x"] >= 2010] for name, found in rows.items()}
    # England by year of death is drawn from where the area is: before that its line by registration stands there.
    first = min((row["x"] for row in rows["area"] if row["shape"] == "open"), default=None)
    rows["england"] = [
        row for row in rows["england"] if row["shape"] == "filled" or (first is not None and row["x"] >= first)
    ]
    table = [line for line in table if int(line["period"][:4]) >= 2010]
    if not rows["area"]:
        return None
    return {
        "key": key,
        "measure": measure,
        "measure_name": names[measure],
        "wide": charts.picture(charts.series(**rows, region=[], width=1000, height=310)),
        "narrow": charts.picture(charts.series(**rows, region=[], width=318, height=260)),
        "table": table,
        "years": (table[0]["period"], table[-1]["period"]),
        "has_two_bases": len({line["basis"] for line in table}) > 1,
    }


def _beside(own, england):
    """An area's rates with England's of the same period, as text for a table."""
    if not own:
        return []
    theirs = {name: data.shown(england, index) for index, name in enumerate(england["p"])} if england else {}
    lines = []
    for index, name in enumerate(own["p"]):
        lines.append(
            {
                "period": name,
                "numerator": number(own.get("n", [None] * 99)[index]),
                "denominator": number(own.get("d", [None] * 99)[index]),
                "rate": data.shown(own, index),
                "interval": interval(own.get("l", [None] * 99)[index], own.get("u", [None] * 99)[index]),
                "england": theirs.get(name, "\u2013"),
            }
        )
    return lines


UNITS = {"percent": " %", "per_1000": " per 1,000"}
RELATIONS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}


def claims(marts):
    """Every claim with its verdict, in the mart's order, its figures as text."""
    found = marts.records(
        "select claim_code, source, claim, published_value, unit, relation, recomputed_display, "
        "recomputed_value_meaning, "
        "verdict, explanation, evidence from marts.fct_claim_checks order by claim_order, claim_code"
    )
    for claim in found:
        claim["mark"], claim["verdict_text"] = CLAIM_VERDICTS[claim["verdict"]]
        unit = UNITS.get(claim["unit"] or "", "")
        rank = "rank " if claim["unit"] == "rank" else ""
        claim["published_text"] = _claim_figure(
            claim["published_value"], rank or RELATIONS.get(claim["relation"] or "", ""), unit
        )
        claim["recomputed_text"] = _claim_figure(claim["recomputed_display"], rank, unit)
        claim["anchor"] = anchor(claim["claim_code"])
    return found


def anchor(code):
    """A claim's code as the name of its place on the page."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def _claim_figure(text, relation, unit):
    """A claim's figure with commas and its unit; words as they stand, a dash for none."""
    if text is None or text == "":
        return "\u2013"
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return f"{relation}{number(text, len(text.partition('.')[2]))}{unit}"
    return text


def solutions(marts, claims):
    """Per claim its readings, with the whole-number solutions of each: births `x` and deaths `y`, none where ruled
    out."""
    titles = {claim["claim_code"]: claim["claim"] for claim in claims}
    pairs = defaultdict(list)
    for claim_code, assumption_code, numerator, denominator in marts.rows(
        "select claim_code, assumption_code, numerator, denominator from marts.fct_claim_solutions "
        "where numerator is not null order by claim_code, assumption_code, denominator, numerator"
    ):
        pairs[claim_code, assumption_code].append((denominator, numerator))
    found = []
    rows = marts.records(
        "select claim_code, assumption_code, assumption_name, assumptions, finding from marts.fct_claim_assumptions "
        "order by claim_code, assumption_order"
    )
    by_claim = {code: list(members) for code, members in groupby(rows, key=itemgetter("claim_code"))}
    for code in [code for code in titles if code in by_claim]:
        readings = [
            {
                "name": row["assumption_name"],
                "assumptions": row["assumptions"],
                "finding": row["finding"],
                "x": [births for births, _ in pairs[code, row["assumption_code"]]],
                "y": [deaths for _, deaths in pairs[code, row["assumption_code"]]],
            }
            for row in by_claim[code]
        ]
        found.append({"claim_code": code, "title": titles[code], "readings": readings})
    return found


def choices(ranked):
    """Which rankings there are, for the pages' controls: [level, measure, basis, periods, the period shown first].

    Shown first is the latest pooled period, or else the latest year, that can be compared with England: one for which
    only some areas have figures has no such comparison.
    """
    found = []
    for key, rows in groupby(ranked, key=itemgetter("ranking_level", "measure", "basis")):
        lines = [row for row in rows if row["rank_highest_first"] is not None]
        if not lines:
            continue
        periods = list(dict.fromkeys(row["period"] for row in lines))
        compared = {row["period"] for row in lines if row["verdict"] is not None}
        first = next((name for name in reversed(periods) if name in compared), periods[-1])
        found.append([*key, periods, first])
    return found


def century(groups, measures):
    """The long national series: measure to columns, from the first year with a rate to the last."""
    found = {}
    for measure in measures:
        group = _group(groups.get(data.ENGLAND_AND_WALES, []), measure["measure"], "occurrence")
        if not group or "r" not in group:
            continue
        held = [place for place, rate in enumerate(group["r"]) if rate is not None]
        if int(group["p"][held[0]]) > 1990:
            continue
        kept = range(held[0], held[-1] + 1)
        columns = {key: [group[key][place] for place in kept] for key in ("p", "n", "d", "r", "l", "u") if key in group}
        marks = {place - held[0]: mark for place, mark in group.get("s", {}).items() if place in kept}
        found[measure["measure"]] = {**columns, "s": marks} if marks else columns
    return found


def deprivation(marts, groups, measures):
    """Rates by tenth of deprivation and their gradient: measure to columns by period."""
    deciles = marts.rows(
        "select area_code, area_name from marts.dim_area where area_level = 'deprivation_decile' order by area_code"
    )
    rates = {}
    for measure in measures:
        places = {}
        for code, _ in deciles:
            group = _group(groups.get(code, []), measure["measure"], "occurrence")
            if group and "r" in group:
                places[int(code[-2:])] = {
                    key: group[key] for key in ("p", "n", "d", "r", "l", "u", "s") if key in group
                }
        if places:
            england = _group(groups.get(data.ENGLAND, []), measure["measure"], "occurrence")
            rates[measure["measure"]] = {
                "deciles": places,
                "england": {key: england[key] for key in ("p", "r", "s") if key in england} if england else None,
            }
    indices = ("worst_best_ratio", "slope_index", "relative_index")
    limits = [
        name
        for index in indices
        for name in (f"{index}_lower_95", f"{index}_upper_95")
        if name in marts.columns["fct_deprivation_gradient"]
    ]
    if "deprivation_index" in marts.columns["fct_deprivation_gradient"]:
        limits.append("deprivation_index")
    gradient = defaultdict(list)
    for row in marts.records(
        f"select measure, period, {', '.join((*indices, *limits))} from marts.fct_deprivation_gradient "
        "where period not like '%-%' order by measure, period"
    ):
        gradient[row.pop("measure")].append(
            {name: value if isinstance(value, str) else compact(value) for name, value in row.items()}
        )
    return {"rates": rates, "gradient": {key: rows for key, rows in gradient.items() if key in rates}}


def combined(marts, areas):
    """The what-if groups: name, places of the members in the list of areas, figures by level, measure, basis and
    period.

    A figure is [deaths, births, rate, lower, upper, flag, rank, areas ranked, rank interval, whether it gives a
    count away].
    """
    rows = marts.records(
        """
        select *
        from marts.fct_combined_area_rankings
        where rank_highest_first is not null
        order by group_code, ranking_level, measure, basis, years_in_period, period_end_year
        """
    )
    place = {area["code"]: index for index, area in enumerate(areas)}
    groups = []
    for group_code, members in groupby(rows, key=itemgetter("group_code")):
        lines = list(members)
        # `members` reads: Name (code), Name (code); names may hold brackets and commas of their own, codes neither.
        codes = re.findall(r"\(([^()]+)\)(?:,|$)", lines[-1]["members"])
        groups.append(
            {
                "code": group_code,
                "name": lines[0]["group_name"],
                "members": [place[code] for code in codes if code in place],
                "rows": {
                    "/".join((line["ranking_level"], line["measure"], line["basis"], line["period"])): [
                        line["numerator"],
                        line["denominator"],
                        compact(line["rate_per_1000"]),
                        compact(line["lower_95"], 3),
                        compact(line["upper_95"], 3),
                        line["reliability_flag"],
                        line["rank_highest_first"],
                        line["areas_ranked"],
                        line["rank_interval_lower"],
                        line["rank_interval_upper"],
                        1 if line["reveals_small_number"] else 0,
                    ]
                    for line in lines
                },
            }
        )
    example = place.get(EXAMPLE_AREA)

    def order(group):
        members = group["members"]
        return len(members) < 2, example not in members, len(members), group["name"]

    return sorted(groups, key=order)


def methods(marts, measures):
    """The methods page: what is published for which year, how the printed rates fare, the exceptions."""
    names = {measure["measure"]: measure["name"] for measure in measures}
    cells = marts.rows(
        """
        select
            rates.basis, rates.measure, rates.period_end_year,
            sum(case when rates.status = 'ok' then 1 else 0 end) as published,
            sum(case when rates.status = 'suppressed' then 1 else 0 end) as suppressed,
            sum(case when rates.status not in ('ok', 'suppressed') then 1 else 0 end) as absent
        from marts.fct_rates as rates
        inner join marts.dim_area as areas using (area_code)
        where areas.is_lower_tier or areas.is_upper_tier
        group by rates.basis, rates.measure, rates.period_end_year
        """
    )
    years = sorted({cell[2] for cell in cells})
    years = list(range(years[0], years[-1] + 1)) if years else []
    held = {(basis, measure, year): counts for basis, measure, year, *counts in cells}
    coverage = [
        {
            "basis": BASES[basis],
            "measure": names[measure],
            "cells": [held.get((basis, measure, year)) for year in years],
        }
        for basis in BASES
        for measure in names
        if any((basis, measure, year) in held for year in years)
    ]
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
        "years": years,
        "coverage": coverage,
        "checks": checks,
        "checked": sum(checks.values()),
        "exceptions": exceptions,
        "unexplained": marts.rows(
            "select count(*) from marts.fct_published_rate_checks where outcome = 'differs' and not is_known_exception"
        )[0][0],
        "statuses": STATUSES,
    }


def area_choice(groups):
    """Which of an area's groups its page shows first: infant mortality by single years where there is any."""
    shown = [group for group in groups if "r" in group]
    for measure in ("infant", PERINATAL, "perinatal", "neonatal"):
        for basis in ("registration", "occurrence"):
            found = _group(shown, measure, basis)
            if found:
                return found
    return (shown or groups or [None])[0]


def kind(area):
    """What kind of area it is, in words."""
    return AREA_LEVELS.get(area["level"], area["level"].replace("_", " ").capitalize())


def area_lines(group):
    """The first table of an area's page, as text: one line a period (the script adds England, rank and the rest)."""
    lines = _beside(group, None)
    for line in lines:
        line["period"] = period(line["period"])
    return lines


def levels_of(groups):
    """The ranking levels in which an area is ranked, in order."""
    return [level for level in RANKING_LEVELS if any(level in group.get("k", {}) for group in groups)]


__all__ = [
    "area_choice",
    "area_lines",
    "century",
    "choices",
    "claims",
    "combined",
    "deprivation",
    "kind",
    "levels_of",
    "methods",
    "percent",
    "solutions",
    "start",
]
