"""Ask peers the same questions on the same counts: how often they agree, and why not where they do not.

    python benchmarks/peers.py

Needs a built project. PHStatsMethods and statsmodels come with `requirements-dev.txt`; esda runs in `.venv-peers`; R
needs r-base-core, r-cran-epitools, r-cran-spdep, r-cran-segmented. What is missing is left out; a sentence says so.
Answers agree where they differ by at most a billionth of their size, or as the question says. Each difference has a
cause. Where the peer's rule can be written down, its answer is worked out anew by that rule, and the table says how
many of the differing answers that explains. A difference without a cause, or a cause without one, stops the run.
"""

import csv
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from shutil import which

import duckdb
import numpy as np
import pandas as pd
from measuring import RESULTS, machine
from PHStatsMethods import assign_funnel_significance, calculate_funnel_limits, ph_proportion, ph_quantile, ph_rate
from scipy.stats import binom, chi2, norm, poisson
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.python.sql_macros import render_macro  # noqa: E402

COLUMNS = (
    *("peer", "version", "question", "compared", "agree", "explained", "largest_relative_difference", "cause"),
    *("peer_seconds", "our_seconds", "machine", "day"),
)
FUNNEL_WORDS = {
    "High (0.001)": "high_99_8",
    "High (0.025)": "high_95",
    "Low (0.001)": "low_99_8",
    "Low (0.025)": "low_95",
    "Not significant": "within",
}
kept: list[dict] = []


def timed(answer: Callable) -> tuple:
    """What a call gives, and its seconds."""
    began = time.perf_counter()
    given = answer()
    return given, time.perf_counter() - began


def compare(
    peer: str,
    question: str,
    ours: np.ndarray,
    theirs: np.ndarray,
    seconds: tuple[float, float | None],
    cause: str = "",
    by_their_rule: np.ndarray | None = None,
    tolerance: float = 1e-9,
    release: str | None = None,
) -> None:
    """Keep one line: how many answers agree, how far the others are apart, and how many of them the cause explains.

    ``seconds`` are the peer's and ours; ``by_their_rule`` has what the peer's rule gives, worked out here.
    """
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    is_text = ours.dtype.kind not in "fiu"

    def same(one: np.ndarray, other: np.ndarray, within: float) -> np.ndarray:
        if is_text:
            return one == other
        size = np.maximum(np.abs(one), np.abs(other))
        with np.errstate(invalid="ignore"):
            return (np.abs(one - other) <= within * size) | (np.isnan(one) & np.isnan(other))

    agree = same(ours, theirs, tolerance)
    if agree.all() == bool(cause):
        raise SystemExit(f"{peer}, {question}: {(~agree).sum()} differ, and the cause is {cause!r}")
    explained = ""
    if by_their_rule is not None and not agree.all():
        explained = int(same(np.asarray(by_their_rule), theirs, min(tolerance, 1e-4))[~agree].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = "" if is_text else np.nanmax(np.abs(ours - theirs) / np.maximum(np.abs(ours), np.abs(theirs)))
    kept.append(
        {
            "peer": peer,
            "version": release or version(peer),
            "question": question,
            "compared": len(ours),
            "agree": int(agree.sum()),
            "explained": explained,
            "largest_relative_difference": apart if is_text else f"{apart:.1e}",
            "cause": cause,
            "peer_seconds": "" if seconds[0] is None else f"{seconds[0]:.3f}",
            "our_seconds": "" if seconds[1] is None else f"{seconds[1]:.3f}",
            "machine": machine(),
            "day": time.strftime("%Y-%m-%d"),
        }
    )
    print(*list(kept[-1].values())[:8], sep=" | ", flush=True)


class Counts:
    """The project's own counts, and its formulas over them."""

    def __init__(self) -> None:
        """Open the published file beside a database in memory, two threads."""
        self.connection = duckdb.connect(config={"threads": 2})
        self.connection.execute(f"attach '{PROJECT / 'infant_mortality.duckdb'}' as published (read_only)")

    def table(self, query: str) -> pd.DataFrame:
        """The rows of a query."""
        return self.connection.execute(query).df()

    def formula(
        self, name: str, frame: pd.DataFrame, columns: list[str], *arguments: str
    ) -> tuple[pd.DataFrame, float]:
        """A formula that is a select, over a frame, and its seconds."""
        self.connection.register("given_frame", frame)
        self.connection.execute(
            "create or replace temp table given as select *, row_number() over () as place from given_frame"
        )
        sql = render_macro(name, "given", *arguments)
        query = f"select {', '.join(columns)} from ({sql}) as answered order by place"
        return timed(lambda: self.connection.execute(query).df())


def byar(count: np.ndarray, level: float, side: str) -> np.ndarray:
    """Byar's limit of a count from ten on, the exact one below."""
    tail, z = (1 - level) / 2, norm.isf((1 - level) / 2)
    if side == "lower":
        with np.errstate(divide="ignore", invalid="ignore"):
            approximate = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
        return np.where(count < 10, np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0), approximate)
    above = count + 1
    return np.where(
        count < 10, chi2.isf(tail, 2 * above) / 2, above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    )


