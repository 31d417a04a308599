"""Every verdict worked out a second time, from the seeds alone.

Fractions, scipy and statsmodels stand in for the models and their macros.
"""

import itertools
import math
import re
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache

import duckdb
import numpy as np
import pytest
import statsmodels.api as statsmodels
from commands import run_python
from scipy.stats import binom, gamma, poisson
from seeds_read import seed_rows
from sql_macros import render_macro
from test_stat_posteriors import COEFFICIENTS, posteriors, spread

from tests.records import records

KIRKLEES, ENGLAND, ENGLAND_AND_WALES = "E08000034", "E92000001", "K04000001"


class Counts:
    """Printed counts from the seeds of one kind of publication: ``counts(area, year, item)``, None where absent.

    A dash in print is a count of 0.
    """

    def __init__(self, *names: str, publication: str = ""):
        self._counts = {
            (row["area_code"], int(row["data_year"]), row["item"]): int(row["count_value"] or 0)
            for name in names
            for row in seed_rows(f"ons/{name}.csv")
            if (row["count_value"] or row["count_mark"] == "-") and publication in row["publication"]
        }

    def __call__(self, area: str, year: int, item: str) -> int | None:
        return self._counts.get((area, year, item))

    def total(self, area: str, years, items) -> int | None:
        """The sum over years and items; None where one is absent."""
        parts = [self(area, year, item) for year in years for item in items]
        return None if None in parts else sum(parts)

    def areas(self) -> set[str]:
        return {area for area, _, _ in self._counts}


