"""Readers of their own processes that open a published file anew for every read, as BI tools do, until told to stop."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

# Reads until standard input closes; then prints one line of JSON: number of reads, errors, and what each build showed.
_SCRIPT = """
import duckdb, json, sys, threading, time
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
reads, errors, seen = 0, [], {}
while not stop.is_set():
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as reader:
            first = reader.execute("select build_id from marts.build_information").fetchall()[0][0]
            tables = [name for (name,) in reader.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by 1").fetchall()]
            counts = {name: reader.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for name in tables}
            kirklees = reader.execute("select count(*), sum(rate_per_1000) from area_profile('E08000034')").fetchall()
            last = reader.execute("select build_id from marts.build_information").fetchall()[0][0]
        assert first == last, "the build changed under an open reader"
        seen.setdefault(first, []).append([counts, kirklees])
        assert seen[first][0] == seen[first][-1], "one build, two answers"
        del seen[first][1:]
        reads += 1
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
    time.sleep(float(sys.argv[2]))
print(json.dumps([reads, errors, {build: answers[0] for build, answers in seen.items()}]))
"""


@dataclass(frozen=True)
class Reading:
    """What several readers met.

    Attributes:
        reads: how many reads succeeded.
        errors: one text for each that did not.
        builds: for each build seen, by build_id, the answers of every reader that saw it: rows by table, and rows
            and sum of rates of Kirklees' profile.
    """

    reads: int
    errors: list[str]
    builds: dict[str, list]


class Readers:
    """Processes that read one file again and again: publish within the block of `with`, then `stop` them."""

    def __init__(self, database: Path, count: int, pause: float = 0.01) -> None:
        """Start `count` readers of a published database, who wait `pause` seconds after each read."""
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-c", _SCRIPT, database, str(pause)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(count)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no reader behind, also where publishing failed."""
        for process in self._processes:
            process.kill()
            process.wait()

    def stop(self) -> Reading:
        """End the readers; what they met."""
        # The last line: DuckDB writes a progress bar above it where a query takes long.
        answers = [json.loads(process.communicate("", timeout=60)[0].splitlines()[-1]) for process in self._processes]
        builds: dict[str, list] = {}
        for _, _, seen in answers:
            for build_id, answer in seen.items():
                builds.setdefault(build_id, []).append(answer)
        return Reading(
            reads=sum(reads for reads, _, _ in answers),
            errors=[error for _, errors, _ in answers for error in errors],
            builds=builds,
        )
