"""Writing the published database and its exports aside, checking them, and having both put in place in one step.

The SQL here is DuckDB's own (attach, comments, parquet): publishing is a DuckDB affair. No figure is computed here.
"""

import hashlib
import json
import os
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from publish import copying, exporting, placing
from publish.copying import ATTACHED_AS, Source, literal, quoted
from publish.errors import PublishingError

BUILD_INFORMATION = "build_information"

_BUILD_INFORMATION_COMMENT = (
    "One row: which build wrote this file. Two queries that show the same build_id read the same build."
)
_BUILD_INFORMATION_COLUMNS = {
    "build_id": ("varchar", "dbt's identifier of the build (invocation_id), also in exports/manifest.json."),
    "built_at": ("timestamp", "When the build started, UTC."),
    "git_revision": ("varchar", "Revision of the project's code and seeds; NULL outside a git clone."),
    "has_local_changes": ("boolean", "Whether files differed from that revision; NULL outside a git clone."),
    "dbt_version": ("varchar", "Version of dbt that ran the build."),
    "duckdb_version": ("varchar", "Version of DuckDB that wrote this file."),
}


@dataclass(frozen=True)
class Request:
    """What one build asks to have published.

    Attributes:
        build_id: dbt's invocation id.
        built_at: start of the build, ISO 8601 with its offset.
        dbt_version: version of dbt.
        schema: the schema that is published, in the build's database and in the published one.
        tables: names of that schema's tables, as the project defines them, each with the columns of its key.
        extra_exports: relation, as schema.name, to the CSV or Parquet file made of it beside the marts' own.
        table_macros: statements that create the table macros, naming their tables by schema alone.
    """

    build_id: str
    built_at: str
    dbt_version: str
    schema: str
    tables: dict[str, list[str]]
    extra_exports: dict[str, str] = field(default_factory=dict)
    table_macros: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Published:
    """What was published: the two places, and the number of rows of each table."""

    database: Path
    exports: Path
    rows: dict[str, int]


def publish(connection: duckdb.DuckDBPyConnection, build_file: Path, target: Path, request: Request) -> Published:
    """Copy the marts of the build's database into a new file and new exports, and put both in place in one step.

    Args:
        connection: open on the build's database, which no one else writes meanwhile.
        build_file: the build's database (absolute).
        target: the published database's place (absolute).
        request: what to publish.

    Returns:
        What was published.

    Raises:
        PublishingError: anything stopped it; what was published before is as it was.
    """
    placing.check_the_place(target, build_file)
    _refuse_a_stranger(target, request.schema)
    with placing.workspace_beside(target) as workspace:
        try:
            rows = _write_aside(connection, workspace, target, request)
        except (duckdb.Error, OSError) as error:
            raise PublishingError(f"{_first_line(error)} The files in {target.parent} are as they were.") from error
        placing.put_in_place(workspace, target)
    return Published(database=target, exports=target.parent / placing.EXPORTS_FOLDER, rows=rows)


def _refuse_a_stranger(target: Path, schema: str) -> None:
    """Refuse to replace a database that this project did not publish.

    A file that cannot be opened (held by a writer, or beside the log of another file) is taken for ours: DuckDB files
    of other people open.

    Raises:
        PublishingError: the target opens and has no table of build information.
    """
    if not target.exists() or target.stat().st_size == 0:
        return
    try:
        with duckdb.connect(str(target), read_only=True) as existing:
            found = existing.execute(
                f"select count(*) from duckdb_tables() where schema_name = {literal(schema)} "
                f"and table_name = {literal(BUILD_INFORMATION)}"
            ).fetchall()[0][0]
    except duckdb.Error:
        return
    if not found:
        raise PublishingError(
            f"{target} is a DuckDB database that this project did not publish, so it is not replaced; "
            "move it away, or set INFANT_MORTALITY_DB."
        )


def _write_aside(
    connection: duckdb.DuckDBPyConnection, workspace: Path, target: Path, request: Request
) -> dict[str, int]:
    """Write database, exports and manifest into the workspace, check them and flush them; rows by table."""
    new_database = workspace / target.name
    new_exports = workspace / placing.EXPORTS_FOLDER
    new_exports.mkdir()
    source = Source(
        catalogue=connection.execute("select current_database()").fetchall()[0][0],
        schema=request.schema,
        tables=dict(sorted(request.tables.items())),
    )
    copying.check_complete(connection, source)
    copying.make_table_macros(connection, source, request.table_macros)
    build_information = _build_information(request)
    maker = connection.cursor()
    try:
        # DuckDB writes a table of under 122,880 rows with one core, and a key always: two at a time use two. More would
        # only take memory.
        with ThreadPoolExecutor(max_workers=2) as pool:
            # The exports read the build's own tables, while the new file is made beside.
            exports = _start_exports(pool, connection, source, request, new_exports)
            copying.copy_the_marts(maker, source, new_database, pool)
            _write_build_information(maker, request.schema, build_information)
            exporting.write_parquet(
                maker,
                f"{ATTACHED_AS}.{quoted(request.schema)}.{BUILD_INFORMATION}",
                new_exports / f"{BUILD_INFORMATION}.parquet",
            )
            for export in exports:
                export.result()
        rows = _rows_alike(maker, source)
        maker.execute(f"checkpoint {ATTACHED_AS}")
    finally:
        _let_go(maker, source)

    placing.flush_to_disk(new_database)
    _check_opens(new_database, request.schema, rows)
    _write_manifest(new_database, new_exports, rows, build_information)
    return rows


