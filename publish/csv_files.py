"""`python -m publish.csv_files`: write every published table as CSV beside its Parquet file."""

import argparse
import sys
from pathlib import Path

import duckdb
from tqdm import tqdm

from publish import exporting, placing
from publish.copying import quoted
from publish.errors import PublishingError
from publish.plugin import published_place


def write_csv_files(database: Path, folder: Path) -> list[Path]:
    """Write each table of a published database as <table>.csv into a folder; each file comes whole, in one step.

    Args:
        database: the published database; a build that replaces it meanwhile does not disturb.
        folder: an existing folder.

    Returns:
        The files, by name.

    Raises:
        PublishingError: the database is not there or cannot be opened, or the folder cannot be written.
    """
    if not database.exists():
        raise PublishingError(f"{database} does not exist; run `dbt build` first.")
    if not folder.is_dir():
        raise PublishingError(f"the folder {folder} does not exist.")
    written = []
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            tables = connection.execute(
                "select database_name, schema_name, table_name from duckdb_tables() order by table_name"
            ).fetchall()
            for catalogue, schema, table in tqdm(tables, desc="CSV", unit="table", disable=None):
                path, unfinished = folder / f"{table}.csv", folder / f".{table}.csv.unfinished"
                try:
                    exporting.write_csv(
                        connection, ".".join(quoted(part) for part in (catalogue, schema, table)), unfinished
                    )
                    unfinished.replace(path)
                finally:
                    unfinished.unlink(missing_ok=True)
                written.append(path)
    except (duckdb.Error, OSError) as error:
        raise PublishingError(str(error).splitlines()[0]) from error
    return written


def main(arguments: list[str] | None = None) -> int:
    """Write the files; returns the exit code, 1 with one sentence on standard error when they cannot be written."""
    parser = argparse.ArgumentParser(
        prog="python -m publish.csv_files",
        description="Write every published table as CSV. The next build clears the folder, so they are never stale.",
    )
    parser.add_argument("--database", type=Path, default=published_place(), help="the published database")
    parser.add_argument("--folder", type=Path, help="where to write (default: exports, beside the database)")
    chosen = parser.parse_args(arguments)
    folder = chosen.folder or chosen.database.parent / placing.EXPORTS_FOLDER
    try:
        written = write_csv_files(chosen.database, folder)
    except PublishingError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in written)
    print(f"Wrote {len(written)} tables as CSV to {folder}/, {size / 1e6:.0f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
