"""`python -m report`: make the report site from the published database."""

import argparse
import os
import sys
import time
from pathlib import Path

from report.build import build_site
from report.errors import ReportError

ROOT = Path(__file__).resolve().parent.parent


def main(arguments=None):
    """Make the site; returns the exit code, 1 with one sentence on standard error when it cannot be made."""
    parser = argparse.ArgumentParser(
        prog="python -m report",
        description="Make the report site, static pages that open from disk, from the published tables.",
    )
    parser.add_argument(
        "--database",
        type=Path,
        default=Path(os.environ.get("INFANT_MORTALITY_DB") or ROOT / "infant_mortality.duckdb"),
        help="the published database (default: INFANT_MORTALITY_DB, or infant_mortality.duckdb in the project's root)",
    )
    parser.add_argument("--to", type=Path, default=Path("site"), help="the folder to make (default: site)")
    parser.add_argument(
        "--docs",
        type=Path,
        help="the tables' description that `make docs` wrote, to be copied into the site and linked (default: none)",
    )
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        if chosen.docs and not chosen.docs.is_file():
            raise ReportError(f"There is no documentation page at {chosen.docs}.")
        files, size = build_site(chosen.database, chosen.to, chosen.docs)
    except ReportError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"The report is at {chosen.to / 'index.html'}: {files:,} files, {size / 1e6:.1f} MB, "
        f"made in {time.monotonic() - started:.1f} s."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
