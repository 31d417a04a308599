"""Making the published database: the marts of the build's database in a file of their own, keys and comments included.

Two ways lead there. `copy_the_file` copies the build's file and drops what is not published: the indexes of the keys
come along, which makes it some twenty times faster than writing the rows anew. `copy_the_tables` writes every table
anew, where the file cannot be copied: a build in memory, and Windows, where DuckDB lets nobody else read its file.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from publish.errors import PublishingError

# Alias under which the new file is attached; its own catalogue name is its file name.
ATTACHED_AS = "publishing"
# DuckDB 1.4 and the BI drivers built on it open files of this storage version.
STORAGE_VERSION = "v1.4.0"
# Copied by another process: on POSIX systems, a process that opens and closes a file by itself loses the locks that
# DuckDB holds on it, and a second build could then write into the file.
_COPY_A_FILE = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


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
        tables: names of the relations of that schema, as the project defines them (a table that the project no longer
            has may still stand in the build's database: it is not published).
    """

    catalogue: str
    schema: str
    tables: list[str]

    def relation(self, name: str) -> str:
        """A relation of the published schema, with its catalogue."""
        return f"{quoted(self.catalogue)}.{self.relation_in_schema(name)}"

    def relation_in_schema(self, name: str) -> str:
        """A relation of the published schema, for the current catalogue."""
        return f"{quoted(self.schema)}.{quoted(name)}"


def check_complete(cursor: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Check that every relation to publish is in the build's database.

    Raises:
        PublishingError: names the missing ones.
    """
    where = f"database_name = {literal(source.catalogue)} and schema_name = {literal(source.schema)}"
    found = cursor.execute(
        f"""
        select table_name from duckdb_tables() where {where}
        union all
        select view_name from duckdb_views() where {where}
        """
    ).fetchall()
    missing = sorted(set(source.tables) - {name for (name,) in found})
    if missing:
        raise PublishingError(f"the build's database lacks {', '.join(missing)}; run the whole build again.")


def can_copy_the_file(build_file: Path) -> bool:
    """Whether another process can read the build's file while DuckDB has it open."""
    return sys.platform != "win32" and build_file.is_file()


def copy_the_file(maker: duckdb.DuckDBPyConnection, source: Source, build_file: Path, new_database: Path) -> None:
    """Copy the build's file, attach the copy as the current database and drop from it what is not published.

    Args:
        maker: a cursor on the build's database, which no one writes meanwhile.
        source: the build's database.
        build_file: its file.
        new_database: where to make the copy.

    Raises:
        PublishingError: the file could not be copied.
        duckdb.Error: DuckDB refused.
    """
    maker.execute("checkpoint")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _COPY_A_FILE, build_file, new_database],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PublishingError(f"{build_file} could not be copied ({why}); what was published is as it was.")
    _attach(maker, new_database)
    of_copy = f"database_name = {literal(ATTACHED_AS)} and not internal"
    schemas = maker.execute(f"select schema_name from duckdb_schemas() where {of_copy}").fetchall()
    for (schema,) in schemas:
        if schema not in (source.schema, "main"):
            maker.execute(f"drop schema {quoted(schema)} cascade")
    # The build's macros name its catalogue and its other schemas; the published ones are made anew.
    macros = maker.execute(
        f"select distinct schema_name, function_name, function_type from duckdb_functions() where {of_copy}"
    ).fetchall()
    for schema, name, function_type in macros:
        if schema in (source.schema, "main"):
            kind = "macro table" if function_type == "table_macro" else "macro"
            maker.execute(f"drop {kind} {quoted(schema)}.{quoted(name)}")
    for kind in ("view", "table"):
        relations = maker.execute(f"select schema_name, {kind}_name from duckdb_{kind}s() where {of_copy}").fetchall()
        for schema, name in relations:
            if schema != source.schema or name not in source.tables:
                maker.execute(f"drop {kind} {quoted(schema)}.{quoted(name)}")
            elif kind == "view":
                _turn_into_a_table(maker, source, name)


