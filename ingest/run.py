"""One whole run: read everything, check it, and only then write."""

import csv
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from ingest import reference
from ingest.areas import ENGLAND, AreaRegister
from ingest.checks import check_all, check_indicators, check_lineage
from ingest.errors import IngestError, at
from ingest.extract import check_headers, read_coded_names, read_table
from ingest.figures import INDICATOR_COLUMNS, Figure
from ingest.layouts import CATALOGUE, CODED, Catalogue, CsvFile, DeprivationScores, Table
from ingest.names import printed_text
from ingest.seeds import areas_csv, batch_totals_csv, csv_text, digests_csv, figures_csv, replace_together
from ingest.workbook import Workbook, column_letter

_SECOND_HAND = "live_births_2017_second_hand"
_SECOND_HAND_YEAR = 2017
# Where two files print one area's score, each to three decimals or worked out from small areas' rounded scores.
_ROUNDING_OF_SCORES = 0.001
_DEPRIVATION_NOTES = {
    "E06000052": "Score of Cornwall alone; births and deaths are published with Isles of Scilly.",
    "E06000053": "Births and deaths are published with Cornwall only.",
}


def say(text: str) -> None:
    """Report progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def read_csv(folder: Path, source: CsvFile) -> list[dict[str, str]]:
    """Return the rows of a source CSV under the names that ``source.columns`` gives its columns.

    Raises IngestError for a missing file, a missing column or an unexpected number of rows.
    """
    path = folder / source.file
    if not path.is_file():
        raise IngestError(f"{source.file}: expected this file in {folder}, found no such file.")
    with path.open(encoding=source.encoding, newline="") as handle:
        reader = csv.DictReader(handle)
        for column in source.columns:
            if column not in (reader.fieldnames or ()):
                found = ", ".join(reader.fieldnames or ())
                raise IngestError(f"{source.file}, line 1: expected a column '{column}', found {found}.")
        rows = [{new: printed_text(row[old]) for old, new in source.columns.items()} for row in reader]
    if source.rows is not None and len(rows) != source.rows:
        raise IngestError(f"{source.file}: expected {source.rows} rows, found {len(rows)}.")
    return rows


class _Books:
    """The workbooks of a folder, each opened once."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._open: dict[str, Workbook] = {}

    def sheet(self, table: Table):
        """Return the sheet of a table; raises IngestError when file or sheet is missing."""
        if table.file not in self._open:
            self._open[table.file] = Workbook(self._folder, table.file)
        return self._open[table.file].sheet(table.sheet)


def _merge(figures: list[Figure]) -> list[Figure]:
    """Join figures whose count and rate stand in two tables (Tables 16 and 17); refuse any other repetition."""
    merged: dict[tuple, Figure] = {}
    for figure in figures:
        first = merged.setdefault(figure.key, figure)
        if first is figure:
            continue
        if figure.count_at or first.printed_rate or first.printed_rate_mark:
            raise IngestError(f"{figure.count_at or first.count_at}: expected {figure.key} once, found it twice.")
        first.printed_rate, first.printed_rate_mark = figure.printed_rate, figure.printed_rate_mark
    return list(merged.values())


def _second_hand(folder: Path, source: CsvFile, register: AreaRegister) -> list[Figure]:
    """Return the live births of 2017 from a published re-analysis (not from an ONS workbook)."""
    figures: dict[str, Figure] = {}
    for line, row in enumerate(read_csv(folder, source), start=2):
        code = register.code_for_printed_code(row["area_code"])
        if code is None:
            raise IngestError(f"{source.file}, line {line}: expected a known area code, found '{row['area_code']}'.")
        if not register.accepts_name(code, row["area_name"]):
            raise IngestError(
                f"{source.file}, line {line}: expected a name of {code} ({register.areas[code].area_name}), "
                f"found '{row['area_name']}'."
            )
        if not row["live_births"].isdecimal():
            raise IngestError(
                f"{source.file}, line {line}: expected a whole number of live births, found '{row['live_births']}'."
            )
        if code in figures:
            raise IngestError(f"{source.file}, line {line}: expected each area once, found {code} a second time.")
        figures[code] = Figure(
            _SECOND_HAND,
            _SECOND_HAND_YEAR,
            "second hand",
            code,
            row["area_name"],
            "live_births",
            count_value=row["live_births"],
            count_at=f"{source.file}, line {line}",
        )
    return list(figures.values())


def _indicators(folder: Path, catalogue: Catalogue, books: _Books, register: AreaRegister) -> list[Figure]:
    """Return the figures of the indicator sheets, each once; the groups' codes are those of the list of groups."""
    groups = catalogue.imd_clinical_commissioning_groups
    if groups is not None:
        names = {row["ccg_name"]: row["ccg_code"] for row in read_csv(folder, groups)}
        register.add_publication_names(groups.file, names)
    figures: list[Figure] = []
    for table in catalogue.indicators:
        of_table, _ = read_table(books.sheet(table), table, register)
        say(f"{at(table.file, table.sheet)}: {len(of_table)} figures")
        figures.extend(of_table)
    return check_indicators(figures)


