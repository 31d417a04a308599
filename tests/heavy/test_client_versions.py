"""The published file reads alike in older and newer DuckDB, and in the command line tool: `make test-clients`.

Each version lives in a virtual environment of its own, .venv-duckdb-<series>, below CLIENTS_FOLDER (the project's root
unless set).
"""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from publish.plugin import published_place

PROJECT = Path(__file__).resolve().parents[2]
CLIENTS = Path(os.environ.get("CLIENTS_FOLDER", PROJECT))

# Prints, as JSON: version; of every table its comments, its number of rows and a digest of them; the macros' answers.
READ_EVERYTHING = """
import duckdb, hashlib, json, sys

def answers(connection):
    return [
        [[str(value) for value in row] for row in connection.execute(f"from {call}").fetchall()]
        for call in (
            "area_profile('E08000034')",
            "marts.combined_area_rate(['E06000017'], '2012', 'infant')",
            "rate_change('E08000034', 'infant', 'registration', '2010', '2016')",
            "(select rate_limits(3, 274, 90), marts.funnel_limits(3.9, 5472, 95), compare_rates(36, 4702, 20, 4900))",
        )
    ]

with duckdb.connect(sys.argv[1], read_only=True) as connection:
    connection.execute("set enable_progress_bar = false")  # On a slow machine it would stand on standard output.
    tables = []
    for name, comment in connection.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall():
        columns = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            f"where schema_name = 'marts' and table_name = '{name}' order by column_index"
        ).fetchall()
        rows = connection.execute(f"select * from marts.{name}").fetchall()
        tables.append([name, comment, columns, len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()])
    opened = answers(connection)
    assert all(opened)
with duckdb.connect() as connection:
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"attach '{sys.argv[1]}' as anything (read_only)")
    connection.execute("use anything")
    assert answers(connection) == opened
print(json.dumps([duckdb.__version__, [tables, opened]]))
"""


@pytest.fixture(scope="module")
def published() -> Path:
    """The published file; building it is the make target's affair."""
    path = published_place()
    assert path.exists(), f"{path} does not exist: run `dbt build` first"
    return path


@pytest.fixture(scope="module")
def read_by_the_builds_version(published: Path) -> list:
    """What the DuckDB that built the file reads."""
    return read_with(sys.executable, published)[1]


def read_with(python: str | Path, published: Path) -> list:
    """Version and everything read, by that Python's DuckDB."""
    command = [python, "-c", READ_EVERYTHING, published]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("series", ["1.4", "2.0"])
def test_another_duckdb_reads_the_same(published, read_by_the_builds_version, series):
    python = CLIENTS / f".venv-duckdb-{series}" / "bin" / "python"
    assert python.exists(), f"{python} does not exist: `make test-clients` makes it"
    version, read = read_with(python, published)
    assert version.startswith(f"{series}.") and not duckdb.__version__.startswith(f"{series}.")
    assert read == read_by_the_builds_version


def test_the_command_line_tool_reads_the_same(published):
    tool = CLIENTS / ".venv-duckdb-1.4" / "bin" / "duckdb"
    query = (
        "select measure, basis, period, numerator, rate_display from area_profile('E08000034') "
        "order by measure, basis, period"
    )
    done = subprocess.run([tool, "-readonly", "-csv", published, query], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = list(csv.reader(io.StringIO(done.stdout)))
    with duckdb.connect(str(published), read_only=True) as reader:
        expected = reader.execute(query).fetchall()
    assert shown[0] == ["measure", "basis", "period", "numerator", "rate_display"]
    assert shown[1:] == [["" if value is None else str(value) for value in row] for row in expected]
    assert len(expected) > 50
