"""Turn everything into seed files, written aside and put in place together."""

import csv
import hashlib
import io
import os
import shutil
import tempfile
from pathlib import Path

from ingest.areas import AreaRegister
from ingest.errors import IngestError
from ingest.figures import SEED_COLUMNS, Figure

AREA_COLUMNS = (
    "area_code",
    "area_name",
    "area_level",
    "is_lower_tier",
    "is_upper_tier",
    "county_code",
    "region_code",
    "country_code",
    "first_year",
    "last_year",
)

BATCH_COLUMNS = ("publication", "source_table", "data_year", "item", "figures_read", "count_total")

DIGEST_COLUMNS = ("seed_file", "files_written", "line_count", "digest")


def csv_text(columns: tuple[str, ...], rows: list[dict[str, object]]) -> str:
    """Return rows as CSV: header, ``\\n`` line ends, quotes only where needed."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def figures_csv(figures: list[Figure], columns: tuple[str, ...] = SEED_COLUMNS) -> str:
    """Return the seed of one table kind, sorted by publication, year, table, area and item."""
    ordered = sorted(figures, key=lambda figure: figure.key)
    return csv_text(columns, [{column: getattr(figure, column) for column in columns} for figure in ordered])


def batch_totals_csv(figures: list[Figure]) -> str:
    """Return one row per publication, table, year and item: how many figures were read and what their counts add up to.

    The totals are taken while reading, so that a count changed in a seed afterwards no longer agrees with them.
    """
    totals: dict[tuple[str, str, int, str], list[int]] = {}
    for figure in figures:
        batch = (figure.publication, figure.source_table, figure.data_year, figure.item)
        total = totals.setdefault(batch, [0, 0])
        total[0] += 1
        total[1] += int(figure.count_value) if figure.count_value.isdecimal() else 0
    rows = [dict(zip(BATCH_COLUMNS, (*batch, *total), strict=True)) for batch, total in sorted(totals.items())]
    return csv_text(BATCH_COLUMNS, rows)


def digests_csv(contents: dict[str, str]) -> str:
    """Return one row per seed file: its lines below the header and the SHA-256 of its text, so that a later slip shows.

    ``contents`` maps a path below the seeds folder to the file's text.
    """
    rows = [
        {
            "seed_file": name,
            "files_written": len(contents),
            "line_count": text.count("\n") - 1,
            "digest": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        }
        for name, text in sorted(contents.items())
    ]
    return csv_text(DIGEST_COLUMNS, rows)


def areas_csv(register: AreaRegister) -> str:
    """Return the seed of all areas that some publication prints, sorted by code."""
    rows = [
        {
            "area_code": area.area_code,
            "area_name": area.area_name,
            "area_level": area.area_level,
            "is_lower_tier": str(area.is_lower_tier).lower(),
            "is_upper_tier": str(area.is_upper_tier).lower(),
            "county_code": area.county_code,
            "region_code": area.region_code,
            "country_code": area.country_code,
            "first_year": area.first_year,
            "last_year": area.last_year,
        }
        for code, area in sorted(register.areas.items())
        if area.first_year is not None and area.last_year is not None
    ]
    return csv_text(AREA_COLUMNS, rows)


def replace_together(folder: Path, contents: dict[str, str]) -> None:
    """Put files into ``folder``, all of them or none.

    ``contents`` maps a path below ``folder`` to the file's text (written as UTF-8). Everything is written to a
    temporary folder beside the final places first; if putting them in place fails, the earlier files are put back.
    Raises IngestError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".ingest-", dir=folder))
    except OSError as error:
        raise IngestError(f"{folder}: expected a folder that can be written ({error.strerror}).") from error
    done: list[tuple[Path, Path | None]] = []
    try:
        for name, text in contents.items():
            path = aside / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
        for name in contents:
            target, before = folder / name, aside / "old" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            before.parent.mkdir(parents=True, exist_ok=True)
            existed = target.exists()
            if existed:
                target.replace(before)
            done.append((target, before if existed else None))
            (aside / "new" / name).replace(target)
    except OSError as error:
        for target, before in reversed(done):
            if before is not None:
                before.replace(target)
            else:
                target.unlink(missing_ok=True)
        place = error.filename or folder
        raise IngestError(f"{place}: the seeds could not be written ({error.strerror}); none was changed.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
