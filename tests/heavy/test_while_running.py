"""Readers keep reading while builds publish: `make test-while-running` (PUBLISH_BUILDS builds, 20 unless set).

Readers of their own processes open the published file anew for every read, through DuckDB, while whole `dbt build`s run
and publish. No read may fail, and every read must see one whole build: the rows of every table add up to what the
manifest of that very build says.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
BUILDS = int(os.environ.get("PUBLISH_BUILDS", "20"))
READERS = 3

# Reads until standard input closes; then prints one line of JSON: number of reads, errors, and what each build showed.
READER = """
import duckdb, json, sys, threading, time
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
reads, errors, seen = 0, [], {}
while not stop.is_set():
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as reader:
            first = reader.execute("select build_id from marts.build_information").fetchall()[0][0]
            tables = [name for (name,) in reader.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by 1").fetchall()]
            counts = {name: reader.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for name in tables}
            kirklees = reader.execute("select count(*), sum(rate_per_1000) from area_profile('E08000034')").fetchall()
            last = reader.execute("select build_id from marts.build_information").fetchall()[0][0]
        assert first == last, "the build changed under an open reader"
        seen.setdefault(first, []).append([counts, kirklees])
        assert seen[first][0] == seen[first][-1], "one build, two answers"
        del seen[first][1:]
        reads += 1
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
    time.sleep(0.01)
print(json.dumps([reads, errors, {build: answers[0] for build, answers in seen.items()}]))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this test publishes, so that nobody else's readers are in the way."""
    return tmp_path_factory.mktemp("published") / "infant_mortality.duckdb"


def build(place: Path) -> dict:
    """One whole `dbt build` that publishes there; its manifest."""
    environment = {**os.environ, "INFANT_MORTALITY_DB": str(place)}
    dbt = Path(sys.executable).with_name("dbt")
    done = subprocess.run([dbt, "build", "--quiet"], cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((place.parent / "exports" / "manifest.json").read_text())


def test_every_read_sees_one_whole_build(place: Path):
    rows_of_build = {}
    manifest = build(place)
    rows_of_build[manifest["build_id"]] = manifest["rows"]
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(READERS)
    ]
    started = time.monotonic()
    try:
        for _ in range(BUILDS):
            manifest = build(place)
            rows_of_build[manifest["build_id"]] = manifest["rows"]
    finally:
        answers = [json.loads(reader.communicate("", timeout=60)[0]) for reader in readers]
    reads = sum(answer[0] for answer in answers)
    errors = [error for answer in answers for error in answer[1]]
    seen = {build_id for answer in answers for build_id in answer[2]}
    print(
        f"\n{BUILDS} builds in {time.monotonic() - started:.0f} s, {READERS} readers, {reads} reads, "
        f"{len(errors)} errors, {len(seen)} builds seen"
    )
    assert errors == []
    assert seen <= set(rows_of_build)
    assert len(seen) >= BUILDS, "the readers were too slow to see every build"
    for answer in answers:
        for build_id, (counts, kirklees) in answer[2].items():
            assert counts == rows_of_build[build_id]
            assert kirklees[0][0] > 50