def _sheet_rows(folder: Path, source: CsvFile, sheet_name: str) -> list[dict[str, str]]:
    """Return the rows of a sheet whose first row holds the headers, as :func:`read_csv` does those of a CSV file."""
    sheet = Workbook(folder, source.file).sheet(sheet_name)
    letters = {sheet.text(letter, 1): letter for letter in map(column_letter, range(len(sheet.rows[0])))}
    for column in source.columns:
        if column not in letters:
            found = ", ".join(letters)
            raise IngestError(f"{sheet.at('A', 1)}: expected a column '{column}', found {found}.")
    rows = [
        {new: sheet.text(letters[old], row) for old, new in source.columns.items()}
        for row in range(2, len(sheet.rows) + 1)
    ]
    if source.rows is not None and len(rows) != source.rows:
        raise IngestError(f"{at(source.file, sheet_name)}: expected {source.rows} rows, found {len(rows)}.")
    return rows


def _deprivation_scores(folder: Path, files: tuple[DeprivationScores, ...], register: AreaRegister) -> str:
    """Return the seed of average scores by edition and area; the first file of an edition that has an area counts."""
    scores: dict[tuple[str, str], dict[str, str]] = {}
    for scored in files:
        source, sheet = scored.source, scored.sheet
        rows = read_csv(folder, source) if sheet is None else _sheet_rows(folder, source, sheet)
        publication = Path(source.file).stem
        for line, row in enumerate(rows, start=2):
            where = f"{at(source.file, sheet)}, {'row' if sheet else 'line'} {line}"
            code, score = row["area_code"], row["average_score"]
            if code not in register.areas:
                raise IngestError(f"{where}: expected a known area code, found '{code}'.")
            if "area_name" in row and not register.accepts_name(code, row["area_name"]):
                name = register.areas[code].area_name
                raise IngestError(f"{where}: expected a name of {code} ({name}), found '{row['area_name']}'.")
            _check_number(score, where)
            known = scores.get((scored.edition, code))
            if known is None:
                note = _DEPRIVATION_NOTES.get(code, "")
                scores[scored.edition, code] = {"publication": publication, "average_score": score, "note": note}
            elif known["publication"] == publication:
                raise IngestError(f"{where}: expected each area once, found {code} a second time.")
            elif abs(float(known["average_score"]) - float(score)) >= _ROUNDING_OF_SCORES:
                raise IngestError(
                    f"{where}: expected about the score of {code} in {known['publication']} "
                    f"({known['average_score']}), found {score}."
                )
    rows = [
        {"deprivation_index": edition, "area_code": code, **score} for (edition, code), score in sorted(scores.items())
    ]
    return csv_text(("deprivation_index", "area_code", "average_score", "publication", "note"), rows)


def _clinical_commissioning_groups(folder: Path, source: CsvFile) -> str:
    rows = read_csv(folder, source)
    for line, row in enumerate(rows, start=2):
        _check_number(row["imd_2015_average_score"], f"{source.file}, line {line}")
        _check_number(row["imd_2015_rank_of_average_score"], f"{source.file}, line {line}")
    rows.sort(key=lambda row: row["ccg_code"])
    _check_unique(rows, "ccg_code", source.file)
    scores = ("imd_2015_average_score", "imd_2015_rank_of_average_score")
    level = {"area_level": "clinical_commissioning_group", "country_code": ENGLAND}
    return csv_text(("ccg_code", "ccg_name", *level, *scores), [{**row, **level} for row in rows])


def _area_centroids(folder: Path, source: CsvFile, register: AreaRegister) -> str:
    rows = read_csv(folder, source)
    for line, row in enumerate(rows, start=2):
        if row["area_code"] not in register.areas:
            raise IngestError(f"{source.file}, line {line}: expected a known area code, found '{row['area_code']}'.")
        _check_number(row["longitude"].removeprefix("-"), f"{source.file}, line {line}")
        _check_number(row["latitude"], f"{source.file}, line {line}")
    rows.sort(key=lambda row: row["area_code"])
    _check_unique(rows, "area_code", source.file)
    return csv_text(("area_code", "longitude", "latitude"), rows)


def _places(folder: Path, source: CsvFile, register: AreaRegister) -> str:
    """Return the seed of places that lead to an area: the wards of the lookup and the places kept by hand."""
    found = [
        *({**row, "place_kind": "ward", "source": Path(source.file).stem} for row in read_csv(folder, source)),
        *({**row, "source": "by hand"} for row in reference.places_by_hand()),
    ]
    places = {}
    for row in found:
        # Printed with the area that it is counted with.
        code = register.code_for_printed_code(row["area_code"])
        if code is None:
            raise IngestError(
                f"{source.file}: {row['place_name']} lies in '{row['area_code']}', which is no known area."
            )
        # Of the Isles of Scilly alone nothing is printed.
        if register.areas[code].first_year is None:
            continue
        places.setdefault((row["place_name"], row["place_kind"], code), {**row, "area_code": code})
    columns = ("place_name", "place_kind", "area_code", "source")
    return csv_text(columns, [places[key] for key in sorted(places)])


