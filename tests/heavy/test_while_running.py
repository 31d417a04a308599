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
from tqdm import tqdm

from tests.readers import Readers

PROJECT = Path(__file__).resolve().parents[2]
BUILDS = int(os.environ.get("PUBLISH_BUILDS", "20"))
READERS = 3
# Seconds between two reads of one reader, as of a restless dashboard: most of the machine is left to the builds.
PAUSE = 0.2


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
    started = time.monotonic()
    with Readers(place, READERS, PAUSE) as readers:
        for _ in tqdm(range(BUILDS), desc="Builds", unit="build"):
            manifest = build(place)
            rows_of_build[manifest["build_id"]] = manifest["rows"]
        reading = readers.stop()
    print(
        f"\n{BUILDS} builds in {time.monotonic() - started:.0f} s, {READERS} readers, {reading.reads} reads, "
        f"{len(reading.errors)} errors, {len(reading.builds)} builds seen"
    )
    assert reading.errors == []
    assert set(reading.builds) <= set(rows_of_build)
    assert len(reading.builds) >= BUILDS, "the readers were too slow to see every build"
    for build_id, answers in reading.builds.items():
        for counts, kirklees in answers:
            assert counts == rows_of_build[build_id]
            assert kirklees[0][0] > 50
