"""Writing one table or view to one file, Parquet or CSV, with no text that could harm who opens it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from publish.copying import literal, quoted

# Patterns of DuckDB's regular expressions, as SQL literals.
_CONTROL = r"'[\x00-\x1f\x7f-\x{9f}]'"
_TABS_AND_LINE_ENDS = r"'[\t\n\r]+'"
_FORMULA = r"'^\s*[=+@-]'"
_PLAIN_NUMBER = r"'^[+-]?[0-9]+(\.[0-9]+)?$'"


@dataclass(frozen=True)
class Column:
    """A column of a table or view.

    Attributes:
        name: its name.
        comment: what it is, or None.
        is_risky: whether it is text, and any value of it holds a control character or begins like a formula.
    """

    name: str
    comment: str | None
    is_risky: bool


def columns_of(cursor: duckdb.DuckDBPyConnection, relation: str) -> list[Column]:
    """The columns of a table or view, named as catalogue.schema.name, in their order.

    In tables risks are looked for among the distinct values: half the time of treating every value. A view would be
    worked out anew for each column, so all its text counts as risky.
    """
    catalogue, schema, name = (part.strip('"') for part in relation.split("."))
    of_relation = f"database_name = {literal(catalogue)} and schema_name = {literal(schema)}"
    found = cursor.execute(
        "select column_name, data_type = 'VARCHAR', comment from duckdb_columns() "
        f"where {of_relation} and table_name = {literal(name)} order by column_index"
    ).fetchall()
    texts = [name for name, is_text, _ in found if is_text]
    is_view = cursor.execute(
        f"select count(*) from duckdb_views() where {of_relation} and view_name = {literal(name)}"
    ).fetchall()[0][0]
    if texts and not is_view:
        looked_for = " union all ".join(
            f"select {literal(text)} from (select distinct {quoted(text)} as value from {relation}) "
            f"having bool_or(regexp_matches(value, {_CONTROL}) or regexp_matches(value, {_FORMULA}))"
            for text in texts
        )
        texts = [name for (name,) in cursor.execute(looked_for).fetchall()]
    return [Column(name, comment, name in texts) for name, _, comment in found]


def write_parquet(cursor: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a table or view, named as catalogue.schema.name, as Parquet.

    The comment of each column stands under its name in the file's metadata: who has the file alone has the units too.
    """
    columns = columns_of(cursor, relation)
    selected = ", ".join(
        f"{_without_controls(quoted(column.name)) if column.is_risky else quoted(column.name)} as {quoted(column.name)}"
        for column in columns
    )
    comments = ", ".join(f"{quoted(column.name)}: {literal(column.comment)}" for column in columns if column.comment)
    metadata = f", kv_metadata {{{comments}}}" if comments else ""
    cursor.execute(
        f"copy (select {selected} from {relation}) to {literal(path)} (format parquet, compression zstd{metadata})"
    )


def write_csv(cursor: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Write a table or view, named as catalogue.schema.name, as CSV: UTF-8, comma, a header line, NULL as nothing.

    No text stands there that a program for spreadsheets would take for a formula.
    """
    columns = columns_of(cursor, relation)
    selected = ", ".join(
        f"{_without_formula(_without_controls(quoted(column.name))) if column.is_risky else quoted(column.name)} "
        f"as {quoted(column.name)}"
        for column in columns
    )
    cursor.execute(f"copy (select {selected} from {relation}) to {literal(path)} (format csv, header)")


def _without_controls(text: str) -> str:
    """SQL of a text in which each run of tabs and line ends is one space, and the other control characters (C0, DEL,
    C1), which hide what follows them or steer a terminal, are gone."""
    return f"regexp_replace(regexp_replace({text}, {_TABS_AND_LINE_ENDS}, ' ', 'g'), {_CONTROL}, '', 'g')"


def _without_formula(text: str) -> str:
    """SQL of a text that has an apostrophe before it where it begins like a formula and is no plain number: by that
    programs for spreadsheets know text. Blanks before the sign do not hide it."""
    is_formula = f"regexp_matches({text}, {_FORMULA}) and not regexp_matches({text}, {_PLAIN_NUMBER})"
    return f"case when {is_formula} then chr(39) || {text} else {text} end"
