"""Refuse figures that do not add up, within a table and between its rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from ingest.areas import (
    ENGLAND,
    ENGLAND_AND_WALES,
    ENGLAND_AND_WALES_RESIDENTS,
    NORTHERN_IRELAND,
    OUTSIDE,
    SCOTLAND,
    UNITED_KINGDOM,
    WALES,
    Area,
    AreaRegister,
)
from ingest.errors import IngestError
from ingest.figures import Figure
from ingest.reference import Misprint, known_residuals

# total = sum of the parts, wherever a table prints all of them for one area and year.
_ITEM_SUMS = (
    ("infant_deaths", ("neonatal_deaths", "postneonatal_deaths")),
    ("perinatal_deaths", ("stillbirths", "early_neonatal_deaths")),
    ("stillbirth_and_neonatal_deaths", ("stillbirths", "neonatal_deaths")),
)
# part <= whole, wherever a table prints both.
_ITEM_BOUNDS = (
    ("neonatal_deaths", ("infant_deaths",)),
    ("neonatal_deaths", ("live_births",)),
    ("early_neonatal_deaths", ("neonatal_deaths",)),
    ("stillbirths", ("perinatal_deaths",)),
    ("perinatal_deaths", ("stillbirths", "neonatal_deaths")),
    ("infant_deaths", ("live_births",)),
)


class _Ledger:
    """The counts of all figures, with known misprints replaced by what the other figures imply."""

    def __init__(self, figures: Iterable[Figure], misprints: Iterable[Misprint]):
        self.figures = {figure.key: figure for figure in figures}
        self._residuals = known_residuals()
        self._implied: dict[tuple, int] = {}
        read: dict[str, set[str]] = defaultdict(set)
        for figure in self.figures.values():
            read[figure.publication].add(figure.source_table)
        for misprint in misprints:
            figure = self.figures.get(misprint.key)
            if figure is None:
                if misprint.publication in read and misprint.source_table in read[misprint.publication]:
                    raise IngestError(
                        f"{misprint.publication}, {misprint.source_table}: expected a figure for the known misprint of "
                        f"{misprint.item} in {misprint.data_year}, found none; "
                        "correct ingest/reference/known_misprints.csv."
                    )
                continue  # of a table that this run does not read
            printed = figure.count_value or figure.count_mark
            if printed != misprint.printed_value:
                raise IngestError(
                    f"{figure.count_at}: expected the known misprint {misprint.printed_value} "
                    f"({misprint.item}, {misprint.data_year}), found {printed}; "
                    "correct ingest/reference/known_misprints.csv."
                )
            self._implied[misprint.key] = int(misprint.implied_value)

    def residual(self, total: Figure, parts_name: str) -> int:
        """Return how many of a total belong to none of the parts, as ONS says (0 unless listed)."""
        return self._residuals.get((total.key, parts_name), 0)

    def count(self, figure: Figure) -> int | None:
        """Return a figure's count; None where ONS hid it or did not publish it. The mark - is nil."""
        if figure.key in self._implied:
            return self._implied[figure.key]
        if figure.count_mark == "-":
            return 0
        return int(figure.count_value) if figure.count_value else None


