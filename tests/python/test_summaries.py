"""Every area summary is of a known form, fits on a card, and says only what its row says."""

import re

import pytest

NAME = r"[^{}]+?"
PER_1000 = r", (?P<rate>\d+\.\d) per 1,000 \(95 % interval (?P<lower>\d+\.\d) to (?P<upper>\d+\.\d)\)\."
TOO_FEW = r": too few (?:births )?to compare .+ with .+ or to rank it\."
OUTCOME = r"[a-z ]+"
COUNT = (
    rf"(?:(?P<deaths>none|[\d,]+) of (?P<births>[\d,]+) bab(?:y|ies) {OUTCOME}"
    rf"|(?P<deaths_beside>no|[\d,]+) bab(?:y|ies) {OUTCOME}, against (?P<births_beside>[\d,]+) live births)"
)
VERDICT = (
    r"(?: That is (?P<verdict>very likely higher than|very likely lower than|not clearly different from) "
    r"(?P<benchmark>[A-Z][\w ,]*?)'s? rate \((?P<benchmark_rate>\d+\.\d)\)\.)?"
)
RANK = (
    r"(?: Its rank (?:could be (?P<first>\d+)\w\w to (?P<last>\d+)\w\w (?P<end>highest|lowest)"
    r"|is very likely (?:the|\d+\w\w) (?:highest|lowest)) of (?P<areas>\d+)\.)?"
)
POOLED = (
    r"(?: In (?P<years>[\w ,]+) together (?P<observed>no|[\d,]+) bab(?:y|ies) [a-z ]+, "
    r"where (?P<expected>[\d,.]+) would be expected\.)?"
)
TREND = (
    r"(?: The rate (?:rose|fell)(?: over the five years to \d{4}"
    r"| by \d+\.\d % a year from \d{4} to \d{4}(?:, until \d{4} with the areas that became it)?)\."
    r"| From \d{4} to \d{4} the rate (?:hardly changed|(?:rose|fell) by \d+\.\d % a year), then to \d{4} it "
    r"(?:hardly changed|(?:rose|fell) by \d+\.\d % a year)(?:, until \d{4} with the areas that became it)?\.)?"
)
FORM = re.compile(
    rf"{NAME}, (?:deaths registered in )?\d{{4}}: {COUNT}(?:{PER_1000}|{TOO_FEW}|\.){VERDICT}{RANK}{POOLED}{TREND}"
)
WITHOUT_RATE = re.compile(
    r"[^{}]+, (?:deaths registered in )?\d{4}: (?:"
    r"the (?:count|figures) behind the [a-z0-9, ]+ w(?:as|ere) not published[a-z, ]*, so there is no rate\.|"
    r"(?:no |[\d,]+ )bab(?:y|ies) [a-z ]+\. The births were not published, so there is no rate"
    r"(?:\.| here; ONS printed \d+\.\d per 1,000\.)|"
    r"no births were recorded, so there is no [a-z0-9, ]+\.|"
    r"the figures supplied for the [a-z0-9, ]+ cannot be right, so no rate is given\.)"
)
VERDICTS = {
    "very likely higher than": "higher",
    "very likely lower than": "lower",
    "not clearly different from": "similar",
}
# What no summary may say, and why.
FAULTS = {
    "the power of another test": r"by a test|would be found",
    "p or q": r"\b[pq] (?:=|below|above)",
    "the rest of the benchmark, which the verdict does not ask about": r"the rest of",
    "a trend without its years": r"since \d{4}|over the last five years",
    "a text that is absent": r"[{}]|  | ,|\(\)|NULL|None",
}


@pytest.fixture(scope="module")
def summaries(built_database):
    """All rows of fct_area_summaries, as dictionaries."""
    rows = built_database.execute("select * from marts.fct_area_summaries").df()
    rows = rows.astype(object).where(rows.notna(), None)
    assert len(rows) > 4000
    return rows.to_dict("records")


def number(words: str) -> float:
    """A number as a sentence writes it."""
    return 0 if words in ("no", "none") else float(words.replace(",", ""))


def test_every_summary_fits_on_a_card(summaries):
    lengths = [len(row["summary"].split()) for row in summaries]
    assert max(lengths) <= 45 and max(lengths) >= 40


def test_no_summary_has_a_known_fault(summaries):
    found = {
        fault: [row["summary"] for row in summaries if re.search(sign, row["summary"])]
        for fault, sign in FAULTS.items()
    }
    assert not any(found.values()), {fault: texts[:3] for fault, texts in found.items() if texts}


def half_up(value: float) -> float:
    """The value to one decimal place, half up, with room for the last digits of a double."""
    return int(value * 10 + 0.5 + 1e-9) / 10


