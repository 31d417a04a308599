"""What the benchmarks say where they cannot measure; the measuring itself is `make bench`."""

import os

from commands import run_python


def test_a_side_that_lacks_something_is_left_out_and_named(tmp_path):
    environment = {**os.environ, "CLIENTS_FOLDER": str(tmp_path), "POSTGRES_BINARIES": str(tmp_path)}
    done = run_python("benchmarks/records.py", "--sides", "postgres", "spark", env=environment)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"The side postgres is left out. {tmp_path} has no PostgreSQL: apt-get install postgresql-15.",
        f"The side spark is left out. {tmp_path}/.venv-spark/bin/dbt does not exist: "
        "`make .venv-spark/.installed` makes it.",
        "No side is left.",
    ]
