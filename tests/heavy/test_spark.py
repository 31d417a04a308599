"""Records counted on Spark are those counted on DuckDB, count for count and reject for reject: `make test-spark`.

Spark 3.5 and 4 live in virtual environments of their own, .venv-spark and .venv-spark-4, below CLIENTS_FOLDER (the
project's root unless set), and need Java 17. First few records, in files of every kind that Spark reads, in a session
of dbt's own; then SPARK_RECORDS made-up ones (10,000,000 unless set) on a master with two workers, which the test
starts on the loopback address and stops. Prints how long each took.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from publish.plugin import published_place

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "python"))

from conftest import built_database_path, loaded_dbt  # noqa: E402, F401
from dbt_process import READ_BY_DBT, Copy  # noqa: E402
from test_records import COLUMNS, made_up_records  # noqa: E402

CLIENTS = Path(os.environ.get("CLIENTS_FOLDER", PROJECT))
RECORDS = int(os.environ.get("SPARK_RECORDS", "10000000"))
STEPS = ("record_files_counted", "record_figures", "rejected_records")
# More than there are: then every rejected record is compared.
LISTED = 100_000
COUNTED = Path("build/spark/warehouse/records.db/int_record_counts")
# Nobody but this machine is listened to, and the driver takes no more memory than it is given.
ENVIRONMENT = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DRIVER_MEMORY": "4g"}


class Counting:
    """A copy of the project that counts the records of a folder on either engine."""

    def __init__(self, copy: Copy, series: str) -> None:
        self.copy = copy
        self.folder = copy.folder / "data" / "incoming"
        self.environment = CLIENTS / f".venv-{series}" / "bin"
        assert self.environment.exists(), f"{self.environment} does not exist: `make test-spark` makes it"
        (copy.folder / "exports").mkdir()
        shutil.copy(published_place().parent / "exports" / "dim_area.parquet", copy.folder / "exports")

    def on_spark(self, *options: str, master: str = "local[2]") -> str:
        """Count on Spark; what dbt said."""
        done = subprocess.run(
            [
                *(self.environment / "dbt", "build", "--target", "spark", "--select", "models/records"),
                *("--vars", f"{{rejected_records_listed: {LISTED}}}", "--no-use-colors", *options),
            ],
            cwd=self.copy.folder,
            env={**os.environ, **ENVIRONMENT, "SPARK_MASTER": master},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def build(self, engine: str):
        """Build the steps of the records on DuckDB, which counts them or takes up what Spark has counted."""
        variables = f"{{records_engine: {engine}, rejected_records_listed: {LISTED}}}"
        # With dbt's notes of the run, in which the seconds of the steps stand.
        what = ("--resource-type", "model", "--select", "models/records", "--vars", variables)
        return self.copy.dbt("build", *what, "--write-json")

    def counted_by(self, engine: str) -> dict[str, list[tuple]]:
        """All that the other models read of the records."""
        done = self.build(engine)
        assert done.returncode == 0, done.stdout
        # The files that Spark has left are found from the project's folder.
        with chdir(self.copy.folder):
            return {step: self.copy.query(f"from records.int_{step} order by all") for step in STEPS}

    def seconds_of_steps(self) -> float:
        """What the steps of the last run took, without the start of dbt and of Spark."""
        run = json.loads((self.copy.folder / "target" / "run_results.json").read_text(encoding="utf-8"))
        return sum(result["execution_time"] for result in run["results"])

    def parts_counted(self) -> set[str]:
        """The files in which Spark keeps its counts."""
        counted = self.copy.folder / COUNTED
        return {str(path.relative_to(counted)) for path in counted.rglob("part-*.parquet")}


@pytest.fixture(params=["spark", "spark-4"])
def counting(request, tmp_path, built_database_path, loaded_dbt) -> Counting:  # noqa: F811
    return Counting(Copy(tmp_path, built_database_path, loaded_dbt), request.param)


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """A folder of many made-up records, with faults of every kind."""
    folder = tmp_path_factory.mktemp("many")
    command = [sys.executable, "benchmarks/generate_births.py", folder, "--records", str(RECORDS), "--faults", "0.001"]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return folder


@contextmanager
def running_master(environment: Path, folder: Path) -> Iterator[str]:
    """Start a master and two workers of one core each; yields the master's address."""
    started = []

    def start(role: str, *options: str) -> Path:
        log = folder / f"{role} {len(started)}.log"
        with log.open("wb") as file:
            started.append(
                subprocess.Popen(
                    [environment / "spark-class", f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", *options],
                    stdout=file,
                    stderr=file,
                    env={
                        **(os.environ | ENVIRONMENT),
                        **{"SPARK_LOCAL_DIRS": str(folder), "PYSPARK_PYTHON": str(environment / "python")},
                    },
                    cwd=folder,
                )
            )
        return log

    def told(log: Path, pattern: str) -> re.Match:
        give_up_at = time.monotonic() + 60
        while not (match := re.search(pattern, log.read_text())):
            assert time.monotonic() < give_up_at and started[-1].poll() is None, log.read_text()
            time.sleep(0.2)
        return match

    try:
        log = start("master.Master", "--port", "0", "--webui-port", "0")
        address = told(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")[1]
        for _ in range(2):
            options = ("--cores", "1", "--memory", "2g", "--webui-port", "0", "--work-dir", str(folder))
            told(start("worker.Worker", *options, address), "Successfully registered with master")
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=60)


def write_files_of_every_kind(births: Path) -> None:
    """Made-up records with every fault, as text and typed, under names and columns that need care."""
    (births / "more").mkdir(parents=True)
    records = pd.DataFrame(made_up_records())[COLUMNS]
    records[:5000].to_parquet(births / "A [1], {2}? é's.parquet")
    records[5000:10000][COLUMNS[::-1]].rename(columns=str.title).to_parquet(births / "b.parquet")
    records[10000:15000].assign(hospital="made up").to_parquet(births / "c=1 & 100%25+.PARQUET")
    typed = records[15000:].reset_index(drop=True)
    for column in ("birth_date", "death_date"):
        typed[column] = pd.to_datetime(typed[column], format="%Y-%m-%d", errors="coerce")
    # Fractions among them; of a thousand million each engine writes its own text.
    typed["gestation_weeks"] = pd.to_numeric(typed["gestation_weeks"], errors="coerce").clip(upper=99)
    typed.to_parquet(births / "more" / "d.parquet")
    of_days = typed.assign(birth_id=range(len(typed)), gestation_weeks=typed["gestation_weeks"].round().astype("Int64"))
    for column in ("birth_date", "death_date"):
        of_days[column] = of_days[column].dt.date
    # Before the calendar of today, and beyond what text writes.
    of_days.loc[0, "birth_date"] = date(1066, 10, 14)
    of_days.loc[1, "death_date"] = date(9999, 12, 31)
    of_days.to_parquet(births / "e.parquet")
    pd.DataFrame({"birth_id": [1], "Area Code": ["x"]}).to_parquet(births / "two columns.parquet")


def test_few_records_in_files_of_every_kind(counting):
    births = counting.folder / "births"
    write_files_of_every_kind(births)
    assert "int_records::each_fault_of_a_record_rejects_it" in counting.on_spark()
    expected = counting.counted_by("duckdb")
    assert counting.counted_by("spark") == expected
    assert len(expected["rejected_records"]) > 1000
    # A file more, one fewer, and one with other records: of the rest nothing is counted anew.
    parts = counting.parts_counted()
    assert len(parts) == 5
    (births / "b.parquet").rename(births / "z.parquet")
    shutil.rmtree(births / "more")
    pd.read_parquet(births / "e.parquet")[:100].to_parquet(births / "e.parquet")
    counting.on_spark("--resource-type", "model")
    assert counting.counted_by("spark") == counting.counted_by("duckdb") != expected
    # What was counted of a file that is gone stays, and is not read.
    assert len(counting.parts_counted()) == 6 and len(counting.parts_counted() & parts) == 4
    # Nothing is left in the project's folder.
    left = {Path(name).parts[0] for name in READ_BY_DBT} | {"build", "exports", "logs"}
    names = {path.name for path in counting.copy.folder.iterdir()}
    assert names <= left | {"seeds", "target", "tests", "said.txt", "said_as_error.txt", ".user.yml"}, names


@pytest.mark.parametrize("counting", ["spark"], indirect=True)
def test_what_spark_does_not_read_is_said_in_a_sentence(counting):
    done = counting.build("spark")
    assert done.returncode != 0
    assert "build/spark/warehouse/records.db holds no counts of records from it: run `dbt build --target" in done.stdout
    births = counting.folder / "births"
    births.mkdir()
    (births / "a.csv").write_text(",".join(COLUMNS) + "\n1,2014-01-01,E08000034,live,40,\n")
    (births / "b.xlsx").write_bytes(b"PK")
    counting.on_spark("--resource-type", "model")
    assert counting.build("spark").returncode == 0
    with chdir(counting.copy.folder):
        told = counting.copy.query(
            "select source_file, reading_problem from records.int_record_files_counted order by all"
        )
    assert told == [
        ("births/a.csv", "Spark reads records from Parquet files alone; DuckDB reads this one"),
        ("births/b.xlsx", "this ending is not read among records of births; on Spark .parquet is"),
    ]


def test_many_records_on_a_master_with_two_workers(counting, many, tmp_path_factory):
    (counting.folder / "births").symlink_to(many, target_is_directory=True)
    workers = tmp_path_factory.mktemp("workers")
    with running_master(counting.environment, workers) as master:
        counting.on_spark("--resource-type", "model", master=master)
    seconds = {"counted on Spark": counting.seconds_of_steps()}
    # Two executors have worked, one on each worker.
    assert len(list(workers.glob("app-*/*/stderr"))) == 2
    expected = counting.counted_by("duckdb")
    seconds["counted on DuckDB"] = counting.seconds_of_steps()
    assert counting.counted_by("spark") == expected
    seconds["counts taken up by DuckDB"] = counting.seconds_of_steps()
    assert sum(row[3] for row in expected["record_files_counted"]) == RECORDS
    assert len(expected["rejected_records"]) == pytest.approx(RECORDS * 0.001, rel=0.2)
    size = sum(path.stat().st_size for path in many.iterdir())
    told = "; ".join(f"{what} in {taken:.1f} s, {RECORDS / taken:,.0f} a second" for what, taken in seconds.items())
    print(f"\n{counting.environment.parent.name}: {RECORDS:,} records of {size / 1e6:,.0f} MB: {told}")
