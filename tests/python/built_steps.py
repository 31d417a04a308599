"""The key of a built step held against its yml entry."""

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
    """Where the key of a built step, a node of the manifest, is NULL or stands in several rows; in sentences."""
    table, columns = f"{step['schema']}.{step['name']}", ", ".join(house_rules.declared_key(step))
    with_nulls, doubles = connection.execute(
        f"""
        select
            (select count(*) from {table} where {columns.replace(", ", " is null or ")} is null),
            (select count(*) from (select {columns} from {table} group by {columns} having count(*) > 1))
        """
    ).fetchone()
    found = [f"{table}: in {with_nulls} rows a part of {columns} is NULL"] * (with_nulls > 0)
    return found + [f"{table}: {doubles} times {columns} stand in several rows"] * (doubles > 0)
