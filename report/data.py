"""The rows that pages carry: read from the marts once, grouped and written small.

Each function returns plain lists and dicts ready for JSON. Values are the marts' own; doubles are cut to four decimals.
"""

from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from report.formats import RANKING_LEVELS, compact, number, slugs

ENGLAND = "E92000001"
ENGLAND_AND_WALES = "K04000001"
VERDICT_LETTERS = {"lower": "l", "similar": "s", "higher": "h"}
POSITION_LETTERS = {"within": "w", "high_95": "h", "high_99_8": "H", "low_95": "l", "low_99_8": "L"}


def measures(marts):
    """The measures in the project's order: dicts of measure, name, numerator and denominator definition."""
    return marts.records(
        "select measure, measure_name as name, numerator_definition, denominator_definition "
        "from marts.dim_measure order by display_order, measure"
    )


def areas(marts):
    """The areas that have a figure at all, by name: dicts as dim_area has them, with `slug`, the page's file name.

    Tenths of areas by deprivation are left out: they are the deprivation page's.
    """
    found = marts.records(
        """
        select
            area_code as code, area_name as name, area_level as level, is_lower_tier, is_upper_tier,
            region_code
        from marts.dim_area
        where area_level <> 'deprivation_decile'
            and (
                area_code in (select area_code from marts.fct_rates where status in ('ok', 'suppressed', 'no_births'))
                or area_code in (select area_code from marts.fct_rolling_rates where status = 'ok')
            )
        order by area_name, area_code
        """
    )
    names = slugs(sorted(area["code"] for area in found))
    for area in found:
        area["slug"] = names[area["code"]]
    return found


RATES = """
    select
        area_code, measure, basis, years_in_period, period, period_start_year, period_end_year,
        numerator, denominator, rate_per_1000, lower_95, upper_95, rate_display, reliability_flag, status
    from marts.fct_rates
    union all
    select
        area_code, measure, basis, years_in_period, period, period_start_year, period_end_year,
        numerator, denominator, rate_per_1000, lower_95, upper_95, rate_display, reliability_flag, status
    from marts.fct_rolling_rates
    where is_complete and status <> 'missing'
"""


def rate_groups(marts):
    """For every area code its list of groups: one per measure, basis and number of years, each a dict of columns.

    A group in which nothing was published is left out; the methods page lists what is absent.

    Keys: m, b, w (measure, basis, years in a period); p periods, n numerators, d denominators, r rates, l and u the
    95 % limits, f the reliability flags (see letters); s what is shown where it is not the rate to one decimal, and
    t the statuses that are not `ok`, both by place (see sparse).
    """
    rows = marts.rows(
        f"""
        with rates as ({RATES})
        select rates.*
        from rates
        inner join marts.dim_measure using (measure)
        order by area_code, display_order, basis desc, years_in_period, period_start_year
        """
    )
    by_area = {}
    for area_code, area_rows in groupby(rows, key=itemgetter(0)):
        groups = []
        for (measure, basis, width), members in groupby(area_rows, key=itemgetter(1, 2, 3)):
            lines = list(members)
            group = {
                "m": measure,
                "b": basis,
                "w": width,
                "p": [line[4] for line in lines],
                "n": [line[7] for line in lines],
                "d": [line[8] for line in lines],
                "r": [compact(line[9]) for line in lines],
                "l": [compact(line[10], 3) for line in lines],
                "u": [compact(line[11], 3) for line in lines],
                "s": marks([line[12] for line in lines], [line[9] for line in lines]),
                "f": letters(line[13] for line in lines),
                "t": sparse([None if line[14] == "ok" else line[14] for line in lines]),
            }
            if any(line[9] is not None or line[14] == "suppressed" for line in lines):
                groups.append({key: column for key, column in group.items() if not _is_empty(column)})
        by_area[area_code] = groups
    return by_area


def letters(values, code=None):
    """A column of one-letter values as one string, a hyphen for none; `code` turns longer values into letters."""
    return "".join((code or {}).get(value, value) or "-" for value in values)


def sparse(column):
    """The values of a column that are not None, by their place."""
    return {place: value for place, value in enumerate(column) if value is not None}


def marks(displays, rates):
    """What the mart shows of each rate, by place, where that is anything but the page's own text for the rate."""
    return sparse(
        [
            display if rate is None or display != number(compact(rate), 1).replace(",", "") else None
            for display, rate in zip(displays, rates, strict=True)
        ]
    )


def shown(group, place):
    """The text of a group's rate at `place`: the mart's mark, or the rate to one decimal."""
    mark = group.get("s", {}).get(place)
    return mark if mark is not None else number(group["r"][place], 1) if "r" in group else ":"


