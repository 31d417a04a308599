"""Count the statements that dbt sends to DuckDB in a whole build; guard.py asks for it.

    python benchmarks/statements.py

Builds in a copy of the project in which nothing stands yet: a build on tables of before sends more, to put them aside
and drop them. Counted is dbt's own event of a query, of which an ordinary build takes no notice; what publish/ does on
the connection at the end is not among them.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from build_time import PROJECT, whole_project
from dbt.cli.main import dbtRunner

PARSED = Path("target", "partial_parse.msgpack")


def main() -> None:
    """Build and print the number, after what dbt says."""
    # What is set for the project at hand, above all where it publishes, is not for the copy.
    for name in [name for name in os.environ if name.startswith(("INFANT_MORTALITY_", "DBT_"))]:
        del os.environ[name]
    events = Counter()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        whole_project(copy)
        if (PROJECT / PARSED).exists():  # dbt then parses only what has changed since
            (copy / "target").mkdir()
            shutil.copy(PROJECT / PARSED, copy / PARSED)
        os.chdir(copy)
        built = dbtRunner(callbacks=[lambda event: events.update([event.info.name])]).invoke(["build", "--quiet"])
        os.chdir(PROJECT)
    if not built.success:
        raise SystemExit("the build did not pass")
    print(events["SQLQuery"])


if __name__ == "__main__":
    main()
