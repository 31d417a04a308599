"""The small hand-kept tables that the sources themselves do not hold (``ingest/reference/*.csv``)."""

import csv
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IngestError, at

FOLDER = Path(__file__).parent / "reference"


@dataclass(frozen=True)
class Misprint:
    """A figure that disagrees with its own table's sums, reviewed and kept as printed.

    ``printed_value`` and ``implied_value`` are text; the implied value is what the table's other figures give.
    ``is_replaced`` (``true`` or ``false``) says whether the models use the implied value: they do where the printed one
    can only be a misprint, and keep it where a later revision of one of its parts explains the difference.
    """

    publication: str
    source_table: str
    data_year: int
    area_code: str
    item: str
    printed_value: str
    implied_value: str
    is_replaced: str
    why: str

    @property
    def key(self) -> tuple[str, int, str, str, str]:
        """The key of the figure that is misprinted (:attr:`ingest.figures.Figure.key`)."""
        return (self.publication, self.data_year, self.source_table, self.area_code, self.item)


def _read(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of one reference file; raises IngestError when its columns are not the expected ones."""
    path = FOLDER / name
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != columns:
            raise IngestError(f"{at('ingest/reference/' + name)}: expected the columns {', '.join(columns)}.")
        return list(reader)


def other_areas() -> list[dict[str, str]]:
    """Return the areas that the ward lookup of 2016 does not hold, with the reason for each."""
    return _read(
        "other_areas.csv",
        (
            "area_code",
            "area_name",
            "area_level",
            "county_code",
            "region_code",
            "country_code",
            "first_year",
            "last_year",
            "why",
        ),
    )


def area_renames() -> list[dict[str, str]]:
    """Return the spellings of area names that cannot be found by cleaning alone.

    ``beside`` says how the spelling is used: ``name`` finds the code where a table prints names only, ``code`` is
    merely accepted beside the code.
    """
    return _read("area_renames.csv", ("printed_name", "area_code", "beside", "why"))


def area_code_spellings() -> dict[str, str]:
    """Return ``{code as printed: code used here}`` for codes that ONS prints jointly or with a footnote."""
    rows = _read("area_code_spellings.csv", ("printed_code", "area_code", "why"))
    return {row["printed_code"]: row["area_code"] for row in rows}


def places_by_hand() -> list[dict[str, str]]:
    """Return towns whose authority bears another name, and former clinical commissioning groups that are searched for,
    each with the code of the authority that it lies in."""
    return _read("places_by_hand.csv", ("place_name", "place_kind", "area_code"))


LINEAGE_COLUMNS = ("predecessor_code", "successor_code", "change_type", "change_year", "note")


def area_lineage() -> list[dict[str, str]]:
    """Return the changes of area codes between the publications read here."""
    return _read("area_lineage.csv", LINEAGE_COLUMNS)


MISPRINT_COLUMNS = (
    "publication",
    "source_table",
    "data_year",
    "area_code",
    "item",
    "printed_value",
    "implied_value",
    "is_replaced",
    "why",
)


def known_misprints() -> tuple[Misprint, ...]:
    """Return the figures known to disagree with their own table's sums."""
    return tuple(
        Misprint(**{**row, "data_year": int(row["data_year"])})
        for row in _read("known_misprints.csv", MISPRINT_COLUMNS)
    )


def known_residuals() -> dict[tuple[tuple[str, int, str, str, str], str], int]:
    """Return how many births or deaths of a total belong to none of its parts, where ONS says so.

    The key is the total's figure key and the kind of parts (``council areas``, ``further rows``).
    """
    columns = ("publication", "source_table", "data_year", "area_code", "item", "parts", "residual", "why")
    return {
        (
            (row["publication"], int(row["data_year"]), row["source_table"], row["area_code"], row["item"]),
            row["parts"],
        ): int(row["residual"])
        for row in _read("known_residuals.csv", columns)
    }
