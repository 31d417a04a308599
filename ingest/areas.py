"""Codes, names, levels and parents of areas, and the translation of printed names and codes."""

from dataclasses import dataclass, field

from ingest import reference
from ingest.errors import IngestError, at
from ingest.names import clean_name, name_key

ENGLAND = "E92000001"
WALES = "W92000004"
SCOTLAND = "S92000003"
NORTHERN_IRELAND = "N92000002"
UNITED_KINGDOM = "K02000001"
ENGLAND_AND_WALES = "K04000001"
ENGLAND_AND_WALES_RESIDENTS = "K04000001_residents"
OUTSIDE = "J99000001"

# ONS builds its codes from an entity prefix, so the prefix tells the level.
LEVEL_BY_PREFIX = {
    "E92": "country",
    "W92": "country",
    "S92": "country",
    "N92": "country",
    "E12": "region",
    "E10": "county",
    "E11": "metropolitan_county",
    "E13": "inner_outer_london",
    "E06": "unitary_authority",
    "E07": "non_metropolitan_district",
    "E08": "metropolitan_district",
    "E09": "london_borough",
    "W06": "welsh_unitary_authority",
    "W11": "welsh_health_board",
    "S12": "scottish_council_area",
    "N09": "northern_ireland_district",
}
LOWER_TIER = frozenset(("unitary_authority", "metropolitan_district", "london_borough", "non_metropolitan_district"))
UPPER_TIER = frozenset(("unitary_authority", "metropolitan_district", "london_borough", "county"))

CHANGE_TYPES = frozenset(("recode", "merger", "split", "split_combination", "reorganisation"))

_COUNTRY_NAMES = {ENGLAND: "England", WALES: "Wales", SCOTLAND: "Scotland", NORTHERN_IRELAND: "Northern Ireland"}
_MET_COUNTY = " (met county)"


@dataclass
class Area:
    """One area as ``seeds/areas/areas.csv`` describes it.

    ``county_code`` is a county (E10) or metropolitan county (E11), of which a county itself is its own; likewise
    ``region_code`` and ``country_code``; '' where there is none. ``london_part`` (Inner or Outer London) serves the
    sums only. ``first_year`` and ``last_year`` are None until a figure is read; the reference file may fix them, as it
    may the name. ``accepted_keys`` are the names that a table may print beside the code.
    """

    area_code: str
    area_name: str
    area_level: str
    county_code: str = ""
    region_code: str = ""
    country_code: str = ""
    london_part: str = ""
    first_year: int | None = None
    last_year: int | None = None
    fixed_first_year: int | None = None
    fixed_last_year: int | None = None
    fixed_name: bool = False
    accepted_keys: set[str] = field(default_factory=set)

    @property
    def is_lower_tier(self) -> bool:
        """Whether the area belongs to the lowest tier of English local government."""
        return self.area_level in LOWER_TIER and self.area_code.startswith("E")

    @property
    def is_upper_tier(self) -> bool:
        """Whether the area belongs to the upper tier of English local government."""
        return self.area_level in UPPER_TIER and self.area_code.startswith("E")


