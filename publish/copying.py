"""Making the published database: the marts of the build's database in a file of their own, with keys and comments."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from publish.errors import PublishingError

# Alias under which the new file is attached; its own catalogue name is its file name.
ATTACHED_AS = "publishing"
# DuckDB 1.4 and 2.0, and the BI drivers built on them, open files of this storage version. From v1.1.0 on the indexes
# of the keys take half as much room again: with 394,000 rows 85 MB in place of 64, of which the figures are 23.
STORAGE_VERSION = "v1.0.0"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value as an SQL text literal; None as NULL.

    Values stand in the statements' text rather than beside it: given parameters, DuckDB's client imports pandas where
    it is installed, which takes half a second.
    """
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


@dataclass(frozen=True)
class Source:
    """The build's database.

    Attributes:
        catalogue: its name on the connection.
        schema: the schema that is published.
        tables: names of the tables of that schema, as the project defines them, each with the columns of its key (a
            table that the project no longer has may still stand in the build's database: it is not published).
    """

    catalogue: str
    schema: str
    tables: dict[str, list[str]]

    def relation(self, name: str) -> str:
        """A table of the published schema, with its catalogue."""
        return f"{quoted(self.catalogue)}.{self.relation_in_schema(name)}"

    def relation_in_schema(self, name: str) -> str:
        """A table of the published schema, for the current catalogue."""
        return f"{quoted(self.schema)}.{quoted(name)}"


def check_complete(cursor: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Check that everything to publish is in the build's database, and is a table: what a view reads is not published.

    Raises:
        PublishingError: names the missing ones.
    """
    found = cursor.execute(
        "select table_name from duckdb_tables() "
        f"where database_name = {literal(source.catalogue)} and schema_name = {literal(source.schema)}"
    ).fetchall()
    missing = sorted(set(source.tables) - {name for (name,) in found})
    if missing:
        raise PublishingError(
            f"the build's database has no table {', '.join(missing)}; run the whole build again. "
            "A mart must be a table: what a view reads is not published."
        )


def make_table_macros(cursor: duckdb.DuckDBPyConnection, source: Source, statements: list[str]) -> None:
    """Make the table macros in the build's database, in place of the macros that earlier builds left there.

    Args:
        cursor: a cursor on the build's database.
        source: the build's database, which is the current one.
        statements: each creates one table macro.

    Raises:
        duckdb.Error: a macro names a table or column that is not there.
    """
    left = cursor.execute(
        "select distinct schema_name, function_name, function_type from duckdb_functions() "
        f"where database_name = {literal(source.catalogue)} and not internal"
    ).fetchall()
    for schema, name, function_type in left:
        kind = "macro table" if function_type == "table_macro" else "macro"
        cursor.execute(f"drop {kind} {quoted(schema)}.{quoted(name)}")
    for statement in statements:
        cursor.execute(statement)


def copy_the_marts(
    maker: duckdb.DuckDBPyConnection, source: Source, new_database: Path, pool: ThreadPoolExecutor
) -> None:
    """Make the marts and the table macros anew in a new file, attached as the current database.

    DuckDB copies what describes the tables (columns, checks, comments) for the whole database, without a row; what is
    not published is dropped while it is empty, so that the new file holds no space of it; then rows and keys follow.

    Args:
        maker: a cursor on the build's database, which no one writes meanwhile.
        source: the build's database.
        new_database: where to make the new file.
        pool: fills the tables.

    Raises:
        duckdb.Error: DuckDB refused.
        PublishingError: two rows of a table have one key.
    """
    maker.execute(f"attach {literal(new_database)} as {ATTACHED_AS} (storage_version '{STORAGE_VERSION}')")
    maker.execute(f"copy from database {quoted(source.catalogue)} to {ATTACHED_AS} (schema)")
    maker.execute(f"use {ATTACHED_AS}")
    of_copy = f"database_name = {literal(ATTACHED_AS)} and not internal"
    for (schema,) in maker.execute(f"select schema_name from duckdb_schemas() where {of_copy}").fetchall():
        if schema not in (source.schema, "main"):
            maker.execute(f"drop schema {quoted(schema)} cascade")
    for kind in ("view", "table"):
        relations = maker.execute(f"select schema_name, {kind}_name from duckdb_{kind}s() where {of_copy}").fetchall()
        for schema, name in relations:
            if kind == "view" or schema != source.schema or name not in source.tables:
                maker.execute(f"drop {kind} {quoted(schema)}.{quoted(name)}")
    for filled in [pool.submit(_fill, maker, source, name) for name in by_size(maker, source)]:
        filled.result()


def _fill(maker: duckdb.DuckDBPyConnection, source: Source, name: str) -> None:
    """Copy a table's rows into the new file in the order of its key, which halves the time that the key takes.

    Raises:
        PublishingError: two rows have one key, or a part of it is NULL.
    """
    key = ", ".join(quoted(column) for column in source.tables[name])
    relation = source.relation_in_schema(name)
    with maker.cursor() as filler:
        filler.execute(f"use {ATTACHED_AS}")
        in_order = f"order by {key}" if key else ""
        filler.execute(f"insert into {relation} select * from {source.relation(name)} {in_order}")
        if not key:
            return
        try:
            filler.execute(f"alter table {relation} add primary key ({key})")
        except duckdb.ConstraintException as error:
            raise PublishingError(
                f"the key of {name} ({', '.join(source.tables[name])}) does not tell its rows apart: "
                f"{str(error).splitlines()[0]}"
            ) from error


def by_size(cursor: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    """The names of the tables to publish, the largest first: what is written beside others then ends together."""
    sizes = dict(
        cursor.execute(
            "select table_name, estimated_size from duckdb_tables() "
            f"where database_name = {literal(source.catalogue)} and schema_name = {literal(source.schema)}"
        ).fetchall()
    )
    return sorted(source.tables, key=lambda name: -sizes.get(name, 0))