def check_all(
    figures: list[Figure],
    parts: list[Figure],
    register: AreaRegister,
    misprints: tuple[Misprint, ...],
) -> None:
    """Raise IngestError for the first figure that disagrees with others of its publication.

    ``parts`` are the figures of rows that must add up to a row of the same table (mothers' ages in 2023).
    """
    ledger = _Ledger(figures, misprints)
    _check_items(figures, ledger)
    _check_parts(parts, ledger)
    by_table: dict[tuple, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        by_table[figure.publication, figure.source_table, figure.data_year, figure.item][figure.area_code] = figure
    for by_area in by_table.values():
        _check_areas(by_area, ledger, register)


def check_indicators(figures: list[Figure]) -> list[Figure]:
    """Return the figures of indicator sheets, each once.

    Every workbook prints England beside its group: figures of one area and year must agree in all of them. A printed
    rate must lie within its printed limits. Raises IngestError for the first figure that does not fit.
    """
    once: dict[tuple, Figure] = {}
    for figure in figures:
        first = once.setdefault(figure.key, figure)
        wording = f"{figure.item.replace('_', ' ')} in {figure.data_year}"
        if figure.count_value != first.count_value:
            raise IngestError(
                f"{figure.count_at}: expected {first.count_value} {wording} as in {first.count_at}, "
                f"found {figure.count_value} for {figure.area_name_printed}."
            )
        if _rate_in_words(figure) != _rate_in_words(first):
            raise IngestError(
                f"{figure.rate_at}: expected a rate of {_rate_in_words(first)} for {wording} as in {first.rate_at}, "
                f"found {_rate_in_words(figure)} for {figure.area_name_printed}."
            )
        if figure.printed_rate:
            limits = float(figure.printed_lower_95), float(figure.printed_upper_95)
            if not limits[0] <= float(figure.printed_rate) <= limits[1]:
                raise IngestError(
                    f"{figure.rate_at}: expected a rate of {wording} within its limits, "
                    f"found {_rate_in_words(figure)} for {figure.area_name_printed}."
                )
    _check_items(figures, _Ledger(figures, ()))
    return list(once.values())


def _rate_in_words(figure: Figure) -> str:
    return f"{figure.printed_rate} ({figure.printed_lower_95} to {figure.printed_upper_95})"


def _check_sum(total: Figure, parts: list[Figure], ledger: _Ledger, total_name: str, parts_name: str) -> None:
    """Raise IngestError unless ``parts`` add up to ``total``.

    Where ONS hid a part, the others may not exceed the total; where it hid the total, nothing can be checked. A
    residual that ONS names (``ingest/reference/known_residuals.csv``) counts as one more part.
    """
    whole = ledger.count(total)
    counts = [ledger.count(part) for part in parts]
    known = sum(count for count in counts if count is not None) + ledger.residual(total, parts_name)
    if whole is None:
        return
    hidden = None in counts
    if known == whole or (hidden and known <= whole):
        return
    raise IngestError(
        f"{total.count_at}: expected {known}{' or more' if hidden else ''} {total.item.replace('_', ' ')} in "
        f"{total.data_year} (its {parts_name} added up), found {whole} for {total_name}."
    )


def _check_items(figures: list[Figure], ledger: _Ledger) -> None:
    rows: dict[tuple, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        rows[figure.key[:4]][figure.item] = figure
    for row in rows.values():
        for total, parts in _ITEM_SUMS:
            if total in row and all(part in row and ledger.count(row[part]) is not None for part in parts):
                parts_name = " and ".join(parts).replace("_", " ")
                name = row[total].area_name_printed
                _check_sum(row[total], [row[part] for part in parts], ledger, name, parts_name)
        for part, wholes in _ITEM_BOUNDS:
            if part in row and all(whole in row for whole in wholes):
                count = ledger.count(row[part])
                counts = [ledger.count(row[whole]) for whole in wholes]
                if count is not None and None not in counts and count > sum(counts):
                    raise IngestError(
                        f"{row[part].count_at}: expected at most {sum(counts)} {part.replace('_', ' ')} "
                        f"({' and '.join(wholes).replace('_', ' ')}), found {count}."
                    )


def _check_parts(parts: list[Figure], ledger: _Ledger) -> None:
    """Check rows such as mothers' ages against the kept row of the same area."""
    groups: dict[tuple, list[Figure]] = defaultdict(list)
    for part in parts:
        groups[part.key].append(part)
    for key, group in groups.items():
        total = ledger.figures.get(key)
        if total is None:
            raise IngestError(f"{group[0].count_at}: expected also a row for all of {group[0].area_name_printed}.")
        _check_sum(total, group, ledger, total.area_name_printed, "further rows")


def _check_areas(by_area: dict[str, Figure], ledger: _Ledger, register: AreaRegister) -> None:
    """Check one item of one table and year across areas."""
    areas = register.areas

    def having(condition: Callable[[Area], bool]) -> list[Figure]:
        return [figure for code, figure in by_area.items() if condition(areas[code])]

    def check(total_code: str, parts: list[Figure], parts_name: str) -> None:
        if parts and total_code in by_area:
            _check_sum(by_area[total_code], parts, ledger, areas[total_code].area_name, parts_name)

    deciles = having(lambda area: area.area_level == "deprivation_decile")
    if deciles:
        check(ENGLAND, deciles, "deprivation deciles")
        return
    if ENGLAND not in by_area:
        return  # a national series, or a list of areas without totals
    first = next(iter(by_area.values()))
    for code in (ENGLAND_AND_WALES, WALES):
        if code not in by_area:
            raise IngestError(f"{first.count_at}: expected a row for {areas[code].area_name} below, found none.")
    tiers = (
        ("regions", lambda area: area.area_level == "region"),
        ("upper-tier areas", lambda area: area.is_upper_tier),
        ("lowest-tier areas", lambda area: area.is_lower_tier),
    )
    for name, condition in tiers:
        parts = having(condition)
        if not parts:
            raise IngestError(f"{by_area[ENGLAND].count_at}: expected {name} of England in this table, found none.")
        check(ENGLAND, parts, name)
    for code in by_area:
        level = areas[code].area_level
        if level == "region":
            for name, condition in tiers[1:]:
                check(code, having(lambda area, c=condition, r=code: c(area) and area.region_code == r), name)
        elif level in ("county", "metropolitan_county"):
            check(code, having(lambda area, r=code: area.is_lower_tier and area.county_code == r), "districts")
        elif level == "inner_outer_london":
            check(code, having(lambda area, r=code: area.london_part == r), "boroughs")
    check(WALES, having(lambda area: area.area_level == "welsh_unitary_authority"), "unitary authorities")
    check(WALES, having(lambda area: area.area_level == "welsh_health_board"), "health boards")
    check(SCOTLAND, having(lambda area: area.area_level == "scottish_council_area"), "council areas")
    check(NORTHERN_IRELAND, having(lambda area: area.area_level == "northern_ireland_district"), "districts")
    check(ENGLAND_AND_WALES_RESIDENTS, [by_area[ENGLAND], by_area[WALES]], "countries")
    if OUTSIDE in by_area:
        parts = [by_area[ENGLAND], by_area[WALES], by_area[OUTSIDE]]
        check(ENGLAND_AND_WALES, parts, "countries and elsewhere")
    if {UNITED_KINGDOM, SCOTLAND, NORTHERN_IRELAND} <= by_area.keys():
        parts = [by_area[ENGLAND_AND_WALES], by_area[SCOTLAND], by_area[NORTHERN_IRELAND]]
        check(UNITED_KINGDOM, parts, "countries")
    former: dict[str, list[Figure]] = defaultdict(list)
    for row in register.lineage:
        predecessor = row["predecessor_code"]
        if predecessor in by_area and areas[predecessor].area_level == "former_district":
            former[row["successor_code"]].append(by_area[predecessor])
    for code, parts in former.items():
        check(code, parts, "former districts")


def check_lineage(register: AreaRegister) -> None:
    """Raise IngestError when an English area appears or disappears over the years without a row in the lineage.

    To be called when the years of all areas are known (:meth:`AreaRegister.note_year`).
    """
    predecessors = {row["predecessor_code"] for row in register.lineage}
    successors = {row["successor_code"] for row in register.lineage}
    printed = [
        area
        for area in register.areas.values()
        if (area.is_lower_tier or area.is_upper_tier) and area.first_year is not None and area.last_year is not None
    ]
    first = min((area.first_year for area in printed), default=0)
    last = max((area.last_year for area in printed), default=0)
    for area in printed:
        name = f"{area.area_code} ({area.area_name})"
        if area.first_year > first and area.area_code not in successors:
            raise IngestError(
                f"{name}: expected its predecessors in ingest/reference/area_lineage.csv, since it is first printed "
                f"for {area.first_year}, found none."
            )
        if area.last_year < last and area.area_code not in predecessors:
            raise IngestError(
                f"{name}: expected its successors in ingest/reference/area_lineage.csv, since it is last printed "
                f"for {area.last_year}, found none."
            )
