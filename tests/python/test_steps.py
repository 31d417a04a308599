"""The steps as they are built, held against their yml entries: columns and types, what is never NULL, and keys.

DuckDB keeps the keys of the marts. Of the steps it is not asked to: an index for each took a tenth of the shipped
build, and of a build with 5,570 made-up areas a third of the time and two thirds of the file.
"""

import json

import duckdb
import pytest
from conftest import PROJECT


@pytest.fixture(scope="module")
def steps(built_database_path) -> dict[str, dict]:
    """The steps that are tables and declare what they are, by name."""
    manifest = json.loads((PROJECT / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["schema"] != "marts"
        and node["config"]["materialized"] in ("table", "incremental")
        and declared_key(node)
    }


def declared_key(step: dict) -> list[str]:
    """The columns of the primary key, declared for the table or beside its only column."""
    of_table = [column for key in step["constraints"] if key["type"] == "primary_key" for column in key["columns"]]
    return of_table or [name for name, column in step["columns"].items() if "primary_key" in constraints(column)]


def constraints(column: dict) -> set[str]:
    return {constraint["type"] for constraint in column["constraints"]}


def faults(connection: duckdb.DuckDBPyConnection, step: dict) -> list[str]:
    """What a built step is that its yml entry does not say."""
    table = f"{step['schema']}.{step['name']}"
    built = dict(connection.execute(f"select column_name, column_type from (describe {table})").fetchall())
    declared = {name: str(duckdb.dtype(column["data_type"])) for name, column in step["columns"].items()}
    found = [
        f"{table}.{name} is {built.get(name)}, not {kind}" for name, kind in declared.items() if built.get(name) != kind
    ]
    found += [f"{table}.{name} is not declared" for name in built if name not in declared]
    key = declared_key(step)
    never_null = {*key, *(name for name, column in step["columns"].items() if "not_null" in constraints(column))}
    counts = ", ".join(f"count(*) - count({name})" for name in sorted(never_null & set(built)))
    nulls = connection.execute(f"select {counts} from {table}").fetchone()
    found += [
        f"{table}.{name} is NULL {count} times" for name, count in zip(sorted(never_null), nulls, strict=True) if count
    ]
    columns = ", ".join(key)
    (doubles,) = connection.execute(
        f"select count(*) from (select {columns} from {table} group by {columns} having count(*) > 1)"
    ).fetchone()
    return found + [f"{table}: {doubles} times {columns} stand in several rows"] * (doubles > 0)


def test_every_step_is_as_its_entry_says(steps, built_database):
    assert len(steps) > 60
    assert [fault for step in steps.values() for fault in faults(built_database, step)] == []


def test_what_differs_is_found():
    step = {
        "schema": "main",
        "name": "step",
        "constraints": [{"type": "primary_key", "columns": ["code"]}],
        "columns": {
            "code": {"data_type": "varchar", "constraints": []},
            "deaths": {"data_type": "bigint", "constraints": [{"type": "not_null"}]},
        },
    }
    with duckdb.connect() as connection:
        connection.execute("create table step as from (values ('A', 1::bigint), ('B', 2)) as step (code, deaths)")
        assert faults(connection, step) == []
        connection.execute("insert into step values ('A', null), (null, 3)")
        assert faults(connection, step) == [
            "main.step.code is NULL 1 times",
            "main.step.deaths is NULL 1 times",
            "main.step: 1 times code stand in several rows",
        ]
        connection.execute("alter table step alter deaths type double; alter table step add births bigint")
        assert faults(connection, step)[:2] == [
            "main.step.deaths is DOUBLE, not BIGINT",
            "main.step.births is not declared",
        ]
