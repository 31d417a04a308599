"""Every table worked out a second time from the same tables before it is the same, doubles to 1e-12 of their size.

Two builds of one commit then agree as far, and a change of structure can be held to it (scripts/compare_exports.py).
"""

import duckdb
from house_rules import PROJECT, built_manifest, declared_key, nodes


def differences(connection: duckdb.DuckDBPyConnection, model: dict) -> list[str]:
    """Where a table differs from what its compiled select gives once more; in sentences."""
    first = model["relation_name"]
    compiled = PROJECT / "target" / "compiled" / "infant_mortality" / model["original_file_path"]
    connection.execute(f"create or replace temp table again as {compiled.read_text(encoding='utf-8')}")
    key = declared_key(model)
    columns = connection.execute("select column_name, column_type from (describe again)").fetchall()
    compared = [(name, kind) for name, kind in columns if name not in key]
    differing = [
        f"abs(first.{name} - again.{name}) > 1e-12 * greatest(abs(first.{name}), abs(again.{name})) "
        f"or (first.{name} is null) <> (again.{name} is null)"
        if kind == "DOUBLE"
        else f"first.{name} is distinct from again.{name}"
        for name, kind in compared
    ]
    same_key = " and ".join(f"first.{name} = again.{name}" for name in key)
    paired, *counts = connection.execute(
        f"select {', '.join(['count(*)', *(f'count(*) filter ({one})' for one in differing)])} "
        f"from {first} as first inner join again on {same_key}"
    ).fetchone()
    rows = connection.execute(f"select (select count(*) from {first}), (select count(*) from again)").fetchone()
    found = [f"{first}: {rows} rows, of which {paired} have the same key"] * (rows != (paired, paired))
    return found + [f"{first}.{name}: {n} values" for (name, _), n in zip(compared, counts, strict=True) if n]


def test_every_table_is_the_same_again(built_database_path):
    tables = [
        model
        for model in nodes(built_manifest(), "model")
        if model["language"] == "sql" and model["config"]["materialized"] == "table" and declared_key(model)
    ]
    assert len(tables) > 40
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built_database_path}' as {built_database_path.stem} (read_only)")
        assert [sentence for table in tables for sentence in differences(connection, table)] == []