REGISTERED = Counts("deaths_registered_by_area", "live_births_by_area")
REGISTERED_TO_2017 = Counts("deaths_registered_by_area", "live_births_by_area", "live_births_2017_second_hand")
DECILES = Counts("child_mortality_by_deprivation_decile", publication="child_mortality_2022")
NATIONAL = Counts("child_mortality_england_and_wales", publication="child_mortality_2022")
BIRTHS = ["live_births"]
ALL_BIRTHS = ["live_births", "stillbirths"]
STILLBIRTHS_AND_NEONATAL = ["stillbirths", "neonatal_deaths"]


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half away from zero, exactly."""
    units = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    return Fraction(units if value >= 0 else -units, 10**decimals)


def fits(value: Fraction | None, printed: str) -> bool | None:
    decimals = len(printed.partition(".")[2])
    return None if value is None else rounded(value, decimals) == Fraction(printed)


def rate(counts: Counts, area: str, years, deaths, births) -> Fraction | None:
    numerator, denominator = counts.total(area, years, deaths), counts.total(area, years, births)
    return None if None in (numerator, denominator) else Fraction(1000 * numerator, denominator)


def infant(counts: Counts, area: str, years) -> Fraction | None:
    return rate(counts, area, years, ["infant_deaths"], BIRTHS)


def stillbirth_and_neonatal(area: str, year: int, births=ALL_BIRTHS) -> Fraction | None:
    return rate(DECILES, area, [year], STILLBIRTHS_AND_NEONATAL, births)


def figure_verdict(printed: str, needed: list[Fraction | None], others: list[Fraction | None] = ()) -> str:
    """Reproduced where a reading fits; contradicted only where every needed reading is at hand and none fits."""
    if any(fits(value, printed) for value in [*needed, *others]):
        return "reproduced"
    return "not_checkable" if None in needed else "contradicted"


def judged(agrees: bool, probability: float) -> tuple[str, str]:
    certainty = "beyond_chance" if probability < 0.05 else "within_chance"
    if agrees:
        return "consistent", certainty
    return ("contradicted" if probability < 0.05 else "not_checkable"), certainty


def tail(count: int, total: int, share: float) -> float:
    """Chance of a binomial count at least as far out on its own side of the mean."""
    return binom.sf(count - 1, total, share) if count >= total * share else binom.cdf(count, total, share)


def two_sided(count: int, total: int, share: float) -> float:
    """Twice the smaller tail of a binomial count, at most 1."""
    return min(1, 2 * tail(count, total, share))


def two_sided_poisson(count: int, mean: float) -> float:
    return min(1, 2 * (poisson.sf(count - 1, mean) if count >= mean else poisson.cdf(count, mean)))


UPPER_TIER = [row["area_code"] for row in seed_rows("areas/areas.csv") if row["is_upper_tier"] == "true"]


def sum_of(parts) -> int | None:
    """The sum; None where one is absent."""
    parts = list(parts)
    return None if None in parts else sum(parts)


def upper_tier_counts(years, item: str) -> dict[str, tuple[int, int]]:
    """Deaths and live births of every upper-tier area that has both; of two published as one, added."""
    found = {}
    for area in UPPER_TIER:
        deaths = [
            REGISTERED(area, year, item)
            if REGISTERED(area, year, item) is not None
            else sum_of(REGISTERED(part, year, item) for part in area.split("+"))
            for year in years
        ]
        births = REGISTERED.total(area, years, BIRTHS)
        if births is not None and None not in deaths:
            found[area] = sum(deaths), births
    return found


def told_from_england(years) -> int:
    """Upper-tier areas very likely above or below England by infant deaths: a probability of 0.95."""
    deaths, births = (REGISTERED.total(ENGLAND, years, items) for items in (["infant_deaths"], BIRTHS))
    counts = np.array(list(upper_tier_counts(years, "infant_deaths").values()), dtype=float).T
    shape, rate = posteriors(*counts, *spread(*counts))
    above = gamma.sf(deaths / births * rate, shape)
    return int(((above >= 0.95) | (above <= 0.05)).sum())


def byar_width(deaths: int, births: int) -> float:
    """Width of the 95 % interval of a rate per 1,000 from ten deaths or more."""
    z = 1.959963984540054
    lower = deaths * (1 - 1 / (9 * deaths) - z / (3 * math.sqrt(deaths))) ** 3
    more = deaths + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return 1000 * (upper - lower) / births


def commissioning_group_verdict() -> tuple[str, str]:
    assert not any(area.startswith("E38") for counts in (REGISTERED, DECILES, NATIONAL) for area in counts.areas())
    return "not_checkable", "unknown"


def england_change() -> tuple[str, str]:
    earlier, later = (stillbirth_and_neonatal(ENGLAND, year) for year in (2013, 2014))
    between_rounded = 100 * (rounded(later, 1) / rounded(earlier, 1) - 1)
    assert not fits(100 * (later / earlier - 1), "-2.74")
    return figure_verdict("-2.74", [100 * (later / earlier - 1), between_rounded]), "exact"


def poverty_gradient() -> tuple[str, str]:
    tenths = [f"{ENGLAND}_IMD_{tenth:02d}" for tenth in range(1, 11)]
    years = range(2010, 2015)
    highest = sum(max(tenths, key=lambda tenth: stillbirth_and_neonatal(tenth, year)) == tenths[0] for year in years)
    deaths = [DECILES.total(tenth, years, STILLBIRTHS_AND_NEONATAL) for tenth in tenths]
    births = [DECILES.total(tenth, years, ALL_BIRTHS) for tenth in tenths]
    share = births[0] / sum(births)
    return judged(highest > 2 and deaths[0] > sum(deaths) * share, tail(deaths[0], sum(deaths), share))


def above_england() -> tuple[str, str]:
    chance_of_years = [1.0]
    above = 0
    years = range(2010, 2018)
    for year in years:
        births = REGISTERED_TO_2017(KIRKLEES, year, "live_births")
        # Births have no basis of their own: those of England in 2017 stand in the tables by occurrence alone.
        england_births = REGISTERED(ENGLAND, year, "live_births") or DECILES(ENGLAND, year, "live_births")
        england = Fraction(1000 * REGISTERED(ENGLAND, year, "infant_deaths"), england_births)
        above += infant(REGISTERED_TO_2017, KIRKLEES, [year]) > england
        expected = england * births / 1000
        chance = poisson.sf(math.floor(expected), float(expected))
        chance_of_years = [
            (chance_of_years[k] if k < len(chance_of_years) else 0) * (1 - chance)
            + (chance_of_years[k - 1] * chance if k > 0 else 0)
            for k in range(len(chance_of_years) + 1)
        ]
    assert 2 * above > len(years)
    return judged(True, sum(chance_of_years[above:]))


def gaps() -> tuple[bool, float]:
    """Whether the gap between Kirklees and England narrowed, and the chance of so large a change of the ratio."""
    periods = [range(2010, 2013), range(2013, 2016)]
    area = [infant(REGISTERED, KIRKLEES, years) for years in periods]
    england = [infant(REGISTERED, ENGLAND, years) for years in periods]
    deaths = [REGISTERED.total(KIRKLEES, years, ["infant_deaths"]) for years in periods]
    expected = [float(e * REGISTERED.total(KIRKLEES, years, BIRTHS)) for e, years in zip(england, periods, strict=True)]
    narrower = area[1] - england[1] < area[0] - england[0]
    return narrower, two_sided(deaths[1], sum(deaths), expected[1] / sum(expected))


def unusual_2014() -> tuple[str, str]:
    years = range(2010, 2017)
    deaths = {year: REGISTERED(KIRKLEES, year, "perinatal_deaths") for year in years}
    births = {year: REGISTERED(KIRKLEES, year, "live_births") for year in years}
    others = Fraction(sum(deaths.values()) - deaths[2014], sum(births.values()) - births[2014])
    share = births[2014] / sum(births.values())
    probability = min(1, len(years) * two_sided(deaths[2014], sum(deaths.values()), share))
    return judged(Fraction(deaths[2014], births[2014]) > others, probability)


def nine_year_rate() -> tuple[str, str]:
    years = [year for year in range(2007, 2016) if infant(REGISTERED, KIRKLEES, [year])]
    windows = [infant(REGISTERED, KIRKLEES, range(year, year + 3)) for year in range(2007, 2014)]
    windows = [window for window in windows if window is not None]
    if 2 * len(years) < 9 or not windows:
        return "not_checkable", "unknown"
    if not all(fits(window, "5") for window in windows):
        return "contradicted", "exact"
    return ("reproduced", "exact") if len(years) == 9 else ("consistent", "unknown")


def decrease_overall() -> tuple[str, str]:
    years = [year for year in range(2000, 2016) if REGISTERED(KIRKLEES, year, "infant_deaths") is not None]
    return ("not_checkable", "unknown") if 2 * len(years) < 16 else ("consistent", "within_chance")


PAIRS = [(range(first, first + 3), year) for first in range(2010, 2014) for year in range(first, first + 3)]


def pooling() -> tuple[str, str]:
    more = [told_from_england(window) > told_from_england([year]) for window, year in PAIRS]
    return ("consistent" if all(more) else "contradicted" if not any(more) else "not_checkable"), "exact"


def england_figure(printed: str, year: int) -> tuple[str, str]:
    readings = [stillbirth_and_neonatal(ENGLAND, year, births) for births in (ALL_BIRTHS, BIRTHS)]
    return figure_verdict(printed, readings[:1], readings[1:]), "exact"


def count_figure(printed: str, *counts: int | None) -> tuple[str, str]:
    return figure_verdict(printed, [None if count is None else Fraction(count) for count in counts]), "exact"


def infant_rate(printed: str, area: str, years, occurred: Counts) -> tuple[str, str]:
    readings = [infant(counts, area, years) for counts in (REGISTERED, occurred)]
    verdict = figure_verdict(printed, readings)
    return verdict, "unknown" if verdict == "not_checkable" else "exact"


def national_deaths(printed: str, year: int) -> tuple[str, str]:
    return count_figure(
        printed,
        REGISTERED(ENGLAND_AND_WALES, year, "infant_deaths"),
        NATIONAL(ENGLAND_AND_WALES, year, "infant_deaths"),
    )


CLAIMS_OF_GROUPS = (
    *("north_kirklees_rate_2014", "north_kirklees_highest_2014", "huddersfield_rate_2014"),
    *(f"kirklees_combined_{what}" for what in ("seventh_2014", "rate_2013", "change_2013_2014", "more_than_a_third")),
)
WORKED_OUT = {
    **dict.fromkeys(CLAIMS_OF_GROUPS, commissioning_group_verdict),
    "england_deaths_2014": lambda: count_figure("4726", DECILES.total(ENGLAND, [2014], STILLBIRTHS_AND_NEONATAL)),
    "england_births_2014": lambda: count_figure("661501", DECILES(ENGLAND, 2014, "live_births")),
    "england_rate_2014": lambda: england_figure("7.1", 2014),
    "england_rate_2013": lambda: england_figure("7.3", 2013),
    "england_change_2013_2014": england_change,
    "poverty_gradient": poverty_gradient,
    "kirklees_above_england_for_years": above_england,
    "kirklees_gap_narrowed": lambda: judged(*gaps()),
    "kirklees_2014_unusual": unusual_2014,
    "kirklees_nine_year_rate": nine_year_rate,
    "kirklees_decrease_overall": decrease_overall,
    "low_numbers_need_three_years": pooling,
    "england_and_wales_infant_deaths_2014": lambda: national_deaths("2517", 2014),
    "england_and_wales_infant_deaths_2013": lambda: national_deaths("2686", 2013),
    "england_and_wales_infant_deaths_1984": lambda: national_deaths("6037", 1984),
    "england_and_wales_infant_rate_2014": lambda: infant_rate("3.6", ENGLAND_AND_WALES, [2014], NATIONAL),
    "england_and_wales_infant_rate_2013": lambda: infant_rate("3.8", ENGLAND_AND_WALES, [2013], NATIONAL),
    "england_infant_rate_2011_2013": lambda: infant_rate("4.0", ENGLAND, range(2011, 2014), DECILES),
    "yorkshire_and_the_humber_infant_rate_2011_2013": lambda: infant_rate(
        "4.3", "E12000003", range(2011, 2014), DECILES
    ),
    "wakefield_infant_rate_2011_2013": lambda: infant_rate("4.9", "E08000036", range(2011, 2014), DECILES),
}


@pytest.fixture(scope="module")
def claims(built_database) -> dict[str, dict]:
    return {row["claim_code"]: row for row in records(built_database, "from marts.fct_claim_checks")}


def test_every_claim_is_worked_out_here(claims):
    assert set(claims) == set(WORKED_OUT) == {row["claim_code"] for row in seed_rows("published/published_figures.csv")}


@pytest.mark.parametrize("claim_code", WORKED_OUT)
def test_verdict_is_the_one_worked_out_from_the_seeds(claims, claim_code):
    claim = claims[claim_code]
    assert (claim["verdict"], claim["certainty"]) == WORKED_OUT[claim_code]()


@pytest.mark.parametrize(
    ("claim_code", "value"),
    [
        ("england_rate_2014", lambda: stillbirth_and_neonatal(ENGLAND, 2014)),
        ("england_rate_2013", lambda: stillbirth_and_neonatal(ENGLAND, 2013)),
        ("england_change_2013_2014", lambda: 100 * (Fraction(71, 73) - 1)),
        ("kirklees_nine_year_rate", lambda: infant(REGISTERED, KIRKLEES, range(2010, 2016))),
        ("england_infant_rate_2011_2013", lambda: infant(DECILES, ENGLAND, range(2011, 2014))),
        ("wakefield_infant_rate_2011_2013", lambda: infant(REGISTERED, "E08000036", range(2011, 2014))),
    ],
)
def test_recomputed_values(claims, claim_code, value):
    assert claims[claim_code]["recomputed_value"] == pytest.approx(float(value()), rel=1e-14)


def test_trend_of_kirklees_is_that_of_a_poisson_regression(claims):
    years = list(range(2010, 2016))
    fitted = statsmodels.GLM(
        [REGISTERED(KIRKLEES, year, "infant_deaths") for year in years],
        statsmodels.add_constant([year - 2010 for year in years]),
        family=statsmodels.families.Poisson(),
        exposure=[REGISTERED(KIRKLEES, year, "live_births") for year in years],
    ).fit(tol=1e-14)
    change = 100 * math.expm1(fitted.params[1])
    assert claims["kirklees_decrease_overall"]["recomputed_value"] == pytest.approx(change, rel=1e-8)


def test_figures_that_are_not_what_their_words_define(claims):
    other = {code for code, claim in claims.items() if claim["is_as_worded"] is False}
    assert other == {"england_deaths_2014", "england_births_2014", "england_change_2013_2014"}


def test_tolerance_is_the_interval_of_the_printed_digits(claims):
    for claim in claims.values():
        if claim["relation"] == "equals":
            half = Fraction(1, 2 * 10 ** claim["decimals"])
            printed = Fraction(claim["published_value"])
            assert claim["tolerance_lower"] == pytest.approx(float(printed - half), rel=1e-15)
            assert claim["tolerance_upper"] == pytest.approx(float(printed + half), rel=1e-15)
            if claim["verdict"] == "reproduced":
                assert claim["tolerance_lower"] <= claim["recomputed_value"] <= claim["tolerance_upper"]


def with_limits(column: str) -> tuple[str, str, str]:
    """A column and those of its limits."""
    return column, f"{column}_lower_95", f"{column}_upper_95"


# The columns of a published row that hold a number of the evidence, its limits and its probability.
RATE_COLUMNS = {"deaths": "numerator", "births": "denominator", "rate": "rate_per_1000"}
PERSISTENCE = {
    "years_at_hand": ("years_present",),
    "first_year": ("first_year",),
    "last_year": ("last_year",),
    "deaths": ("observed_deaths",),
    "expected_deaths": ("expected_deaths",),
    "ratio": with_limits("observed_over_expected"),
}
COLUMNS = {
    "fct_rankings": {
        "rank": ("rank_highest_first", "rank_lower_95", "rank_upper_95"),
        "areas_ranked": ("areas_ranked",),
        "rate_of_benchmark": ("benchmark_rate_per_1000", None, None, "exact_p_value"),
    },
    "fct_persistence": {
        **PERSISTENCE,
        **{f"later_{code}": columns for code, columns in PERSISTENCE.items()},
        "recomputed_value": ("years_above_benchmark", None, None, "chance_probability"),
        "later_years_above": ("years_above_benchmark",),
        "excess_deaths": with_limits("excess_deaths"),
    },
    "fct_detectability": {
        "ratio_asked": ("rate_ratio",),
        "power_one_year": ("power_one_year",),
        "years_for_80_percent_power": ("years_for_80_percent_power",),
    },
    "fct_trends": {
        "recomputed_value": (*with_limits("annual_percent_change"), "trend_p_value"),
        "years_in_trend": ("years_in_trend",),
        "first_year": ("trend_first_year",),
        "last_year": ("last_period",),
        "deaths": ("trend_deaths",),
    },
}
KEYS = {
    "fct_detectability": ("area_code", "measure", "basis", "ranking_level"),
    "fct_rates": ("area_code", "period", "measure", "basis"),
    "fct_rolling_rates": ("area_code", "period", "measure", "basis"),
    "fct_rankings": ("area_code", "period", "measure", "basis", "ranking_level"),
    "fct_persistence": ("area_code", "measure", "basis", "ranking_level"),
    "fct_trends": ("area_code", "period as last_period", "measure", "basis"),
}


@pytest.fixture(scope="module")
def evidence(built_database) -> list[dict]:
    return records(built_database, "select * from marts.fct_claim_evidence order by claim_code, line")


def columns_of(line: dict, statistic: str) -> tuple[str | None, ...]:
    """The columns that must hold a line's value, limits and probability."""
    if line["source_table"] in COLUMNS:
        return (*COLUMNS[line["source_table"]][line["value_code"]], None, None, None)[:4]
    counted = {"numerator": "deaths", "denominator": "births"}.get(statistic, "rate")
    kind = counted if line["value_code"] == "recomputed_value" else line["value_code"].rpartition("_")[2]
    column = RATE_COLUMNS[kind]
    return (column, "lower_95", "upper_95", None) if kind == "rate" else (column, None, None, None)


