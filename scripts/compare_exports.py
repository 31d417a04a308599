"""Compare two sets of published tables, table by table and row by row.

    python scripts/compare_exports.py OLD NEW [--map FILE] [--expected FILE] [--tolerance 1e-12] [--markdown]

OLD and NEW are each a published database (``.duckdb``) or a folder of its exports (``*.parquet``). Rows are matched by
key and values compared in DuckDB. Where one of two numbers is floating (or decimal), they are equal if they differ by
at most the tolerance times the larger of the two sizes; so 0 equals 0 alone, whatever the tolerance. Everything else
is compared exactly; NULL equals NULL and nothing else. Table macros and comments are not compared.

A table or column that NEW has under its own name is compared there. Of the others the map (CSV: change, old_table,
old_column, new_table, new_column, reason) says what became of them:

    found_in      the old table or, with both columns named, the old column is found there; of several rows for one
                  name the first whose place exists in NEW holds
    gone          the old table or column is no longer there, and why
    new           the new table or column stems from no old one, and why
    key           old_column lists the key columns of old_table, with spaces between; needed where neither file is a
                  database that declares a primary key
    not_compared  the old table differs from build to build, and why

What is gone or new without a reason in the map counts as a difference.

The list of expected differences (CSV: table, column, where, why) says which differences are meant. Table and column go
by their old or their new name; the column may be ``(rows only in old)`` or ``(rows only in new)``. ``where`` may narrow
it down: a condition in SQL on the key columns, by their old names. Expected differences are printed all the same.

Exit code 0 where nothing differs but what is expected, 1 where something does, 2 with one sentence for bad input.
"""

import argparse
import csv
import sys
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

SCHEMA = "marts"
MAP = Path(__file__).resolve().with_name("renamed_tables_and_columns.csv")
MAP_COLUMNS = ["change", "old_table", "old_column", "new_table", "new_column", "reason"]
EXPECTED_COLUMNS = ["table", "column", "where", "why"]
# What a row of the map must say for each kind of change.
MUST_SAY = {
    "found_in": ["old_table", "new_table"],
    "gone": ["old_table", "reason"],
    "new": ["new_table", "reason"],
    "key": ["old_table", "old_column"],
    "not_compared": ["old_table", "reason"],
}
ONLY_IN_OLD = "(rows only in old)"
ONLY_IN_NEW = "(rows only in new)"
# Values of a key column that are named one by one before only their number is told.
VALUES_NAMED = 8


class InputError(Exception):
    """What keeps the sets from being compared, in one sentence."""


@dataclass(frozen=True)
class Table:
    """One published table: how SQL reads it, the type of each column by name, its declared primary key (or none)."""

    relation: str
    types: dict[str, str]
    key: list[str]


