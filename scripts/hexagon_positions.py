"""Write seeds/areas/hexagon_positions.csv: where England's authorities stand on the report's map.

    python scripts/hexagon_positions.py

Reads seeds/areas/areas.csv and area_centroids.csv; the placing itself is report/hexagons.py. For each tier there is one
map for each set of areas that the years at hand have: boundaries change, and each map shows those of its years. It
takes about a minute.
"""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds" / "areas"
SEED = SEEDS / "hexagon_positions.csv"
HEADER = ("ranking_level", "edition", "area_code", "map_column", "map_row")
# The column of areas.csv that says whether an area is of a ranking level.
TIERS = {"lower_tier": "is_lower_tier", "upper_tier": "is_upper_tier"}

sys.path.insert(0, str(ROOT))

from report.hexagons import hexagon_positions  # noqa: E402


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def editions(ranking_level: str) -> dict[int, dict[str, str]]:
    """The sets of areas that a level has had: the first year of each to its areas, code to region's code.

    A year is looked at if an area begins or ends with it: between, no set changes, and years without publications have
    none of their own.
    """
    areas = [area for area in rows_of(SEEDS / "areas.csv") if area[TIERS[ranking_level]] == "true"]
    found: dict[int, dict[str, str]] = {}
    for year in sorted({int(area[column]) for area in areas for column in ("first_year", "last_year")}):
        members = {
            area["area_code"]: area["region_code"]
            for area in areas
            if int(area["first_year"]) <= year <= int(area["last_year"])
        }
        if members not in found.values():
            found[year] = members
    return found


def positions(ranking_level: str, edition: int) -> list[tuple[str, int, str, int, int]]:
    """The rows of the seed for one level and edition, by code."""
    points = {
        row["area_code"]: (float(row["longitude"]), float(row["latitude"]))
        for row in rows_of(SEEDS / "area_centroids.csv")
    }
    regions = editions(ranking_level)[edition]
    placed = hexagon_positions({code: points[code] for code in regions}, regions)
    return [(ranking_level, edition, code, *placed[code]) for code in sorted(placed)]


def main() -> None:
    """Write the seed."""
    rows = [row for level in sorted(TIERS) for edition in sorted(editions(level)) for row in positions(level, edition)]
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    print(f"Wrote {SEED.relative_to(ROOT)}: {len(rows):,} rows.")


if __name__ == "__main__":
    main()