def _start_exports(
    pool: ThreadPoolExecutor, connection: duckdb.DuckDBPyConnection, source: Source, request: Request, folder: Path
) -> list[Future]:
    """Start writing every export, the largest tables first, each on a cursor of its own."""

    def with_cursor(write, *arguments: object) -> None:
        with connection.cursor() as cursor:
            write(cursor, *arguments)

    started = [
        pool.submit(with_cursor, exporting.write_parquet, source.relation(name), folder / f"{name}.parquet")
        for name in copying.by_size(connection, source)
    ]
    for relation, file_name in request.extra_exports.items():
        of_source = f"{quoted(source.catalogue)}.{relation}"
        write = exporting.write_parquet if file_name.endswith(".parquet") else exporting.write_csv
        started.append(pool.submit(with_cursor, write, of_source, folder / file_name))
    return started


def _let_go(maker: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Detach the new file; after a failure DuckDB may refuse, and the file is removed all the same."""
    try:
        maker.execute(f"use {quoted(source.catalogue)}")
        maker.execute(f"detach database if exists {ATTACHED_AS}")
    except duckdb.Error:
        pass
    finally:
        maker.close()


def _build_information(request: Request) -> dict[str, object]:
    """What the file says of its own build, by column."""
    revision = _git("rev-parse", "HEAD")
    changes = None if revision is None else _git("status", "--porcelain", "--untracked-files=no")
    built_at = datetime.fromisoformat(request.built_at)
    return {
        "build_id": request.build_id,
        "built_at": built_at.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        "git_revision": revision,
        "has_local_changes": None if changes is None else bool(changes),
        "dbt_version": request.dbt_version,
        "duckdb_version": duckdb.__version__,
    }


def _git(*arguments: str) -> str | None:
    """One git answer about the project's folder, or None where there is no git or no clone."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        answer = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=10, check=False, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _write_build_information(maker: duckdb.DuckDBPyConnection, schema: str, values: dict[str, object]) -> None:
    """Make the one-row table that names the build."""
    table = f"{quoted(schema)}.{BUILD_INFORMATION}"
    columns = ", ".join(f"{name} {data_type}" for name, (data_type, _) in _BUILD_INFORMATION_COLUMNS.items())
    maker.execute(f"create table {table} ({columns}, primary key (build_id))")
    row = ", ".join(literal(values[name]) for name in _BUILD_INFORMATION_COLUMNS)
    maker.execute(f"insert into {table} values ({row})")
    maker.execute(f"comment on table {table} is {literal(_BUILD_INFORMATION_COMMENT)}")
    for name, (_, comment) in _BUILD_INFORMATION_COLUMNS.items():
        maker.execute(f"comment on column {table}.{name} is {literal(comment)}")


def _rows_alike(maker: duckdb.DuckDBPyConnection, source: Source) -> dict[str, int]:
    """Count each table in both databases.

    Raises:
        PublishingError: a copy has another number of rows than its original.
    """
    rows = {}
    for name in source.tables:
        copied, original = maker.execute(
            f"select (select count(*) from {ATTACHED_AS}.{source.relation_in_schema(name)}), "
            f"(select count(*) from {source.relation(name)})"
        ).fetchall()[0]
        if copied != original:
            raise PublishingError(f"the copy of {name} has {copied} rows, the original {original}.")
        rows[name] = copied
    rows[BUILD_INFORMATION] = 1
    return rows


def _check_opens(database: Path, schema: str, rows: dict[str, int]) -> None:
    """Open the finished file as a reader would and list its relations.

    Raises:
        PublishingError: it holds anything but the published tables.
    """
    with duckdb.connect(str(database), read_only=True) as reader:
        found = reader.execute(
            """
            select schema_name, table_name from duckdb_tables()
            union all
            select schema_name, view_name from duckdb_views() where not internal
            """
        ).fetchall()
    if set(found) != {(schema, name) for name in rows}:
        raise PublishingError("the new file does not hold exactly the tables that are to be published.")


def _write_manifest(database: Path, exports: Path, rows: dict[str, int], build: dict[str, object]) -> None:
    """Describe every published file: rows, bytes, SHA-256, and the build; then flush all of it to the disk."""
    files = sorted(exports.iterdir())

    def described(path: Path) -> dict[str, object]:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        placing.flush_to_disk(path)
        return {"bytes": path.stat().st_size, "sha256": digest}

    with ThreadPoolExecutor() as pool:
        descriptions = dict(zip([database, *files], pool.map(described, [database, *files]), strict=True))
    manifest = {
        "project": placing.PROJECT_NAME,
        **{name: value.isoformat() + "Z" if isinstance(value, datetime) else value for name, value in build.items()},
        "rows": rows,
        "database": {"file": database.name, **descriptions[database]},
        "files": {path.name: descriptions[path] for path in files},
    }
    path = exports / placing.MANIFEST_FILE
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    placing.flush_to_disk(path)
    placing.flush_to_disk(exports)


def _first_line(error: Exception) -> str:
    """An error's first line, ended by a full stop."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text if text.endswith(".") else text + "."
