"""The build on other versions gives the same tables: `make test-dbt-1.12 test-duckdb-2.0 test-python-3.13`.

Each version lives in a virtual environment of its own, .venv-<version>, and builds a copy of the project from nothing.
Every published table must equal that of the default versions: text, whole numbers, truth values and NULLs exactly,
doubles to 1e-8: a probability of 1e-210 is the exponential of a deviance whose last digit may differ.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from publish.plugin import published_place
from tests.python.dbt_process import PROJECT, copy_project, environment_of_tests

TOLERANCE = "1e-8"
# What each says of itself, by the manifest or else by its Python.
VERSIONS = {
    "dbt-1.12": ("dbt_version", "1.12."),
    "duckdb-2.0-build": ("duckdb_version", "2.0."),
    "python-3.12": (None, "Python 3.12."),
    "python-3.13": (None, "Python 3.13."),
}
CLIENTS = ("tests/python/test_clients.py", "tests/heavy/test_client_versions.py")


def tool(version: str, name: str) -> Path:
    """A program of that version's environment."""
    return PROJECT / f".venv-{version}" / "bin" / name


@pytest.fixture(scope="module", params=VERSIONS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A version and the folder in which it built the project, with the published file and its exports."""
    folder = copy_project(tmp_path_factory.mktemp(request.param))
    began = time.perf_counter()
    done = subprocess.run(
        [tool(request.param, "dbt"), "build", "--quiet"],
        cwd=folder,
        env=environment_of_tests(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    print(f"\n{request.param}: built in {time.perf_counter() - began:.0f} s")
    assert "Published infant_mortality.duckdb" in done.stdout
    return request.param, folder


def test_it_is_that_version(built):
    version, folder = built
    column, series = VERSIONS[version]
    manifest = json.loads((folder / "exports" / "manifest.json").read_text(encoding="utf-8"))
    told = subprocess.run([tool(version, "python"), "--version"], capture_output=True, text=True).stdout
    assert (manifest[column] if column else told).startswith(series)


def test_every_table_is_the_same(built):
    _, folder = built
    comparing = [sys.executable, "scripts/compare_exports.py", published_place(), folder / "infant_mortality.duckdb"]
    done = subprocess.run([*comparing, "--tolerance", TOLERANCE], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    print(f"\n{built[0]}: {done.stdout.splitlines()[-1]}")


def test_formulas_pass_their_unit_tests(built):
    version, folder = built
    command = [tool(version, "dbt"), "test", "--quiet", "--select", "test_type:unit"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_clients_read_the_file(built):
    """The clients of today's DuckDB and those of 1.4 and 2.0, on the file that this version wrote."""
    _, folder = built
    environment = {
        **os.environ,
        "INFANT_MORTALITY_DB": str(folder / "infant_mortality.duckdb"),
        "INFANT_MORTALITY_BUILD": str(folder / "build" / "infant_mortality.duckdb"),
    }
    command = [sys.executable, "-m", "pytest", *CLIENTS]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    print(f"\n{built[0]}: {next(line for line in done.stdout.splitlines() if ' passed' in line)}")


def test_a_workbook_is_read(built):
    """An Excel file among the user's own: calamine opens it, so that no DuckDB extension is needed."""
    version, folder = built
    workbook = openpyxl.Workbook()
    workbook.active.append(["area_code", "area_name", "year", "basis", "item", "count"])
    for item, count in (("live_births", 5000), ("infant_deaths", 21)):
        workbook.active.append(["E08000034", "Kirklees", 2031, "occurrence", item, count])
    workbook.save(folder / "data" / "incoming" / "own.xlsx")
    command = [tool(version, "dbt"), "build", "--quiet", "--select", "+fct_rates", "+input_files"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    read = (
        "import duckdb\n"
        "with duckdb.connect('build/infant_mortality.duckdb', read_only=True) as reader:\n"
        '    print(reader.execute("select numerator, denominator from marts.fct_rates '
        "where period = '2031' and measure = 'infant'\").fetchall())\n"
    )
    told = subprocess.run([tool(version, "python"), "-c", read], cwd=folder, capture_output=True, text=True)
    assert told.stdout.strip() == "[(21, 5000)]", told.stdout + told.stderr
