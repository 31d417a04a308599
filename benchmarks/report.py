"""Time and weigh the report: building it, its size, its largest files, the first paint of its first page.

    python benchmarks/report.py [--database infant_mortality.duckdb] [--builds 3] [--paints 9]

Each build is a fresh `python -m report` in a process of its own. The first paint is Chromium's own measure (first
contentful paint, milliseconds after navigation) for pages opened from disk, each in a fresh context; Chromium is found
as the tests find it. Prints a Markdown table of medians with their ranges.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.chromium import ARGUMENTS, chromium_path  # noqa: E402


def seconds_to_build(database, folder):
    """Wall time of one `python -m report`, in seconds; stops with its message where it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "report", "--database", database, "--to", folder],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds


def first_paints(page, times):
    """First contentful paint of a page opened from disk, in milliseconds, `times` times."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        for _ in tqdm(range(times), desc=page.name, unit="paint"):
            context = browser.new_context()
            opened = context.new_page()
            opened.goto(page.as_uri())
            opened.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            found.append(opened.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            context.close()
        browser.close()
    return found


def described(values, unit, decimals):
    """Median and range of some values as text."""
    median, least, most = statistics.median(values), min(values), max(values)
    return f"{median:.{decimals}f} {unit} ({least:.{decimals}f} to {most:.{decimals}f})"


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, default=PROJECT / "infant_mortality.duckdb")
    parser.add_argument("--builds", type=int, default=3)
    parser.add_argument("--paints", type=int, default=9)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        site = Path(aside) / "site"
        builds = [seconds_to_build(chosen.database.resolve(), site) for _ in tqdm(range(chosen.builds), desc="builds")]
        files = [path for path in site.rglob("*") if path.is_file()]
        areas = sorted((site / "areas").glob("*.html"), key=lambda path: path.stat().st_size)
        start = first_paints(site / "index.html", chosen.paints)
        area = first_paints(site / "areas" / "E08000034.html", chosen.paints)
        print("| what | measured |")
        print("|---|---|")
        print(f"| building the whole site | {described(builds, 's', 1)} |")
        print(f"| whole site | {sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {len(files):,} files |")
        print(f"| shared script | {(site / 'assets' / 'vega.js').stat().st_size / 1e3:.0f} kB |")
        middle = areas[len(areas) // 2].stat().st_size / 1e3
        largest = areas[-1].stat().st_size / 1e3
        print(f"| largest area page, typical area page | {largest:.0f} kB, {middle:.0f} kB |")
        rankings = max(path.stat().st_size for path in (site / "data" / "rankings").iterdir())
        print(f"| largest file of rankings | {rankings / 1e3:.0f} kB |")
        print(f"| first paint, start page | {described(start, 'ms', 0)} |")
        print(f"| first paint, area page | {described(area, 'ms', 0)} |")


if __name__ == "__main__":
    main()