def _turn_into_a_table(maker: duckdb.DuckDBPyConnection, source: Source, name: str) -> None:
    """Put a view's rows in the place of the view, whose own sources are not published; its comments stay."""
    relation = source.relation_in_schema(name)
    comments = _comments(maker, ATTACHED_AS, source, name)
    maker.execute(f"drop view {relation}")
    maker.execute(f"create table {relation} as select * from {source.relation(name)}")
    for statement in comments:
        maker.execute(statement)


def copy_the_tables(maker: duckdb.DuckDBPyConnection, source: Source, new_database: Path) -> None:
    """Write the tables to publish anew into a new file, attached as the current database.

    A primary key is added after the rows (its index is then built at once, three times faster), except where a foreign
    key needs it before.

    Args:
        maker: a cursor on the build's database.
        source: the build's database.
        new_database: where to make the new file.

    Raises:
        duckdb.Error: DuckDB refused.
    """
    _attach(maker, new_database)
    maker.execute(f"create schema {quoted(source.schema)}")
    of_source = f"database_name = {literal(source.catalogue)} and schema_name = {literal(source.schema)}"
    columns = maker.execute(
        f"select table_name, column_name, data_type from duckdb_columns() where {of_source} order by column_index"
    ).fetchall()
    constraints = maker.execute(
        f"""
        select table_name, constraint_type, constraint_text, constraint_column_names[1], referenced_table
        from duckdb_constraints() where {of_source} order by constraint_index
        """
    ).fetchall()
    refers_to = {name: {row[4] for row in constraints if row[0] == name and row[4]} for name in source.tables}
    referred_to = set().union(*refers_to.values()) if refers_to else set()
    for name in _in_order(source.tables, refers_to):
        relation = source.relation_in_schema(name)
        of_table = [row for row in constraints if row[0] == name]
        not_null = {row[3] for row in of_table if row[1] == "NOT NULL"}
        keys = [row[2] for row in of_table if row[1] == "PRIMARY KEY"]
        keys_after = [] if name in referred_to or refers_to[name] else keys
        parts = [
            f"{quoted(column)} {data_type}" + (" not null" if column in not_null else "")
            for of_name, column, data_type in columns
            if of_name == name
        ]
        parts += [row[2] for row in of_table if row[1] not in ("NOT NULL", "PRIMARY KEY")]
        parts += [key for key in keys if key not in keys_after]
        maker.execute(f"create table {relation} ({', '.join(parts)})")
        maker.execute(f"insert into {relation} select * from {source.relation(name)}")
        for key in keys_after:
            maker.execute(f"alter table {relation} add {key}")
        for statement in _comments(maker, source.catalogue, source, name):
            maker.execute(statement)


def _attach(maker: duckdb.DuckDBPyConnection, new_database: Path) -> None:
    """Attach the new file and make it the current database."""
    maker.execute(f"attach {literal(new_database)} as {ATTACHED_AS} (storage_version '{STORAGE_VERSION}')")
    maker.execute(f"use {ATTACHED_AS}")


def _comments(maker: duckdb.DuckDBPyConnection, catalogue: str, source: Source, name: str) -> list[str]:
    """The statements that give a table of the current database the comments that a relation has in a catalogue."""
    relation = source.relation_in_schema(name)
    where = f"database_name = {literal(catalogue)} and schema_name = {literal(source.schema)}"
    of_relation = maker.execute(
        f"""
        select comment from duckdb_tables() where {where} and table_name = {literal(name)}
        union all
        select comment from duckdb_views() where {where} and view_name = {literal(name)}
        """
    ).fetchall()
    of_columns = maker.execute(
        f"select column_name, comment from duckdb_columns() where {where} and table_name = {literal(name)}"
    ).fetchall()
    statements = [f"comment on table {relation} is {literal(comment)}" for (comment,) in of_relation if comment]
    return statements + [
        f"comment on column {relation}.{quoted(column)} is {literal(comment)}"
        for column, comment in of_columns
        if comment
    ]


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
