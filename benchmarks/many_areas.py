"""Build every table with made-up areas beside the published ones: wall time and peak memory by number of areas.

    python benchmarks/many_areas.py [--areas 300 1000 3000 5570] [--years 20] [--before 07f9a5b]

The areas are made up, seeded and labelled so: two levels (areas, and districts of about fifty of them) below one whole,
with infant and neonatal deaths, stillbirths and live births of each year on both levels and for the whole. Each size is
a whole `dbt build` in a copy of the project, with a folder of supplied files of its own, and of the largest size one of
a commit of before too, and one in which every table is copied and none worked out, which no better SQL can undercut;
memory is the largest resident size of the build's process. The results stand in results/many_areas.csv.
"""

import argparse
import os
import tempfile
from pathlib import Path

import duckdb
from build_time import BEFORE, COPIED, copying_project, project_of, whole_project, without_database
from measuring import dbt, keep
from tqdm import tqdm

LAST_YEAR = 2023
AREAS_IN_A_DISTRICT = 50
DEATHS = {"infant_deaths": 0.0039, "neonatal_deaths": 0.0029, "stillbirths": 0.0042}
SIZES = (300, 1000, 3000, 5570)


def write_made_up_areas(folder: Path, areas: int, years: int) -> None:
    """Write areas.csv and counts.parquet with `areas` areas of the lower level over `years` years into the folder.

    Births of an area are between 200 and 4,200 a year and go up and down with the year; deaths among them are drawn by
    the area's own risk, a fifth around the rate of all, in DuckDB with a fixed seed.
    """
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("select setseed(0.2014)")
        connection.execute(
            f"""
            create table areas as
            select
                'M' || printf('%05d', number) as area_code,
                'D' || printf('%04d', number // {AREAS_IN_A_DISTRICT}) as district_code,
                cast(200 + 4000 * power(random(), 3) as bigint) as usual_births,
                exp(0.4 * (random() - 0.5)) as risk
            from range({areas}) as numbers (number)
            """
        )
        connection.execute(
            f"""
            copy (
                select 'MADE_UP' as area_code, 'Made-up whole' as area_name, 'made up whole' as area_level,
                    null as parent_area_code
                union all
                select distinct district_code, 'Made-up district ' || district_code, 'made up district', 'MADE_UP'
                from areas
                union all
                select area_code, 'Made-up area ' || area_code, 'made up area', district_code from areas
            ) to '{folder / "areas.csv"}' (header)
            """
        )
        connection.execute(
            f"""
            create table births as
            select area_code, district_code, risk, year,
                cast(usual_births * (0.95 + 0.1 * random()) as bigint) as births
            from areas cross join range({LAST_YEAR + 1 - years}, {LAST_YEAR + 1}) as years (year)
            """
        )
        # The sum of four evenly spread numbers is near enough to normal, and a Poisson count near enough to that.
        deaths = " union all ".join(
            f"""
            select area_code, district_code, year, '{item}' as item, greatest(0, cast(round(
                births * risk * {rate} + sqrt(births * risk * {rate})
                * (random() + random() + random() + random() - 2) * sqrt(3)
            ) as bigint)) as count from births
            """
            for item, rate in DEATHS.items()
        )
        connection.execute(
            f"""
            create table counts as
            select area_code, district_code, year, 'live_births' as item, births as count from births
            union all {deaths}
            """
        )
        # Neonatal deaths are among infant deaths.
        connection.execute(
            """
            update counts set count = least(counts.count, infant.count) from counts as infant
            where counts.item = 'neonatal_deaths' and infant.item = 'infant_deaths'
                and counts.area_code = infant.area_code and counts.year = infant.year
            """
        )
        connection.execute(
            f"""
            copy (
                select code as area_code,
                    case
                        when code = 'MADE_UP' then 'Made-up whole'
                        when starts_with(code, 'D') then 'Made-up district ' || code
                        else 'Made-up area ' || code
                    end as area_name,
                    year, 'occurrence' as basis, item,
                    sum(count) as count
                from (
                    select area_code as code, year, item, count from counts
                    union all select district_code, year, item, count from counts
                    union all select 'MADE_UP', year, item, count from counts
                ) group by all order by all
            ) to '{folder / "counts.parquet"}' (format parquet)
            """
        )


def main() -> None:
    """Build with each number of areas and keep what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, nargs="+", default=list(SIZES), help="numbers of areas of the lower level")
    parser.add_argument("--years", type=int, default=20, help="years that each area has counts for")
    parser.add_argument("--before", default=BEFORE, help="the commit to compare with")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        here, before, copying = (Path(folder) / name for name in ("project", "before", "copying"))
        whole_project(here)
        project_of(arguments.before, before)
        sizes = sorted(arguments.areas)
        builds = [(areas, "whole build", here) for areas in sizes]
        builds += [(sizes[-1], f"that of {arguments.before}", before), (sizes[-1], COPIED, copying)]
        for areas, what, project in tqdm(builds, unit="build"):
            incoming = Path(folder) / f"{areas}_areas"
            if not incoming.exists():
                write_made_up_areas(incoming, areas, arguments.years)
            if project == copying:
                copying_project(here, copying)
            os.chdir(project)  # profiles.yml names the database from where dbt is called
            without_database(project)
            run = dbt(project, incoming, "build", "--quiet")
            with duckdb.connect(str(project / "infant_mortality.duckdb"), read_only=True) as reader:
                ranked = reader.execute(
                    "select count(*) from marts.fct_rankings where ranking_level = 'made_up_area'"
                ).fetchone()[0]
            rows.append({"what": what, "size": areas, "round": 0, **run._asdict(), "note": f"{ranked:,} ranks"})
            keep("many_areas", rows)


if __name__ == "__main__":
    main()
