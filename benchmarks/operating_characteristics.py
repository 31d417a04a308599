"""How often verdicts are wrong, intervals miss and probabilities come true: the project's SQL on made-up counts.

    python benchmarks/operating_characteristics.py [--worlds 40] [--batch 5] [--seed 2014] [--rate 3.9]

In each made-up world the areas have the births that ONS published for a year, and underlying rates that are known: all
equal, spread by a coefficient of variation (a gamma distribution), or equal but for one area in twenty whose rate is
raised. Deaths of five years are drawn from them (Poisson). The project's own models then work on these counts as on
those of any measure: a copy of the project takes them in place of its published counts (one model is replaced), and
dbt builds what comes after it, from rates to marts, once for many worlds. What the marts say is counted against what
is known.

Needs a built project (`dbt build`). Writes benchmarks/operating_characteristics.csv, one row a figure: setting, what,
band, events, trials. Worlds are drawn from the seed, so that the same command gives the same file. The page
docs/operating_characteristics.md is filled from it: python scripts/fill_queries.py docs/operating_characteristics.md
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from build_time import NEEDED
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = PROJECT / "build" / "infant_mortality.duckdb"
RESULTS = PROJECT / "benchmarks" / "operating_characteristics.csv"
QUERIES = PROJECT / "benchmarks" / "operating_characteristics.sql"
REPLACED = "models/core/int_measure_counts.sql"
MARTS = (
    *("fct_rankings", "fct_rate_changes", "fct_trends", "fct_persistence", "fct_forecasts", "fct_detectability"),
    "fct_area_comparisons",
)

BIRTHS_YEARS = (2014, 2022)
LEVELS = ("upper_tier", "lower_tier")
SPREADS = (0.0, 0.10, 0.15, 0.20, 0.30)
RAISED_TO = (1.2, 1.3, 1.5)
YEARS = 5
RAISED_SHARE = 0.05


def births_of_areas(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Births by area, level and year as published: columns ranking_level, births_year, area_code, births."""
    return connection.execute(
        """
        select ranking_level, period_end_year as births_year, area_code, max(denominator) as births
        from marts.fct_rankings
        where measure = 'infant' and years_in_period = 1 and rate_per_1000 is not null
            and list_contains($years, period_end_year) and list_contains($levels, ranking_level)
        group by all
        order by all
        """,
        {"years": list(BIRTHS_YEARS), "levels": list(LEVELS)},
    ).df()


def settings() -> Iterator[tuple[int, str, str, float]]:
    """Each kind of world: year of the births, level, `spread` or `raised`, and by how much."""
    for year in BIRTHS_YEARS:
        for level in LEVELS:
            yield from ((year, level, "spread", spread) for spread in SPREADS)
            yield from ((year, level, "raised", ratio) for ratio in RAISED_TO)


