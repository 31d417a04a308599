"""How often fct_trends says that years are not straight, or turn: the project's SQL on made-up series.

    python benchmarks/trend_shapes.py [--series 4000] [--seed 2014]

Each made-up series has 8, 13 or 20 years with as many births in each, and 1 to 2,500 deaths are expected in its first
year. Its rate falls by 2 % a year throughout (straight); or it falls by 3.6 % a year for a third of the time and rises
by 0.3 % a year from then on (turn), as infant mortality in England did. Deaths are Poisson numbers. The compiled models
of the trends work on them as on published rates, and what they say of all the years is counted.

Needs a built project (`dbt build`). Writes benchmarks/trend_shapes.csv: kind, years, deaths_a_year, what, events,
trials. Series are drawn from the seed, so that the same command gives the same file.
"""

import argparse
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
COMPILED = PROJECT / "target" / "compiled" / "infant_mortality" / "models" / "trends"
MODELS = ("int_score_trends", "int_trend_break_years", "int_trend_breaks")
THRESHOLDS = PROJECT / "seeds" / "reference" / "break_thresholds.csv"
RESULTS = PROJECT / "benchmarks" / "trend_shapes.csv"

YEARS = (8, 13, 20)
DEATHS_A_YEAR = (1, 3, 10, 100, 500, 2500)
FIRST_RATE = 0.005
SLOPE, SLOPE_BEFORE, SLOPE_AFTER = np.log([0.98, 0.964, 1.003])
FIRST_YEAR = 2010


def turn_of(years: int) -> float:
    """Return the place of the turn, in years from the first; of 13 years it is 3.9, as in England."""
    return 3.9 * (years - 1) / 12


def rates_of(kind: str, years: int) -> np.ndarray:
    """Return the underlying rate of each year."""
    time = np.arange(years, dtype=float)
    if kind == "straight":
        return FIRST_RATE * np.exp(SLOPE * time)
    turn = turn_of(years)
    return FIRST_RATE * np.exp(SLOPE_BEFORE * np.minimum(time, turn) + SLOPE_AFTER * np.maximum(time - turn, 0))


def made_up_rates(series: int, random: np.random.Generator) -> pd.DataFrame:
    """Counts of `series` made-up series of each setting; the setting is the name of the measure."""
    parts = []
    for kind in ("straight", "turn"):
        for years in YEARS:
            rates = rates_of(kind, years)
            for deaths in DEATHS_A_YEAR:
                births = round(deaths / FIRST_RATE)
                parts.append(
                    pd.DataFrame(
                        {
                            "area_code": np.repeat([f"S{number:05}" for number in range(series)], years),
                            "measure": f"{kind} {years} {deaths}",
                            "period_end_year": FIRST_YEAR + np.tile(np.arange(years), series),
                            "numerator": random.poisson(births * np.tile(rates, series)),
                            "denominator": births,
                        }
                    )
                )
    return pd.concat(parts)


def trends_of(rates: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """Let the models of the trends work on `rates`, and return the database that holds what they made."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as infant_mortality")
    for schema in ("core", "seeds", "trends"):
        connection.execute(f"create schema infant_mortality.{schema}")
    connection.register("made_up", rates)
    connection.execute("create table infant_mortality.seeds.break_thresholds as from read_csv($1)", [str(THRESHOLDS)])
    connection.execute(
        "create table infant_mortality.core.int_rates as "
        "select *, 'occurrence' as basis, 1 as years_in_period, 'ok' as status from made_up"
    )
    for model in MODELS:
        query = (COMPILED / f"{model}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table infant_mortality.trends.{model} as {query}")
    return connection


def counted(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Count what the trends up to the last year say: kind, years, deaths_a_year, what, events, trials."""
    found = connection.execute(
        """
        select
            split_part(lines.measure, ' ', 1) as kind,
            split_part(lines.measure, ' ', 2)::integer as years,
            split_part(lines.measure, ' ', 3)::integer as deaths_a_year,
            not lines.is_straight as is_bent,
            not lines.is_straight and coalesce(breaks.lack_of_fit_p_value >= 0.01, false) as has_break,
            breaks.* exclude (area_code, measure, basis, end_year)
        from infant_mortality.trends.int_score_trends as lines
        left join infant_mortality.trends.int_trend_breaks as breaks using (area_code, measure, basis, end_year)
        where lines.series = 'years' and lines.is_straight is not null and lines.points = years
        """
    ).df()
    rows = []
    for (kind, years, deaths), of_kind in found.groupby(["kind", "years", "deaths_a_year"]):
        broken = of_kind[of_kind.has_break]
        counts = [("not straight", of_kind.is_bent), ("one break", of_kind.has_break)]
        if kind == "turn" and len(broken) >= 50:
            counts.append(
                ("break within a year of the turn", abs(broken.break_year - FIRST_YEAR - turn_of(years)) <= 1)
            )
            for side, slope in (("before", SLOPE_BEFORE), ("after", SLOPE_AFTER)):
                lower, upper = (broken[f"annual_percent_change_{side}_{end}_95"] for end in ("lower", "upper"))
                true = 100 * np.expm1(slope)
                counts.append((f"limits hold the change {side} the break", (lower <= true) & (true <= upper)))
        rows.extend((kind, years, deaths, what, int(events.sum()), len(events)) for what, events in counts)
    return pd.DataFrame(rows, columns=["kind", "years", "deaths_a_year", "what", "events", "trials"])


def main() -> None:
    """Count, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=2014)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    counted(trends_of(made_up_rates(options.series, random))).to_csv(RESULTS, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
