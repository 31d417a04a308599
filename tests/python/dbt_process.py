"""A dbt that is loaded once: each command runs in a process forked from it, as if `dbt` had been called anew."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

# Each line of standard input is one command: its folder, its arguments and where to write what it says. The answer is
# its exit code. A command ends its own process in the ordinary way, so that it closes the database that it opened.
# DuckDB is left to the commands: it starts a thread when it is imported, and a fork would lose that.
LOADED = """
import json, os, sys
import dbt.task.build
from dbt.cli.main import cli
for line in sys.stdin:
    folder, arguments, said = json.loads(line)
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        for stream, name in enumerate(said, start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        sys.argv = ["dbt", *arguments]
        cli()
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


PROJECT = Path(__file__).resolve().parents[2]
# What a copy of the project needs for dbt to work in it.
READ_BY_DBT = (
    *("dbt_project.yml", "profiles.yml", "selectors.yml", "data", "formulas", "incoming", "ingest", "macros", "models"),
    *("publish", "seeds", "tests/dbt"),
)


def copy_project(folder: Path) -> Path:
    """Copy what dbt needs of the project into a folder; returns the folder."""
    for name in READ_BY_DBT:
        source, place = PROJECT / name, folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__", "*.csv.tmp"))
        else:
            shutil.copy(source, place)
    return folder


def take_parsed_along(folder: Path) -> None:
    """Give a copy of the project what dbt noted of the files when it last parsed them: it parses only what changes."""
    parsed = PROJECT / "target" / "partial_parse.msgpack"
    if parsed.exists():
        (folder / "target").mkdir()
        shutil.copy(parsed, folder / "target")


class LoadedDbt:
    """dbt, loaded; runs commands in any folder, one after another."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOADED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
        """Run one dbt command in a folder; its exit code and what it said."""
        said = [folder / "said.txt", folder / "said_as_error.txt"]
        self.process.stdin.write(json.dumps([str(folder), arguments, [str(path) for path in said]]) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, *(path.read_text(encoding="utf-8") for path in said))

    def close(self) -> None:
        """End the process; nothing may be running."""
        self.process.stdin.close()
        self.process.wait(timeout=30)
