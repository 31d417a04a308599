"""What the benchmarks share: a measured child process, medians with range, and the files that results are kept in."""

import contextlib
import csv
import ctypes
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

import duckdb

RESULTS = Path(__file__).resolve().parent / "results"
# The option of Linux's prctl by which a process that outlives its parent comes to this one.
PR_SET_CHILD_SUBREAPER = 36
COLUMNS = ("what", "size", "round", "seconds", "cpu_seconds", "gigabytes", "note")


class Run(NamedTuple):
    """One run of a command: wall time and time of all cores in seconds, largest resident size in GB, exit code."""

    seconds: float
    cpu_seconds: float
    gigabytes: float
    code: int

    def followed_by(self, other: "Run") -> "Run":
        """Both as one run, with the exit code of the second."""
        return Run(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.gigabytes, other.gigabytes),
            other.code,
        )


def measured(command: list[str | Path], environment: dict[str, str] | None = None) -> Run:
    """Run a command to its end; what its children take is counted but for the memory of those that it waits for.

    Of a command that leads a group of processes, as `timeout` does, those that outlive it are waited for and counted
    too: Java, which dbt starts for Spark and leaves behind. The wall time is that of the command.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    arguments = [str(part) for part in command]
    started = time.perf_counter()
    process = os.posix_spawnp(arguments[0], arguments, {**os.environ, **(environment or {})})
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    usages = [usage]
    with contextlib.suppress(ChildProcessError):
        while True:
            usages.append(os.wait4(-process, 0)[2])
    cpu_seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    gigabytes = max(usage.ru_maxrss for usage in usages) / 1e6
    return Run(seconds, cpu_seconds, gigabytes, os.waitstatus_to_exitcode(status))


def dbt(project: Path, incoming: Path, *command: str) -> Run:
    """One command of dbt in a copy of the project, in whose folder this runs; raises where it fails.

    `incoming` is the folder of supplied files.
    """
    program = Path(sys.executable).with_name("dbt")
    folders = ["--project-dir", project, "--profiles-dir", project]
    run = measured(
        [program, *command, *folders], {"INCOMING_FOLDER": str(incoming), "DBT_LOG_PATH": str(project / "logs")}
    )
    if run.code:
        raise SystemExit(f"dbt {' '.join(command)} failed with {incoming.name}")
    return run


def described(values: list[float], decimals: int = 2) -> str:
    """Median and range; the value alone where there is one."""
    if len(values) == 1:
        return f"{values[0]:,.{decimals}f}"
    return f"{statistics.median(values):,.{decimals}f} ({min(values):,.{decimals}f} to {max(values):,.{decimals}f})"


def machine() -> str:
    """The machine that the benchmarks run on, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def keep(name: str, rows: list[dict]) -> None:
    """Write results/<name>.csv, one row per measurement, with the machine and the day in each."""
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, "machine", "day"], lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            told = {"machine": machine(), "day": time.strftime("%Y-%m-%d"), **row}
            for column, decimals in {"seconds": 3, "cpu_seconds": 3, "gigabytes": 2}.items():
                if isinstance(told.get(column), float):
                    told[column] = f"{told[column]:.{decimals}f}"
            writer.writerow(told)