def test_every_number_of_the_evidence_stands_where_its_key_says(built_database, claims, evidence):
    """A number with the key of a published row equals that row's, as do its limits and its probability."""
    keyed = [line for line in evidence if line["source_table"] not in (None, "fct_claim_solutions")]
    assert {line["source_table"] for line in keyed} == set(KEYS)
    for line in keyed:
        key = [part.partition(" as ") for part in KEYS[line["source_table"]]]
        conditions = " and ".join(f"{column or name} = ?" for name, _, column in key)
        if line["source_table"] == "fct_detectability":
            conditions += " and rate_ratio = 1.3"
        rows = records(
            built_database,
            f"select * from marts.{line['source_table']} where {conditions}",
            *(line[name] for name, _, _ in key),
        )
        assert len(rows) == 1, line
        for told, column in zip(
            ("value", "lower_95", "upper_95", "probability"),
            columns_of(line, claims[line["claim_code"]]["statistic"]),
            strict=True,
        ):
            expected = None if column is None else float(rows[0][column])
            assert line[told] == (None if expected is None else pytest.approx(expected, rel=1e-12)), (line, column)


def test_evidence_gives_the_value_of_the_verdict(claims, evidence):
    values = {
        line["claim_code"]: line["value"]
        for line in evidence
        if line["value_code"] == "recomputed_value" and line["is_reading_used"]
    }
    assert values == {
        code: claim["recomputed_value"] for code, claim in claims.items() if claim["recomputed_value"] is not None
    }


