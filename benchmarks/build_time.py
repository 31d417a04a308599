"""Time `dbt build` of this project, of an earlier commit of it, and of a project with one model, in turn.

    python benchmarks/build_time.py [--pairs 5] [--against 07f9a5b]

All use the Python that runs this script, the same profile and the same number of threads. After each turn come three
parts of the whole: dbt with this project's files but a single small table to build; the same build where every table
is copied from a file and none worked out, which no better SQL can undercut; and DuckDB with the project's own
statements but no dbt. The wall times in seconds stand in
results/build_time.csv; `python benchmarks/write_results.py` makes the tables of RESULTS.md from them.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
from measuring import keep
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
NEEDED = (
    *("dbt_project.yml", "profiles.yml", "selectors.yml", "data", "formulas", "incoming", "ingest", "macros", "models"),
    *("publish", "seeds", "tests"),
)

# The last commit before the third house, which the project is measured against.
BEFORE = "07f9a5b"
SMALL_TABLE = "dim_measure"
COPIED = "every table copied, none worked out"
RANKED_RATES = ("int_ranked_rates", "int_rates_ranked")  # now, and at BEFORE
WHAT = (
    "`dbt build` of a project with one model",
    "`dbt build` of this project",
    f"`dbt build` of {BEFORE}",
    "dbt with this project's files, building one small table",
    f"`dbt build` of this project with {COPIED}",
    "this project's statements in DuckDB alone",
    "those among them from ranked rates to `fct_rankings`",
    f"those of {BEFORE} from ranked rates to `fct_rankings`",
)


def one_model_project(folder: Path) -> None:
    """Write a project that does nothing but `select 1`, with this project's profile."""
    (folder / "models").mkdir(parents=True)
    (folder / "build").mkdir()
    (folder / "models" / "one.sql").write_text("select 1 as one\n")
    (folder / "dbt_project.yml").write_text(
        "name: infant_mortality\nversion: '1.0.0'\nprofile: one\nflags: {send_anonymous_usage_stats: false}\n"
    )
    (folder / "profiles.yml").write_text(
        "one: {target: dev, outputs: {dev: {type: duckdb, path: build/one.duckdb, threads: 2}}}\n"
    )


def whole_project(folder: Path) -> None:
    """Copy what a build of this project reads, so that nothing built here is touched."""
    folder.mkdir()
    for name in NEEDED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copy(source, folder / name)
    (folder / "build").mkdir(exist_ok=True)


def project_of(revision: str, folder: Path) -> None:
    """Put the project as it was at a revision of git into a new folder; raises where there is no such revision."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=PROJECT, capture_output=True, check=True)
    subprocess.run(["tar", "--extract"], cwd=folder, input=packed.stdout, check=True)
    (folder / "build").mkdir(exist_ok=True)


def copying_project(whole: Path, folder: Path) -> None:
    """Copy a built project whose tables' statements only copy what was built, in the same order and from Parquet.

    Left as they are: what reads users' files.
    """
    whole_project(folder)
    nodes = json.loads((whole / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    with duckdb.connect(str(whole / "build" / "infant_mortality.duckdb"), read_only=True) as connection:
        for node in nodes.values():
            file = folder / node["original_file_path"]
            is_table = node["resource_type"] == "model" and node["config"]["materialized"] == "table"
            if not is_table or file.suffix == ".py" or file.parent.name in ("incoming", "records"):
                continue
            rows = folder / "build" / f"{node['name']}.parquet"
            connection.execute(f"copy {node['schema']}.{node['name']} to '{rows}' (format parquet)")
            before = [nodes[name]["name"] for name in node["depends_on"]["nodes"] if name in nodes]
            file.write_text(
                "".join(f"-- depends_on: {{{{ ref('{name}') }}}}\n" for name in before)
                + f"select * from read_parquet('{rows}')\n"
            )


def without_database(folder: Path) -> None:
    """Take a project's database and what DuckDB put aside away, so that a build begins from nothing."""
    for made in (folder / "build").glob("*.duckdb*"):
        shutil.rmtree(made) if made.is_dir() else made.unlink()


