"""`python -m workbook`: make exports/infant_mortality.xlsx of the published exports."""

import argparse
import os
import sys
import time
from pathlib import Path

from publish.errors import PublishingError
from publish.placing import EXPORTS_FOLDER
from workbook.making import make_workbook

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Make the workbook; returns the exit code, 1 with one sentence on standard error when it cannot be made."""
    published = Path(os.environ.get("INFANT_MORTALITY_DB") or ROOT / "infant_mortality.duckdb")
    parser = argparse.ArgumentParser(
        prog="python -m workbook", description="Make the workbook of the published exports, and put it among them."
    )
    parser.add_argument(
        "--exports",
        type=Path,
        default=published.expanduser().parent / EXPORTS_FOLDER,
        help="the folder of exports (default: exports, beside the published database)",
    )
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        made = make_workbook(chosen.exports)
    except PublishingError as error:
        print(error, file=sys.stderr)
        return 1
    for sentence in made.left_out:
        print(sentence, file=sys.stderr)
    print(
        f"The workbook is at {made.path}: {made.sheets} sheets, {made.rows:,} rows, "
        f"{made.path.stat().st_size / 1e6:.1f} MB, made in {time.monotonic() - started:.1f} s."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
