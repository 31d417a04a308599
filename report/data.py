"""The rows that pages carry: read from the marts once, and written as columns that bear the marts' own names.

The functions that read give records, dicts from a mart's column to its value; `columnar` turns records into what the
pages' scripts read.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, groupby
from operator import itemgetter

from report.database import columns
from report.formats import CHANCES, WORDS, chance, compact, slugs

RANKING = ("ranking_level", "measure", "basis")
# What is the same for all areas of a ranking, and the name of the file that holds what is not.
RANKING_COLUMNS = (
    *RANKING,
    "period",
    "years_in_period",
    "areas_ranked",
    "areas_in_level",
    "benchmark_rate_per_1000",
    "is_compared",
    "target_per_1000",
    "overdispersion_phi",
    "overdispersion_phi_rescaled",
    "map",
    "file",
)


# To how many decimals a column is cut, by a part of its name.
PLACES = {
    "deaths": 2,
    "_over_": 3,
    "_index": 3,
    "_ratio": 3,
    "lower": 2,
    "upper": 2,
    "percent_change": 2,
    "rate_per_1000": 3,
    "probability": 3,
    "_km": 0,
    "score": 2,
}
# Of the ratios in fct_detectability those that area pages tell of.
RATIOS_TOLD = (1.5, 2.0)


@dataclass(frozen=True)
class Figures:
    """What the pages show of the marts, read once; the functions of the same names say what each holds."""

    measures: list
    ranking_levels: list
    rates: dict
    areas: dict
    rankings: dict
    ranked_in: dict
    funnel_limits: dict
    trends: dict
    persistence: dict
    detectability: dict
    forecasts: dict
    comparisons: dict
    pairs: dict
    changes: dict
    summaries: dict
    lineage: dict

    @cached_property
    def known(self):
        """The codes that every page knows from the dimensions, by the name of the columns that hold them."""
        return {
            "area_code": list(self.areas),
            "compared_area_code": list(self.areas),
            "measure": [measure["measure"] for measure in self.measures],
            "ranking_level": [level["ranking_level"] for level in self.ranking_levels],
            "basis": list(WORDS["basis"]),
        }


def select(records, **wanted):
    """Those of `records` that have all the `wanted` values in the columns named."""
    return [record for record in records if all(record[column] == value for column, value in wanted.items())]


def distinct(records, column):
    """The values of a column, each once, in the order of the records."""
    return list(dict.fromkeys(record[column] for record in records))


def by_area(records):
    """Area code to its records, in their order."""
    found = defaultdict(list)
    for record in records:
        found[record["area_code"]].append(record)
    return found


def columnar(records, names, places=None, known=()):
    """Records as columns: each of the `names` to the list of its values, one a record.

    A column whose values repeat is written as its distinct values (`of`) and each record's place among them (`at`), or
    as its runs (`runs`: a value, how many times, the next value, and so on), or where each is one letter as one text
    (`letters`), whichever is shortest. `known` has lists
    that the reader of the columns has too: values of a column that bears the name of one are written as their places
    in it, with `in` beside them. Doubles are cut to the decimals of PLACES, else to four, or all of them to `places`;
    what pages show of them is not changed by it (formats.compact). A column without any value is None.
    """
    table = {}
    for name in names:
        decimals = places or next((places for part, places in PLACES.items() if part in name), 4)
        values = [record[name] for record in records]
        if values and all(value is None for value in values):
            table[name] = None
            continue
        kind = next((type(value) for value in values if value is not None), None)
        if kind is float:
            values = [compact(value, decimals) for value in values]
        written = [values, _repeating(values), _runs(values)]
        if kind is str and all(value is not None and len(value) == 1 for value in values):
            written.append(_letters(values))
        order = {value: place for place, value in enumerate(known[name])} if name in known else {}
        if order and all(value in order for value in values):
            in_list = [order[value] for value in values]
            written += [{"in": name, "at": in_list}, {"in": name, **_runs(in_list)}]
        table[name] = min(written, key=lambda one: len(json.dumps(one)))
    return table


def _letters(values):
    """Values of one letter each as one text."""
    return {"letters": "".join(values)}


def _repeating(values):
    """Values as the distinct ones and each one's place among them."""
    once = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return {"of": list(once), "at": [once[value] for value in values]}


