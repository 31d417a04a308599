"""Which map shows which ranking: those of England's authorities, worked out once, and of others that have points."""

import csv
from collections import defaultdict
from pathlib import Path

from report.hexagons import hexagon_positions

# Places worked out by scripts/hexagon_positions.py.
SEED = Path(__file__).resolve().parents[1] / "seeds" / "areas" / "hexagon_positions.csv"
MAP_COLUMNS = ("map", "area_code", "map_column", "map_row")
# Placing takes a few seconds for this many areas, and grows with their third power.
MOST_AREAS = 400


class Maps:
    """The maps of a site; `figures` is data.Figures."""

    def __init__(self, figures):
        """Read the maps that are worked out; others follow when they are asked for."""
        self._figures = figures
        self._maps = []
        self._worked_out = self._read_seed()
        self._of_points = {}

    @staticmethod
    def _read_seed():
        """Ranking level to its maps, each area code to column and row."""
        found = defaultdict(lambda: defaultdict(dict))
        with SEED.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = (int(row["map_column"]), int(row["map_row"]))
                found[row["ranking_level"]][row["edition"]][row["area_code"]] = place
        return {level: list(editions.values()) for level, editions in found.items()}

    def showing(self, ranking_level, codes):
        """The number of the map that shows the areas of a ranking, or None where they have no points.

        A map that is worked out is taken where it has a place for each of the `codes`; else one is made of the points
        of all areas of the level, those without a point left out.
        """
        for worked_out in self._worked_out.get(ranking_level, ()):
            if worked_out.keys() >= set(codes):
                return self._number(worked_out)
        if ranking_level not in self._of_points:
            self._of_points[ranking_level] = self._place(ranking_level)
        made = self._of_points[ranking_level]
        return self._number(made) if made else None

    def _place(self, ranking_level):
        """The map of a level's areas by their points, empty where fewer than two have one or too many do."""
        members = {
            record["area_code"]
            for (level, _, _), records in self._figures.rankings.items()
            for record in records
            if level == ranking_level
        }
        areas = [self._figures.areas[code] for code in sorted(members & self._figures.areas.keys())]
        points = {
            area["area_code"]: (area["longitude"], area["latitude"])
            for area in areas
            if area["longitude"] is not None and area["latitude"] is not None
        }
        if not 2 <= len(points) <= MOST_AREAS:
            return {}
        return hexagon_positions(points, {area["area_code"]: area["region_code"] for area in areas})

    def _number(self, one):
        """The number of a map among those shown."""
        if one not in self._maps:
            self._maps.append(one)
        return self._maps.index(one)

    def positions(self):
        """One record for each map shown and area on it that has a page, with the columns of MAP_COLUMNS."""
        return [
            {"map": number, "area_code": code, "map_column": column, "map_row": row}
            for number, one in enumerate(self._maps)
            for code, (column, row) in one.items()
            if code in self._figures.areas
        ]