def sum_of_no_likelier(count: int, total: int | None, mean_or_share: float) -> float:
    """R's two-sided p-value: the probabilities of all counts that are no likelier than the one seen."""
    if total is None:
        possible = np.arange(int(mean_or_share + 40 * np.sqrt(mean_or_share)) + count + 50)
        probabilities = poisson.pmf(possible, mean_or_share)
    else:
        possible = np.arange(total + 1)
        probabilities = binom.pmf(possible, total, mean_or_share)
    return min(1.0, float(probabilities[probabilities <= probabilities[count] * (1 + 1e-7)].sum()))


def with_phstats(counts: Counts) -> None:
    """Rates, proportions, quantiles and funnels."""
    peer = "PHStatsMethods"
    rows = counts.table(
        "select distinct numerator as deaths, denominator as births from published.marts.fct_rates "
        "where status = 'ok' and numerator > 0 and numerator <= denominator order by all limit 10000"
    )
    rows["area"] = [f"{place:06d}" for place in range(len(rows))]
    theirs, seconds = timed(
        lambda: ph_rate(rows, "deaths", "births", ["area"], metadata=False, confidence=[0.95, 0.998], multiplier=1000)
    )
    ours_95, own_seconds = counts.formula("rate_limits", rows, ["lower_limit", "upper_limit"], "deaths", "births")
    ours_99_8, more_seconds = counts.formula(
        "rate_limits", rows, ["lower_limit", "upper_limit"], "deaths", "births", "99.8"
    )
    names = [name for name in theirs.columns if "_ci" in name]
    compare(
        peer,
        "rates: limits at 95 and 99.8 % (counts of 1 or more: it stops at 0)",
        np.concatenate([ours_95.to_numpy().T.ravel(), ours_99_8.to_numpy().T.ravel()]),
        theirs.sort_values("area")[names].to_numpy().T.ravel(),
        (seconds, own_seconds + more_seconds),
    )
    theirs, seconds = timed(lambda: ph_proportion(rows, "deaths", "births", ["area"], metadata=False))
    counts.connection.register("given_frame", rows)
    limits = ", ".join(render_macro("wilson_limit", side, "95", "deaths", "births") for side in ("lower", "upper"))
    ours, own_seconds = timed(
        lambda: counts.connection.execute(f"select {limits} from given_frame order by area").fetchnumpy()
    )
    names = [name for name in theirs.columns if "_ci" in name]
    compare(
        peer,
        "proportions: Wilson's limits at 95 %",
        np.concatenate(list(ours.values())),
        theirs.sort_values("area")[names].to_numpy().T.ravel(),
        (seconds, own_seconds),
    )
    ranked = counts.table(
        "select ranking_level || period || measure || basis as ranking, rate_per_1000, rank_highest_first as place, "
        "areas_ranked as areas, numerator as deaths, denominator as births, funnel_position "
        "from published.marts.fct_rankings where quintile is not null and years_in_period = 1 "
        "order by ranking, area_code"
    )
    for groups in (5, 10, 20, 100):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs, seconds = timed(lambda groups=groups: ph_quantile(ranked, "rate_per_1000", ["ranking"], groups))
        counts.connection.register("given_frame", ranked)
        sql = render_macro("quantile_group", "place", "areas", groups)
        ours, own_seconds = timed(
            lambda sql=sql: counts.connection.execute(
                f"select cast({sql} as double) as q from given_frame"
            ).fetchnumpy()["q"]
        )
        ours = np.ma.filled(ours, np.nan)
        size, place = theirs["num_rows"].to_numpy(), theirs["rank"].to_numpy()
        in_floats = np.floor((groups + 1) - np.ceil(((size + 1) - place) / (size / groups)))
        drifts = not np.array_equal(ours, theirs["quantile"].to_numpy(), equal_nan=True)
        compare(
            peer,
            f"quantiles: {groups} groups of each ranking",
            ours,
            theirs["quantile"].to_numpy(),
            (seconds, own_seconds),
            "it divides in floating point before it rounds up, and is off by one group" if drifts else "",
            np.where(in_floats == 0, 1, in_floats) if drifts else None,
        )
    funnels = ranked[ranked["funnel_position"].notna()].copy()
    positions, explained, seconds = [], [], 0.0
    for _, one in funnels.groupby("ranking", sort=False):
        answer, took = timed(
            lambda one=one: assign_funnel_significance(
                one.assign(expected=one["births"] * one["deaths"].sum() / one["births"].sum()),
                "deaths",
                "ratio",
                "expected",
            )
        )
        seconds += took
        positions += [FUNNEL_WORDS[word] for word in answer["significance"]]
        deaths, expected = (
            one["deaths"].to_numpy(float),
            one["births"].to_numpy(float) * one["deaths"].sum() / one["births"].sum(),
        )
        explained += list(
            np.select(
                [
                    byar(deaths, 0.998, "lower") > expected,
                    byar(deaths, 0.95, "lower") > expected,
                    byar(deaths, 0.998, "upper") < expected,
                    byar(deaths, 0.95, "upper") < expected,
                ],
                ["high_99_8", "high_95", "low_99_8", "low_95"],
                "within",
            )
        )
    compare(
        peer,
        "funnels: position by the count of each area of a ranking",
        funnels["funnel_position"].to_numpy(str),
        np.array(positions),
        (seconds, None),
        "it takes Byar's approximation from ten deaths on where the Poisson tail itself decides here",
        np.array(explained),
    )
    one = ranked[ranked["ranking"] == ranked["ranking"].iloc[-1]].assign(rate=lambda rows: rows["rate_per_1000"])
    curve, seconds = timed(
        lambda: calculate_funnel_limits(
            one,
            "deaths",
            "rate",
            1000,
            denom_col="births",
            rate="rate",
            rate_type="crude",
            years_of_data=1,
            metadata=False,
        )
    )
    average = one["deaths"].sum() / one["births"].sum()
    points = pd.DataFrame({"shape": curve["Events"].astype(float)})
    ours, own_seconds = counts.formula("gamma_quantiles", points, ["gamma_quantile"], "shape", "-1.959963984540054e0")
    compare(
        peer,
        "funnels: upper 95 % curve of a ranking at its 100 points (agree: to 1e-5)",
        1000 * average * points["shape"] / ours["gamma_quantile"],
        curve["upper_2s_limit"].to_numpy(),
        (seconds, own_seconds),
        tolerance=1e-5,
    )


