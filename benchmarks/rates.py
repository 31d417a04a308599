"""Time counts to rates with 95 and 99.8 % intervals: this project's step against PHStatsMethods, scipy and R.

    python benchmarks/rates.py [--rows 10000 100000 1000000] [--rounds 3]

Needs a built project (`dbt build`): its compiled step `int_rates`, its limits and its counts are read,
nothing is written. The counts are the project's own of one death or more (PHStatsMethods 0.1.16 stops at none),
repeated or cut to the number of rows. Every side gives the rate per 1,000 with both intervals for each row, one
process, the counts in memory. All take exact Poisson limits below ten deaths and Byar's from ten on, as the Office for
Health Improvement and Disparities does; the answers must be the same to 1e-9 of their size before a time is kept.
PHStatsMethods is left out above 10,000 rows, where it takes minutes. R, all rows at once as its users write it, times
itself between reading and writing files, and is left out where Rscript is missing.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from shutil import which

import duckdb
import numpy as np
import pandas as pd
from measuring import keep
from PHStatsMethods import ph_rate
from scipy.stats import chi2, norm
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = PROJECT / "build" / "infant_mortality.duckdb"
STEP = PROJECT / "target" / "compiled" / "infant_mortality" / "models" / "core" / "int_rates.sql"
LIMITS = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")
SIDES = ("this project", "pandas and scipy", "R", "PHStatsMethods")
LARGEST_FOR_PHSTATS = 10_000


def by_sql(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The project's step, as dbt compiled it, over a table of counts."""
    query = STEP.read_text(encoding="utf-8").replace(
        '"infant_mortality"."core"."int_period_counts"', "memory.main.counts"
    )
    connection.execute(f"create or replace table memory.main.rates as {query}")
    return connection.execute(
        f"select area_code, rate_per_1000, {', '.join(LIMITS)} from memory.main.rates order by area_code"
    ).df()


def by_scipy(counts: pd.DataFrame) -> pd.DataFrame:
    """Exact limits by the quantiles of chi-squared below ten deaths, Byar's from ten on, all rows at once."""
    deaths, births = counts["numerator"].to_numpy(float), counts["denominator"].to_numpy(float)
    rates = pd.DataFrame({"area_code": counts["area_code"], "rate_per_1000": 1000 * deaths / births})
    is_few, above = deaths < 10, deaths + 1
    for name, confidence in {"95": 0.95, "99_8": 0.998}.items():
        tail, z = (1 - confidence) / 2, norm.isf((1 - confidence) / 2)
        lower = np.where(
            is_few, 0, deaths * (1 - 1 / (9 * np.maximum(deaths, 1)) - z / (3 * np.sqrt(np.maximum(deaths, 1)))) ** 3
        )
        upper = np.where(is_few, 0, above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3)
        few = deaths[is_few]
        lower[is_few] = np.where(few > 0, chi2.ppf(tail, 2 * few), 0) / 2
        upper[is_few] = chi2.ppf(1 - tail, 2 * few + 2) / 2
        rates[f"lower_{name}"], rates[f"upper_{name}"] = lower / births * 1000, upper / births * 1000
    return rates


def by_phstats(counts: pd.DataFrame) -> pd.DataFrame:
    """PHStatsMethods, grouped by the row's code as its users do by area."""
    rates = ph_rate(
        counts, "numerator", "denominator", ["area_code"], metadata=False, confidence=[0.95, 0.998], multiplier=1000
    )
    names = [column for column in rates.columns if "_ci" in column]
    renamed = dict(zip(names, LIMITS, strict=True)) | {"Value": "rate_per_1000"}
    return rates.rename(columns=renamed)[["area_code", "rate_per_1000", *LIMITS]]


def by_r(counts: pd.DataFrame) -> tuple[pd.DataFrame, float, float]:
    """R's vectors (rates.R), and the seconds between reading and writing, by the clock and of processor."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.csv", Path(folder) / "answered.csv"
        counts.to_csv(asked, index=False)
        command = ["Rscript", PROJECT / "benchmarks" / "rates.R", asked, answered]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return pd.read_csv(answered).assign(area_code=counts["area_code"]), *map(float, done.stdout.split())


def farthest(rates: pd.DataFrame, other: pd.DataFrame) -> float:
    """Largest relative difference of any rate or limit."""
    columns = ["rate_per_1000", *LIMITS]
    ours = rates.sort_values("area_code")[columns].to_numpy(float)
    theirs = other.sort_values("area_code")[columns].to_numpy(float)
    return float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(ours), 1e-12)))


def main() -> None:
    """Run the sides in turn, compare their answers and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="numbers of rows")
    parser.add_argument("--rounds", type=int, default=3, help="how many times each side is run")
    arguments = parser.parse_args()
    kept = []
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"attach '{DATABASE}' as infant_mortality (read_only)")
        for rows in arguments.rows:
            connection.execute(
                f"""
                create or replace table memory.main.counts as
                select counts.* replace (printf('%08d', row_number() over ()) as area_code)
                from infant_mortality.core.int_period_counts as counts
                cross join range(1 + {rows} // 10000) as copies (copy)
                where counts.status = 'ok' and counts.numerator > 0
                limit {rows}
                """
            )
            counts = connection.execute("select area_code, numerator, denominator from memory.main.counts").df()
            assert len(counts) == rows
            for turn in tqdm(range(arguments.rounds), desc=f"{rows:,} rows", unit="round"):
                answers = {}
                for side in SIDES:
                    if (side == "PHStatsMethods" and rows > LARGEST_FOR_PHSTATS) or (
                        side == "R" and not which("Rscript")
                    ):
                        continue
                    started, processor = time.perf_counter(), time.process_time()
                    if side == "this project":
                        answers[side] = by_sql(connection)
                    elif side == "R":
                        answers[side], seconds, cpu_seconds = by_r(counts)
                    else:
                        answers[side] = (by_scipy if side == "pandas and scipy" else by_phstats)(counts)
                    if side != "R":
                        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - processor
                    apart = farthest(answers["this project"], answers[side])
                    if apart > 1e-9:
                        raise SystemExit(f"{side} gives other limits, up to {apart:.1e} of their size")
                    kept.append(
                        {"what": side, "size": rows, "round": turn, "seconds": seconds, "cpu_seconds": cpu_seconds}
                    )
    keep("rates", kept)


if __name__ == "__main__":
    main()
