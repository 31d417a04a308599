"""Time a user's file of many rows from the file to the faults of its rows: this project against a commit of before.

    python benchmarks/incoming_files.py [--rows 400000] [--rounds 5] [--before 07f9a5b] [--whole]

The file is in the project's own layout: made-up counts of areas and years that are all different, without a fault.
Both sides run the models that read it, name its fields and judge row by row, in turn, each in a dbt of its own with
the Python that runs this script. Kept are the seconds in the models, without the start of dbt, and the largest
memory; the results stand in results/incoming_files.csv. The commit of before is taken out of git. With --whole it is a
whole `dbt build` of each, from nothing, and one in which every table is copied and none worked out, which no better SQL
can undercut; the results stand in results/incoming_files_whole.csv.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
from build_time import BEFORE, COPIED, PROJECT, copying_project, project_of, whole_project, without_database
from measuring import dbt, described, keep
from tqdm import tqdm

HERE = "this project"
# The models that do the same on each side; the last has the faults.
STEPS = (
    *("stg_incoming__lines", "int_incoming_headers_found", "int_incoming_fields_read", "int_incoming_counts_listed"),
    *("int_incoming_faults_found", "stg_incoming__fields", "int_incoming_counts", "int_incoming_count_faults"),
)
STEP = ("started_at", "completed_at")


def write_counts(folder: Path, rows: int) -> None:
    """Write a file of made-up counts: areas by the hundred rows, each 50 years of births and of deaths."""
    folder.mkdir()
    header = "area_code,area_name,year,basis,item,count"
    duckdb.sql(
        f"""
        copy (
            select
                'Q' || lpad(cast(row // 100 as varchar), 6, '0') as area_code,
                'Made up area ' || cast(row // 100 as varchar) as area_name,
                1950 + row % 50 as year,
                'occurrence' as basis,
                case when row % 100 < 50 then 'live_births' else 'infant_deaths' end as item,
                case when row % 100 < 50 then 1000 + row % 977 else row % 13 end as count
            from range({rows}) as rows (row)
        ) to '{folder / "made up.csv"}' (header, delimiter ',')
        """
    )
    assert (folder / "made up.csv").open().readline().strip() == header


def timed(project: Path, incoming: Path, whole: bool) -> tuple[float, float, str]:
    """Seconds in the models of one run, the largest memory, and the seconds of each model in words."""
    if whole:
        without_database(project)
        run = dbt(project, incoming, "build", "--quiet")
        return run.seconds, run.gigabytes, f"{run.cpu_seconds:.0f} seconds of processor"
    run = dbt(project, incoming, "run", "--quiet", "--select", *steps_of(project))
    results = json.loads((project / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    times = [datetime.fromisoformat(step[when]) for result in results for step in result["timing"] for when in STEP]
    told = "; ".join(f"{result['unique_id'].split('.')[-1]} {result['execution_time']:.2f}" for result in results)
    return (max(times) - min(times)).total_seconds(), run.gigabytes, told


def steps_of(project: Path) -> list[str]:
    """The steps that a project has."""
    files = {path.stem for path in (project / "models").rglob("*_incoming_*.*")}
    return [step for step in STEPS if step in files]


def main() -> None:
    """Run both sides in turn and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=400_000, help="rows of the file")
    parser.add_argument("--rounds", type=int, default=5, help="how many times each side is run")
    parser.add_argument("--before", default=BEFORE, help="the commit to compare with")
    parser.add_argument("--whole", action="store_true", help="time a whole build")
    arguments = parser.parse_args()
    before = arguments.before
    with tempfile.TemporaryDirectory() as place:
        incoming = Path(place) / "incoming"
        write_counts(incoming, arguments.rows)
        projects = {before: Path(place) / "before", HERE: Path(place) / "here"}
        project_of(arguments.before, projects[before])
        whole_project(projects[HERE])
        only = ("--resource-type", "seed", "--resource-type", "model")
        for project in projects.values():
            os.chdir(project)  # profiles.yml names the database from where dbt is called
            first, *_ = steps_of(project)
            parents = [f"+{step}" for step in steps_of(project)]
            assert first.startswith("stg_incoming")
            if not arguments.whole:
                dbt(project, incoming, "build", "--quiet", *only, "--select", *parents)
        if arguments.whole:
            projects[COPIED] = Path(place) / "copying"
        rows = []
        for turn in tqdm(range(arguments.rounds), unit="round"):
            for side, project in projects.items():
                if not project.exists():
                    copying_project(projects[HERE], project)
                os.chdir(project)
                seconds, gigabytes, note = timed(project, incoming, arguments.whole)
                about = {"what": side, "size": arguments.rows, "round": turn, "note": note}
                rows.append(about | {"seconds": seconds, "gigabytes": gigabytes})
        os.chdir(PROJECT)
        for side, project in projects.items():
            faults = steps_of(project)[-1]
            with duckdb.connect(str(project / "build" / "infant_mortality.duckdb"), read_only=True) as reader:
                schema = "core" if side == before else "incoming"
                assert reader.execute(f"select count(*) from {schema}.{faults}").fetchone() == (0,)
    keep("incoming_files_whole" if arguments.whole else "incoming_files", rows)
    seconds = {side: [row["seconds"] for row in rows if row["what"] == side] for side in projects}
    memory = {side: max(row["gigabytes"] for row in rows if row["what"] == side) for side in projects}
    for side, values in seconds.items():
        print(f"{side}: {described(values)} s, {memory[side]:.2f} GB")
    shares = [here / there for here, there in zip(seconds[HERE], seconds[before], strict=True)]
    print(f"share of the time of before: {described(shares)}; of the medians: ", end="")
    print(f"{statistics.median(seconds[HERE]) / statistics.median(seconds[before]):.2f}")


if __name__ == "__main__":
    sys.exit(main())
