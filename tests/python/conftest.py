"""What every test shares: the built database, built once where it is missing or older than its sources, and a dbt.

With workers (`pytest -n 2`) each has its own session; whichever asks first builds, and the others wait for it.
"""

import fcntl
import gc
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from dbt_process import Copy
from dbt_process import loaded_dbt as load_dbt

from publish.plugin import published_place

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = (
    "models",
    "seeds",
    "macros",
    "formulas",
    "incoming",
    "ingest",
    "tests/dbt",
    "dbt_project.yml",
    "profiles.yml",
)
# The files of tests that take longest, which come first, so that no worker is left with one of them at the end.
LONGEST_FIRST = (
    *("test_report_browser", "test_records", "test_incoming_any_folder", "test_claims_inputs", "test_guard"),
    *("test_report_build", "test_habits", "test_publish", "test_contributing", "test_incoming_files"),
    *("test_publish_command", "test_incoming_columns", "test_same_again", "test_formulas", "test_workbook"),
    *("test_operating_characteristics", "test_house_rules"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def pytest_collection_finish() -> None:
    """Spare the garbage collector all that imports have made: statsmodels calls it before every Holm correction."""
    gc.collect()
    gc.freeze()


def newest_source_time() -> float:
    """Time of the last change, in seconds since the epoch, among the files that a build reads."""
    files = [PROJECT / name for name in SOURCES]
    return max(
        file.stat().st_mtime
        for source in files
        for file in ([source] if source.is_file() else source.rglob("*"))
        if file.is_file()
    )


@pytest.fixture(scope="session")
def built_database_path() -> Path:
    """Where a whole build is: INFANT_MORTALITY_BUILD, or build/infant_mortality.duckdb, built anew where stale."""
    named = os.environ.get("INFANT_MORTALITY_BUILD")
    if named:
        return Path(named)
    path = PROJECT / "build" / "infant_mortality.duckdb"
    path.parent.mkdir(exist_ok=True)
    with (path.parent / ".one_pytest_builds").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not path.exists() or path.stat().st_mtime < newest_source_time():
            counting = [sys.executable, PROJECT / "benchmarks" / "statements.py"]
            done = subprocess.run(counting, cwd=PROJECT, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
    return path


@pytest.fixture(scope="session")
def loaded_dbt():
    """A dbt that is loaded once for all commands of the session."""
    loaded = load_dbt()
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def copy(tmp_path_factory, built_database_path, loaded_dbt) -> Copy:
    """A copy of the project with its built database, for the tests of one file."""
    return Copy(tmp_path_factory.mktemp("project"), built_database_path, loaded_dbt)


@pytest.fixture(scope="session")
def built_database(built_database_path: Path):
    """A read-only connection to the built database."""
    connection = duckdb.connect(str(built_database_path), read_only=True)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def published(published_database_path):
    """A read-only connection to the published database, in which the table macros are."""
    with duckdb.connect(str(published_database_path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def site(built_database_path, tmp_path_factory) -> Path:
    """The report's site of the real marts."""
    from report_site import site_once

    return site_once(built_database_path, "site", tmp_path_factory)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory) -> tuple[Path, Path]:
    """A site of made-up figures, with the database that it came from."""
    from report_made_up import make_database
    from report_site import site_once

    database = make_database(tmp_path_factory.mktemp("made_up") / "made_up.duckdb")
    return site_once(database, "made_up_site", tmp_path_factory), database


@pytest.fixture(scope="session")
def published_database_path(built_database_path: Path) -> Path:
    """The published database of that build, in its place."""
    path = published_place()
    assert path.exists(), f"{path} does not exist: the last build did not pass, or was not whole; run `dbt build`"
    return path
