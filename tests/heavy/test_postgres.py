"""The PostgreSQL target gives the same marts, and ODBC reads them: `make test-postgres`.

The test makes a PostgreSQL 15 server of its own on the loopback address, in a temporary folder and under a user that is
not root, runs `dbt build --target postgres` against it, and reads every mart through ODBC, as Power BI, Tableau and
Excel do. Each row must equal DuckDB's: whole numbers, text and truth values exactly, doubles to 1e-12 of their size.
"""

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyodbc
import pytest

from publish.plugin import published_place
from publish.publisher import BUILD_INFORMATION
from tests.formulas_project import TABLES, project_in
from tests.postgres_server import DATABASE, running_server

PROJECT = Path(__file__).resolve().parents[2]
RELATIVE_DIFFERENCE = 1e-12
# Columns that are differences, and the column, number or function of the row that has the size of what was subtracted.
DIFFERENCES = {
    "excess_deaths": "expected_deaths",
    "excess_deaths_lower_95": "expected_deaths",
    "excess_deaths_upper_95": "expected_deaths",
    # Each of its nodes adds up the chances of all areas of the ranking.
    "probability_worst_tenth": "areas_ranked",
    # The shape is the square of the mean over a variance: the mean square less that square, as many times as large as
    # the shape.
    "posterior_shape": lambda row: (row["posterior_shape"] or 0.0) ** 2,
    "posterior_rate": lambda row: (row["posterior_shape"] or 0.0) * (row["posterior_rate"] or 0.0),
    "coefficient_of_variation": 1.0,
    # What a change is short of or beyond 100 %.
    **{f"{of}annual_percent_change{end}": 100.0 for of in ("", "window_") for end in ("", "_lower_95", "_upper_95")},
    # From posteriors.
    "probability_higher": 1.0,
    "probability_above_benchmark": 1.0,
    "probability_fitted_spread": 1.0,
    "expected_rank": "areas_ranked",
    "trend_deviance": "trend_deaths",
    # Tails of such a difference.
    "lack_of_fit_p_value": "trend_deaths",
    "break_lack_of_fit_p_value": "trend_deaths",
}


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """A server of its own; yields the environment that names it to dbt."""
    with running_server() as environment:
        yield environment