def test_every_number_of_a_summary_is_that_of_its_column(summaries):
    """And each sentence stands only where its column gives it cause."""
    told = dict.fromkeys(["rate", "verdict", "first", "observed"], 0)
    for row in summaries:
        text = row["summary"]
        if row["status"] != "ok":
            assert WITHOUT_RATE.fullmatch(text), text
            continue
        found = FORM.fullmatch(text)
        assert found, text
        said = found.groupdict()
        for name in told:
            told[name] += said[name] is not None
        assert number(said["deaths"] or said["deaths_beside"]) == row["numerator"], text
        assert number(said["births"] or said["births_beside"]) == row["denominator"], text
        too_few = row["verdict"] == "similar" and row["numerator"] < 10
        assert (said["rate"] is not None) == (row["numerator"] >= 3 and not too_few), text
        assert (" too few " in text) == too_few, text
        if said["rate"]:
            assert said["rate"] == row["rate_display"], text
            for side in ("lower", "upper"):
                assert float(said[side]) == pytest.approx(half_up(row[f"{side}_95"]), abs=1e-9), text
        assert VERDICTS.get(said["verdict"]) == (None if too_few else row["verdict"]), text
        if said["verdict"]:
            assert float(said["benchmark_rate"]) == pytest.approx(half_up(row["benchmark_rate_per_1000"]), abs=1e-9), (
                text
            )
        if said["first"]:
            ends = [row["rank_lower_95"], row["rank_upper_95"]]
            if said["end"] == "lowest":
                ends = [row["areas_ranked"] + 1 - end for end in reversed(ends)]
            assert [int(said["first"]), int(said["last"]), int(said["areas"])] == [*ends, row["areas_ranked"]], text
        if said["observed"]:
            assert said["years"] == row["pooled_period"] and number(said["observed"]) == row["pooled_deaths"], text
            places = 1 if "." in said["expected"] else 0
            assert abs(number(said["expected"]) - row["pooled_expected_deaths"]) <= 0.5 / 10**places + 1e-9, text
    assert told["rate"] > 1000 and told["verdict"] > 1000 and told["first"] > 20 and told["observed"] > 1000, told


def test_no_rank_is_told_that_could_be_anywhere(summaries):
    """Where the range spans half the list, or ONS shows no rate."""
    for row in summaries:
        if "Its rank" in row["summary"]:
            assert row["numerator"] >= 3
            assert 2 * (row["rank_upper_95"] - row["rank_lower_95"] + 1) < row["areas_ranked"]


def test_pooled_deaths_are_those_of_persistence(built_database):
    """Of more than one year of one basis, and of the years that are named."""
    wrong, rows = built_database.execute(
        """
        select
            count(*) filter (
                where summaries.pooled_deaths <> persistence.observed_deaths
                    or summaries.pooled_expected_deaths <> persistence.expected_deaths
                    or persistence.years_present < 2
                    or not contains(summaries.pooled_period, cast(persistence.first_year as varchar))
                    or not contains(summaries.pooled_period, cast(persistence.last_year as varchar))
            ),
            count(*)
        from marts.fct_area_summaries as summaries
        inner join marts.fct_persistence as persistence using (area_code, measure, basis, ranking_level)
        where summaries.pooled_deaths is not null
        """
    ).fetchone()
    assert wrong == 0 and rows > 2000


def test_deaths_that_are_no_part_of_the_births_are_set_against_them(built_database):
    rows = built_database.execute(
        """
        select measures.numerator_lies_within_denominator, summaries.summary
        from marts.fct_area_summaries as summaries inner join marts.dim_measure as measures using (measure)
        where summaries.status = 'ok'
        """
    ).fetchall()
    assert len({is_part for is_part, _ in rows}) == 2
    for is_part, summary in rows:
        assert (", against " in summary) != is_part, summary


def test_no_summary_opens_with_a_year_before_the_area_stood(built_database):
    (early,) = built_database.execute(
        """
        select count(*)
        from marts.fct_area_summaries as summaries
        inner join marts.fct_rates as rates using (area_code, measure, basis, period)
        where rates.is_like_for_like
        """
    ).fetchone()
    assert early == 0


def test_a_percentage_a_year_is_told_only_of_a_clear_trend(built_database):
    """Of trends with a percentage the series has deaths, lies on its line, and has a p-value below 0.002."""
    fewest, highest, bent, rows = built_database.execute(
        """
        select
            min(trends.trend_deaths), max(trends.trend_p_value),
            count(*) filter (where trends.trend_shape <> 'straight'),
            count(*)
        from marts.fct_area_summaries as summaries
        inner join marts.fct_trends as trends
            on summaries.area_code = trends.area_code and summaries.measure = trends.measure
            and summaries.basis = trends.basis and summaries.period = trends.last_period
        where contains(summaries.summary, '% a year from')
        """
    ).fetchone()
    assert fewest >= 5 and highest < 0.002 and bent == 0 and rows > 10


KNOWN = {
    "E08000034": (
        "Kirklees, 2022: 36 of 4,702 babies died before their first birthday, 7.7 per 1,000 (95 % interval "
        "5.4 to 10.6). That is very likely higher than England's rate (3.9). In 2018, 2020 and 2022 together "
        "88 babies died, where 54 would be expected."
    ),
    "E06000017": (
        "Rutland, 2022: 3 of 274 babies died before their first birthday: too few to compare Rutland with "
        "England or to rank it. In 2018, 2020 and 2022 together 5 babies died, where 3.3 would be expected."
    ),
    "E12000007": (
        "London, 2022: 347 of 106,696 babies died before their first birthday, 3.3 per 1,000 (95 % interval "
        "2.9 to 3.6). That is very likely lower than England's rate (3.9). In 2018, 2020 and 2022 together "
        "1,101 babies died, where 1,272 would be expected."
    ),
}


def test_summaries_of_known_areas(summaries):
    """Large and small, high and low."""
    found = {row["area_code"]: row["summary"] for row in summaries if row["measure"] == "infant"}
    assert {area: found[area] for area in KNOWN} == KNOWN