def seconds_to_build(folder: Path, *options: str) -> float:
    """Wall time of one `dbt build` in the folder, in seconds; a whole build begins without a database.

    What dbt noted of the files when it last parsed them is kept. Raises where the build fails.
    """
    if not options:
        without_database(folder)
    dbt = Path(sys.executable).with_name("dbt")
    started = time.perf_counter()
    done = subprocess.run([dbt, "build", "--quiet", *options], cwd=folder, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return seconds


def between(nodes: dict[str, dict], first: tuple[str, ...], last: str) -> set[str]:
    """The names of the models that lead from one of some models to another, the last included and the first not."""
    before = {
        node["name"]: {nodes[name]["name"] for name in node["depends_on"].get("nodes", ()) if name in nodes}
        for node in nodes.values()
        if node["resource_type"] == "model"
    }

    def leads(name: str) -> bool:
        return name in first or any(leads(one) for one in before.get(name, ()))

    found, wanted = set(), {last}
    while wanted:
        name = wanted.pop()
        if name not in first and name not in found and leads(name):
            found.add(name)
            wanted |= before.get(name, set())
    return found


def seconds_in_duckdb_alone(folder: Path) -> tuple[float, float]:
    """Wall time, in seconds, of the compiled statements of a built project in DuckDB on two threads, without dbt.

    Every table is made anew from the stored tables before it, without keys, checks and comments; every test is run.
    Returns the time of them all, and of those that lead from the ranked rates to fct_rankings, its own included.
    """
    target = folder / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    order = TopologicalSorter(
        {name: set(node["depends_on"].get("nodes", ())) & set(nodes) for name, node in nodes.items()}
    )
    steps = between(nodes, RANKED_RATES, "fct_rankings")
    copy = folder / "copy" / "infant_mortality.duckdb"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(folder / "build" / "infant_mortality.duckdb", copy)
    seconds = of_steps = 0.0
    with duckdb.connect(str(copy), config={"threads": 2}) as connection:
        connection.execute("create schema without_dbt")
        for node in (nodes[name] for name in order.static_order()):
            if node.get("language") == "python":  # opens the files of users, of which there are none here
                continue
            makes_table = node["resource_type"] == "model" and node["config"]["materialized"] == "table"
            if makes_table or node["resource_type"] == "test":
                compiled = target / "compiled" / "infant_mortality" / node["original_file_path"]
                if compiled.is_dir():  # a test declared beside a model
                    compiled = compiled / node["path"]
                query = compiled.read_text(encoding="utf-8")
                started = time.perf_counter()
                connection.execute(f"create or replace table without_dbt.step as {query}" if makes_table else query)
                taken = time.perf_counter() - started
                seconds += taken
                of_steps += taken if makes_table and node["name"] in steps else 0.0
    return seconds, of_steps


def main() -> None:
    """Run the pairs and keep the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how many times each project is built")
    parser.add_argument("--against", default=BEFORE, help=f"the revision that is built beside (default: {BEFORE})")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, whole, before, copying = (Path(folder) / name for name in ("one_model", "whole", "before", "copying"))
        one_model_project(small)
        whole_project(whole)
        project_of(arguments.against, before)
        for project in (small, whole, before):
            seconds_to_build(project)  # the first build parses everything; people build again and again
        copying_project(whole, copying)
        seconds_to_build(copying)
        rounds = []
        for _ in tqdm(range(arguments.pairs), unit="pair"):
            one_model, all_models, as_before = (seconds_to_build(project) for project in (small, whole, before))
            one_table = seconds_to_build(whole, "--select", SMALL_TABLE)
            all_copied = seconds_to_build(copying)
            _, steps_before = seconds_in_duckdb_alone(before)
            ours = seconds_in_duckdb_alone(whole)
            rounds.append((one_model, all_models, as_before, one_table, all_copied, *ours, steps_before))
    keep(
        "build_time",
        [
            {"what": what, "round": turn, "seconds": seconds}
            for turn, measurements in enumerate(rounds)
            for what, seconds in zip(WHAT, measurements, strict=True)
        ],
    )


if __name__ == "__main__":
    main()
