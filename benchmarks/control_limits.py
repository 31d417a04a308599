"""How often the control limits of fct_control_limits give a false alarm: the project's SQL on made-up series.

    python benchmarks/control_limits.py [--series 500] [--seed 1927]

Each made-up series has 60 years, a rate that falls by 3 % a year, and so many births that 30, 300 or 3,000 deaths are
expected in its first year. The deaths of a year are Poisson numbers around that rate (chance alone), or around rates
that also vary from year to year by 2 or 5 % (gamma distributed): nothing happens in any year that does not happen in
all. The compiled model of the control chart works on them as on published rates, and each year outside its limits is
counted: amid the series, and in its last year, whose level is a line continued.

Needs a built project (`dbt build`). Writes benchmarks/control_limits.csv: deaths_a_year, variation, years, limits,
events, trials. Series are drawn from the seed, so that the same command gives the same file.
"""

import argparse
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
QUERY = PROJECT / "target" / "compiled" / "infant_mortality" / "models" / "marts" / "fct_control_limits.sql"
RESULTS = PROJECT / "benchmarks" / "control_limits.csv"

YEARS = 60
FALL_A_YEAR = 0.97
DEATHS_A_YEAR = (30, 300, 3000)
VARIATIONS = (0.0, 0.02, 0.05)
FIRST_RATE = 0.03


def made_up_rates(series: int, random: np.random.Generator) -> pd.DataFrame:
    """Rates of ``series`` made-up series for each number of deaths and variation; the setting is the measure's name."""
    underlying = FIRST_RATE * FALL_A_YEAR ** np.arange(YEARS)
    parts = []
    for deaths in DEATHS_A_YEAR:
        births = round(deaths / FIRST_RATE)
        for variation in VARIATIONS:
            rates = np.tile(underlying, (series, 1))
            if variation:
                rates *= random.gamma(1 / variation**2, variation**2, rates.shape)
            years = 1950 + np.tile(np.arange(YEARS), series)
            counts = random.poisson(births * rates).ravel()
            parts.append(
                pd.DataFrame(
                    {
                        "area_code": np.repeat([f"S{number:04}" for number in range(series)], YEARS),
                        "measure": f"{deaths} {variation}",
                        "period_end_year": years,
                        "numerator": counts,
                        "denominator": births,
                        "rate_per_1000": 1000 * counts / births,
                    }
                )
            )
    return pd.concat(parts)


def control_limits(rates: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    """What the model makes of ``rates``: fct_control_limits, as a relation of an in-memory database."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as infant_mortality")
    for schema in ("core", "marts"):
        connection.execute(f"create schema infant_mortality.{schema}")
    connection.register("made_up", rates)
    connection.execute(
        """
        create table infant_mortality.core.int_rates as
        select
            *, cast(period_end_year as varchar) as period, 'occurrence' as basis, 1 as years_in_period, 'ok' as status
        from made_up
        """
    )
    connection.execute(
        "create table infant_mortality.marts.dim_definition_change "
        "(area_code varchar, measure varchar, first_year_after smallint)"
    )
    connection.execute(
        "create table infant_mortality.marts.dim_area as select distinct area_code, area_code as area_name, "
        "area_code as area_level, area_code as region_name from made_up"
    )
    connection.execute(
        "create table infant_mortality.marts.dim_measure as "
        "select distinct measure, measure as measure_name from made_up"
    )
    return connection.sql(QUERY.read_text(encoding="utf-8"))


def main() -> None:
    """Draw the series, count the years outside the limits, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1927)
    chosen = parser.parse_args()
    limits = control_limits(made_up_rates(chosen.series, np.random.default_rng(chosen.seed))).df()
    last = limits.period_end_year == limits.period_end_year.max()
    amid = (limits.leverage < 0.17) & limits.overdispersion_phi.notna()
    rows = []
    for setting in limits.measure.unique():
        for years, kept in (("amid", amid), ("last", last)):
            for kind, column in (("chance", "control_position"), ("adjusted", "control_position_adjusted")):
                found = limits[(limits.measure == setting) & kept][column].dropna()
                deaths, variation = setting.split()
                rows.append((int(deaths), float(variation), years, kind, int((found != "within").sum()), len(found)))
    columns = ["deaths_a_year", "variation", "years", "limits", "events", "trials"]
    table = pd.DataFrame(rows, columns=columns).sort_values(columns[:4], ignore_index=True)
    table.to_csv(RESULTS, index=False, lineterminator="\n")
    print(table.assign(in_1000=(1000 * table.events / table.trials).round(1)).to_string(index=False))


if __name__ == "__main__":
    main()
