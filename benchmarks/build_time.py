"""Time `dbt build` of this project against `dbt build` of a project with one model, run in turn on the same machine.

    python benchmarks/build_time.py [--pairs 5]

Both use the Python that runs this script, the same profile and the same number of threads. Prints the median and the
range of the wall times in seconds, and the ratio within each pair, as a Markdown table.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
NEEDED = ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests", "publish", "data")


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


def seconds_to_build(folder: Path) -> float:
    """Wall time of one `dbt build` in the folder, in seconds; raises where the build fails."""
    dbt = Path(sys.executable).with_name("dbt")
    started = time.perf_counter()
    done = subprocess.run([dbt, "build", "--quiet"], cwd=folder, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return seconds


def described(values: list[float]) -> str:
    """Median and range."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    """Run the pairs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how many times each project is built")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, whole = Path(folder) / "one_model", Path(folder) / "whole"
        one_model_project(small)
        whole_project(whole)
        for project in (small, whole):
            seconds_to_build(project)  # the first build parses everything; people build again and again
        pairs = [(seconds_to_build(small), seconds_to_build(whole)) for _ in tqdm(range(arguments.pairs), unit="pair")]
    print("| `dbt build` of | seconds, median (range) |\n|---|---:|")
    print(f"| a project with one model | {described([small for small, _ in pairs])} |")
    print(f"| this project | {described([whole for _, whole in pairs])} |")
    print(f"| ratio within a pair | {described([whole / small for small, whole in pairs])} |")


if __name__ == "__main__":
    main()
