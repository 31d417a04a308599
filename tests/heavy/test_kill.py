"""Builds and publishers killed at random moments leave the published file whole: `make test-kill`.

PUBLISH_KILLS times (100 unless set) a `dbt build` is killed with SIGKILL, with every process that it started, at a
moment drawn with a fixed seed: half of them anywhere in the build, half of them while it publishes (from the moment
that its folder appears beside the published file). After each, the published file must open, be one whole build and
agree with its manifest where both are of one build; at the end a build must succeed and leave nothing behind.
"""

import hashlib
import json
import os
import random
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
        assert reader.execute("select count(*) from area_profile('E08000034')").fetchall()[0][0] > 50
        return reader.execute("select build_id from marts.build_information").fetchall()[0][0]


def check_exports(exports: Path) -> str:
    """Check every exported file against the manifest beside it; its build's id."""
    manifest = json.loads((exports / "manifest.json").read_text())
    assert {path.name for path in exports.iterdir()} == {*manifest["files"], "manifest.json"}
    for name, described in manifest["files"].items():
        assert hashlib.sha256((exports / name).read_bytes()).hexdigest() == described["sha256"], name
    return manifest["build_id"]


def test_the_published_file_survives_every_kill(tmp_path: Path):
    chance = random.Random(SEED)
    place = tmp_path / "infant_mortality.duckdb"
    exports = tmp_path / "exports"
    started = time.monotonic()
    first = start(place)
    said, _ = first.communicate()
    assert first.returncode == 0, said
    seconds_of_a_build = time.monotonic() - started
    rows_wanted = json.loads((exports / "manifest.json").read_text())["rows"]
    outcomes = {"killed while building": 0, "killed while publishing": 0, "too late": 0}
    builds_seen = set()
    for number in range(KILLS):
        process = start(place)
        workspace = f".{place.name}.publishing.{process.pid}"
        if number % 2:
            moment = time.monotonic() + chance.uniform(0, seconds_of_a_build)
            while time.monotonic() < moment and process.poll() is None:
                time.sleep(0.001)
        else:
            while not (tmp_path / workspace).exists() and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 1.2))
        is_publishing = (tmp_path / workspace).exists()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            outcomes["killed while publishing" if is_publishing else "killed while building"] += 1
        else:
            outcomes["too late"] += 1
        process.communicate()
        builds_seen.add(whole_build_in(place, rows_wanted))
        check_exports(exports)
    last = start(place)
    said, _ = last.communicate()
    assert last.returncode == 0, said
    assert whole_build_in(place, rows_wanted) == check_exports(exports)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports", "infant_mortality.duckdb"]
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    print(f"\n{KILLS} moments (seed {SEED}): {told}; {len(builds_seen)} builds seen; the file was whole every time")
    assert outcomes["killed while building"] + outcomes["killed while publishing"] >= KILLS * 0.6