def with_statsmodels(counts: Counts) -> None:
    """Intervals, tests of two rates, false discovery rates."""
    peer = "statsmodels"
    rows = counts.table(
        "select distinct numerator as deaths, denominator as births from published.marts.fct_rates "
        "where status = 'ok' and numerator <= denominator order by all"
    )
    deaths, births = rows["deaths"].to_numpy(float), rows["births"].to_numpy(float)
    theirs, seconds = timed(lambda: np.concatenate(confint_poisson(deaths, births, method="exact-c")))
    ours, own_seconds = counts.formula("rate_limits", rows, ["lower_limit", "upper_limit"], "deaths", "births")
    by_rule = [
        np.where(deaths > 0, chi2.ppf(0.025, 2 * np.maximum(deaths, 1)) / 2, 0),
        chi2.isf(0.025, 2 * deaths + 2) / 2,
    ]
    compare(
        peer,
        "rates: exact limits at 95 % (confint_poisson, exact-c)",
        ours.to_numpy().T.ravel(),
        1000 * theirs,
        (seconds, own_seconds),
        "exact at every count; here Byar's from ten deaths on, as OHID has it",
        np.concatenate([1000 * limit / births for limit in by_rule]),
    )
    theirs, seconds = timed(lambda: np.concatenate(proportion_confint(deaths, births, method="wilson")))
    counts.connection.register("given_frame", rows)
    limits = ", ".join(render_macro("wilson_limit", side, "95", "deaths", "births") for side in ("lower", "upper"))
    ours, own_seconds = timed(lambda: counts.connection.execute(f"select {limits} from given_frame").fetchnumpy())
    theirs = np.where(np.abs(theirs) < 1e-15, 0, theirs)
    compare(
        peer,
        "proportions: Wilson's limits at 95 %",
        np.concatenate(list(ours.values())),
        theirs,
        (seconds, own_seconds),
    )
    changes = changes_of(counts, 3000)
    columns = ("to_numerator", "to_denominator", "from_numerator", "from_denominator")
    theirs, seconds = timed(
        lambda: np.array(
            [
                test_poisson_2indep(*row, method="exact-cond").pvalue
                for row in changes[list(columns)].itertuples(index=False)
            ]
        )
    )
    compare(
        peer,
        "change of a rate: exact conditional p (exact-cond; where there are deaths: it stops at none)",
        changes["exact_p_value"].to_numpy(),
        theirs,
        (seconds, None),
        "it adds up all counts that are no likelier; here twice the smaller tail",
        np.array([sum_of_no_likelier(row.n, row.all, row.share) for row in changes.itertuples()]),
    )
    tests = tests_of(counts)
    theirs, seconds = timed(
        lambda: np.concatenate(
            [multipletests(one["p"].to_numpy(), method="fdr_bh")[1] for _, one in tests.groupby("ranking", sort=False)]
        )
    )
    compare(peer, "false discovery rates of each ranking (fdr_bh)", tests["q"].to_numpy(), theirs, (seconds, None))