@dataclass(frozen=True)
class Pair:
    """An old table and the new one that holds columns of it; (old name, new name) of the key and the other columns."""

    old_table: str
    new_table: str
    key: list[tuple[str, str]]
    columns: list[tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """One thing that differs: what, in how many rows, by how much, and why that is meant (None: it is not)."""

    table: str
    column: str
    what: str
    rows: int | None = None
    largest_relative: float | None = None
    largest_absolute: float | None = None
    details: list[str] = field(default_factory=list)
    why: str | None = None


@dataclass(frozen=True)
class Compared:
    """What the comparison of one pair of tables found: rows in both, columns that were compared, differences."""

    table: str
    rows: int
    columns: int
    differences: list[Difference]


@dataclass
class Expectation:
    """One row of the list of expected differences: its fields, its line in the file, and whether anything met it."""

    table: str
    column: str
    where: str
    why: str
    line: int
    met: bool = False


def renamed(old: str, new: str) -> str:
    """One name where both are the same, else both."""
    return old if old == new else f"{old} -> {new}"


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """The value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def shown(value: object) -> str:
    """A value as the report prints it: doubles with all their digits."""
    return "NULL" if value is None else str(value)


# --- What is read: the map, the expected differences, the tables ---


def read_csv(path: Path, columns: list[str]) -> list[dict]:
    """The rows of a CSV file with these columns, as text without outer spaces, each with its ``line`` in the file.

    Raises InputError where the file cannot be read or has other columns.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != columns:
                raise InputError(f"{path}: expected the header {','.join(columns)}.")
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise InputError(f"{path}, line {reader.line_num}: expected {len(columns)} fields.")
                rows.append({name: value.strip() for name, value in row.items()} | {"line": reader.line_num})
            return rows
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error


class Map:
    """What became of tables and columns, as the map's file says."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises InputError with the line of the first row that does not say what it must."""
        self.path = path
        self.rows = read_csv(path, MAP_COLUMNS)
        for row in self.rows:
            place = f"{path}, line {row['line']}"
            if row["change"] not in MUST_SAY:
                raise InputError(f"{place}: change is '{row['change']}', expected one of {', '.join(MUST_SAY)}.")
            for name in MUST_SAY[row["change"]]:
                if not row[name]:
                    raise InputError(f"{place}: '{row['change']}' needs {name}.")
            if row["change"] == "found_in" and bool(row["old_column"]) != bool(row["new_column"]):
                raise InputError(f"{place}: 'found_in' names both columns or none.")

    def reason(self, change: str, table: str, column: str = "") -> str | None:
        """Why this table (or column of it) is gone, new or not compared; None where the map does not say."""
        side = "new" if change == "new" else "old"
        for row in self.rows:
            if row["change"] == change and row[f"{side}_table"] == table and row[f"{side}_column"] == column:
                return row["reason"]
        return None

    def key(self, table: str) -> list[str]:
        """The key columns of the old table; empty where the map does not say."""
        for row in self.rows:
            if row["change"] == "key" and row["old_table"] == table:
                return row["old_column"].split()
        return []

    def tables(self, table: str) -> list[str]:
        """The new tables that may hold something of the old one, itself first."""
        return [table, *(row["new_table"] for row in self.rows if self._is_found_in(row, table))]

    def places(self, table: str, column: str) -> list[tuple[str, str]]:
        """The new tables and columns in which the old column may be found, in order of preference."""
        named = [
            (row["new_table"], row["new_column"])
            for row in self.rows
            if self._is_found_in(row, table) and row["old_column"] == column
        ]
        with_its_table = [
            (row["new_table"], column) for row in self.rows if self._is_found_in(row, table) and not row["old_column"]
        ]
        return [(table, column), *named, *with_its_table]

    @staticmethod
    def _is_found_in(row: dict, table: str) -> bool:
        return row["change"] == "found_in" and row["old_table"] == table


def read_expectations(path: Path) -> list[Expectation]:
    """The list of expected differences. Raises InputError where a row lacks a field."""
    expectations = []
    for row in read_csv(path, EXPECTED_COLUMNS):
        for name in ("table", "column", "why"):
            if not row[name]:
                raise InputError(f"{path}, line {row['line']}: an expected difference needs {name}.")
        expectations.append(Expectation(row["table"], row["column"], row["where"], row["why"], row["line"]))
    return expectations


def database_tables(
    connection: duckdb.DuckDBPyConnection, place: Path, catalog: str
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """How SQL reads each table of a published database, attached as ``catalog``, and the primary keys by table.

    Raises InputError where the file is no database or holds no such table.
    """
    try:
        connection.execute(f"attach {literal(str(place))} as {catalog} (read_only)")
    except duckdb.Error as error:
        raise InputError(f"{place} is no DuckDB database, or another process is writing to it.") from error
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?", [catalog, SCHEMA]
    ).fetchall()
    if not names:
        raise InputError(f"{place} holds no table in schema {SCHEMA}.")
    keys = connection.execute(
        """
        select table_name, constraint_column_names
        from duckdb_constraints()
        where database_name = ? and schema_name = ? and constraint_type = 'PRIMARY KEY'
        """,
        [catalog, SCHEMA],
    ).fetchall()
    return {name: f"{catalog}.{SCHEMA}.{quoted(name)}" for (name,) in names}, dict(keys)


def read_tables(connection: duckdb.DuckDBPyConnection, place: Path, catalog: str) -> dict[str, Table]:
    """The tables of a published database or of a folder of Parquet files, by name.

    Raises InputError where there is nothing of the kind, or a table cannot be read.
    """
    if not place.exists():
        raise InputError(f"There is no {place}.")
    if place.is_dir():
        relations = {file.stem: f"read_parquet({literal(str(file))})" for file in place.glob("*.parquet")}
        keys: dict[str, list[str]] = {}
        if not relations:
            raise InputError(f"{place} holds no Parquet file: expected a published database or a folder of exports.")
    else:
        relations, keys = database_tables(connection, place, catalog)
    tables = {}
    for name, relation in sorted(relations.items()):
        try:
            described = connection.execute(f"describe select * from {relation}").fetchall()
        except duckdb.Error as error:
            raise InputError(f"{place}: the table {name} cannot be read.") from error
        tables[name] = Table(relation, {column: type_name for column, type_name, *_ in described}, keys.get(name, []))
    return tables


# --- What is compared with what ---


class Matched:
    """The pairs of tables to compare, and what has no counterpart, told as differences."""

    def __init__(self, old: dict[str, Table], new: dict[str, Table], changes: Map) -> None:
        """Match all tables and columns. Raises InputError where a table has no key or a wrong one."""
        self.old, self.new, self.changes = old, new, changes
        self.pairs: list[Pair] = []
        self.without_counterpart: list[Difference] = []
        for table in old:
            reason = changes.reason("not_compared", table)
            if not any(name in new for name in changes.tables(table)):
                self._add(table, "(table)", "is not in NEW", changes.reason("gone", table))
            elif reason:
                self._add(table, "(table)", "is not compared", reason)
            else:
                self._match(table)
        self._add_what_is_new()

    def _add(self, table: str, column: str, what: str, why: str | None) -> None:
        self.without_counterpart.append(Difference(table, column, what, why=why))

    def _places(self, table: str, column: str) -> list[tuple[str, str]]:
        """Where the old column is in NEW, in order of preference; empty where it is nowhere."""
        places = self.changes.places(table, column)
        return [place for place in places if place[0] in self.new and place[1] in self.new[place[0]].types]

    def _names_in(self, new_table: str, table: str, column: str) -> list[str]:
        """The names under which the old column is in this new table."""
        return [there for place, there in self._places(table, column) if place == new_table]

    def _match(self, table: str) -> None:
        """Pair one old table with each new one that holds columns of it."""
        key = self._key(table)
        found: dict[str, list[tuple[str, str]]] = {}
        for column in self.old[table].types:
            places = self._places(table, column)
            if places:
                found.setdefault(places[0][0], []).append((column, places[0][1]))
            else:
                reason = self.changes.reason("gone", table, column) or self.changes.reason("gone", table)
                self._add(table, column, "is not in NEW", reason)
        for new_table, columns in found.items():
            # A row is matched by the whole key, so each new table must hold all of it.
            key_there = [
                (column, there)
                for column in key
                for there in [*self._names_in(new_table, table, column), column][:1]
                if there in self.new[new_table].types
            ]
            if len(key_there) == len(key):
                others = [names for names in columns if names[0] not in key]
                self.pairs.append(Pair(table, new_table, key_there, others))
            else:
                lacking = ", ".join(column for column in key if column not in dict(key_there))
                self._add(
                    renamed(table, new_table), "(key)", f"cannot be compared: NEW lacks {lacking} of the key", None
                )

    def _key(self, table: str) -> list[str]:
        """The key of an old table: its primary key, else the map's, else the primary key of a new table it went to.

        Raises InputError where there is none, or where the map names a column that the table does not have.
        """
        columns = self.old[table].types
        key = self.old[table].key or self.changes.key(table)
        for column in key:
            if column not in columns:
                raise InputError(f"{self.changes.path}: the key of {table} names {column}, which OLD does not have.")
        if key:
            return key
        for new_table in self.changes.tables(table):
            old_names = {there: column for column in columns for there in self._names_in(new_table, table, column)}
            new_key = self.new[new_table].key if new_table in self.new else []
            if new_key and all(column in old_names for column in new_key):
                return [old_names[column] for column in new_key]
        raise InputError(f"{table} has no key: no primary key is declared; add a row 'key' to {self.changes.path}.")

    def _add_what_is_new(self) -> None:
        """Tell the tables and columns of NEW that stem from none of OLD."""
        for name, table in self.new.items():
            if name in self.old and self.changes.reason("not_compared", name):
                continue
            stems = [
                there
                for old_table in self.old
                for column in self.old[old_table].types
                for place, there in self._places(old_table, column)[:1]
                if place == name
            ]
            if not stems:
                self._add(name, "(table)", "is not in OLD", self.changes.reason("new", name))
                continue
            in_keys = [there for pair in self.pairs if pair.new_table == name for _, there in pair.key]
            for column in table.types:
                if column not in stems and column not in in_keys:
                    self._add(name, column, "is not in OLD", self.changes.reason("new", name, column))


# --- The comparison, in SQL ---


def is_floating(type_name: str) -> bool:
    """Whether numbers of the type are compared within the tolerance."""
    return type_name in ("DOUBLE", "FLOAT") or type_name.startswith("DECIMAL")


def kind(type_name: str) -> str:
    """Types between which a value may move and stay the same: all numbers are of one kind."""
    return "number" if is_floating(type_name) or type_name.endswith(("INT", "INTEGER")) else type_name


def differs(old_value: str, new_value: str, floating: bool, tolerance: float) -> str:
    """SQL: whether two values differ. NULL equals NULL, NaN equals NaN, an infinity equals itself."""
    if not floating:
        return f"{old_value} is distinct from {new_value}"
    larger = f"greatest(abs({old_value}), abs({new_value}))"
    within = (
        f"isfinite({old_value}) and isfinite({new_value})"
        f" and abs({old_value} - {new_value}) <= {tolerance!r} * {larger}"
    )
    return f"({old_value} is distinct from {new_value} and not coalesce({within}, false))"


class Comparison:
    """The rows of one pair of tables side by side, as the temporary table ``matched``."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        pair: Pair,
        old: Table,
        new: Table,
        expectations: list[Expectation],
        tolerance: float,
    ) -> None:
        """Take what is to be compared; nothing is read yet."""
        self.connection, self.pair, self.old, self.new, self.tolerance = connection, pair, old, new, tolerance
        self.name = renamed(pair.old_table, pair.new_table)
        self.key = [column for column, _ in pair.key]
        self.expectations = [entry for entry in expectations if entry.table in (pair.old_table, pair.new_table)]

    def run(self) -> Compared:
        """Compare rows and columns. Raises InputError where the condition of an expected difference is no SQL."""
        repeated = self._repeated_keys()
        if repeated:
            return Compared(self.name, 0, 0, repeated)
        self._match_rows()
        for entry in self.expectations:
            self._check_condition(entry)
        differences = self._rows_only("is_in_old and not is_in_new", ONLY_IN_OLD)
        differences += self._rows_only("is_in_new and not is_in_old", ONLY_IN_NEW)
        for old_column, new_column in self.pair.columns:
            differences += self._column(old_column, new_column)
        return Compared(
            self.name,
            self._one("select count(*) filter (is_in_old and is_in_new) from matched"),
            len(self.key) + len(self.pair.columns),
            differences,
        )

    def _one(self, query: str) -> int:
        return self.connection.execute(query).fetchone()[0]

    def _repeated_keys(self) -> list[Difference]:
        """The sets in which several rows have one key, so that rows cannot be matched."""
        sides = [("OLD", self.old, self.key), ("NEW", self.new, [name for _, name in self.pair.key])]
        found = []
        for side, table, key in sides:
            columns = ", ".join(quoted(column) for column in key)
            repeated = self._one(
                f"select count(*) from (select 1 from {table.relation} group by {columns} having count(*) > 1)"
            )
            if repeated:
                what = f"cannot be compared: several rows of {side} have one key ({', '.join(key)})"
                found.append(Difference(self.name, "(key)", what, rows=repeated))
        return found

    def _match_rows(self) -> None:
        """Make ``matched``: one row per key, the columns of the key by their old names, each other column twice."""
        columns, conditions = [], []
        for old_column, new_column in self.pair.key:
            old_value, new_value = f"old_rows.{quoted(old_column)}", f"new_rows.{quoted(new_column)}"
            columns.append(f"coalesce({old_value}, {new_value}) as {quoted(old_column)}")
            conditions.append(f"{old_value} is not distinct from {new_value}")
        for old_column, new_column in self.pair.columns:
            columns.append(f"old_rows.{quoted(old_column)} as {quoted(f'old {old_column}')}")
            columns.append(f"new_rows.{quoted(new_column)} as {quoted(f'new {old_column}')}")
        self.connection.execute(
            f"""
            create or replace temporary table matched as
            select
                old_rows.is_there is not null as is_in_old,
                new_rows.is_there is not null as is_in_new,
                {", ".join(columns)}
            from (select true as is_there, * from {self.old.relation}) as old_rows
            full join (select true as is_there, * from {self.new.relation}) as new_rows
                on {" and ".join(conditions)}
            """
        )

    def _check_condition(self, entry: Expectation) -> None:
        try:
            self._one(f"select count(*) filter ({entry.where or 'true'}) from matched")
        except duckdb.Error as error:
            raise InputError(
                f"The expected difference of line {entry.line} has a condition that is no SQL on the key of "
                f"{self.pair.old_table} ({', '.join(self.key)}): {entry.where}"
            ) from error

    def _parts(self, condition: str, *columns: str) -> list[tuple[str, Expectation | None, int]]:
        """The rows of ``matched`` that meet the condition: those expected, entry by entry, then the rest.

        Each part is a condition, the entry that expects it (or None) and its number of rows, which is not 0.
        """
        parts, taken = [], "false"
        for entry in self.expectations:
            if entry.column in columns:
                meant = f"coalesce(({entry.where or 'true'}), false)"
                parts.append((f"({condition}) and {meant} and not ({taken})", entry))
                taken += f" or {meant}"
        parts.append((f"({condition}) and not ({taken})", None))
        counted = []
        for part, entry in parts:
            rows = self._one(f"select count(*) from matched where {part}")
            if rows:
                counted.append((part, entry, rows))
            if rows and entry:
                entry.met = True
        return counted

    def _rows_only(self, condition: str, column: str) -> list[Difference]:
        """The rows that one set has and the other has not, with the values of their keys."""
        return [
            Difference(
                self.name,
                column,
                "rows without a counterpart",
                rows=rows,
                details=[self._values(name, part) for name in self.key],
                why=entry.why if entry else None,
            )
            for part, entry, rows in self._parts(condition, column)
        ]

    def _values(self, column: str, condition: str) -> str:
        """The values of a key column among these rows with their numbers of rows, or how many values there are."""
        name = quoted(column)
        values = self.connection.execute(
            f"select {name}, count(*) from matched where {condition} group by {name} order by count(*) desc, {name}"
        ).fetchall()
        if len(values) <= VALUES_NAMED:
            return f"{column}: " + ", ".join(f"{shown(value)} ({rows:,})" for value, rows in values)
        return f"{column}: {len(values):,} values, most often {shown(values[0][0])} ({values[0][1]:,})"

    def _column(self, old_column: str, new_column: str) -> list[Difference]:
        """The rows of both sets whose values in one column differ."""
        name = renamed(old_column, new_column)
        types = self.old.types[old_column], self.new.types[new_column]
        if kind(types[0]) != kind(types[1]):
            entry = next((entry for entry in self.expectations if entry.column in (old_column, new_column)), None)
            if entry:
                entry.met = True
            what = f"has another type, {types[1]} for {types[0]}"
            return [Difference(self.name, name, what, why=entry.why if entry else None)]
        old_value, new_value = quoted(f"old {old_column}"), quoted(f"new {old_column}")
        condition = "is_in_old and is_in_new and " + differs(
            old_value, new_value, any(map(is_floating, types)), self.tolerance
        )
        return [
            self._measured(name, old_value, new_value, kind(types[0]) == "number", part, rows, entry)
            for part, entry, rows in self._parts(condition, old_column, new_column)
        ]

    def _measured(
        self,
        name: str,
        old_value: str,
        new_value: str,
        is_number: bool,
        condition: str,
        rows: int,
        entry: Expectation | None,
    ) -> Difference:
        """How much the values of one column differ in these rows, with the row in which they differ most."""
        absolute = relative = "cast(null as double)"
        if is_number:
            old_number, new_number = f"cast({old_value} as double)", f"cast({new_value} as double)"
            both_finite = f"isfinite({old_number}) and isfinite({new_number})"
            absolute = f"case when {both_finite} then abs({old_number} - {new_number}) end"
            relative = f"{absolute} / greatest(abs({old_number}), abs({new_number}))"
        key = ", ".join(quoted(column) for column in self.key)
        largest_relative, largest_absolute, one_side_null = self.connection.execute(
            f"""
            select max({relative}), max({absolute}), count(*) filter ({old_value} is null or {new_value} is null)
            from matched
            where {condition}
            """
        ).fetchone()
        *values, old_shown, new_shown = self.connection.execute(
            f"""
            select {key}, {old_value}, {new_value}
            from matched
            where {condition}
            order by ({relative}) desc nulls last, {key}
            limit 1
            """
        ).fetchone()
        row = ", ".join(f"{column} {shown(value)}" for column, value in zip(self.key, values, strict=True))
        details = [f"for example {row}: {shown(old_shown)} -> {shown(new_shown)}"]
        if one_side_null:
            details.insert(0, f"NULL on one side alone in {one_side_null:,} of them")
        return Difference(
            self.name,
            name,
            "values differ",
            rows=rows,
            largest_relative=largest_relative,
            largest_absolute=largest_absolute,
            details=details,
            why=entry.why if entry else None,
        )


# --- The report ---


def size(difference: Difference) -> str:
    """The largest relative and absolute difference in words; empty where values are no numbers."""
    if difference.largest_absolute is None:
        return ""
    return (
        f", largest relative difference {difference.largest_relative:.3g}, absolute {difference.largest_absolute:.3g}"
    )


def difference_lines(difference: Difference) -> list[str]:
    """The lines of the report on one difference."""
    rows = "" if difference.rows is None else f" ({difference.rows:,} {'row' if difference.rows == 1 else 'rows'})"
    lines = [f"    {difference.column}: {difference.what}{rows}{size(difference)}"]
    lines += [f"        {detail}" for detail in difference.details]
    lines.append(f"        expected: {difference.why}" if difference.why else "        NOT EXPECTED")
    return lines


def text_report(compared: list[Compared], others: list[Difference], not_met: list[Expectation]) -> list[str]:
    """The readable report: a line for each equal table, a part for each that differs, then what has no counterpart."""
    lines = []
    for table in compared:
        if not table.differences:
            lines.append(f"{table.table}: equal ({table.rows:,} rows, {table.columns} columns)")
            continue
        lines.append(f"{table.table}: {table.rows:,} rows in both, {table.columns} columns compared")
        lines += [line for difference in table.differences for line in difference_lines(difference)]
    if others:
        lines += ["", "Without a counterpart:"]
    for difference in others:
        reason = difference.why or "NOT EXPECTED"
        lines.append(f"    {difference.table} {difference.column} {difference.what}: {reason}")
    if not_met:
        lines += ["", "Expected, but nothing of the kind was found:"]
    lines += [f"    line {entry.line}: {entry.table} {entry.column}: {entry.why}" for entry in not_met]
    return lines


def markdown_report(compared: list[Compared], others: list[Difference]) -> list[str]:
    """The differences as one Markdown table, for a closing note."""
    header = ["table", "column", "what", "rows", "largest relative", "largest absolute", "why"]
    rows = [header, ["---", "---", "---", "---:", "---:", "---:", "---"]]
    for difference in [*(difference for table in compared for difference in table.differences), *others]:
        numbers = [difference.largest_relative, difference.largest_absolute]
        rows.append(
            [
                difference.table,
                difference.column,
                difference.what,
                "" if difference.rows is None else f"{difference.rows:,}",
                *("" if number is None else f"{number:.3g}" for number in numbers),
                difference.why or "**not expected**",
            ]
        )
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def compare(
    old_place: Path, new_place: Path, changes: Map, expectations: list[Expectation], tolerance: float
) -> tuple[list[Compared], list[Difference]]:
    """Compare all tables of both places: what each pair of tables gave, and what has no counterpart.

    Raises InputError where a place cannot be read, a table has no key, or an expectation's condition is no SQL.
    """
    with duckdb.connect() as connection:
        old = read_tables(connection, old_place, "old_set")
        # DuckDB attaches a file once only.
        same = old_place.is_file() and new_place.exists() and old_place.samefile(new_place)
        new = old if same else read_tables(connection, new_place, "new_set")
        matched = Matched(old, new, changes)
        compared = [
            Comparison(connection, pair, old[pair.old_table], new[pair.new_table], expectations, tolerance).run()
            for pair in matched.pairs
        ]
    return compared, matched.without_counterpart


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="OLD", type=Path, help="a published database, or a folder of *.parquet")
    parser.add_argument("new", metavar="NEW", type=Path, help="the same, to be compared with it")
    parser.add_argument("--map", type=Path, default=MAP, help=f"renamed tables and columns (default: {MAP.name})")
    parser.add_argument("--expected", type=Path, help="differences that are meant (default: none)")
    parser.add_argument("--tolerance", type=float, default=1e-12, help="relative, for doubles (default: 1e-12)")
    parser.add_argument("--markdown", action="store_true", help="print the differences as one Markdown table")
    options = parser.parse_args(arguments)
    try:
        if not 0 <= options.tolerance < 1:
            raise InputError(f"--tolerance is {options.tolerance}, expected a number from 0 up to 1.")
        expectations = read_expectations(options.expected) if options.expected else []
        compared, others = compare(options.old, options.new, Map(options.map), expectations, options.tolerance)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    differences = [*(difference for table in compared for difference in table.differences), *others]
    unexpected = sum(difference.why is None for difference in differences)
    not_met = [entry for entry in expectations if not entry.met]
    lines = markdown_report(compared, others) if options.markdown else text_report(compared, others, not_met)
    equal = sum(not table.differences for table in compared)
    lines += ["", f"{equal} of {len(compared)} tables equal their counterparts; unexpected differences: {unexpected}."]
    print("\n".join(lines))
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