def numbers_in(*texts: str | None) -> set[str]:
    """The numbers that texts name, as they are written there."""
    return set(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", " ".join(text for text in texts if text)))


def test_every_number_of_a_claim_is_in_its_evidence(claims, evidence):
    """What answer and explanation say is listed, or stands in the claim itself, its remark or the name of a measure."""
    remarks = {row["claim_code"]: row["remark"] for row in seed_rows("published/published_figures.csv")}
    definitions = numbers_in(
        *(row["numerator_definition"] for row in seed_rows("reference/measures.csv")), "1,000", "100"
    )
    for code, claim in claims.items():
        known = definitions | numbers_in(remarks[code], claim["claim"], claim["period"], claim["comparison_period"])
        for line in evidence:
            if line["claim_code"] == code:
                known |= numbers_in(*(str(value) for value in line.values()))
                limits = [line[name] for name in ("lower_95", "upper_95") if line[name] is not None]
                chance = [line["probability"]] if line["probability"] is not None else []
                known |= {f"{round(parts * share)}" for share in chance for parts in (100, 1000)}
                known |= {f"{limit:,.{decimals}f}" for limit in limits for decimals in range(4)}
        said = numbers_in(claim["answer"], claim["explanation"])
        assert said <= known, (code, said - known)


def test_answers_and_explanations_fit_on_a_card(claims):
    for code, claim in claims.items():
        assert 0 < len(claim["answer"].split()) <= 30, code
        assert 0 < len(claim["explanation"].split()) <= 120, code


def test_the_claims_of_the_article_are_counted_apart(claims):
    """19: 5 reproduced, 3 of them not as worded; 5 consistent; 9 not checkable."""
    own = [claim for claim in claims.values() if claim["is_from_article"]]
    assert Counter(claim["verdict"] for claim in own) == {"reproduced": 5, "consistent": 5, "not_checkable": 9}
    assert sum(claim["is_as_worded"] is False for claim in own) == 3


# What stands in texts, not in numbers; int_claim_sentences gives them.
WORDS = {
    *("area_names", "basis", "period", "comparison_period", "measure_name", "deaths_in_words", "births_in_words"),
    *("level_areas", "benchmark_name", "remark", "item_period", "assumption_name", "other_side", "both_sides"),
    *("whole_area_name", "earlier_year", "later_year", "earlier_rate_printed", "change_printed"),
    *("group_rate_printed", "other_group_rate_printed", "other_basis", "spread_areas", "compared_with"),
}


def test_every_name_in_a_sentence_is_known():
    """A name that nothing gives would silence its sentence."""
    numbers = defaultdict(set)
    for row in seed_rows("claims/claim_values.csv"):
        for ending in ("", "_lower_95", "_upper_95", "_probability"):
            numbers[row["statistic"]].add(row["value_code"] + ending)
    for row in seed_rows("wording/claim_sentences.csv"):
        names = set(re.findall(r"{(.*?)}", row["template"]))
        assert names <= WORDS | numbers[row["statistic"]], row
        assert row["template"].count("{") == row["template"].count("}") == len(re.findall(r"{\w+}", row["template"]))
    statistics = {row["claim_code"]: row["statistic"] for row in seed_rows("published/published_figures.csv")}
    for row in seed_rows("wording/claim_answers.csv"):
        known = numbers.get(statistics.get(row["claim_code"]), {"recomputed_value"})
        assert set(re.findall(r"{(.*?)}", row["template"])) <= WORDS | known, row
    for row in seed_rows("wording/assumption_texts.csv"):
        assert set(re.findall(r"{(.*?)}", row["template"])) <= WORDS | numbers["whole_number_solutions"], row


# The rules, against the same worked out in words of a program.

FINDINGS = ("is_computable", "is_complete", "is_fit", "is_agreeing", "is_possible", "is_beyond_chance")


def judged_by_rules(rules: list[dict[str, str]], findings: dict[str, bool | None]) -> tuple[str, str]:
    """Verdict and certainty of the first rule whose conditions are all met; an unknown finding meets none."""
    for rule in sorted(rules, key=lambda rule: int(rule["rule_order"])):
        if all(not rule[name] or findings[name] is (rule[name] == "true") for name in FINDINGS):
            return rule["verdict"], rule["certainty"]
    raise AssertionError(f"no rule for {findings}")


def judged_in_words(rule_set: str, computable, complete, fit, agreeing, possible, beyond) -> tuple[str, str]:
    """Verdict and certainty as METHODS would have them."""
    by_chance = "beyond_chance" if beyond else "within_chance"
    if rule_set == "figure":
        if fit:
            return "reproduced", "exact"
        return ("contradicted", "exact") if computable else ("not_checkable", "unknown")
    if not computable:
        return "not_checkable", "unknown"
    if rule_set == "rank":
        if fit:
            return "reproduced", by_chance
        if complete:
            return ("consistent", "within_chance") if agreeing else ("contradicted", "beyond_chance")
        return ("not_checkable", "unknown") if possible is not False else ("contradicted", "exact")
    if rule_set == "windows":
        if not fit:
            return "contradicted", "exact"
        return ("reproduced", "exact") if complete else ("consistent", "unknown")
    if rule_set == "every_pair":
        return "consistent" if agreeing else "not_checkable" if possible is not False else "contradicted", "exact"
    if agreeing:
        return "consistent", by_chance
    if agreeing is False and beyond:
        return "contradicted", "beyond_chance"
    return "not_checkable", "within_chance"


@pytest.mark.parametrize("rule_set", ["figure", "rank", "windows", "direction", "every_pair"])
def test_rules_judge_as_said_in_words(rule_set):
    rules = [rule for rule in seed_rows("claims/claim_rules.csv") if rule["rule_set"] == rule_set]
    assert rules
    for findings in itertools.product(
        (True, False), (True, False), (True, False), (True, False, None), *[(True, False)] * 2
    ):
        expected = judged_in_words(rule_set, *findings)
        assert judged_by_rules(rules, dict(zip(FINDINGS, findings, strict=True))) == expected, findings


def test_explanations_are_sentences_without_gaps(claims):
    for claim in claims.values():
        text = claim["explanation"]
        assert text.endswith(".") and "  " not in text and ".." not in text and "NULL" not in text, text
        assert re.match(r"[A-Z0-9]", text), text


def test_numbers_in_explanations_follow_the_tables(claims):
    assert "1,679 (does not fit)" in claims["england_deaths_2014"]["explanation"]
    assert "664,548 (does not fit)" in claims["england_births_2014"]["explanation"]
    assert "-2.65 % (does not fit)" in claims["england_change_2013_2014"]["explanation"]
    assert "rank 8 of 151" in claims["kirklees_combined_seventh_2014"]["explanation"]


# What the printed digits allow, tried out number by number.

LIVE_BIRTHS = {year: REGISTERED(KIRKLEES, year, "live_births") for year in (2013, 2014)}


def possible_stillbirths(year: int, printed_rate: str) -> list[int]:
    perinatal, neonatal = (REGISTERED(KIRKLEES, year, item) for item in ("perinatal_deaths", "neonatal_deaths"))
    return [
        count
        for count in range(perinatal - neonatal, perinatal + 1)
        if fits(Fraction(1000 * perinatal, LIVE_BIRTHS[year] + count), printed_rate)
    ]


def printed_perinatal_rate(year: int) -> str:
    (row,) = (
        row
        for row in seed_rows("ons/deaths_registered_by_area.csv")
        if (row["area_code"], row["data_year"], row["item"]) == (KIRKLEES, str(year), "perinatal_deaths")
    )
    return row["printed_rate"]


@pytest.fixture(scope="module")
def solutions(built_database) -> dict[tuple[str, str], set[tuple]]:
    found = defaultdict(set)
    for code, assumption, *numbers in built_database.execute(
        "select claim_code, assumption_code, numerator, denominator, comparison_numerator, comparison_denominator "
        "from marts.fct_claim_solutions"
    ).fetchall():
        found[code, assumption].add(tuple(numbers))
    return found


def test_solutions_of_the_combined_figures(solutions):
    stillbirths = {year: possible_stillbirths(year, printed_perinatal_rate(year)) for year in LIVE_BIRTHS}
    for assumption, added in (
        ("live_births", {year: [0] for year in LIVE_BIRTHS}),
        ("live_births_and_stillbirths", stillbirths),
    ):
        earlier = {
            (deaths, LIVE_BIRTHS[2013] + more)
            for more in added[2013]
            for deaths in range(200)
            if fits(Fraction(1000 * deaths, LIVE_BIRTHS[2013] + more), "8.0")
        }
        assert {numbers[:2] for numbers in solutions["kirklees_combined_rate_2013", assumption]} == earlier
        changes = {
            (deaths, LIVE_BIRTHS[2014] + more, before, births)
            for before, births in earlier
            for more in added[2014]
            for deaths in range(300)
            if fits(100 * (Fraction(deaths * births, (LIVE_BIRTHS[2014] + more) * before) - 1), "35.6")
        }
        assert solutions["kirklees_combined_change_2013_2014", assumption] == changes
    assert solutions["kirklees_combined_change_2013_2014", "live_births"] == {(59, 5472, 45, 5658)}
    assert not solutions["kirklees_combined_rate_2013", "live_births_and_stillbirths"]


def test_rounded_rates_cannot_give_the_printed_change(solutions):
    assert not any(fits(100 * (Fraction(tenths, 80) - 1), "35.6") for tenths in range(1000))
    assert not solutions["kirklees_combined_change_2013_2014", "live_births_and_rounded_rates"]


@pytest.mark.parametrize(
    ("assumption", "with_stillbirths"),
    [("live_births_with_published_deaths", 0), ("live_births_and_stillbirths_with_published_deaths", 1)],
)
def test_solutions_with_published_neonatal_deaths(solutions, assumption, with_stillbirths):
    neonatal = {year: REGISTERED(KIRKLEES, year, "neonatal_deaths") for year in LIVE_BIRTHS}
    expected = set()
    for before, after in itertools.product(
        *(possible_stillbirths(year, printed_perinatal_rate(year)) for year in (2013, 2014))
    ):
        numbers = (
            after + neonatal[2014],
            LIVE_BIRTHS[2014] + with_stillbirths * after,
            before + neonatal[2013],
            LIVE_BIRTHS[2013] + with_stillbirths * before,
        )
        if fits(100 * (Fraction(numbers[0] * numbers[3], numbers[1] * numbers[2]) - 1), "35.6"):
            expected.add(numbers)
    assert solutions["kirklees_combined_change_2013_2014", assumption] == expected


@cache
def fitting_deaths(printed: str, births: int) -> list[int]:
    """The deaths whose rate is printed so: the digits leave less than one beside the nearest number."""
    near = round(float(printed) * births / 1000)
    return [deaths for deaths in range(max(near - 2, 0), near + 3) if fits(Fraction(1000 * deaths, births), printed)]


def test_solutions_of_the_two_groups(solutions):
    expected = {
        (north, births, huddersfield, LIVE_BIRTHS[2014] - births)
        for births in range(1, LIVE_BIRTHS[2014])
        for north in fitting_deaths("13.2", births)
        for huddersfield in fitting_deaths("8.4", LIVE_BIRTHS[2014] - births)
    }
    both = {numbers for numbers in expected if numbers[0] + numbers[2] == 59}
    assert solutions["north_kirklees_rate_2014", "two_rates_and_live_births"] == expected
    assert solutions["north_kirklees_rate_2014", "two_rates_live_births_and_combined_deaths"] == both
    assert solutions["huddersfield_rate_2014", "two_rates_and_live_births"] == {
        (huddersfield, other, north, births) for north, births, huddersfield, other in expected
    }
    assert {numbers[0] for numbers in both} == {36}


def test_solutions_of_the_two_groups_by_the_definition_of_the_indicator(solutions):
    """Each rate per live births and stillbirths: 36 and 23 deaths would need fewer births; 35 and 24 fit."""
    expected = {
        (north, births, 59 - north, LIVE_BIRTHS[2014] + stillborn - births)
        for stillborn in possible_stillbirths(2014, printed_perinatal_rate(2014))
        for births in range(1, LIVE_BIRTHS[2014] + stillborn)
        for north in fitting_deaths("13.2", births)
        if fits(Fraction(1000 * (59 - north), LIVE_BIRTHS[2014] + stillborn - births), "8.4")
    }
    assumption = "two_rates_live_births_and_stillbirths_and_combined_deaths"
    assert solutions["north_kirklees_rate_2014", assumption] == expected
    assert {numbers[0] for numbers in expected} == {35}


def test_combined_rates_by_the_definition_of_the_indicator(evidence):
    """Deaths that fit live births alone (59 and 45, with 43 and 23 stillbirths), per live births and stillbirths."""
    earlier, later = Fraction(45_000, 5658 + 23), Fraction(59_000, 5472 + 43)
    told = {
        line["value_code"]: (line["assumption_code"], line["value"], line["value_in_words"])
        for line in evidence
        if line["claim_code"] == "kirklees_combined_change_2013_2014" and "with_stillbirths" in line["value_code"]
    }
    assumption = "live_births_with_published_deaths"
    assert told == {
        "other_rate_with_stillbirths": (assumption, pytest.approx(float(earlier), rel=1e-12), "7.92"),
        "rate_with_stillbirths": (assumption, pytest.approx(float(later), rel=1e-12), "10.70"),
        "change_with_stillbirths": (assumption, pytest.approx(float(100 * (later / earlier - 1)), rel=1e-12), "35.1"),
    }


# What the implied counts can say, from the solutions with scipy.

NORTH, HIGHEST, HUDDERSFIELD = "north_kirklees_rate_2014", "north_kirklees_highest_2014", "huddersfield_rate_2014"
CHANGE = "kirklees_combined_change_2013_2014"
GROUPS = len(seed_rows("areas/clinical_commissioning_groups.csv"))
SETS = {
    "two_rates_live_births_and_combined_deaths": BIRTHS,
    "two_rates_live_births_and_stillbirths_and_combined_deaths": ALL_BIRTHS,
}


def shape_between_areas(year: int = 2014) -> float:
    """Shape of the gamma distribution that spreads as the upper-tier perinatal rates do on average."""
    counts = np.array(list(upper_tier_counts([year], "perinatal_deaths").values()), dtype=float).T
    return 1 / (spread(*counts)[1] @ COEFFICIENTS) ** 2


@pytest.fixture(scope="module")
def implied(solutions) -> dict[str, dict]:
    """Under each set of assumptions that determines the deaths: both groups, England's rate and the prior."""
    found = {}
    for assumption, births in SETS.items():
        rows = solutions[NORTH, assumption]
        (deaths, other_deaths) = {(numbers[0], numbers[2]) for numbers in rows}.pop()
        own, other = ([numbers[place] for numbers in rows] for place in (1, 3))
        england = float(stillbirth_and_neonatal(ENGLAND, 2014, births)) / 1000
        found[assumption] = {
            NORTH: (deaths, (min(own) + max(own)) / 2),
            HUDDERSFIELD: (other_deaths, (min(other) + max(other)) / 2),
            "england": england,
            "shape": (shape_between_areas() + deaths),
            "rate": shape_between_areas() / england + (min(own) + max(own)) / 2,
        }
    return found


def any_of_groups(chance: float) -> float:
    return 1 - (1 - chance) ** GROUPS


def deaths_needed(births: float) -> int:
    """The fewest deaths whose rate prints as 13.2 or more."""
    return next(
        deaths for deaths in range(int(births)) if rounded(1000 * deaths / Fraction(births), 1) >= Fraction("13.2")
    )


def probabilities(implied: dict) -> dict[tuple, list[float]]:
    """Every probability of the evidence that stands in no other table, in the order of its lines."""
    groups = list(implied.values())
    births = [LIVE_BIRTHS[2014], LIVE_BIRTHS[2013]]
    perinatal = [REGISTERED(KIRKLEES, year, "perinatal_deaths") for year in (2014, 2013)]
    change = two_sided(perinatal[0], sum(perinatal), births[0] / sum(births))
    deciles = [f"{ENGLAND}_IMD_{tenth:02d}" for tenth in range(1, 11)]
    tenth_deaths = [DECILES.total(area, range(2010, 2015), STILLBIRTHS_AND_NEONATAL) for area in deciles]
    tenth_births = [DECILES.total(area, range(2010, 2015), ALL_BIRTHS) for area in deciles]
    steepness = tail(tenth_deaths[0], sum(tenth_deaths), tenth_births[0] / sum(tenth_births))
    all_years = [REGISTERED(KIRKLEES, year, "perinatal_deaths") for year in range(2010, 2017)]
    all_births = [REGISTERED(KIRKLEES, year, "live_births") for year in range(2010, 2017)]
    one_year = two_sided(all_years[4], sum(all_years), all_births[4] / sum(all_births))
    return {
        (NORTH, "above_benchmark"): [gamma.sf(g["england"] * g["rate"], g["shape"]) for g in groups],
        (NORTH, "highest_by_luck"): [
            any_of_groups(poisson.sf(deaths_needed(g[NORTH][1]) - 1, g["england"] * g[NORTH][1])) for g in groups
        ],
        (CHANGE, "change"): [change],
        ("kirklees_combined_more_than_a_third", "change"): [change],
        ("poverty_gradient", "one_chance"): [steepness],
        ("poverty_gradient", "recomputed_value"): [steepness],
        ("kirklees_2014_unusual", "one_chance"): [one_year],
        ("kirklees_2014_unusual", "recomputed_value"): [min(1, 7 * one_year)],
        ("kirklees_gap_narrowed", "recomputed_value"): [gaps()[1]],
    }


def test_every_probability_is_worked_out_here(evidence, implied):
    """Tails, chances and posterior probabilities; those that stand in another table are compared with it above."""
    told = defaultdict(list)
    for line in evidence:
        if line["probability"] is not None and line["source_table"] is None:
            told[line["claim_code"], line["value_code"]].append(line["probability"])
    totals = {key: told.pop(key) for key in list(told) if key[1].endswith("total_chance")}
    expected = probabilities(implied)
    assert set(told) == set(expected)
    for key, values in expected.items():
        assert told[key] == pytest.approx(values, rel=1e-9), key
    persistence = {
        line["value_code"]: line["value"]
        for line in evidence
        if line["claim_code"] == "kirklees_above_england_for_years"
    }
    for (_, code), (chance,) in totals.items():
        deaths, mean = (persistence[code.replace("total_chance", name)] for name in ("deaths", "expected_deaths"))
        assert chance == pytest.approx(poisson.sf(deaths - 1, mean), rel=1e-9)
    assert len(totals) == 2


def lines_of(evidence: list[dict], claim: str, code: str) -> list[dict]:
    return [line for line in evidence if (line["claim_code"], line["value_code"]) == (claim, code)]


def interval(line: dict) -> tuple[float, float, float]:
    return line["value"], line["lower_95"], line["upper_95"]


def test_intervals_of_the_implied_counts(evidence, implied):
    for claim in (NORTH, HUDDERSFIELD):
        for line, group in zip(lines_of(evidence, claim, "implied_rate"), implied.values(), strict=True):
            deaths, births = group[claim]
            limits = gamma.ppf(0.025, deaths), gamma.ppf(0.975, deaths + 1)
            expected = [1000 * number / births for number in (deaths, *limits)]
            assert interval(line) == pytest.approx(expected, rel=1e-9)
    for line, group in zip(lines_of(evidence, NORTH, "relative_spread"), implied.values(), strict=True):
        assert line["value"] == pytest.approx(100 / math.sqrt(group["shape"] - group[NORTH][0]), rel=1e-9)
    assert [line["value"] for line in lines_of(evidence, NORTH, "areas_in_level")] == [GROUPS, GROUPS] == [209, 209]


def test_births_in_the_middle_of_their_range_decide_nothing(solutions, implied):
    """At either end of the range the chances beside England are the same but for a fifteenth of themselves."""
    for assumption, group in implied.items():
        births = [numbers[1] for numbers in solutions[NORTH, assumption]]
        deaths, middle = group[NORTH]
        chances = [
            two_sided_poisson(deaths, number * group["england"]) for number in (min(births), middle, max(births))
        ]
        assert max(chances) / min(chances) < 1.15
        assert all(round(1000 * chance) == 1 for chance in chances)


def test_three_years_tell_more_areas_apart(claims, evidence):
    windows = [told_from_england(window) for window, _ in PAIRS]
    years = [told_from_england([year]) for _, year in PAIRS]
    told = {
        line["value_code"]: line["value"] for line in evidence if line["claim_code"] == "low_numbers_need_three_years"
    }
    assert told["areas_apart_by_window"] == pytest.approx(sum(windows) / len(PAIRS))
    assert told["areas_apart_by_year"] == pytest.approx(sum(years) / len(PAIRS))
    assert claims["low_numbers_need_three_years"]["recomputed_value"] == pytest.approx(sum(windows) / sum(years))
    windows = [byar_width(*kirklees(range(year, year + 3))) for year in range(2010, 2014)]
    assert told["mean_window_width"] == pytest.approx(sum(windows) / len(windows), rel=1e-9)


def kirklees(years) -> tuple[int, int]:
    """Infant deaths and live births of Kirklees, as registered."""
    return REGISTERED.total(KIRKLEES, years, ["infant_deaths"]), REGISTERED.total(KIRKLEES, years, BIRTHS)


def test_the_gap_says_which_way_it_went(claims):
    assert claims["kirklees_gap_narrowed"]["recomputed_display"] == "0.33 wider"
    assert "a gap of 1.20: 0.33 wider." in claims["kirklees_gap_narrowed"]["explanation"]


def test_assumptions_count_their_solutions(built_database, solutions):
    rows = built_database.execute(
        "select claim_code, assumption_code, cast(value as bigint) from marts.fct_claim_evidence "
        "where value_code = 'solutions'"
    ).fetchall()
    assert {(code, assumption): count for code, assumption, count in rows if count} == {
        key: len(found) for key, found in solutions.items() if found
    }
    texts = built_database.execute("select distinct assumptions from marts.fct_claim_solutions").fetchall()
    assert texts and all(text.startswith("Inference, not data.") for (text,) in texts)


# The formulas on their own.


def test_rounding_of_quotients_is_exact():
    cases = [(n, d) for n in (-4877, -125, -5, -1, 0, 1, 5, 7000, 6249, 99999) for d in (1, 2, 3, 8, 40, 1120, 1000000)]
    expression = render_macro("quotient_rounded_to_units", "dividend", "divisor", "decimals")
    for decimals in range(4):
        rows = duckdb.execute(
            f"select dividend, divisor, {expression} from ("
            f"select unnest(?) as dividend, unnest(?) as divisor, {decimals} as decimals)",
            [[n for n, _ in cases], [d for _, d in cases]],
        ).fetchall()
        for dividend, divisor, units in rows:
            assert Fraction(units, 10**decimals) == rounded(Fraction(dividend, divisor), decimals)


def test_tails_agree_with_scipy():
    cases = [
        (count, total, share)
        for total in (1, 2, 59, 173, 2000, 24000)
        for share in (0.001, 0.12, 0.5, 0.97)
        for count in sorted({0, 1, total // 8, total // 2, total - 1, total})
    ]
    tested = "select unnest(?) as place, unnest(?) as event_count, unnest(?) as total_count, unnest(?) as births_share"
    rows = duckdb.execute(
        f"with tested as ({tested}) select place, far_tail from ({render_macro('two_sided_tails', 'tested')})",
        [
            list(range(len(cases))),
            [float(c) for c, _, _ in cases],
            [float(t) for _, t, _ in cases],
            [s for _, _, s in cases],
        ],
    ).fetchall()
    assert len(rows) == len(cases)
    for place, probability in rows:
        assert probability == pytest.approx(tail(*cases[place]), rel=1e-9, abs=1e-290), cases[place]


def test_templates_are_filled_and_what_lacks_a_text_is_not_said():
    select = render_macro("filled_templates", "chosen", "texts", ["key", "place"], ["key"])
    rows = duckdb.execute(
        f"""
        with chosen as (
            select * from (values
                (1, 1, 'No name.'), (1, 2, '{{a}} and {{b}}, then {{a}}.'), (1, 3, '{{a}}{{b}}'), (1, 4, 'Of {{c}}.'),
                (2, 1, 'Of {{c}} in 100 % of {{d}}.'), (2, 2, 'Of {{a}}.')
            ) as chosen (key, place, template)
        ),
        texts as (
            select * from (values
                (1, 'a', 'A'), (1, 'b', ''), (1, 'c', null), (2, 'c', '{{a}}'), (2, 'd', 'D')
            ) as texts (key, placeholder, words)
        )
        select * from ({select}) order by key, place
        """.replace("{{", "{").replace("}}", "}")
    ).fetchall()
    assert rows == [
        (1, 1, "No name."),
        (1, 2, "A and , then A."),
        (1, 3, "A"),
        (1, 4, None),
        (2, 1, "Of {a} in 100 % of D."),
        (2, 2, None),
    ]


def test_sentences_are_joined_before_punctuation_without_a_blank():
    sentences = ["One", "(two)", ", three", ": four", None, "; five", "."]
    (text,) = duckdb.execute(
        f"select {render_macro('joined_sentences', 'sentence', 'place')} from "
        "(select unnest(?) as sentence, unnest(range(7)) as place)",
        [sentences],
    ).fetchone()
    assert text == "One (two), three: four; five."


def test_page_needs_a_database(tmp_path):
    done = run_python("scripts/claims_to_markdown.py", "--database", tmp_path / "absent.duckdb")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("run `make build` first, or name one with --database.")
