"""What the house rules and other tests read of dbt's manifest: nodes, layers, keys."""

import json
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def built_manifest() -> dict:
    """The manifest that the last build left."""
    return json.loads((PROJECT / "target" / "manifest.json").read_text(encoding="utf-8"))


def nodes(manifest: dict, *resource_types: str) -> list[dict]:
    """The project's nodes of these types, in the order of their paths."""
    found = (node for node in manifest["nodes"].values() if node["resource_type"] in resource_types)
    return sorted(found, key=lambda node: node["original_file_path"])


def layer(node: dict) -> str:
    """The folder of a model under models/; ``seeds`` for a seed."""
    first, second, *_ = node["original_file_path"].split("/")
    return second if first == "models" else first


def parents(manifest: dict, node: dict) -> list[dict]:
    """The models and seeds that a node reads, each once."""
    read = dict.fromkeys(node["depends_on"].get("nodes", []))
    return [manifest["nodes"][name] for name in read if name.startswith(("model.", "seed."))]


def declared_key(model: dict) -> list[str]:
    """The columns of a model's primary key; empty where none is declared."""
    return [column for key in model["constraints"] if key["type"] == "primary_key" for column in key["columns"]]


def broken_keys(connection, model: dict) -> list[str]:
    """Where the declared key of a built table is NULL or stands in several rows; in sentences."""
    table, columns = f"{model['schema']}.{model['name']}", ", ".join(declared_key(model))
    with_nulls, doubles = connection.execute(
        f"""
        select
            (select count(*) from {table} where {columns.replace(", ", " is null or ")} is null),
            (select count(*) from (select {columns} from {table} group by {columns} having count(*) > 1))
        """
    ).fetchone()
    found = [f"{table}: in {with_nulls} rows a part of {columns} is NULL"] * (with_nulls > 0)
    return found + [f"{table}: {doubles} times {columns} stand in several rows"] * (doubles > 0)