def worlds(births: pd.DataFrame, chosen: list, count: int, rate: float, random: np.random.Generator) -> pd.DataFrame:
    """Made-up deaths: one row an area, year and world, with its underlying rate and whether that was raised.

    ``births`` as from births_of_areas; ``rate`` per 1,000 births. A world has the name of a measure.
    """
    parts = []
    for year, level, kind, size in chosen:
        areas = births[(births.births_year == year) & (births.ranking_level == level)]
        for _ in range(count):
            ratios = np.ones(len(areas))
            if kind == "spread" and size > 0:
                ratios = random.gamma(1 / size**2, size**2, len(areas))
            if kind == "raised":
                ratios[random.choice(len(areas), round(RAISED_SHARE * len(areas)), replace=False)] = size
            deaths = random.poisson(rate / 1000 * ratios * areas.births.to_numpy(), (YEARS, len(areas)))
            parts.append(
                pd.DataFrame(
                    {
                        "births_year": year,
                        "ranking_level": level,
                        "kind": kind,
                        "size": size,
                        "world": f"world {len(parts)}",
                        "area_code": np.tile(areas.area_code, YEARS),
                        "data_year": np.repeat(np.arange(year - YEARS + 1, year + 1), len(areas)),
                        "true_rate": np.tile(rate * ratios, YEARS),
                        "is_raised": np.tile((ratios != 1) & (kind == "raised"), YEARS),
                        "numerator": deaths.ravel(),
                        "denominator": np.tile(areas.births, YEARS),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def project_on_other_counts(folder: Path) -> None:
    """Copy the project and its built database, and let it read counts.parquet in place of the published counts."""
    for name in NEEDED:
        source = PROJECT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    (folder / "build").mkdir()
    shutil.copy(DATABASE, folder / "build")
    (folder / REPLACED).write_text(
        """select
    area_code,
    cast(data_year as smallint) as data_year,
    cast(1 as smallint) as years_in_count,
    'occurrence' as basis,
    world as measure,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    'ok' as status,
    false as is_numerator_derived,
    false as is_supplied,
    false as is_from_two_sources,
    'made up' as numerator_publication,
    'made up' as denominator_publication
from read_parquet('counts.parquet')
"""
    )


def counted(folder: Path) -> pd.DataFrame:
    """Run the models on counts.parquet and count what the marts say: setting, what, by, events, trials."""
    database = folder / "build" / "infant_mortality.duckdb"
    with duckdb.connect(str(database)) as connection:
        # Each world is a measure like infant deaths.
        connection.execute("delete from seeds.measures where measure like 'world %'")
        connection.execute(
            "insert into seeds.measures select measures.* replace (worlds.world as measure) from seeds.measures "
            "cross join (select distinct world from read_parquet($1)) as worlds where measures.measure = 'infant'",
            [str(folder / "counts.parquet")],
        )
        # Hackney and the City of London, published as one up to 2013, have counts of their own in every year.
        connection.execute(
            "update seeds.area_lineage set change_type = 'recode' where change_type = 'split_combination'"
        )
    dbt = Path(sys.executable).with_name("dbt")
    at_replaced = Path(REPLACED).stem
    select = ["dim_measure", "int_area_levels", f"{at_replaced}+1", *(f"+{mart},{at_replaced}+" for mart in MARTS)]
    run = subprocess.run(
        [dbt, "run", "--quiet", "--vars", "{rolling_window_years: [3]}", "--select", *select],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create or replace temp view worlds as from read_parquet('{folder / 'counts.parquet'}')")
        return connection.execute(QUERIES.read_text(encoding="utf-8")).df()


def simulated(world_count: int, batch: int, rate: float, seed: int, chosen: list | None = None) -> pd.DataFrame:
    """Events and trials of every characteristic, added up over the batches; ``chosen`` settings, by default all."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        births = births_of_areas(connection)
    chosen = chosen or list(settings())
    random = np.random.default_rng(seed)
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project_on_other_counts(folder)
        for first in tqdm(range(0, world_count, batch), unit="batch"):
            made_up = worlds(births, chosen, min(batch, world_count - first), rate, random)
            made_up.to_parquet(folder / "counts.parquet")
            found.append(counted(folder))
    keys = ["births_year", "ranking_level", "kind", "size", "what", "band"]
    return pd.concat(found).groupby(keys, as_index=False, dropna=False).sum().sort_values(keys, ignore_index=True)


def main() -> None:
    """Simulate, and write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=40, help="made-up worlds of each setting (default 40)")
    parser.add_argument("--batch", type=int, default=5, help="worlds of each setting in one run of dbt (default 5)")
    parser.add_argument("--seed", type=int, default=2014, help="seed of the draws (default 2014)")
    parser.add_argument("--rate", type=float, default=3.9, help="mean rate per 1,000 births (default 3.9)")
    arguments = parser.parse_args()
    results = simulated(arguments.worlds, arguments.batch, arguments.rate, arguments.seed)
    results.to_csv(RESULTS, index=False, float_format="%.6g")
    print(f"Wrote {RESULTS.relative_to(PROJECT)}: {len(results):,} figures.")


if __name__ == "__main__":
    main()
