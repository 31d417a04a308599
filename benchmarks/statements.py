"""Build the whole project from nothing and count the statements that dbt sends to DuckDB; guard.py asks for it.

    python benchmarks/statements.py [--in-copy]

This is the build of `make test`: the database in build/ is made anew, since a build on tables of before sends more, to
put them aside and drop them. The count is kept in build/statements.json with the id of the build. --in-copy builds in a
copy of the project instead, and leaves what was built and published as it is. Counted is dbt's own event of a query, of
which an ordinary build takes no notice; what publish/ does on the connection at the end is not among them.
"""

import argparse
import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
from build_time import PROJECT, whole_project
from dbt.cli.main import dbtRunner

PARSED = Path("target", "partial_parse.msgpack")
DATABASE = Path("build", "infant_mortality.duckdb")
KEPT = Path("build", "statements.json")


def build_from_nothing(folder: Path) -> int:
    """Build the project in a folder, keep the count there, and return it.

    Raises:
        SystemExit: another process uses the database, or the build did not pass.
    """
    os.chdir(folder)
    if DATABASE.exists():
        try:
            duckdb.connect(str(DATABASE)).close()
        except duckdb.IOException as error:
            raise SystemExit(f"{DATABASE} cannot be made anew: {error}") from error
        DATABASE.unlink()
    names, build_ids = Counter(), set()

    def note(event) -> None:
        names.update([event.info.name])
        build_ids.add(event.info.invocation_id)

    if not dbtRunner(callbacks=[note]).invoke(["build", "--quiet"]).success:
        raise SystemExit("the build did not pass")
    (build_id,) = build_ids
    KEPT.write_text(json.dumps({"build_id": build_id, "statements": names["SQLQuery"]}) + "\n", encoding="utf-8")
    return names["SQLQuery"]


def build_in_copy() -> int:
    """Build in a copy of the project in which nothing stands yet, and return the count."""
    # What is set for the project at hand, above all where it publishes, is not for the copy.
    for name in [name for name in os.environ if name.startswith(("INFANT_MORTALITY_", "DBT_"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        whole_project(copy)
        if (PROJECT / PARSED).exists():  # dbt then parses only what has changed since
            (copy / "target").mkdir()
            shutil.copy(PROJECT / PARSED, copy / PARSED)
        count = build_from_nothing(copy)
        os.chdir(PROJECT)
    return count


def main() -> None:
    """Build and print the number, after what dbt says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-copy", action="store_true", help="build in a copy, and leave the project as it is")
    count = build_in_copy() if parser.parse_args().in_copy else build_from_nothing(PROJECT)
    print(f"Statements that dbt sent: {count}")


if __name__ == "__main__":
    main()