def _runs(values):
    """Values as a value, how many times it stands, the next value, and so on."""
    return {"runs": [part for value, run in groupby(values) for part in (value, len(list(run)))]}


def measures(marts):
    """The measures in the project's order."""
    return marts.records(f"select {columns('dim_measure')} from marts.dim_measure order by display_order, measure")


def ranking_levels(marts):
    """The levels in which any area is ranked, in the project's order, each with the name of its benchmark."""
    return marts.records(
        f"""
        select
            {columns("dim_ranking_level")},
            coalesce(benchmarks.area_name, dim_ranking_level.benchmark_area_code) as benchmark_area_name
        from marts.dim_ranking_level
        left join marts.dim_area as benchmarks on dim_ranking_level.benchmark_area_code = benchmarks.area_code
        where ranking_level in (select ranking_level from marts.fct_rankings where rank_highest_first is not null)
        order by display_order, ranking_level
        """
    )


def areas(marts):
    """The areas that have a page, by name: code to the area's record of dim_area.

    Beside the mart's columns each has `compared_area_code`, the area whose rates stand beside its own: its benchmark,
    or else the country that it lies in; and `page`, its page's file name. Areas without any figure have no page, nor
    have tenths of areas by deprivation, which are the deprivation page's.
    """
    found = marts.records(
        f"""
        select
            {columns("dim_area")},
            coalesce(benchmark_area_code, nullif(country_code, area_code)) as compared_area_code
        from marts.dim_area
        where deprivation_decile is null
            and (
                area_code in (select area_code from marts.fct_rates where status in ('ok', 'suppressed', 'no_births'))
                or area_code in (select area_code from marts.fct_rolling_rates where status = 'ok')
            )
        order by area_name, area_code
        """
    )
    names = slugs(sorted(area["area_code"] for area in found))
    return {area["area_code"]: {**area, "page": f"{names[area['area_code']]}.html"} for area in found}


def rates(marts):
    """Area code to its rates by year and by complete window, in the order of measures, ways of dating and periods.

    Periods in which nothing was published stand beside the others; where a measure was never published for an area, by
    that dating and length of period, there are no records.
    """
    return by_area(
        marts.records(
            f"""
            with rates as (
                select {columns("fct_rates")} from marts.fct_rates
                union all
                select {columns("fct_rates", "fct_rolling_rates")} from marts.fct_rolling_rates where is_complete
            ),
            published as (
                select distinct area_code, measure, basis, years_in_period
                from rates
                where rate_per_1000 is not null or status = 'suppressed'
            )
            select rates.*
            from rates
            inner join published using (area_code, measure, basis, years_in_period)
            inner join marts.dim_measure using (measure)
            order by area_code, display_order, basis desc, years_in_period, period
            """
        )
    )


def rankings(marts):
    """(ranking level, measure, basis) to the records of fct_rankings, by period and rank; those without a rank last."""
    records = marts.records(
        f"""
        select {columns("fct_rankings")}
        from marts.fct_rankings
        inner join marts.dim_ranking_level using (ranking_level)
        inner join marts.dim_measure using (measure)
        order by
            dim_ranking_level.display_order, ranking_level, dim_measure.display_order, basis desc, years_in_period,
            period, rank_highest_first nulls last, area_code
        """
    )
    return {key: list(members) for key, members in groupby(records, key=itemgetter(*RANKING))}


def ranked_in(ranked):
    """Area code to the levels in which it has any rank, in their order; `ranked` is `rankings`."""
    found = defaultdict(dict)
    for (level, _, _), records in ranked.items():
        for record in records:
            if record["rank_highest_first"] is not None:
                found[record["area_code"]][level] = True
    return {code: list(levels) for code, levels in found.items()}


def funnel_limits(marts):
    """(ranking level, measure, basis) to the records of fct_funnel_limits, by period and births."""
    records = marts.records(
        f"""
        select {columns("fct_funnel_limits")} from marts.fct_funnel_limits
        order by ranking_level, measure, basis, period, births
        """
    )
    return {key: list(members) for key, members in groupby(records, key=itemgetter(*RANKING))}


