"""Every area summary has all its clauses, and none says more than the numbers bear."""

import csv
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

OPENING = r"[^{}]+, \d{4}(?: \(by year of registration\))?: "
INTERVAL = r"95 % interval \d+\.\d to \d+\.\d"
YEARS = r"(?:\d{4} to \d{4}(?: with gaps)?|\d{4}(?:, \d{4})*)"
COUNTED = r"(?:no |[\d,]+ )[a-z ]+ (?:among|for) [\d,]+ [a-z ]+"
FEWER_THAN_THREE = COUNTED + rf" \({INTERVAL} per 1,000\); for fewer than three deaths ONS shows no rate\."
RATE = COUNTED + rf", a rate of \d+\.\d per 1,000 \({INTERVAL}(?:; few deaths, so of low reliability)?\)\."
ORDINAL = r"\d+(?:st|nd|rd|th)"
RANK = (
    rf"ranks (?:joint )?(?:{ORDINAL} )?(highest|lowest) of \d+ [A-Za-z -]+ "
    r"\((?:allowing for chance, it could lie anywhere in that list|a place that allowing for chance does not change|"
    rf"allowing for chance, anywhere from {ORDINAL} to {ORDINAL} \1)\)"
)
BENCHMARK = (
    r"is (?:clearly (?:higher|lower) than in the rest of [A-Z][A-Za-z ]+ \(\d+\.\d\)|"
    r"not clearly different from the rest of [A-Z][A-Za-z ]+ \(\d+\.\d; by a test at 5 %, a rate 30 % higher would be "
    r"found in (?:about one year in \d+|about \d years in ten|nearly every year)\))"
)
TREND = (
    r"(?:has (?:risen|fallen) over the five years \d{4} to \d{4} \(recent-trend rule at 99\.8 %\)|"
    r"shows no clear rise or fall over the five years \d{4} to \d{4} \(recent-trend rule at 99\.8 %\)|"
    rf"has (?:risen|fallen) by about \d+\.\d % a year over \d+ years \({YEARS}; p below 0\.002\)|"
    rf"leans towards a (?:rise|fall) over \d+ years \({YEARS}; p between 0\.002 and 0\.05\)|"
    rf"shows no clear rise or fall over \d+ years \({YEARS}; p above 0\.05\)|"
    r"has too few years or deaths behind it to show a trend)"
)
LONG_TREND = rf"(?:; over \d+ years \({YEARS}\) it has (?:risen|fallen) by about \d+\.\d % a year \(p below 0\.002\))?"
LIKE_FOR_LIKE = r"(?:; until \d{4} the areas that became it are counted together)?"
WITHOUT_RATE = (
    r"(?:the (?:count|figures) behind the [a-z0-9, ]+ w(?:as|ere) not published[a-z, ]*, so there is no rate\.|"
    r"(?:no |[\d,]+ )[a-z ]+; the number of [a-z ]+ was not published, so the [a-z0-9, ]+ cannot be worked out"
    r"(?:\.| here\. ONS printed \d+\.\d per 1,000\.)|"
    r"no births were recorded, so the [a-z0-9, ]+ cannot be worked out\.|"
    r"the figures supplied for the [a-z0-9, ]+ cannot be right, so no rate is given\.)"
)

# What no sentence may say, and why.
FAULTS = {
    "a place or a trend where no rate is shown": r"fewer than three deaths.*(?:rank|ris|fall)|too few for a rate",
    "a trend without its years": r"since \d{4}|over the last five years",
    "directions mixed": r"lowest of [^;]*highest\)|highest of [^;]*lowest\)",
    "the whole benchmark where the rest of it was tested": r"England's|Wales's|Scotland's|Northern Ireland's",
    "the figures, where only the births were not published": r": the figures were not published",
    "a league table of those with figures": r"with figures",
    "a text that is absent": r"[{}]|  | ,|\(\)|NULL",
}


def pattern_of(is_ok: bool, numerator: int | None, is_ranked: bool, is_compared: bool) -> str:
    """The whole summary of an area with so much known of it."""
    if not is_ok:
        return OPENING + WITHOUT_RATE
    if numerator < 3:
        return OPENING + FEWER_THAN_THREE
    findings = [RANK] * is_ranked + [BENCHMARK] * is_compared
    return (
        OPENING
        + RATE
        + " The rate "
        + " and ".join(findings)
        + ("; it " if findings else "")
        + TREND
        + LONG_TREND
        + LIKE_FOR_LIKE
        + r"\."
    )


def test_every_summary_has_every_clause_that_its_row_calls_for(built_database):
    rows = built_database.execute(
        """
        select
            summaries.summary, summaries.status = 'ok', rates.numerator, rankings.rank_highest_first is not null,
            rankings.verdict is not null
        from marts.fct_area_summaries as summaries
        inner join marts.fct_rates as rates using (area_code, measure, basis, period)
        left join marts.fct_rankings as rankings using (area_code, measure, basis, period, ranking_level)
        """
    ).fetchall()
    assert len(rows) > 4000
    assert {(row[1], *row[3:]) for row in rows} >= {(True, True, True), (True, False, False), (False, False, False)}
    for summary, *known in rows:
        assert re.fullmatch(pattern_of(*known), summary), (summary, known)


def test_no_summary_says_what_the_numbers_do_not_bear(built_database):
    summaries = [row[0] for row in built_database.execute("select summary from marts.fct_area_summaries").fetchall()]
    found = {fault: [text for text in summaries if re.search(sign, text)] for fault, sign in FAULTS.items()}
    assert not any(found.values()), {fault: texts[:3] for fault, texts in found.items() if texts}


def test_deaths_that_are_no_part_of_the_births_do_not_stand_among_them(built_database):
    rows = built_database.execute(
        """
        select measures.numerator_lies_within_denominator, summaries.summary
        from marts.fct_area_summaries as summaries inner join marts.dim_measure as measures using (measure)
        where summaries.status = 'ok'
        """
    ).fetchall()
    assert len({is_part for is_part, _ in rows}) == 2
    for is_part, summary in rows:
        assert bool(re.search(r" among [\d,]+ ", summary)) == is_part, summary
        assert bool(re.search(r" for [\d,]+ ", summary)) != is_part, summary


def test_a_trend_over_years_before_a_merger_says_so(built_database):
    """And no summary opens with a year in which the area did not yet stand."""
    told, opening_before = built_database.execute(
        """
        select
            count(*) filter (
                where summaries.summary like '%; until 2018 the areas that became it are counted together.'
            ),
            count(*) filter (where rates.is_like_for_like)
        from marts.fct_area_summaries as summaries
        inner join marts.fct_rates as rates using (area_code, measure, basis, period)
        """
    ).fetchone()
    assert told > 5 and opening_before == 0


def test_no_percentage_is_told_of_a_series_without_deaths(built_database):
    """Of trends with a percentage the series has deaths, and its p-value is below 0.002."""
    told = built_database.execute(
        """
        select min(trends.trend_deaths), max(trends.trend_p_value), count(*)
        from marts.fct_area_summaries as summaries
        inner join marts.fct_trends as trends
            on summaries.area_code = trends.area_code and summaries.measure = trends.measure
            and summaries.basis = trends.basis and summaries.period = trends.last_period
        where summaries.summary like '%\\% a year%' escape '\\'
        """
    ).fetchone()
    assert told[0] >= 5 and told[1] < 0.002 and told[2] > 50


def test_every_measure_has_words_of_its_own():
    with (PROJECT / "seeds/reference/measures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = [row[name] for name in ("deaths_in_words_singular", "deaths_in_words_plural", "births_in_words")]
            assert all(words), row["measure"]
