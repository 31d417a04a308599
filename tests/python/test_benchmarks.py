"""What the benchmarks say where they cannot measure; the measuring itself is `make bench`."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_a_side_that_lacks_something_is_left_out_and_named(tmp_path):
    done = subprocess.run(
        [sys.executable, "benchmarks/records.py", "--sides", "postgres", "spark"],
        cwd=PROJECT,
        env={**os.environ, "CLIENTS_FOLDER": str(tmp_path), "POSTGRES_BINARIES": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"The side postgres is left out. {tmp_path} has no PostgreSQL: apt-get install postgresql-15.",
        f"The side spark is left out. {tmp_path}/.venv-spark/bin/dbt does not exist: "
        "`make .venv-spark/.installed` makes it.",
        "No side is left.",
    ]
