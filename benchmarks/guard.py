"""Count what a build costs, in units that do not depend on the machine; tests/python/test_guard.py compares them.

    python benchmarks/guard.py [--write]

Needs a whole build (`dbt build`; its manifest, its compiled statements and its database are read). Counted are the
nodes by kind; the statements that dbt sends to DuckDB in a build from nothing (statements.py); the rows that DuckDB
scans when every table's select is run once more; and the rows and bytes that are published. --write keeps the counts in
guard.csv.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "target"
KEPT = Path(__file__).resolve().with_name("guard.csv")
DATABASE = PROJECT / "build" / "infant_mortality.duckdb"
PUBLISHED = PROJECT / "infant_mortality.duckdb"
STATEMENTS_KEPT = PROJECT / "build" / "statements.json"


def expected() -> dict[str, int]:
    """The counts of guard.csv."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        return {row["what"]: int(row["count"]) for row in csv.DictReader(file)}


def rows_scanned(database: Path, nodes: list[dict]) -> int:
    """Rows that DuckDB reads from tables and files in the selects of all tables, each run once without being kept."""
    scanned = 0
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("pragma enable_profiling = 'no_output'")
        connection.execute('set custom_profiling_settings = \'{"CUMULATIVE_ROWS_SCANNED": "true"}\'')
        for node in nodes:
            query = (TARGET / "compiled" / "infant_mortality" / node["original_file_path"]).read_text(encoding="utf-8")
            connection.execute(f"select count(columns(*)) from ({query})").fetchall()
            scanned += json.loads(connection.get_profiling_information()).get("cumulative_rows_scanned", 0)
    return scanned


def statements_sent() -> int:
    """Statements that dbt sends to DuckDB in a whole build from nothing: of the build at hand, or of one in a copy.

    They were counted where the build at hand is that of `make test`; any other takes another build here.
    """
    if STATEMENTS_KEPT.exists():
        kept = json.loads(STATEMENTS_KEPT.read_text(encoding="utf-8"))
        with duckdb.connect(str(PUBLISHED), read_only=True) as connection:
            if connection.execute("select build_id from marts.build_information").fetchone() == (kept["build_id"],):
                return kept["statements"]
    script = Path(__file__).resolve().with_name("statements.py")
    done = subprocess.run([sys.executable, script, "--in-copy"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return int(done.stdout.split()[-1])


def counted(database: Path = DATABASE) -> dict[str, int]:
    """The counts of the build at hand."""
    nodes = json.loads((TARGET / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    kinds = Counter(node["resource_type"] for node in nodes)
    tables = [
        node
        for node in nodes
        if node["resource_type"] == "model" and node["language"] == "sql" and node["config"]["materialized"] == "table"
    ]
    with duckdb.connect(str(database), read_only=True) as connection:
        published = connection.execute(
            "select count(*), sum(estimated_size) from duckdb_tables() where schema_name = 'marts'"
        ).fetchone()
    files = PROJECT / "exports"
    return {
        "models": kinds["model"],
        "seeds": kinds["seed"],
        "tests of data": kinds["test"],
        "statements": statements_sent(),
        "published tables": published[0],
        "published rows": int(published[1]),
        "bytes of the published database": PUBLISHED.stat().st_size,
        "bytes of the exports": sum(path.stat().st_size for path in files.glob("*.parquet")),
        "rows scanned": rows_scanned(database, tables),
    }


def main() -> None:
    """Print the counts, and keep them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the counts in guard.csv")
    arguments = parser.parse_args()
    counts = counted()
    for what, count in counts.items():
        print(f"{count:>15,}  {what}")
    if arguments.write:
        with KEPT.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["what", "count"])
            writer.writerows(counts.items())


if __name__ == "__main__":
    main()
