"""Run the queries that stand in documents and write each result below its query; with --check only compare.

    python scripts/fill_queries.py [--check] [--database build/infant_mortality.duckdb] [FILE ...]

In a Markdown file, whatever stands between ``<!-- begin result -->`` and ``<!-- end result -->`` is replaced by the
result of the SQL block above it. Where the query is long, ``<!-- begin result: NAME of FILE -->`` names the one of
that file that is below ``-- table: NAME``. Exit code 1 with --check where a document says something else than the
database. Numbers are shown with six significant digits; a single row of many columns stands upright. Without files:
those of DOCUMENTS.
"""

import argparse
import re
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    *("docs/first_ten_questions.md", "docs/modelling.md", "docs/small_numbers.md", "docs/operating_characteristics.md"),
    # No page for readers, but what a test expects of the seeds kept by hand.
    "tests/seeds_in_full.md",
)
QUERY_WITH_RESULT = re.compile(
    r"```sql\n(?P<query>[^`]*)```\n\n<!-- begin result -->\n(?P<result>.*?)<!-- end result -->", flags=re.DOTALL
)
QUERY_OF_A_FILE = re.compile(
    r"<!-- begin result: (?P<name>[^:]+) of (?P<file>\S+) -->\n.*?<!-- end result -->", flags=re.DOTALL
)

MOST_COLUMNS_SIDE_BY_SIDE = 10


def shown(value: object) -> str:
    """A value as people read it: NULL as nothing, doubles with six significant digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def markdown_table(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The result of a query as a Markdown table, numbers to the right.

    Raises duckdb.Error where the query does not run.
    """
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if len(rows) == 1 and len(names) > MOST_COLUMNS_SIDE_BY_SIDE:
        names, rows = ["column", "value"], list(zip(names, rows[0], strict=True))
    numeric = [
        all(isinstance(row[place], int | float) and not isinstance(row[place], bool) for row in rows)
        for place in range(len(names))
    ]
    lines = [
        names,
        ["---:" if right else "---" for right in numeric],
        *([shown(value) for value in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """The document with the result of every query written anew.

    Raises duckdb.Error where a query does not run, KeyError where a file has no query of that name.
    """

    def with_result(match: re.Match) -> str:
        table = markdown_table(connection, match["query"])
        return f"```sql\n{match['query']}```\n\n<!-- begin result -->\n{table}\n<!-- end result -->"

    def with_result_of_a_file(match: re.Match) -> str:
        queries = (PROJECT / match["file"]).read_text(encoding="utf-8").split("-- table: ")[1:]
        query = dict(part.split("\n", 1) for part in queries)[match["name"]]
        begin = f"<!-- begin result: {match['name']} of {match['file']} -->"
        return f"{begin}\n{markdown_table(connection, query)}\n<!-- end result -->"

    return QUERY_OF_A_FILE.sub(with_result_of_a_file, QUERY_WITH_RESULT.sub(with_result, text))


def main() -> int:
    """Write or compare; 0 where every document says what the database says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--database", type=Path, default=PROJECT / "build" / "infant_mortality.duckdb")
    parser.add_argument("files", nargs="*", metavar="FILE", default=DOCUMENTS)
    arguments = parser.parse_args()
    differing = []
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for name in arguments.files:
            path = PROJECT / name
            text = path.read_text(encoding="utf-8")
            if not (QUERY_WITH_RESULT.search(text) or QUERY_OF_A_FILE.search(text)):
                raise SystemExit(f"{name}: expected a query with the markers of its result, found none.")
            wanted = filled(text, connection)
            if wanted != text:
                differing.append(name)
                if not arguments.check:
                    path.write_text(wanted, encoding="utf-8")
    if arguments.check and differing:
        print(
            f"{', '.join(differing)}: expected the database's rows; run python scripts/fill_queries.py.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