def changes_of(counts: Counts, rows: int) -> pd.DataFrame:
    """Changes of rates with their tests: about so many, evenly spaced in the order of their keys."""
    return counts.table(
        f"""
        select
            to_numerator, to_denominator, from_numerator, from_denominator, exact_p_value,
            to_numerator as n, to_numerator + from_numerator as all,
            to_denominator / (to_denominator + from_denominator) as share
        from published.marts.fct_rate_changes
        where exact_p_value is not null and to_numerator + from_numerator between 1 and 999
        qualify
            row_number() over (order by area_code, from_period, to_period, measure, basis)
            % (count(*) over () // {rows}) = 0
        order by area_code, from_period, to_period, measure, basis
        """
    )


def tests_of(counts: Counts) -> pd.DataFrame:
    """The exact tests of each ranking, with the false discovery rates."""
    return counts.table(
        "select ranking_level || period || measure || basis as ranking, exact_p_value as p, fdr_q_value as q "
        "from published.marts.fct_rankings where fdr_q_value is not null order by ranking, area_code"
    )


def ranked_of(counts: Counts) -> pd.DataFrame:
    """The areas of each ranking of single years, with their stabilised rates."""
    return counts.table(
        """
        select
            ranking_level || period || measure || basis as ranking, numerator as deaths, denominator as births,
            rate_per_1000, stabilised_rate_per_1000
        from published.marts.fct_rankings
        where stabilised_rate_per_1000 is not null and rank_highest_first is not null and years_in_period = 1
        order by ranking, area_code
        """
    )


def marshall(ranked: pd.DataFrame, may_be_negative: bool) -> np.ndarray:
    """Marshall's (1991) estimate per 1,000 of each area of each ranking; its variance cut at 0 or not."""
    answers = np.empty(len(ranked))
    for rows in ranked.groupby("ranking").indices.values():
        deaths, births = ranked["deaths"].to_numpy(float)[rows], ranked["births"].to_numpy(float)[rows]
        rates, mean = deaths / births, deaths.sum() / births.sum()
        variance = (births * (rates - mean) ** 2).sum() / births.sum() - mean / births.mean()
        variance = variance if may_be_negative else max(variance, 0)
        answers[rows] = 1000 * (mean + variance / (variance + mean / births) * (rates - mean))
    return answers


