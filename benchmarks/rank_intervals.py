"""Time the rank intervals in SQL against the same results from vectorised numpy and scipy, run in turn.

    python benchmarks/rank_intervals.py [--pairs 5]

Needs a built project (`dbt build`; its database and its compiled models are read, nothing is written). The SQL side is
the model that tests the pairs and counts them, as dbt compiled it, on the project's number of threads. The other
side holds the counts as arrays and asks scipy's binomial tail for every pair of every ranking, then sorts for
Holm. Both answers are compared before a time is kept, in results/rank_intervals.csv;
`python benchmarks/write_results.py` makes the table of RESULTS.md from it.
"""

import argparse
import time
from pathlib import Path

import duckdb
import numpy as np
from measuring import keep
from scipy.stats import binom
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = PROJECT / "build" / "infant_mortality.duckdb"
COMPILED = PROJECT / "target" / "compiled" / "infant_mortality" / "models" / "rankings"
STEP = "int_rank_intervals"
THREADS = 2


def by_sql(connection: duckdb.DuckDBPyConnection) -> tuple[float, dict[int, tuple[int, int, int, int]]]:
    """Seconds, and the four counts of significantly different areas by row number; areas without any left out."""
    started = time.perf_counter()
    query = (COMPILED / f"{STEP}.sql").read_text(encoding="utf-8")
    connection.execute(f"create or replace table memory.main.{STEP} as {query}")
    seconds = time.perf_counter() - started
    rows = connection.execute(
        "select ranked_rate_id, areas_higher_holm, areas_lower_holm, areas_higher_pairwise, areas_lower_pairwise "
        f"from memory.main.{STEP} where areas_higher_pairwise + areas_lower_pairwise > 0"
    ).fetchall()
    return seconds, {row[0]: row[1:] for row in rows}


def rejected_by_holm(p_values: np.ndarray) -> np.ndarray:
    """Which of the p-values of each row Holm's step-down rejects at 5 %; areas by hypotheses in, the same shape out."""
    hypotheses = p_values.shape[1]
    order = np.argsort(p_values, axis=1, kind="stable")
    bars = 0.05 / (hypotheses - np.arange(hypotheses))
    passed = np.logical_and.accumulate(np.take_along_axis(p_values, order, axis=1) <= bars, axis=1)
    rejected = np.zeros_like(passed)
    np.put_along_axis(rejected, order, passed, axis=1)
    return rejected


def by_scipy(rankings: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> tuple[float, dict[int, tuple[int, ...]]]:
    """The same from arrays of row numbers, deaths and births, one triple a ranking."""
    started = time.perf_counter()
    answer = {}
    for numbers, deaths, births in rankings:
        areas = len(numbers)
        totals = deaths[:, None] + deaths[None, :]
        shares = births[:, None] / (births[:, None] + births[None, :])
        tails = np.where(totals == 0, 1.0, binom.sf(deaths[:, None] - 1, totals, shares))
        off_diagonal = ~np.eye(areas, dtype=bool)
        above = tails[off_diagonal].reshape(areas, areas - 1)
        below = tails.T[off_diagonal].reshape(areas, areas - 1)
        rejected = rejected_by_holm(np.concatenate([above, below], axis=1))
        counts = np.stack(
            [
                rejected[:, areas - 1 :].sum(axis=1),
                rejected[:, : areas - 1].sum(axis=1),
                (below <= 0.025).sum(axis=1),
                (above <= 0.025).sum(axis=1),
            ],
            axis=1,
        )
        for number, row in zip(numbers.tolist(), counts.tolist(), strict=True):
            if any(row):
                answer[number] = tuple(row)
    return time.perf_counter() - started, answer


def main() -> None:
    """Run the pairs, compare the answers and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how many times each side is run")
    arguments = parser.parse_args()
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"attach '{DATABASE}' as infant_mortality (read_only)")
    rows = connection.execute(
        "select ranking_id, ranked_rate_id, event_count, births "
        "from infant_mortality.rankings.int_ranked_rates where is_ranked order by ranking_id, ranked_rate_id"
    ).fetchnumpy()
    cuts = np.flatnonzero(np.diff(rows["ranking_id"])) + 1
    rankings = list(
        zip(*(np.split(rows[name], cuts) for name in ("ranked_rate_id", "event_count", "births")), strict=True)
    )
    tested = sum(len(numbers) * (len(numbers) - 1) // 2 for numbers, _, _ in rankings)
    sql_seconds, scipy_seconds = [], []
    for _ in tqdm(range(arguments.pairs), unit="pair"):
        seconds, sql_answer = by_sql(connection)
        sql_seconds.append(seconds)
        seconds, scipy_answer = by_scipy(rankings)
        scipy_seconds.append(seconds)
        if sql_answer != scipy_answer:
            either = sql_answer | scipy_answer
            different = [number for number in either if sql_answer.get(number) != scipy_answer.get(number)]
            raise SystemExit(f"The two sides differ for {len(different)} areas, the first of them row {different[0]}.")
    note = f"{len(rankings)} rankings, {len(rows['ranked_rate_id']):,} areas"
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