def ranking_files(figures):
    """(ranking level, measure, basis) to the name of the data file that holds its rankings, where anybody is ranked."""
    levels = slugs(level["ranking_level"] for level in figures.ranking_levels)
    return {
        (level, measure, basis): f"rankings/{levels[level]}--{measure}--{basis}"
        for (level, measure, basis), records in figures.rankings.items()
        if any(record["rank_highest_first"] is not None for record in records)
    }


def list_of_rankings(figures, files, maps):
    """One record for each ranking in which any area has a rank, with the columns of RANKING_COLUMNS.

    `files` is `ranking_files`, `maps` a Maps. `is_compared` says whether any area is compared with the benchmark.
    """
    found = []
    for key, file in files.items():
        funnels = {limit["period"]: limit for limit in figures.funnel_limits.get(key, ())}
        for period, members in groupby(figures.rankings[key], key=itemgetter("period")):
            lines = list(members)
            first = lines[0]
            if first["rank_highest_first"] is None:
                continue
            compared = [line["benchmark_rate_per_1000"] for line in lines if line["verdict"] is not None]
            funnel = funnels.get(period, {})
            found.append(
                {
                    **{column: first[column] for column in (*RANKING, "period", "years_in_period")},
                    "areas_ranked": first["areas_ranked"],
                    "areas_in_level": first["areas_in_level"],
                    "benchmark_rate_per_1000": compared[0] if compared else None,
                    "is_compared": bool(compared),
                    "target_per_1000": funnel.get("target_per_1000"),
                    "overdispersion_phi": funnel.get("overdispersion_phi"),
                    "overdispersion_phi_rescaled": funnel.get("overdispersion_phi_rescaled"),
                    "map": maps.showing(first["ranking_level"], [line["area_code"] for line in lines]),
                    "file": file,
                }
            )
    return found


def trends(marts):
    """The latest trend of each area, measure and basis, by area code."""
    return by_area(
        marts.records(
            f"""
            select {columns("fct_trends")}
            from marts.fct_trends
            qualify row_number() over (partition by area_code, measure, basis order by last_period desc nulls last) = 1
            order by area_code, measure, basis
            """
        )
    )


def persistence(marts):
    """How often each area lay above the benchmark, by area code.

    An area in two levels with the same benchmark has the same figures in both: they are read once, of the level that
    comes first.
    """
    return by_area(
        marts.records(
            f"""
            select {columns("fct_persistence")}
            from marts.fct_persistence
            inner join marts.dim_ranking_level using (ranking_level)
            qualify row_number() over (
                partition by area_code, measure, basis, dim_ranking_level.benchmark_area_code
                order by dim_ranking_level.display_order, ranking_level
            ) = 1
            order by area_code, measure, basis, ranking_level
            """
        )
    )


def detectability(marts):
    """The chance that the verdict would name each area, for the ratios of RATIOS_TOLD, by area code.

    Where no count is known that would be enough, areas hardly differ or are few: nothing is told.
    """
    return by_area(
        marts.records(
            f"""
            select {columns("fct_detectability")}
            from marts.fct_detectability
            where rate_ratio in {RATIOS_TOLD} and fewest_deaths_of_verdict is not null
            order by area_code, measure, basis, ranking_level, rate_ratio
            """
        )
    )


def forecasts(marts):
    """The latest year that each area has a range of deaths to expect for, by area code."""
    return by_area(
        marts.records(
            f"""
            select {columns("fct_forecasts")}
            from marts.fct_forecasts
            qualify row_number() over (
                partition by area_code, measure, basis, ranking_level order by forecast_year desc nulls last
            ) = 1
            order by area_code, measure, basis, ranking_level
            """
        )
    )


def comparisons(marts):
    """The areas that each is compared with, by area code, in the order in which they are shown.

    The score of the other area is told beside areas alike in it, and read there alone. `chance` is the probability as
    one of formats.CHANCES.
    """
    records = marts.records(
        f"""
        with comparisons as (
            select
                * replace (
                    case when kind = 'alike' then compared_deprivation_score end as compared_deprivation_score
                )
            from marts.fct_area_comparisons
        )
        select {columns("fct_area_comparisons", "comparisons")}, rank
        from comparisons
        order by area_code, ranking_level, measure, kind, rank
        """
    )
    return by_area({**record, "chance": chance(record["probability_higher"])} for record in records)


