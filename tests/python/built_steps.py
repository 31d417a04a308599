"""A built step held against its yml entry: columns and types, what is never NULL, and its key."""

import json

import duckdb
import house_rules
from conftest import PROJECT


def declared_steps() -> list[dict]:
    """The steps that are tables and declare their keys, as nodes of the manifest that the last build left."""
    manifest = json.loads((PROJECT / "target" / "manifest.json").read_text(encoding="utf-8"))
    return [
        model
        for model in house_rules.nodes(manifest, "model")
        if house_rules.layer(model) != "marts"
        and model["config"]["materialized"] in ("table", "incremental")
        and house_rules.declared_key(model)
    ]


def differences(connection: duckdb.DuckDBPyConnection, step: dict) -> list[str]:
    """What a built step, a node of the manifest with a declared key, is that its entry does not say; in sentences."""
    table = f"{step['schema']}.{step['name']}"
    built = dict(connection.execute(f"select column_name, column_type from (describe {table})").fetchall())
    declared = {name: str(duckdb.dtype(column["data_type"])) for name, column in step["columns"].items()}
    found = [
        f"{table}.{name} is {built.get(name)}, not {kind}" for name, kind in declared.items() if built.get(name) != kind
    ]
    found += [f"{table}.{name} is not declared" for name in built if name not in declared]
    key = house_rules.declared_key(step)
    if not set(key) <= set(built):
        return found
    never_null = sorted({*key, *house_rules.columns_declared(step, "not_null")} & set(built))
    counts = ", ".join(f"count(*) - count({name})" for name in never_null)
    nulls = connection.execute(f"select {counts} from {table}").fetchone()
    found += [f"{table}.{name} is NULL {count} times" for name, count in zip(never_null, nulls, strict=True) if count]
    columns = ", ".join(key)
    (doubles,) = connection.execute(
        f"select count(*) from (select {columns} from {table} group by {columns} having count(*) > 1)"
    ).fetchone()
    return found + [f"{table}: {doubles} times {columns} stand in several rows"] * (doubles > 0)