def told(folder: Path, name: str) -> dict[str, str]:
    """Versions and seconds that another program told."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["value"] for row in csv.DictReader(file)}


def with_esda(counts: Counts, folder: Path) -> None:
    """Excess risk, tails and empirical Bayes rates."""
    python = PROJECT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        print("esda is left out: .venv-peers is missing (`make peers` makes it).")
        return
    ranked = ranked_of(counts)
    ranked.to_csv(folder / "ranked.csv", index=False)
    subprocess.run([python, PROJECT / "benchmarks" / "peers_esda.py", folder], check=True)
    answers, facts = pd.read_csv(folder / "esda.csv"), told(folder, "esda_told.csv")
    sums = ranked.groupby("ranking")[["deaths", "births"]].transform("sum")
    expected = ranked["births"] * sums["deaths"] / sums["births"]
    compare(
        "esda",
        "observed over expected of each area (Excess_Risk)",
        ranked["deaths"] / expected,
        answers["excess_risk"],
        (float(facts["excess_risk"]), None),
        release=facts["esda"],
    )
    tails, own_seconds = counts.formula(
        "gamma_tails",
        ranked.assign(expected=expected, shape=ranked["deaths"] + (ranked["deaths"] <= expected)),
        ["lower_tail", "upper_tail"],
        "cast(shape as double)",
        "expected",
    )
    compare(
        "esda",
        "Poisson tail of each area (choynowski; agree: to 1e-12 absolute)",
        np.round(np.where(ranked["deaths"] <= expected, tails["upper_tail"], tails["lower_tail"]), 12),
        np.round(answers["choynowski"], 12),
        (float(facts["choynowski"]), own_seconds),
        tolerance=1e-6,
        release=facts["esda"],
    )
    compare(
        "esda",
        "stabilised rates (Empirical_Bayes; agree: within 5 %)",
        ranked["stabilised_rate_per_1000"],
        answers["empirical_bayes"],
        (float(facts["empirical_bayes"]), None),
        "Marshall's moment estimate, whose variance may be negative; here a posterior over the spreads that may be",
        marshall(ranked, may_be_negative=True),
        tolerance=0.05,
        release=facts["esda"],
    )


def with_r(counts: Counts, folder: Path) -> None:
    """R's own functions, epitools, spdep and segmented, all in one run of R."""
    if not which("Rscript"):
        print("R is left out: apt-get install r-base-core r-cran-epitools r-cran-spdep r-cran-segmented")
        return
    tables = r_questions(counts)
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.17g")
    subprocess.run(["Rscript", PROJECT / "benchmarks" / "peers.R", folder], check=True)
    facts = told(folder, "r_told.csv")

    def answer(name: str) -> np.ndarray:
        table = pd.read_csv(folder / f"r_{name}.csv")
        return table.iloc[:, 0].to_numpy() if name == "break_year" else table.to_numpy().T.ravel()

    def line(
        package: str, question: str, ours: np.ndarray, name: str, own_seconds: float | None, *rest, **more
    ) -> None:
        compare(
            f"R {package}" if package != "R" else "R",
            question,
            np.asarray(ours, dtype=float),
            answer(name),
            (float(facts[name]), own_seconds),
            *rest,
            release=facts[package],
            **more,
        )

    all_counts, some = tables["counts"], tables["some_counts"]
    p_values, own_seconds = counts.formula("poisson_p_values", all_counts, ["exact_p_value"], "deaths", "expected")
    line(
        "R",
        "deaths beside expected ones: twice the smaller tail (ppois)",
        p_values["exact_p_value"],
        "tails",
        own_seconds,
    )
    seen = all_counts[all_counts["deaths"] > 0].astype({"deaths": float}).reset_index(drop=True)
    lower, lower_seconds = counts.formula("gamma_quantiles", seen, ["gamma_quantile"], "deaths", "-1.959963984540054e0")
    above = seen.assign(above=seen["deaths"] + 1)
    upper, upper_seconds = counts.formula("gamma_quantiles", above, ["gamma_quantile"], "above", "1.959963984540054e0")
    line(
        "R",
        "exact limits of deaths at 95 % (qgamma)",
        np.concatenate([lower["gamma_quantile"], upper["gamma_quantile"]]),
        "quantiles",
        lower_seconds + upper_seconds,
    )
    line("R", "false discovery rates of each ranking (p.adjust, BH)", tables["tests"]["q"], "p_adjust", None)
    some_p_values, _ = counts.formula("poisson_p_values", some, ["exact_p_value"], "deaths", "expected")
    no_likelier = "it adds up all counts that are no likelier; here twice the smaller tail"
    line(
        "R",
        "deaths beside expected ones (poisson.test)",
        some_p_values["exact_p_value"],
        "poisson_test",
        None,
        no_likelier,
        np.array([sum_of_no_likelier(row.deaths, None, row.expected) for row in some.itertuples()]),
    )
    changes = tables["changes"]
    line(
        "R",
        "change of a rate (binom.test)",
        changes["exact_p_value"],
        "binom_test",
        None,
        no_likelier,
        np.array([sum_of_no_likelier(row.n, row.all, row.share) for row in changes.itertuples()]),
    )
    limits, own_seconds = counts.formula("rate_limits", some, ["lower_limit", "upper_limit"], "deaths", "births")
    ours, deaths, births = limits.to_numpy().T.ravel(), some["deaths"].to_numpy(float), some["births"].to_numpy(float)
    exact = [
        np.where(deaths > 0, chi2.ppf(0.025, 2 * np.maximum(deaths, 1)) / 2, 0),
        chi2.isf(0.025, 2 * deaths + 2) / 2,
    ]
    line(
        "epitools",
        "rates: limits at 95 % (pois.exact; agree: to 1e-4)",
        ours,
        "pois_exact",
        own_seconds,
        "exact at every count; here Byar's from ten deaths on, as OHID has it",
        np.concatenate([1000 * limit / births for limit in exact]),
        tolerance=1e-4,
    )
    half, z = deaths + 0.5, norm.isf(0.025)
    both = [half * (1 - 1 / (9 * half) + sign * z / 3 / np.sqrt(half)) ** 3 for sign in (-1, 1)]
    line(
        "epitools",
        "rates: limits at 95 % (pois.byar)",
        ours,
        "pois_byar",
        own_seconds,
        "by Byar's it means n + ½ on both sides, at every count",
        np.concatenate([1000 * limit / births for limit in both]),
    )
    ranked = tables["ranked"]
    line(
        "spdep",
        "stabilised rates (EBest; agree: within 5 %)",
        ranked["stabilised_rate_per_1000"],
        "ebest",
        None,
        "Marshall's moment estimate, with the variance cut at 0; here a posterior over the spreads that may be",
        marshall(ranked, may_be_negative=False),
        tolerance=0.05,
    )
    of_series = tables["series"].groupby("series").first()
    line(
        "R",
        "annual change of a long series in per cent (glm, Poisson; agree: to 1e-6)",
        of_series["ours"],
        "glm",
        None,
        tolerance=1e-6,
    )
    of_bent = tables["bent"].groupby("series").first()
    years, deviance, deviance_at_ours = pd.read_csv(folder / "r_break_year.csv").to_numpy().T
    line(
        "segmented",
        "year of the one break (agree: within half a year)",
        of_bent["ours"],
        "break_year",
        None,
        "it starts from one guess and stays at a local best fit, or finds none; here every inner year is tried",
        np.where((deviance > deviance_at_ours) | np.isnan(deviance), years, np.inf),
        tolerance=0.5 / 2000,
    )