# Pairs of all areas of a longer level would be a large part of the site.
MOST_AREAS_PAIRED = 200


def pairs(marts):
    """(ranking level, measure) to `areas`, the codes of the areas ranked in the newest single year, and `chances`.

    `chances` has a character of formats.CHANCES for each two of them, in the order of the first and then of the second:
    the chance that the first has the higher underlying rate. Of levels with more areas than MOST_AREAS_PAIRED only the
    pairs in fct_area_comparisons are there; for the others stands the last character and, as a character, how many
    follow.
    """
    found = defaultdict(dict)
    for level, measure, period, basis, first, second, probability in marts.rows(
        f"""
        with newest as (
            select ranking_level, measure, max((period, basis)) as latest
            from marts.fct_rankings
            where years_in_period = 1 and rank_highest_first is not null
            group by ranking_level, measure
        ),
        ranked as (
            select rankings.*
            from marts.fct_rankings as rankings
            inner join newest using (ranking_level, measure)
            where newest.latest = (period, basis) and posterior_shape is not null
        ),
        chances as (
            select
                own.ranking_level, own.measure, own.period, own.basis, own.area_code,
                beside.area_code as compared_area_code,
                marts.probability_above(
                    own.posterior_shape, own.posterior_rate, beside.posterior_shape, beside.posterior_rate
                ) as probability_higher
            from ranked as own
            inner join ranked as beside using (ranking_level, measure)
            left join marts.fct_area_comparisons as compared
                on own.ranking_level = compared.ranking_level and own.measure = compared.measure
                and own.area_code = compared.area_code and beside.area_code = compared.compared_area_code
            where own.area_code < beside.area_code
                and (own.areas_ranked <= {MOST_AREAS_PAIRED} or compared.area_code is not null)
        )
        select distinct * from chances
        """
    ):
        found[level, measure, period, basis][first, second] = chance(probability)
    made = {}
    for (level, measure, period, basis), chances in found.items():
        codes = sorted({code for pair in chances for code in pair})
        text = "".join(chances.get(pair, CHANCES[-1]) for pair in combinations(codes, 2))
        made[level, measure] = {
            "period": period,
            "basis": basis,
            "areas": codes,
            "chances": re.sub(
                f"{CHANCES[-1]}{{1,{len(CHANCES)}}}", lambda run: CHANCES[-1] + CHANCES[len(run[0]) - 1], text
            ),
        }
    return made


def changes(marts):
    """Of each area, measure, dating and length of period the latest change between two periods, by area code."""
    return by_area(
        marts.records(
            f"""
            select {columns("fct_rate_changes")}
            from marts.fct_rate_changes
            where difference_per_1000 is not null and years_in_period in (1, 3)
            qualify row_number() over (
                partition by area_code, measure, basis, years_in_period order by right(to_period, 4) desc
            ) = 1
            order by area_code, measure, basis, years_in_period desc
            """
        )
    )


def summaries(marts):
    """The plain sentence on each area and measure, by area code."""
    return by_area(
        marts.records(
            f"select {columns('fct_area_summaries')} from marts.fct_area_summaries order by area_code, measure"
        )
    )


def lineage(marts):
    """Area code to the codes of the areas that came after it."""
    found = defaultdict(list)
    for before, after in marts.rows("select predecessor_code, successor_code from marts.dim_area_lineage order by all"):
        found[before].append(after)
    return found


def read(marts):
    """All the figures that pages show; areas without any are left out, also as what others stand beside."""
    held, ranked = rates(marts), rankings(marts)
    with_page = {code: area for code, area in areas(marts).items() if code in held}
    for area in with_page.values():
        for column in ("compared_area_code", "region_code"):
            area[column] = area[column] if area[column] in with_page else None
    return Figures(
        measures=measures(marts),
        ranking_levels=ranking_levels(marts),
        rates=held,
        areas=with_page,
        rankings=ranked,
        ranked_in=ranked_in(ranked),
        funnel_limits=funnel_limits(marts),
        trends=trends(marts),
        persistence=persistence(marts),
        detectability=detectability(marts),
        forecasts=forecasts(marts),
        comparisons=comparisons(marts),
        pairs=pairs(marts),
        changes=changes(marts),
        summaries=summaries(marts),
        lineage=lineage(marts),
    )
