"""Fill the datasets' columns and descriptions from the published database: `python bi/superset/describe.py`.

A dataset of bi/superset/datasets/ is a table of the marts, or a query on some of them. Its columns and their types are
those that the database gives. The description of a column is the comment of the mart column of that name; a column that
only the query makes keeps the description written in the file, and the command stops where there is none. The
description of a dataset is the comment of its table; for a query, the comment that the query begins with and those of
the tables that it reads. A column without a name to print gets the one of bi/column_names.csv. Other names to print,
metrics, queries and identifiers stay as they are in the file.
"""

import argparse
import csv
import re
import sys
from pathlib import Path

import duckdb
import yaml

FOLDER = Path(__file__).resolve().parent
DATASETS = FOLDER / "datasets" / "infant_mortality"
COLUMN_NAMES = FOLDER.parent / "column_names.csv"
SCHEMA = "marts"


class Readable(yaml.SafeDumper):
    """Writes text of several lines as a block, so that a query reads as SQL."""


Readable.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def column_names() -> dict[str, str]:
    """What people read above a column, by its name in the marts: as in the workbook."""
    with COLUMN_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["column_name"]: row["heading"] for row in csv.DictReader(file)}


def tables_read(dataset: dict) -> list[str]:
    """Names of the marts that a dataset reads, in the order in which it names them."""
    if dataset["sql"] is None:
        return [dataset["table_name"]]
    return list(dict.fromkeys(re.findall(rf"\b{SCHEMA}\.(\w+)", dataset["sql"])))


def described(dataset: dict, connection: duckdb.DuckDBPyConnection) -> dict:
    """The dataset with the columns, types and descriptions of the database.

    Args:
        dataset: the content of a file of bi/superset/datasets/.
        connection: the published database.

    Raises:
        ValueError: the dataset reads a table that is not there, or nothing describes one of its columns.
    """
    tables = tables_read(dataset)
    comments = dict(
        connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = ? and list_contains(?, table_name)",
            [SCHEMA, tables],
        ).fetchall()
    )
    if missing := [table for table in tables if table not in comments]:
        raise ValueError(f"{dataset['table_name']}: the database has no {', '.join(missing)}")
    column_comments = {}
    for table in reversed(tables):  # Where two tables share a column, the table named first describes it.
        column_comments.update(
            connection.execute(
                "select column_name, comment from duckdb_columns() where schema_name = ? and table_name = ?",
                [SCHEMA, table],
            ).fetchall()
        )
    names = column_names()
    query = dataset["sql"] or f"select * from {SCHEMA}.{dataset['table_name']}"
    before = {column["column_name"]: column for column in dataset["columns"]}
    columns = []
    for name, kind, *_ in connection.execute(f"describe {query}").fetchall():
        written = before.get(name, {})
        description = column_comments.get(name) or written.get("description")
        if not description:
            raise ValueError(f"{dataset['table_name']}: the column {name} is of no mart; describe it in the file")
        columns.append(
            {
                "column_name": name,
                "verbose_name": written.get("verbose_name") or names.get(name),
                "is_dttm": kind in ("DATE", "TIMESTAMP"),
                "is_active": True,
                "type": kind,
                "groupby": True,
                "filterable": True,
                "description": description,
            }
        )
    own = []
    if dataset["sql"] is not None:
        first_lines = re.match(r"(?:--.*\n)+", dataset["sql"])
        if first_lines is None:
            raise ValueError(f"{dataset['table_name']}: the query does not begin with a comment that says what it is")
        own = [" ".join(line.removeprefix("--").strip() for line in first_lines.group().splitlines())]
        comments = {table: f"{SCHEMA}.{table}: {comment}" for table, comment in comments.items()}
    description = "\n\n".join([*own, *(comments[table] for table in tables)])
    return {**dataset, "description": description, "columns": columns}


def as_yaml(content: dict) -> str:
    """The text of a file of datasets/: keys in their order, lines broken at 140 characters where they can be."""
    return yaml.dump(content, Dumper=Readable, sort_keys=False, allow_unicode=True, width=140)


def main() -> int:
    """Rewrite the files of datasets/, or with --check say which would change; 0 when there is nothing to say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, default=Path("infant_mortality.duckdb"), help="the published database")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file would change")
    arguments = parser.parse_args()
    if not arguments.database.exists():
        parser.error(f"{arguments.database} does not exist: run `dbt build` first, or name it with --database")
    stale = []
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for path in sorted(DATASETS.glob("*.yaml")):
            before = path.read_text(encoding="utf-8")
            try:
                after = as_yaml(described(yaml.safe_load(before), connection))
            except ValueError as problem:
                parser.error(str(problem))
            if after != before:
                stale.append(path.name)
                if not arguments.check:
                    path.write_text(after, encoding="utf-8")
    if stale:
        print(("Not as the database has it: " if arguments.check else "Rewrote ") + ", ".join(stale))
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