def _check_number(text: str, where: str) -> None:
    try:
        usable = float(text) >= 0
    except ValueError:
        usable = False
    if not usable:
        raise IngestError(f"{where}: expected a number, found '{text}'.")


def _check_unique(rows: list[dict[str, str]], column: str, file: str) -> None:
    for first, second in pairwise(rows):
        if first[column] == second[column]:
            raise IngestError(f"{file}: expected each {column} once, found {first[column]} twice.")


def build_seeds(folder: Path, catalogue: Catalogue = CATALOGUE) -> dict[str, str]:
    """Read every source in ``folder`` and return ``{path below the seeds folder: CSV text}``.

    Nothing is written. Raises IngestError with one sentence for the first thing that is not as expected.
    """
    register = AreaRegister(read_csv(folder, catalogue.lookup), catalogue.lookup.file)
    misprints = reference.known_misprints()
    books = _Books(folder)

    for table in catalogue.tables:
        if table.rows_by == CODED and table.publication in {other.codes_from for other in catalogue.tables}:
            sheet = books.sheet(table)
            check_headers(sheet, table)
            register.add_publication_names(table.publication, read_coded_names(sheet, table, register))

    parts: list[Figure] = []
    by_seed: dict[str, list[Figure]] = defaultdict(list)
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for number, table in enumerate(catalogue.tables, start=1):
        figures, further = read_table(books.sheet(table), table, register, misprints)
        say(f"[{number}/{len(catalogue.tables)}] {at(table.file, table.sheet)}: {len(figures)} figures")
        parts.extend(further)
        by_seed[table.seed].extend(figures)
        if table.rows_by == CODED:
            names[table.publication].update((figure.area_code, figure.area_name_printed) for figure in figures)
    if catalogue.births_second_hand is not None:
        by_seed[_SECOND_HAND] = _second_hand(folder, catalogue.births_second_hand, register)
    by_seed = {seed: _merge(figures) for seed, figures in by_seed.items()}

    say("checking sums")
    all_figures = [figure for figures in by_seed.values() for figure in figures]
    check_all(all_figures, parts, register, misprints)
    for figure in all_figures:
        register.note_year(figure.area_code, figure.data_year)
    check_lineage(register)
    indicators = _indicators(folder, catalogue, books, register)
    for publication in reversed(catalogue.names_preferred):
        for code, name in names.get(publication, {}).items():
            register.prefer_name(code, name)

    contents = {f"ons/{seed}.csv": figures_csv(figures) for seed, figures in sorted(by_seed.items())}
    if indicators:
        contents[f"nhs/{catalogue.indicators[0].seed}.csv"] = figures_csv(indicators, INDICATOR_COLUMNS)
    contents["published/batch_totals.csv"] = batch_totals_csv([*all_figures, *indicators])
    contents["published/known_misprints.csv"] = csv_text(
        reference.MISPRINT_COLUMNS,
        [vars(misprint) for misprint in sorted(misprints, key=lambda m: tuple(vars(m).items()))],
    )
    contents["areas/areas.csv"] = areas_csv(register)
    contents["areas/area_lineage.csv"] = csv_text(
        reference.LINEAGE_COLUMNS,
        sorted(register.lineage, key=lambda row: (row["predecessor_code"], row["successor_code"])),
    )
    if catalogue.deprivation_scores:
        contents["areas/deprivation_scores.csv"] = _deprivation_scores(folder, catalogue.deprivation_scores, register)
    if catalogue.imd_clinical_commissioning_groups is not None:
        contents["areas/clinical_commissioning_groups.csv"] = _clinical_commissioning_groups(
            folder, catalogue.imd_clinical_commissioning_groups
        )
    if catalogue.area_centroids is not None:
        contents["areas/area_centroids.csv"] = _area_centroids(folder, catalogue.area_centroids, register)
    if catalogue.wards is not None:
        contents["areas/places.csv"] = _places(folder, catalogue.wards, register)
    contents["published/seed_digests.csv"] = digests_csv(contents)
    return contents


def run(folder: Path, seeds: Path, catalogue: Catalogue = CATALOGUE) -> None:
    """Read every source in ``folder`` and replace the seed files below ``seeds`` together.

    Raises IngestError, with no seed touched, for the first thing that is not as expected.
    """
    if not folder.is_dir():
        raise IngestError(f"{folder}: expected a folder that holds the ONS workbooks, found none.")
    contents = build_seeds(folder, catalogue)
    replace_together(seeds, contents)
    say(f"wrote {len(contents)} files to {seeds}")
