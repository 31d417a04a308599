"""Exports for the tests of what is made of them."""

import json
from pathlib import Path

import duckdb

from publish import placing


def copy_of_exports(source: Path, folder: Path, rows: int) -> Path:
    """Exports in a folder of their own, the first rows of each table by its columns, with their comments."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for path in sorted(source.glob("*.parquet")):
            comments = connection.execute("select decode(key), decode(value) from parquet_kv_metadata(?)", [str(path)])
            metadata = ", ".join(
                f'"{name}": ' + "'" + comment.replace("'", "''") + "'" for name, comment in comments.fetchall()
            )
            chosen = f"from '{path}' order by all limit {rows}"
            wanted = f", kv_metadata {{{metadata}}}" if metadata else ""
            connection.execute(f"copy (select * {chosen}) to '{folder / path.name}' (format parquet{wanted})")
    manifest = json.loads((source / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
    (folder / placing.MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    return folder