def _is_empty(column):
    """Whether a column says nothing."""
    if isinstance(column, str):
        return not column.strip("-")
    return isinstance(column, (list, dict)) and all(value is None for value in column)


RANKED = """
    select
        rankings.ranking_level, rankings.measure, rankings.basis, rankings.period, rankings.area_code,
        rankings.years_in_period, rankings.period_start_year, rankings.numerator, rankings.denominator,
        rankings.rate_per_1000, rankings.status, rates.lower_95, rates.upper_95, rates.rate_display,
        rates.reliability_flag, rankings.rank_highest_first, rankings.areas_ranked, rankings.rank_interval_lower,
        rankings.rank_interval_upper, rankings.probability_worst_tenth, comparisons.verdict,
        comparisons.exact_p_value, comparisons.fdr_q_value, funnel.position_exact, funnel.position_adjusted,
        stabilised.stabilised_rate_per_1000, stabilised.stabilised_lower_95, stabilised.stabilised_upper_95
    from marts.fct_rankings as rankings
    left join rates using (area_code, measure, basis, period)
    left join marts.fct_england_comparisons as comparisons using (area_code, period, measure, basis, ranking_level)
    left join marts.fct_funnel_points as funnel using (area_code, period, measure, basis, ranking_level)
    left join marts.fct_stabilised_rates as stabilised using (area_code, period, measure, basis, ranking_level)
"""


def ranked_rows(marts):
    """Every ranked and unranked row with all that is said of it, one dict each, in the order pages show them."""
    return marts.records(
        f"""
        with rates as ({RATES})
        {RANKED}
        order by
            rankings.ranking_level, rankings.measure, rankings.basis, rankings.years_in_period,
            rankings.period_start_year, rankings.rank_highest_first nulls last, rankings.area_code
        """
    )


def area_rankings(ranked):
    """From ranked_rows: area code to (measure, basis, period) to ranking level to the row."""
    found = defaultdict(lambda: defaultdict(dict))
    for row in ranked:
        found[row["area_code"]][row["measure"], row["basis"], row["period"]][row["ranking_level"]] = row
    return found


def add_rankings(groups, rankings):
    """Put ranks beside the rates of one area's groups, in place: `k`, ranking level to columns as long as `p`.

    Columns: k rank, i and j rank interval, v verdict letters, f funnel letters; of the last ranked period alone: w
    chance of the worst tenth, e exact p, q false discovery rate. The number of areas ranked is the same for all
    areas and stands in the shared reference.
    """
    for group in groups:
        levels = {}
        for level in RANKING_LEVELS:
            rows = [rankings.get((group["m"], group["b"], period), {}).get(level) for period in group["p"]]
            if not any(rows):
                continue
            last = next((row for row in reversed(rows) if row and row["rank_highest_first"] is not None), None)
            columns = {
                "k": [row and row["rank_highest_first"] for row in rows],
                "i": [row and row["rank_interval_lower"] for row in rows],
                "j": [row and row["rank_interval_upper"] for row in rows],
                "v": letters((row and row["verdict"] for row in rows), VERDICT_LETTERS),
                "f": letters((row and row["position_exact"] for row in rows), POSITION_LETTERS),
                "w": last and compact(last["probability_worst_tenth"], 3),
                "e": last and significant(last["exact_p_value"]),
                "q": last and significant(last["fdr_q_value"]),
            }
            levels[level] = {
                key: column for key, column in columns.items() if column is not None and not _is_empty(column)
            }
        if levels:
            group["k"] = levels


def areas_ranked(ranked):
    """How many areas each ranking has: `level/measure/basis/period` to the number."""
    return {
        "/".join((row["ranking_level"], row["measure"], row["basis"], row["period"])): row["areas_ranked"]
        for row in ranked
        if row["rank_highest_first"] is not None
    }


def significant(value):
    """A p-value with three significant digits; None stays None."""
    return None if value is None else float(f"{value:.3g}")


