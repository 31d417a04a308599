"""Writing the published database and its exports aside, from the database that dbt has built and tested.

The SQL here is DuckDB's own (attach, comments, parquet): publishing is a DuckDB affair. No figure is computed here.
"""

import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from publish import placing
from publish.errors import PublishingError

# Alias under which the new file is attached; its own catalogue name is its file name.
ATTACHED_AS = "publishing"
BUILD_INFORMATION = "build_information"
# DuckDB 1.4 and the BI drivers built on it open files of this storage version.
STORAGE_VERSION = "v1.4.0"

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
        tables: names of the relations of that schema, as the project defines them (a table that the project no longer
            has may still stand in the build's database: it is not published).
        extra_exports: relation, as schema.name, to the CSV file made of it beside the marts' own.
        table_macros: statements that create the table macros; run with the published database as the current one.
    """

    build_id: str
    built_at: str
    dbt_version: str
    schema: str
    tables: list[str]
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
                f"select count(*) from duckdb_tables() where schema_name = {_as_text(schema)} "
                f"and table_name = {_as_text(BUILD_INFORMATION)}"
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
    catalogue = connection.execute("select current_database()").fetchall()[0][0]
    source = _in_quotes(catalogue)
    build_information = _build_information(request)

    # One cursor makes the database, the other writes each table's exports as soon as its rows are there.
    maker, exporter = connection.cursor(), connection.cursor()
    maker.execute(f"attach {_as_text(new_database)} as {ATTACHED_AS} (storage_version '{STORAGE_VERSION}')")
    try:
        maker.execute(f"use {ATTACHED_AS}")
        definitions = _definitions(maker, catalogue, request)
        with ThreadPoolExecutor(max_workers=1) as pool:
            exports = []
            maker.execute(f"create schema {_in_quotes(request.schema)}")
            for definition in definitions:
                maker.execute(definition.create)
                maker.execute(definition.fill)
                exports.append(pool.submit(_export_table, exporter, request.schema, definition.name, new_exports))
            _write_build_information(maker, request.schema, build_information)
            exports.append(pool.submit(_export_table, exporter, request.schema, BUILD_INFORMATION, new_exports))
            for relation, file_name in request.extra_exports.items():
                exports.append(pool.submit(_export_relation, exporter, f"{source}.{relation}", new_exports / file_name))
            for definition in definitions:
                for statement in definition.finish:
                    maker.execute(statement)
            for statement in request.table_macros:
                maker.execute(statement)
            for export in exports:
                export.result()
        rows = _rows_alike(maker, source, request)
        maker.execute(f"checkpoint {ATTACHED_AS}")
    finally:
        exporter.close()
        _let_go(maker, source)

    placing.flush_to_disk(new_database)
    _check_opens(new_database, request.schema, rows)
    _write_manifest(new_database, new_exports, rows, build_information)
    return rows


def _let_go(maker: duckdb.DuckDBPyConnection, source: str) -> None:
    """Detach the new file; after a failure DuckDB may refuse, and the file is removed all the same."""
    try:
        maker.execute(f"use {source}")
        maker.execute(f"detach {ATTACHED_AS}")
    except duckdb.Error:
        pass
    finally:
        maker.close()


@dataclass(frozen=True)
class _Definition:
    """The statements that make one published table: create it, fill it, then key and comments."""

    name: str
    create: str
    fill: str
    finish: list[str]


def _definitions(maker: duckdb.DuckDBPyConnection, catalogue: str, request: Request) -> list[_Definition]:
    """Read the marts' columns, constraints and comments from the build's catalogue.

    A primary key is added after the rows (its index is then built at once, three times faster), except where another
    table refers to it. Tables that others refer to come first.

    Raises:
        PublishingError: a relation that the project defines is not in the build's database.
    """
    # Values stand in the text: with parameters, DuckDB's client imports pandas where it is installed (0.4 s).
    where = f"database_name = {_as_text(catalogue)} and schema_name = {_as_text(request.schema)}"
    columns = maker.execute(
        f"""
        select table_name, column_name, data_type, comment
        from duckdb_columns() where {where} order by table_name, column_index
        """
    ).fetchall()
    constraints = maker.execute(
        f"""
        select table_name, constraint_type, constraint_text, constraint_column_names[1], referenced_table
        from duckdb_constraints() where {where} order by table_name, constraint_index
        """
    ).fetchall()
    comments = dict(
        maker.execute(
            f"""
            select table_name, comment from duckdb_tables() where {where}
            union all
            select view_name, comment from duckdb_views() where {where}
            """
        ).fetchall()
    )
    missing = sorted(set(request.tables) - set(comments))
    if missing:
        raise PublishingError(f"the build's database lacks {', '.join(missing)}; run the whole build again.")

    refers_to = {name: {row[4] for row in constraints if row[0] == name and row[4]} for name in request.tables}
    referred_to = set().union(*refers_to.values()) if refers_to else set()
    made = []
    for name in _in_order(request.tables, refers_to):
        table = f"{_in_quotes(request.schema)}.{_in_quotes(name)}"
        of_table = [row for row in constraints if row[0] == name]
        not_null = {row[3] for row in of_table if row[1] == "NOT NULL"}
        keys = [row[2] for row in of_table if row[1] == "PRIMARY KEY"]
        others = [row[2] for row in of_table if row[1] not in ("NOT NULL", "PRIMARY KEY")]
        keys_after = [] if name in referred_to or refers_to[name] else keys
        parts = [
            f"{_in_quotes(column)} {data_type}" + (" not null" if column in not_null else "")
            for of_name, column, data_type, _ in columns
            if of_name == name
        ]
        parts += others + [key for key in keys if key not in keys_after]
        finish = [f"alter table {table} add {key}" for key in keys_after]
        if comments[name]:
            finish.append(f"comment on table {table} is {_as_text(comments[name])}")
        finish += [
            f"comment on column {table}.{_in_quotes(column)} is {_as_text(comment)}"
            for of_name, column, _, comment in columns
            if of_name == name and comment
        ]
        made.append(
            _Definition(
                name=name,
                create=f"create table {table} ({', '.join(parts)})",
                fill=f"insert into {table} select * from {_in_quotes(catalogue)}.{table}",
                finish=finish,
            )
        )
    return made


def _in_order(tables: list[str], refers_to: dict[str, set[str]]) -> list[str]:
    """Sort tables by name, each after those it refers to."""
    ordered: list[str] = []

    def add(name: str) -> None:
        if name not in ordered:
            for other in sorted(refers_to.get(name, set()) - {name}):
                add(other)
            ordered.append(name)

    for name in sorted(tables):
        add(name)
    return ordered


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
    try:
        answer = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _write_build_information(maker: duckdb.DuckDBPyConnection, schema: str, values: dict[str, object]) -> None:
    """Make the one-row table that names the build."""
    table = f"{_in_quotes(schema)}.{BUILD_INFORMATION}"
    columns = ", ".join(f"{name} {data_type}" for name, (data_type, _) in _BUILD_INFORMATION_COLUMNS.items())
    maker.execute(f"create table {table} ({columns}, primary key (build_id))")
    literals = ("null" if values[name] is None else _as_text(values[name]) for name in _BUILD_INFORMATION_COLUMNS)
    maker.execute(f"insert into {table} values ({', '.join(literals)})")
    maker.execute(f"comment on table {table} is {_as_text(_BUILD_INFORMATION_COMMENT)}")
    for name, (_, comment) in _BUILD_INFORMATION_COLUMNS.items():
        maker.execute(f"comment on column {table}.{name} is {_as_text(comment)}")


def _export_table(exporter: duckdb.DuckDBPyConnection, schema: str, name: str, folder: Path) -> None:
    """Write one new table as Parquet and as CSV."""
    table = f"{ATTACHED_AS}.{_in_quotes(schema)}.{_in_quotes(name)}"
    exporter.execute(f"copy {table} to {_as_text(folder / f'{name}.parquet')} (format parquet, compression zstd)")
    _export_relation(exporter, table, folder / f"{name}.csv")


def _export_relation(exporter: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a table or view as CSV: UTF-8, comma, a header line, NULL as nothing."""
    exporter.execute(f"copy (select * from {relation}) to {_as_text(path)} (format csv, header)")


def _rows_alike(maker: duckdb.DuckDBPyConnection, source: str, request: Request) -> dict[str, int]:
    """Count each table in both databases.

    Raises:
        PublishingError: a copy has another number of rows than its original.
    """
    rows = {}
    for name in sorted(request.tables):
        table = f"{_in_quotes(request.schema)}.{_in_quotes(name)}"
        copied, original = maker.execute(
            f"select (select count(*) from {ATTACHED_AS}.{table}), (select count(*) from {source}.{table})"
        ).fetchall()[0]
        if copied != original:
            raise PublishingError(
                f"the copy of {name} has {copied} rows and the original {original}; nothing published."
            )
        rows[name] = copied
    rows[BUILD_INFORMATION] = 1
    return rows


def _check_opens(database: Path, schema: str, rows: dict[str, int]) -> None:
    """Open the finished file as a reader would and count its tables.

    Raises:
        PublishingError: a table is absent.
    """
    with duckdb.connect(str(database), read_only=True) as reader:
        found = {
            row[0]
            for row in reader.execute(
                f"select table_name from duckdb_tables() where schema_name = {_as_text(schema)}"
            ).fetchall()
        }
    if found != set(rows):
        raise PublishingError("the new file does not hold the tables that were written; nothing published.")


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


def _in_quotes(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _as_text(value: object) -> str:
    """A value as an SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    """An error's first line, ended by a full stop."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text if text.endswith(".") else text + "."
