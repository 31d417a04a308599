"""Every area summary has all its clauses: a text that were absent would silence one, and leave a gap."""

import csv
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

OPENING = r"[^{}]+, \d{4}(?: \(by year of registration\))?: "
COUNT = (
    r"(?:no |[\d,]+ )[a-z ]+ among [\d,]+ [a-z ]+"
    r"(?:\.|, too few for a reliable rate\.|, a rate of \d+\.\d per 1,000 \(95 % interval \d+\.\d to \d+\.\d"
    r"(?:; few deaths, so of low reliability)?\)\.)"
)
RANK = (
    r"ranks (?:joint )?(?:\d+(?:st|nd|rd|th) )?(?:highest|lowest) of \d+ [A-Za-z -]+ "
    r"\((?:allowing for chance, it could lie anywhere in that list|a place that allowing for chance does not change|"
    r"allowing for chance, anywhere from \d+(?:st|nd|rd|th) to \d+(?:st|nd|rd|th) highest)\)"
)
BENCHMARK = (
    r"is (?:clearly higher than|clearly lower than|not clearly different from) [A-Z][A-Za-z ]+'s (?:\d+\.\d|\[x\])"
)
TREND = (
    r"(?:has (?:risen|fallen) over the last five years|shows no clear rise or fall over the last five years|"
    r"has (?:risen|fallen) by about \d+\.\d % a year since \d{4}|shows no clear rise or fall since \d{4}|"
    r"has too few years or deaths behind it to show a trend)\."
)
WITHOUT_RATE = r"[a-z][a-z ,]+, so (?:there is no rate|no rate is given)\."


def pattern_of(is_ok: bool, is_ranked: bool, is_compared: bool) -> str:
    """The whole summary of an area with so much known of it."""
    if not is_ok:
        return OPENING + WITHOUT_RATE
    findings = [RANK] * is_ranked + [BENCHMARK] * is_compared
    return OPENING + COUNT + " The rate " + ", ".join(findings) + (", and " if findings else "") + TREND


def test_every_summary_has_every_clause_that_its_row_calls_for(built_database):
    rows = built_database.execute(
        """
        select
            summaries.summary, summaries.status = 'ok', rankings.rank_highest_first is not null,
            rankings.verdict is not null
        from marts.fct_area_summaries as summaries
        left join marts.fct_rankings as rankings using (area_code, measure, basis, period, ranking_level)
        """
    ).fetchall()
    assert len(rows) > 4000
    assert {row[1:] for row in rows} >= {(True, True, True), (True, False, False), (False, False, False)}
    for summary, *known in rows:
        assert re.fullmatch(pattern_of(*known), summary), (summary, known)


def test_every_measure_has_words_of_its_own():
    with (PROJECT / "seeds/reference/measures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = [row[name] for name in ("deaths_in_words_singular", "deaths_in_words_plural", "births_in_words")]
            assert all(words), row["measure"]
