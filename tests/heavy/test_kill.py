"""Builds and publishers killed at random moments leave the published file whole: `make test-kill`.

PUBLISH_KILLS processes (100 unless set) are killed with SIGKILL, with every process that they started, at moments drawn
with a fixed seed: every fifth is a whole `dbt build`, killed anywhere from its start to its end; the others are
publishers, on a copy of the real build, killed anywhere in the seconds that publishing takes. After each, the published
file must open and be one whole build, and the exports must agree with their manifest; at the end a build must succeed,
publish, and leave nothing else behind.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("PUBLISH_KILLS", "100"))
SEED = 20141122


def start(place: Path) -> subprocess.Popen:
    """Start a whole `dbt build` that publishes there, in a process group of its own."""
    environment = {**os.environ, "INFANT_MORTALITY_DB": str(place)}
    dbt = Path(sys.executable).with_name("dbt")
    return subprocess.Popen(
        [dbt, "build", "--quiet"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def whole_build_in(place: Path, rows_wanted: dict[str, int]) -> str:
    """Check that the published file opens and holds every row of every table; its build's id."""
    with duckdb.connect(str(place), read_only=True) as reader:
        tables = reader.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        rows = {name: reader.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for (name,) in tables}
        assert rows == rows_wanted
        return reader.execute("select build_id from marts.build_information").fetchall()[0][0]


def check_exports(exports: Path) -> str:
    """Check every exported file against the manifest beside it; its build's id."""
    manifest = json.loads((exports / "manifest.json").read_text())
    assert {path.name for path in exports.iterdir()} == {*manifest["files"], "manifest.json"}
    for name, described in manifest["files"].items():
        assert hashlib.sha256((exports / name).read_bytes()).hexdigest() == described["sha256"], name
    return manifest["build_id"]


PUBLISHER = """
import sys, uuid
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import duckdb
from publish.publisher import Request, publish
build, place = Path(sys.argv[2]), Path(sys.argv[3])
with duckdb.connect(str(place), read_only=True) as published:
    tables = dict(published.execute(
        "select table_name, constraint_column_names from duckdb_constraints() "
        "where constraint_type = 'PRIMARY KEY' and table_name <> 'build_information'").fetchall())
with duckdb.connect(str(build)) as connection:
    print("publishing", flush=True)
    publish(connection, build, place, Request(str(uuid.uuid4()), "2026-01-01T00:00:00+00:00", "", "marts", tables))
"""


def start_publisher(build: Path, place: Path) -> subprocess.Popen:
    """Start publishing a copy of the build, without dbt, in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, PROJECT, build, place],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "publishing\n"
    return process


def test_the_published_file_survives_every_kill(tmp_path: Path):
    chance = random.Random(SEED)
    place = tmp_path / "published" / "infant_mortality.duckdb"
    place.parent.mkdir()
    exports = place.parent / "exports"
    started = time.monotonic()
    first = start(place)
    said, _ = first.communicate()
    assert first.returncode == 0, said
    seconds_of_a_build = time.monotonic() - started
    rows_wanted = json.loads((exports / "manifest.json").read_text())["rows"]
    copy = tmp_path / "infant_mortality.duckdb"
    shutil.copy(PROJECT / "build" / "infant_mortality.duckdb", copy)
    started = time.monotonic()
    whole = start_publisher(copy, place)
    said, _ = whole.communicate()
    assert whole.returncode == 0, said
    seconds_of_publishing = time.monotonic() - started
    outcomes = {"builds killed": 0, "publishers killed": 0, "ended before their moment": 0}
    builds_seen = set()
    for number in range(KILLS):
        is_build = number % 5 == 4
        process = start(place) if is_build else start_publisher(copy, place)
        moment = time.monotonic() + chance.uniform(0, seconds_of_a_build if is_build else seconds_of_publishing)
        while time.monotonic() < moment and process.poll() is None:
            time.sleep(0.001)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            outcomes["builds killed" if is_build else "publishers killed"] += 1
        else:
            outcomes["ended before their moment"] += 1
        process.communicate()
        builds_seen.add(whole_build_in(place, rows_wanted))
        check_exports(exports)
    last = start(place)
    said, _ = last.communicate()
    assert last.returncode == 0, said
    assert whole_build_in(place, rows_wanted) == check_exports(exports)
    assert sorted(path.name for path in place.parent.iterdir()) == ["exports", "infant_mortality.duckdb"]
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    print(f"\n{KILLS} moments (seed {SEED}): {told}; {len(builds_seen)} builds seen, each of them whole")
    assert outcomes["builds killed"] + outcomes["publishers killed"] >= KILLS * 0.6