@pytest.fixture(scope="module")
def dbt(server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs a command of dbt on the server, which must succeed; what dbt said."""
    aside = tmp_path_factory.mktemp("postgres")

    def run(*command: str) -> str:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("dbt"),
                *(*command, "--target", "postgres", "--no-use-colors"),
                *("--target-path", aside / "target", "--log-path", aside / "logs"),
            ],
            cwd=PROJECT,
            env={**os.environ, **server},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def built(dbt: Callable[..., str]) -> str:
    """A whole build on the server; what dbt said."""
    return dbt("build")


@contextmanager
def connected(server: dict[str, str]) -> Iterator[pyodbc.Connection]:
    """A connection through PostgreSQL's ODBC driver."""
    connection = pyodbc.connect(
        "Driver={PostgreSQL Unicode};BoolsAsChar=0;"
        f"Server=127.0.0.1;Port={server['INFANT_MORTALITY_PG_PORT']};Database={DATABASE};"
        f"Uid=postgres;Pwd={server['INFANT_MORTALITY_PG_PASSWORD']}"
    )
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def odbc(server: dict[str, str], built: str) -> Iterator[pyodbc.Connection]:
    """The built marts through ODBC."""
    with connected(server) as connection:
        yield connection


@pytest.fixture(scope="module")
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB's marts; building them is the make target's affair."""
    path = published_place()
    assert path.exists(), f"{path} does not exist: run `dbt build` first"
    with duckdb.connect(str(path), read_only=True) as reader:
        yield reader


def is_same(one: object, other: object, size: float = 0.0) -> bool:
    """Whether two values are one: doubles to RELATIVE_DIFFERENCE, all else exactly, types included.

    ``size``: of what a double is the difference, where it is one; near 0 only what was subtracted has so many digits.
    """
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE_DIFFERENCE, abs_tol=RELATIVE_DIFFERENCE * size)
    return type(one) is type(other) and one == other


def size_of_difference(column: str, row: dict[str, object]) -> float:
    """The size of what was subtracted to give a column of a row, 0 where nothing was."""
    size = DIFFERENCES.get(column, 0.0)
    return row[size] if isinstance(size, str) else size(row) if callable(size) else size


def test_every_mart_holds_the_same_rows(odbc, published):
    tables = published.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    names = sorted(name for (name,) in tables if name != BUILD_INFORMATION)
    there = odbc.execute("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()
    assert sorted(row[0] for row in there) == names
    compared, differing = 0, []
    for name in names:
        columns = [
            column
            for (column,) in published.execute(
                f"select column_name from duckdb_columns() where table_name = '{name}' and schema_name = 'marts' "
                "order by column_index"
            ).fetchall()
        ]
        key = published.execute(
            "select constraint_column_names from duckdb_constraints() "
            f"where table_name = '{name}' and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
        assert key, f"{name} has no key to compare by"
        listed = ", ".join(f'"{column}"' for column in columns)
        order = ", ".join(f'"{column}"' for column in key[0][0])
        query = f"select {listed} from marts.{name} order by {order}"
        ours = published.execute(query).fetchall()
        theirs = odbc.execute(query).fetchall()
        assert len(ours) == len(theirs), name
        for our, their in zip(ours, theirs, strict=True):
            row = dict(zip(columns, our, strict=True))
            differing += [
                (name, column, row[column], there)
                for column, there in zip(columns, their, strict=True)
                if not is_same(row[column], there, size_of_difference(column, row))
            ]
        compared += len(ours)
    print(f"\n{len(names)} marts, {compared:,} rows compared through ODBC")
    assert differing == [], f"{len(differing)} values differ, for example {differing[:5]} and {differing[-5:]}"
    assert compared > 100_000


def test_tables_and_columns_are_described(odbc):
    undescribed = odbc.execute(
        """
        select columns.table_name, columns.column_name
        from information_schema.columns as columns
        where columns.table_schema = 'marts'
            and col_description(
                cast(quote_ident(columns.table_schema) || '.' || quote_ident(columns.table_name) as regclass),
                columns.ordinal_position
            ) is null
        """
    ).fetchall()
    assert [tuple(row) for row in undescribed] == []


def test_publishes_no_file(built):
    assert "Published" not in built and "Not published" not in built


def test_formulas_give_the_same_on_made_up_rows(dbt, built):
    assert "ERROR=0" in dbt("test", "--select", "test_type:unit", "--exclude", "int_records")


def test_the_formulas_as_a_package_give_the_same(server, tmp_path):
    """A project of a few lines that installs them, built on both; each works out its exponentials itself."""
    project = project_in(tmp_path)
    for command in (["deps"], ["build"], ["build", "--target", "postgres"]):
        program = [Path(sys.executable).with_name("dbt"), *command, "--quiet"]
        done = subprocess.run(program, cwd=project, env={**os.environ, **server}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    with duckdb.connect(str(project / "formulas_user.duckdb"), read_only=True) as reader, connected(server) as odbc:
        for name in TABLES:
            ours = reader.execute(f"select * from {name} order by area")
            columns = ", ".join(column[0] for column in ours.description)
            theirs = odbc.execute(f"select {columns} from formulas_user.{name} order by area").fetchall()
            rows = ours.fetchall()
            assert len(rows) == len(theirs) > 10, name
            for our, their in zip(rows, theirs, strict=True):
                for column, one, other in zip(columns.split(", "), our, their, strict=True):
                    is_near = isinstance(one, float) and math.isclose(one, other or 0, rel_tol=1e-11, abs_tol=1e-13)
                    assert type(one) is type(other) and (is_near or one == other), (name, our[0], column, one, other)
