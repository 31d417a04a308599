"""Time births one by one to counts and rejected records: this project against what a user would write instead.

    python benchmarks/records.py [--records 1000000 10000000] [--rounds 3] [--sides project duckdb polars spark]

Records are made up by generate_births.py in a temporary folder. Every side does the same: live births, stillbirths and
deaths by ONS's age bands for each area and year; a record with any fault that int_records names is rejected; of
records with one id only the first is used; the rejected records of each file are counted and its first 1,000 listed.
Sides take turns, each in a process of its own; their answers are compared before a time is kept. `unique` beside a
side: double ids are not looked for, as where the source guarantees that there are none.

A side has ten minutes. Needs, for the side `postgres`, PostgreSQL 15 (`apt-get install postgresql-15`), for the side
`spark` Java 17 and .venv-spark (`make .venv-spark/.installed`), below CLIENTS_FOLDER or the project's root; a side for
which something is missing is left out, and a sentence says so. The results stand in results/records.csv;
`python benchmarks/write_results.py` makes the tables of RESULTS.md from them.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
from build_time import PROJECT, whole_project
from measuring import Run, dbt, keep, measured
from record_sides import LATEST, LISTED, POSTGRES
from tqdm import tqdm

HERE = Path(__file__).resolve().parent
SPARK_DBT = Path(os.environ.get("CLIENTS_FOLDER", PROJECT)).absolute() / ".venv-spark" / "bin" / "dbt"
# As many cores as DuckDB has threads in profiles.yml; nobody but this machine is listened to.
SPARK_SETTINGS = {
    "SPARK_MASTER": "local[2]",
    "SPARK_LOCAL_IP": "127.0.0.1",
    "SPARK_DRIVER_MEMORY": "4g",
    "PYSPARK_SUBMIT_ARGS": "--conf spark.ui.showConsoleProgress=false pyspark-shell",
}
LIMIT = 600
# What dbt notes of each step of a model.
STEP = ("started_at", "completed_at")
# Exit codes of `timeout`: it ended the side, or the system did.
WHY_GIVEN_UP = {124: "not in ten minutes", 137: "more memory than there is", -9: "more memory than there is"}
SIDES = ("project", "project unique", "duckdb", "duckdb unique", "polars", "pandas", "postgres", "spark")


class Project:
    """A copy of this project, all built but the records; `run` reads them anew each time."""

    def __init__(self, place: Path, incoming: Path) -> None:
        """Build what the records are held against: seeds, areas and supplied areas."""
        self.place, self.incoming = place, incoming
        whole_project(place)
        os.chdir(place)  # profiles.yml names the database from where dbt is called
        births = incoming / "births"
        hidden = incoming.with_name("births_aside")
        births.rename(hidden)
        try:
            only = ("--resource-type", "seed", "--resource-type", "model")
            dbt(place, incoming, "build", "--quiet", *only, "--select", "+models/records")
        finally:
            hidden.rename(births)
        with duckdb.connect(str(place / "build" / "infant_mortality.duckdb"), read_only=True) as reader:
            reader.execute(
                f"copy (select area_code from core.int_areas) to '{incoming / 'areas.parquet'}' (format parquet)"
            )

    def run(self, answer: Path, unique: bool, **variables: str) -> tuple[Run, str]:
        """Read all records anew; also how long the models took among the seconds."""
        # What dbt has parsed is kept apart for each set of variables, and is there: people build again and again.
        target = "_".join(["target", str(unique).lower(), *variables.values()])
        models = [*self.models(record_ids_are_unique=unique, **variables), "--target-path", target]
        if not (self.place / target).exists():
            dbt(self.place, self.incoming, "compile", *models)
        run = dbt(self.place, self.incoming, "run", "--full-refresh", *models)
        in_models = self.seconds_in_models(target)
        # Counts by item are a view: what it takes to read them belongs to the run.
        database = self.place / "build" / "infant_mortality.duckdb"
        read = measured([sys.executable, HERE / "record_sides.py", "project", database, answer])
        if read.code:
            raise SystemExit("the counts of this project could not be read")
        return run.followed_by(read), f"{in_models:.2f} s in the models"

    def run_on_spark(self, answer: Path) -> tuple[Run, str]:
        """Count all records anew on Spark, then let DuckDB take the counts up, for only it makes the answer of them.

        Both are within the time; where Spark gives up there is no answer.
        """
        shutil.rmtree(self.place / "build" / "spark", ignore_errors=True)
        areas = str(self.incoming / "areas.parquet")
        # A target of its own, so that the other sides find what they have parsed.
        folders = ["--project-dir", self.place, "--profiles-dir", self.place, "--target", "spark"]
        folders += ["--target-path", "target_of_spark"]
        counted = measured(
            ["timeout", LIMIT, SPARK_DBT, "run", "--full-refresh", *self.models(records_areas_file=areas), *folders],
            {"INCOMING_FOLDER": str(self.incoming), "DBT_LOG_PATH": str(self.place / "logs"), **SPARK_SETTINGS},
        )
        if counted.code:
            return counted, ""
        in_models = self.seconds_in_models("target_of_spark")
        taken_up, note = self.run(answer, unique=False, records_engine="spark")
        told = f"{in_models:.2f} s in the models on Spark, {note} on DuckDB"
        return counted.followed_by(taken_up), told

    def models(self, **variables: bool | str) -> list[str]:
        """Arguments by which dbt takes the models of the records, with the variables of all sides."""
        variables |= {"records_latest_date": LATEST, "rejected_records_listed": LISTED}
        return ["--quiet", "--select", "models/records", "--vars", json.dumps(variables)]

    def seconds_in_models(self, target: str) -> float:
        """From the start of the first model to the end of the last, without the start of dbt and of an engine."""
        results = json.loads((self.place / target / "run_results.json").read_text(encoding="utf-8"))["results"]
        times = [datetime.fromisoformat(step[when]) for result in results for step in result["timing"] for when in STEP]
        return (max(times) - min(times)).total_seconds()


def missing(side: str) -> str:
    """What a side needs and this machine lacks, in a sentence; an empty text where nothing is missing."""
    if side == "spark" and not SPARK_DBT.exists():
        return f"{SPARK_DBT} does not exist: `make .venv-spark/.installed` makes it."
    if side == "spark" and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "Spark needs Java: apt-get install openjdk-17-jre-headless."
    if side == "postgres" and not (POSTGRES / "initdb").exists():
        return f"{POSTGRES} has no PostgreSQL: apt-get install postgresql-15."
    return ""


def main() -> None:
    """Run the sides in turn, compare their answers and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000_000, 10_000_000], help="numbers of records")
    parser.add_argument("--areas", type=int, default=0, help="made-up areas (default: the districts that are known)")
    parser.add_argument("--rounds", type=int, default=3, help="how many times each side is run")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES), metavar="SIDE", help=", ".join(SIDES))
    parser.add_argument("--keep", default="records", help="name of the file of results (default: records)")
    arguments = parser.parse_args()
    for side in list(arguments.sides):
        if lacking := missing(side):
            print(f"The side {side} is left out. {lacking}", file=sys.stderr)
            arguments.sides.remove(side)
    if not arguments.sides:
        raise SystemExit("No side is left.")
    rows = []
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as folder:
            rows += timed(Path(folder), records, arguments)
            keep(arguments.keep, rows)