class AreaRegister:
    """All areas that a publication may print, found by code or by name."""

    def __init__(self, lookup_rows: list[dict[str, str]], lookup_file: str):
        """Build the register from the ward lookup and the reference files.

        ``lookup_rows`` has the columns district_code, district_name, county_code, region_code, country_code, one row
        a ward. Raises IngestError when a district has two parents or the reference files contradict each other.
        """
        self.areas: dict[str, Area] = {}
        self._names_by_publication: dict[str, dict[str, str]] = {}
        self._former: dict[str, str] = {}
        self._code_spellings = reference.area_code_spellings()
        self.lineage = reference.area_lineage()
        self._add_lookup(lookup_rows, lookup_file)
        self._add_other_areas()
        self._complete_from_lineage()
        self._renames: dict[str, str] = {}
        for row in reference.area_renames():
            code = row["area_code"]
            if code not in self.areas:
                raise IngestError(f"ingest/reference/area_renames.csv: '{code}' is not a known area code.")
            if row["beside"] == "name":
                self._renames[name_key(row["printed_name"])] = code
            self.areas[code].accepted_keys.add(name_key(row["printed_name"]))

    def _add(self, area: Area) -> None:
        area.accepted_keys.add(name_key(area.area_name))
        self.areas[area.area_code] = area

    def _add_lookup(self, rows: list[dict[str, str]], file: str) -> None:
        for code, name in _COUNTRY_NAMES.items():
            self._add(Area(code, name, "country", country_code=code))
        for row in rows:
            code, county, region, country = (
                row["district_code"],
                row["county_code"],
                row["region_code"],
                row["country_code"],
            )
            if country not in _COUNTRY_NAMES or code[:3] not in LEVEL_BY_PREFIX:
                raise IngestError(
                    f"{at(file)}: expected districts with codes such as E08000034, found '{code}' in '{country}'."
                )
            if region and region not in self.areas:
                self._add(Area(region, row["region_name"], "region", region_code=region, country_code=country))
            if county and county not in self.areas:
                level = LEVEL_BY_PREFIX[county[:3]]
                own = county if level != "inner_outer_london" else ""
                self._add(
                    Area(county, row["county_name"], level, county_code=own, region_code=region, country_code=country)
                )
            part = county if county.startswith("E13") else ""
            area = Area(
                code,
                row["district_name"],
                LEVEL_BY_PREFIX[code[:3]],
                county_code="" if part else county,
                region_code=region,
                country_code=country,
                london_part=part,
            )
            known = self.areas.get(code)
            if known is None:
                self._add(area)
            elif (known.county_code, known.region_code, known.london_part) != (area.county_code, region, part):
                raise IngestError(f"{at(file)}: expected one county and one region for {code}, found two.")

    def _add_other_areas(self) -> None:
        for row in reference.other_areas():
            known = self.areas.get(row["area_code"])
            area = Area(
                row["area_code"],
                row["area_name"],
                row["area_level"],
                county_code=row["county_code"],
                region_code=row["region_code"],
                country_code=row["country_code"],
                fixed_first_year=int(row["first_year"]) if row["first_year"] else None,
                fixed_last_year=int(row["last_year"]) if row["last_year"] else None,
                fixed_name=True,
            )
            if known is not None:
                area.london_part = known.london_part
                area.accepted_keys |= known.accepted_keys
            self._add(area)
            if area.area_level == "former_district":
                self._former[name_key(area.area_name.removesuffix(" (former district)"))] = area.area_code
        combined = self.areas.get("E09000012+E09000001")
        if combined is not None and "E09000012" in self.areas:
            combined.london_part = self.areas["E09000012"].london_part

    def _complete_from_lineage(self) -> None:
        """Give successors the region and country of their predecessors, and check the lineage's codes."""
        for row in self.lineage:
            where = f"ingest/reference/area_lineage.csv: {row['predecessor_code']} to {row['successor_code']}"
            if row["change_type"] not in CHANGE_TYPES:
                raise IngestError(f"{where}: expected one of {', '.join(sorted(CHANGE_TYPES))}.")
            successor = self.areas.get(row["successor_code"])
            predecessor = self.areas.get(row["predecessor_code"])
            if successor is None:
                raise IngestError(f"{where}: the successor is not a known area; add it to other_areas.csv.")
            if predecessor is None:
                if row["change_type"] != "recode":
                    raise IngestError(f"{where}: the predecessor is not a known area; add it to other_areas.csv.")
                continue
            for parent in ("region_code", "country_code"):
                inherited = getattr(predecessor, parent)
                if not getattr(successor, parent):
                    setattr(successor, parent, inherited)
                elif inherited and inherited != getattr(successor, parent):
                    raise IngestError(f"{where}: expected both in one region and country.")

    def add_publication_names(self, publication: str, rows: dict[str, str]) -> None:
        """Remember how a coded publication names its areas: ``rows`` is {name as printed: area code}."""
        names: dict[str, str] = {}
        for printed, code in rows.items():
            key = name_key(printed)
            if names.setdefault(key, code) != code:
                raise IngestError(
                    f"{publication}: expected different names for {names[key]} and {code}, found '{printed}' for both."
                )
        self._names_by_publication[publication] = names

    def code_for_printed_code(self, printed: str) -> str | None:
        """Return the area code for a code as printed, or None when it is unknown."""
        code = self._code_spellings.get(printed, printed)
        return code if code in self.areas else None

    def accepts_name(self, code: str, printed: str) -> bool:
        """Return whether a coded table may print this name beside this code."""
        key = name_key(printed)
        return key in self.areas[code].accepted_keys or key.removesuffix(_MET_COUNTY) in self.areas[code].accepted_keys

    def code_for_name(self, printed: str, publication: str) -> str | None:
        """Return the area code for a printed name, by the names of a coded publication, or None when unknown."""
        key = name_key(printed)
        if key in self._renames:
            return self._renames[key]
        return self._names_by_publication[publication].get(key)

    def code_for_former_district(self, printed: str) -> str | None:
        """Return the project's code for a former district printed beneath its successor, or None when unknown."""
        return self._former.get(name_key(printed))

    def prefer_name(self, code: str, printed: str) -> None:
        """Take a publication's spelling of an area's name, unless it is written in capitals throughout."""
        name = clean_name(printed).removesuffix(" (Met County)")
        if name != name.upper() and not self.areas[code].fixed_name:
            self.areas[code].area_name = name

    def note_year(self, code: str, year: int) -> None:
        """Widen the years of an area by a year in which a publication prints it, within those that are fixed."""
        area = self.areas[code]
        area.first_year = area.fixed_first_year or min(year, area.first_year or year)
        area.last_year = area.fixed_last_year or max(year, area.last_year or year)
