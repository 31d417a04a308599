"""Copies of the project, and programs that are loaded once: each command runs in a process forked from them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

# Each line of standard input is one command: its folder, its arguments, its variables of the environment and where to
# write what it says. The answer is its exit code. A command ends its own process in the ordinary way, so that it closes
# the database that it opened. DuckDB is left to the commands: it starts a thread when it is imported, and a fork would
# lose that.
LOADED = """
import json, os, sys
{imports}
for line in sys.stdin:
    folder, arguments, environment, said = json.loads(line)
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(environment)
        for stream, name in enumerate(said, start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        {call}
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


def clone_project(folder: Path, *names: str) -> None:
    """Copy the files of these names that Git has or would take, or all of them; nothing that a user supplied."""
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *names]
    listed = subprocess.run(list_files, cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, folder / name)


def take_parsed_along(folder: Path) -> None:
    """Give a copy of the project what dbt noted of the files when it last parsed them: it parses only what changes."""
    parsed = PROJECT / "target" / "partial_parse.msgpack"
    if parsed.exists():
        (folder / "target").mkdir()
        shutil.copy(parsed, folder / "target")


def environment_of_tests() -> dict[str, str]:
    """The environment without the databases that the user has named (INFANT_...) and the options of dbt (DBT_...)."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("INFANT_", "DBT_"))}


class Loaded:
    """A program with its imports done, which runs commands in any folder, one after another."""

    def __init__(self, imports: str, call: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOADED.format(imports=imports, call=call)],
            env=environment_of_tests() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run one command in a folder; its exit code and what it said."""
        said = [folder / "said.txt", folder / "said_as_error.txt"]
        command = [str(folder), arguments, environment, [str(path) for path in said]]
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, *(path.read_text(encoding="utf-8") for path in said))

    def close(self) -> None:
        """End the process; nothing may be running."""
        self.process.stdin.close()
        self.process.wait(timeout=30)


# Each line of standard input is one command's arguments; each answer whether it succeeded, and what it said.
STAYING = """
import contextlib, io, json, sys
from dbt.cli.main import dbtRunner
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        outcome = dbtRunner().invoke(json.loads(line))
    print(json.dumps([outcome.success, said.getvalue()]), flush=True)
"""


class StayingDbt:
    """A dbt that runs all commands of one folder in one process, which then keeps the database open: faster still."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", STAYING],
            cwd=folder,
            env=environment_of_tests(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[bool, str]:
        """Run one command: whether it succeeded, and what it said."""
        self.process.stdin.write(json.dumps([*arguments, "--no-use-colors"]) + "\n")
        self.process.stdin.flush()
        success, said = json.loads(self.process.stdout.readline())
        return success, said

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait(timeout=30)


def loaded_dbt() -> Loaded:
    """A dbt, loaded."""
    return Loaded("import dbt.task.build\nfrom dbt.cli.main import cli", 'sys.argv = ["dbt", *arguments]; cli()')


class Copy:
    """A copy of the project with its built database, in which anything may be changed.

    dbt takes along what it has parsed: in the copy it parses only what a test changes.
    """

    def __init__(self, folder: Path, built_database_path: Path, dbt: Loaded) -> None:
        self.folder, self.loaded_dbt = copy_project(folder), dbt
        self.database = folder / "build" / "infant_mortality.duckdb"
        self.database.parent.mkdir()
        shutil.copy(built_database_path, self.database)
        take_parsed_along(folder)

    def dbt(self, command: str, *arguments: str) -> subprocess.CompletedProcess:
        """Run dbt in the copy and return what it printed; its notes of the run are left out, without `--write-json`."""
        return self.loaded_dbt.run(self.folder, command, "--quiet", "--no-write-json", *arguments)

    def keep_years(self, first: int, last: int) -> None:
        """Leave out of the printed counts all other years, so that what is built from them is small."""
        with duckdb.connect(str(self.database)) as connection:
            for seed in (PROJECT / "seeds" / "ons").glob("*.csv"):
                connection.execute(
                    f"delete from seeds.{seed.stem} where cast(data_year as integer) not between ? and ?", [first, last]
                )

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query on the copy's database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()