def timed(folder: Path, records: int, arguments: argparse.Namespace) -> list[dict]:
    """The measurements of every side with one number of records."""
    incoming = folder / "incoming"
    make = [
        sys.executable,
        HERE / "generate_births.py",
        incoming / "births",
        "--records",
        records,
        "--areas",
        arguments.areas,
    ]
    if measured(make).code:
        raise SystemExit("the records could not be made")
    if arguments.areas:
        lines = ["area_code,area_name,area_level,parent_area_code", "MADE_UP,Made up,made up whole,"]
        lines += [f"M{number:08d},Made up {number},made up,MADE_UP" for number in range(1, arguments.areas + 1)]
        (incoming / "areas.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    project = Project(folder / "project", incoming)
    rows, answers, given_up = [], {}, set()
    turns = [(turn, side) for turn in range(arguments.rounds) for side in arguments.sides]
    for turn, side in tqdm(turns, desc=f"{records:,} records", unit="run"):
        if side in given_up:
            continue
        answer = folder / "answer.parquet"
        note = ""
        if side.startswith("project"):
            run, note = project.run(answer, unique=side.endswith("unique"))
        elif side == "spark":
            run, note = project.run_on_spark(answer)
        else:
            run = measured(
                ["timeout", LIMIT, sys.executable, HERE / "record_sides.py", side, incoming / "births", answer]
            )
        if run.code:
            given_up.add(side)
            told = WHY_GIVEN_UP.get(run.code)
            if told is None:
                raise SystemExit(f"{side} failed")
            rows.append({"what": side, "size": records, "round": turn, "note": told})
            continue
        kind = "unique" if side.endswith("unique") else "with double ids"
        # By one number, for a child's memory is never told as less than what this process has ever held.
        digest = duckdb.sql(f"select count(*), sum(hash(area_code, year, item, count)) from '{answer}'").fetchone()
        if answers.setdefault(kind, digest) != digest:
            first = f"'{folder / kind}.parquet'"
            only_there = f"from (from {first} except from '{answer}') union from (from '{answer}' except from {first})"
            different = duckdb.sql(f"{only_there} order by all limit 4").fetchall()
            raise SystemExit(f"{side} gives another answer than {arguments.sides[0]}: {different}")
        answer.replace(folder / f"{kind}.parquet")
        for path in folder.glob("answer.*"):
            path.unlink()
        rows.append({"what": side, "size": records, "round": turn, **run._asdict(), "note": note})
    shutil.rmtree(project.place)
    return rows


if __name__ == "__main__":
    main()
