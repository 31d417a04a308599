"""Command line: ``python -m ingest --from DIR --to seeds/``."""

import argparse
import sys
from pathlib import Path

from ingest.errors import IngestError
from ingest.layouts import CATALOGUE, Catalogue
from ingest.run import run


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description=(
            "Read the births and deaths workbooks of the Office for National Statistics and write them as tidy CSV "
            "seeds. Figures, printed rates and marks are copied as printed; anything unexpected stops the run with "
            "one sentence, and no seed is changed."
        ),
        epilog=(
            "The workbooks and the shape of each are listed in ingest/layouts.py; ingest/README.md says how to add a "
            "year. Progress goes to standard error. Exit code: 0 when all seeds were written, 1 when none was."
        ),
    )
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="folder that holds the ONS workbooks"
    )
    parser.add_argument(
        "--to",
        dest="seeds",
        type=Path,
        required=True,
        metavar="DIR",
        help="the project's seeds folder; its subfolders ons and areas are written",
    )
    return parser


def main(arguments: list[str] | None = None, catalogue: Catalogue = CATALOGUE) -> int:
    """Run the command line; return the exit code (0 written, 1 nothing written)."""
    options = parser().parse_args(arguments)
    try:
        run(options.source, options.seeds, catalogue)
    except IngestError as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