def r_questions(counts: Counts) -> dict[str, pd.DataFrame]:
    """The tables that R reads, by name."""
    every = counts.table(
        """
        with ranked as (
            select distinct
                numerator as deaths, denominator as births,
                sum(numerator) over ranking / sum(denominator) over ranking * denominator as expected
            from published.marts.fct_rankings
            where rank_highest_first is not null
            window ranking as (partition by ranking_level, period, measure, basis)
        )
        select * from ranked where expected > 0 order by all
        """
    )
    series = """
        select
            dense_rank() over (order by trends.area_code, trends.measure, trends.basis, trends.last_period) as series,
            rates.period_end_year as year, rates.numerator as deaths, rates.denominator as births,
            trends.{column} as ours
        from published.marts.fct_trends as trends
        inner join published.marts.fct_rates as rates
            on trends.area_code = rates.area_code and trends.measure = rates.measure and trends.basis = rates.basis
            and rates.period_end_year between trends.trend_first_year and trends.last_year and rates.status = 'ok'
        where {condition}
        order by series, year
    """
    latest = "trends.years_in_trend >= 7 and trends.annual_percent_change is not null and trends.trend_deaths >= 50"
    return {
        "counts": every,
        "some_counts": every[every["deaths"].between(2, 500)]
        .iloc[:: max(1, len(every) // 3000)]
        .reset_index(drop=True),
        "tests": tests_of(counts),
        "changes": changes_of(counts, 3000),
        "ranked": ranked_of(counts),
        "series": counts.table(series.format(column="annual_percent_change", condition=latest)),
        "bent": counts.table(series.format(column="break_year", condition="trends.trend_shape = 'one_break'")),
    }


def main() -> None:
    """Ask all that are here, and write results/peers.csv."""
    counts = Counts()
    with_phstats(counts)
    with_statsmodels(counts)
    with tempfile.TemporaryDirectory() as folder:
        with_esda(counts, Path(folder))
        with_r(counts, Path(folder))
    with (RESULTS / "peers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


if __name__ == "__main__":
    main()