def level_files(marts, ranked, place):
    """The rankings' and the funnel's data: (level, measure, basis) to a dict of periods.

    `place` is the area code's place in the list of areas. Each period has columns as long as its number of areas, in
    rank order, `o`, the areas ranked, and `lim`, the funnel's limits (see _curves).
    """
    by_ranking = itemgetter("ranking_level", "measure", "basis", "period")
    limits = {ranking: _curves(list(points)) for ranking, points in groupby(funnel_limits(marts), key=by_ranking)}
    files = {}
    for key, rows in groupby(ranked, key=itemgetter("ranking_level", "measure", "basis")):
        periods = {}
        for period, members in groupby(rows, key=itemgetter("period")):
            lines = [line for line in members if line["area_code"] in place]
            columns = {
                "a": [place[line["area_code"]] for line in lines],
                "n": [line["numerator"] for line in lines],
                "d": [line["denominator"] for line in lines],
                "r": [compact(line["rate_per_1000"]) for line in lines],
                "s": marks([line["rate_display"] for line in lines], [line["rate_per_1000"] for line in lines]),
                "l": [compact(line["lower_95"], 3) for line in lines],
                "u": [compact(line["upper_95"], 3) for line in lines],
                "t": sparse([None if line["status"] == "ok" else line["status"] for line in lines]),
                "k": [line["rank_highest_first"] for line in lines],
                "i": [line["rank_interval_lower"] for line in lines],
                "j": [line["rank_interval_upper"] for line in lines],
                "w": [compact(line["probability_worst_tenth"], 3) for line in lines],
                "v": letters((line["verdict"] for line in lines), VERDICT_LETTERS),
                "f": letters((line["position_exact"] for line in lines), POSITION_LETTERS),
                "g": letters((line["position_adjusted"] for line in lines), POSITION_LETTERS),
                "y": letters(line["reliability_flag"] for line in lines),
                "z": [compact(line["stabilised_rate_per_1000"], 3) for line in lines],
                "zl": [compact(line["stabilised_lower_95"], 3) for line in lines],
                "zu": [compact(line["stabilised_upper_95"], 3) for line in lines],
            }
            found = {name: column for name, column in columns.items() if not _is_empty(column)}
            found["o"] = max((line["areas_ranked"] or 0 for line in lines), default=0)
            if (*key, period) in limits:
                found["lim"] = limits[*key, period]
            periods[period] = found
        files[key] = periods
    return files


LIMITS = {"l": "lower_95", "h": "upper_95", "ll": "lower_99_8", "hh": "upper_99_8"}
VARIANTS = ("exact", "adjusted")


def funnel_limits(marts):
    """The funnel's limits on their grid of births, one dict a point: `exact_lower_95` ... `adjusted_upper_99_8`."""
    columns = ", ".join(f"{variant}_{limit}" for variant in VARIANTS for limit in LIMITS.values())
    return marts.records(
        f"""
        select
            ranking_level, measure, basis, period, births, target_rate_per_1000, overdispersion_phi, tau_squared,
            {columns}
        from marts.fct_funnel_limits
        order by ranking_level, measure, basis, period, births
        """
    )


def _curves(points):
    """The limits of one ranking as columns: births, then each variant's four limits, beside target, phi and tau
    squared."""
    curves = {
        "target": compact(points[0]["target_rate_per_1000"]),
        "phi": compact(points[0]["overdispersion_phi"], 3),
        "tau2": significant(points[0]["tau_squared"]),
        "b": [point["births"] for point in points],
    }
    for variant in VARIANTS:
        curves[variant] = {
            short: [compact(point[f"{variant}_{limit}"], 2) for point in points] for short, limit in LIMITS.items()
        }
    return curves


def by_area(records):
    """Records with an `area_code`, as a dict from the code to its records."""
    found = defaultdict(list)
    for record in records:
        found[record["area_code"]].append(record)
    return found


def summaries(marts):
    """Area code to measure to its plain sentence, with the period and basis it speaks of."""
    found = defaultdict(dict)
    for row in marts.records("select area_code, measure, period, basis, summary from marts.fct_area_summaries"):
        found[row["area_code"]][row["measure"]] = row
    return found


def trends(marts):
    """The latest trend of each area, measure and basis, by area code."""
    return by_area(
        marts.records(
            """
            select area_code, measure, basis, last_period, recent_trend, annual_percent_change, trend_p_value, reason
            from (
                select
                    *,
                    row_number() over (
                        partition by area_code, measure, basis order by last_period desc nulls last
                    ) as place
                from marts.fct_trends
            )
            where place = 1
            order by area_code, measure, basis
            """
        )
    )


def persistence(marts):
    """How often an area lay above England, by area code; levels at which the same is said share one row (`levels`)."""
    return by_area(
        marts.records(
            """
            select
                area_code, measure, basis, string_agg(ranking_level, ' ' order by ranking_level) as levels,
                years_present, years_above_england, chance_probability, smr, smr_lower_99_8, smr_upper_99_8
            from marts.fct_persistence
            group by
                area_code, measure, basis, years_present, years_above_england, chance_probability, smr, smr_lower_99_8,
                smr_upper_99_8
            order by area_code, measure, basis, levels
            """
        )
    )
