"""Time the rank intervals in SQL against the same results from vectorised numpy and scipy, run in turn.

    python benchmarks/rank_intervals.py [--pairs 5]

Needs a published database (`dbt build`; nothing is written to it). The SQL side asks the table macro
pairwise_rank_intervals for one ranking after the other: infant mortality, every level and single year, on the
project's number of threads. The other side holds the counts as arrays and asks scipy's binomial tail for every pair of
the same rankings, then sorts for Holm. Both answers are compared before a time is kept, in results/rank_intervals.csv;
`python benchmarks/write_results.py` makes the table of RESULTS.md from it.
"""

import argparse
import os
import time
from pathlib import Path

import duckdb
import numpy as np
from measuring import keep
from scipy.stats import binom
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = Path(os.environ.get("INFANT_MORTALITY_DB", PROJECT / "infant_mortality.duckdb"))
THREADS = 2
MACRO = """
    select area_code, rank_interval_lower, rank_interval_upper, rank_pairwise_lower, rank_pairwise_upper
    from marts.pairwise_rank_intervals(?, ?, ?, ?)
"""
# Of each ranking its key, and of its areas the codes, deaths and births.
Ranking = tuple[tuple[str, str, str, str], list[str], np.ndarray, np.ndarray]


def by_sql(connection: duckdb.DuckDBPyConnection, rankings: list[Ranking]) -> tuple[float, list[dict[str, tuple]]]:
    """Seconds, and of each ranking the ends of both intervals by area code."""
    started = time.perf_counter()
    answers = [connection.execute(MACRO, key).fetchall() for key, *_ in rankings]
    return time.perf_counter() - started, [{row[0]: row[1:] for row in answer} for answer in answers]


def rejected_by_holm(p_values: np.ndarray) -> np.ndarray:
    """Which of the p-values of each row Holm's step-down rejects at 5 %; areas by hypotheses in, the same shape out."""
    hypotheses = p_values.shape[1]
    order = np.argsort(p_values, axis=1, kind="stable")
    bars = 0.05 / (hypotheses - np.arange(hypotheses))
    passed = np.logical_and.accumulate(np.take_along_axis(p_values, order, axis=1) <= bars, axis=1)
    rejected = np.zeros_like(passed)
    np.put_along_axis(rejected, order, passed, axis=1)
    return rejected


def by_scipy(rankings: list[Ranking]) -> tuple[float, list[dict[str, tuple]]]:
    """The same from arrays of deaths and births."""
    started = time.perf_counter()
    answers = []
    for _, codes, deaths, births in rankings:
        areas = len(codes)
        totals = deaths[:, None] + deaths[None, :]
        shares = births[:, None] / (births[:, None] + births[None, :])
        tails = np.where(totals == 0, 1.0, binom.sf(deaths[:, None] - 1, totals, shares))
        off_diagonal = ~np.eye(areas, dtype=bool)
        above = tails[off_diagonal].reshape(areas, areas - 1)
        below = tails.T[off_diagonal].reshape(areas, areas - 1)
        rejected = rejected_by_holm(np.concatenate([above, below], axis=1))
        ends = np.stack(
            [
                1 + rejected[:, areas - 1 :].sum(axis=1),
                areas - rejected[:, : areas - 1].sum(axis=1),
                1 + (below <= 0.025).sum(axis=1),
                areas - (above <= 0.025).sum(axis=1),
            ],
            axis=1,
        )
        answers.append(dict(zip(codes, map(tuple, ends.tolist()), strict=True)))
    return time.perf_counter() - started, answers


def rankings_of(connection: duckdb.DuckDBPyConnection) -> list[Ranking]:
    """The rankings of infant mortality by single years."""
    found = connection.execute(
        """
        select ranking_level, period, measure, basis, list(area_code), list(numerator), list(denominator)
        from marts.fct_rankings
        where measure = 'infant' and years_in_period = 1 and rank_highest_first is not null
        group by ranking_level, period, measure, basis
        order by ranking_level, period, measure, basis
        """
    ).fetchall()
    return [(tuple(key), codes, np.array(deaths), np.array(births)) for *key, codes, deaths, births in found]


def main() -> None:
    """Run the pairs, compare the answers and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how many times each side is run")
    arguments = parser.parse_args()
    connection = duckdb.connect(str(DATABASE), read_only=True)
    connection.execute(f"set threads = {THREADS}")
    rankings = rankings_of(connection)
    tested = sum(len(codes) * (len(codes) - 1) // 2 for _, codes, *_ in rankings)
    sql_seconds, scipy_seconds = [], []
    for _ in tqdm(range(arguments.pairs), unit="pair"):
        seconds, sql_answers = by_sql(connection, rankings)
        sql_seconds.append(seconds)
        seconds, scipy_answers = by_scipy(rankings)
        scipy_seconds.append(seconds)
        for (key, *_), one, other in zip(rankings, sql_answers, scipy_answers, strict=True):
            different = sorted(code for code in other if one.get(code) != other[code])
            if different:
                raise SystemExit(f"{key}: the two sides differ for {len(different)} areas, the first {different[0]}.")
    note = f"{len(rankings)} rankings, {sum(len(codes) for _, codes, *_ in rankings):,} areas"
    keep(
        "rank_intervals",
        [
            {"what": what, "size": tested, "round": turn, "seconds": seconds, "note": note}
            for what, times in (("this project", sql_seconds), ("numpy and scipy", scipy_seconds))
            for turn, seconds in enumerate(times)
        ],
    )


if __name__ == "__main__":
    main()
