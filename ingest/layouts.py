"""Where each figure stands in each publication: the only part to edit when a new year's workbook comes.

A :class:`Table` describes one sheet of one workbook; the shapes that several years share are written once and used
for each year with the few things that moved. :data:`CATALOGUE` lists everything that is read. See ``README.md`` in
this folder for how to add a year.
"""

from dataclasses import dataclass, field, replace

from ingest.workbook import BLANK_MARK

ITEMS = (
    "live_births",
    "stillbirths",
    "early_neonatal_deaths",
    "neonatal_deaths",
    "postneonatal_deaths",
    "infant_deaths",
    "perinatal_deaths",
    "stillbirth_and_neonatal_deaths",
)

# How the rows of a table say which area they are about.
CODED = "coded"  # an area code in a column
NAMED = "named"  # only the area's name; the code is found by name
NATIONAL = "national"  # the whole table is England and Wales, one row a year
DECILE = "decile"  # England by deprivation decile, 'Total' or 1 to 10


@dataclass(frozen=True)
class Column:
    """One column of figures.

    ``letter`` is the spreadsheet's column; ``item`` one of :data:`ITEMS` (or '' for a key column, see ``Table.keys``);
    ``kind`` is ``count``, ``rate``, ``lower_95`` or ``upper_95`` (the printed limits of the rate), ``reliability`` or
    ``key``; ``header`` is the text of the column's header cells joined downwards (see
    :func:`ingest.names.header_key`), which must be found there or the table is refused.
    """

    letter: str
    item: str
    kind: str
    header: str


@dataclass(frozen=True)
class Table:
    """One sheet of one workbook.

    Attributes:
        publication: slug of the publication, written in every row of the seed.
        file: name of the workbook.
        sheet: exact name of the sheet.
        source_table: the table's name as ONS gives it.
        seed: name of the seed file (without ``.csv``) that its figures go to.
        rows_by: CODED, NAMED, NATIONAL or DECILE.
        header_rows: first and last row (1-based) of the column headers.
        keys: key columns (code, name, year ...) with their headers.
        columns: the columns of figures.
        name_letter, code_letter, year_letter, decile_letter: which columns hold the keys; None where there is none.
        data_year: the year of all figures, or None when each row names its year.
        years: first and last year expected, where each row names its year; every year must be there once.
        codes_from: what translates this table's names (NAMED only): a publication with coded names, or a CSV file of
            names and codes among the sources.
        marks: what may stand in place of a count.
        rate_marks: what may stand in place of a rate.
        headings: name cells (as :func:`ingest.names.name_key` gives them) of rows without figures inside the table.
        only: (column letter, text): only rows with that text there become figures; the other rows of
            the same area must add up to it, item by item (mothers' ages in 2023).
        only_area: code of the one area that every row must be about; None where the table may print any.
        title: what the text above the headers must hold, where there is any, for the table to be known in any workbook
            (:func:`ingest.extract.find_table`).
    """

    publication: str
    file: str
    sheet: str
    source_table: str
    seed: str
    rows_by: str
    header_rows: tuple[int, int]
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]
    name_letter: str | None = None
    code_letter: str | None = None
    year_letter: str | None = None
    decile_letter: str | None = None
    data_year: int | None = None
    years: tuple[int, int] | None = None
    codes_from: str | None = None
    marks: frozenset[str] = frozenset()
    rate_marks: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()
    only: tuple[str, str] | None = None
    only_area: str | None = None
    title: str = ""


@dataclass(frozen=True)
class CsvFile:
    """One CSV file among the sources.

    ``columns`` maps the header of each column that is read to the name used for it in the code; a missing header is
    an error. ``rows`` is the number of rows expected, or None when any number will do.
    """

    file: str
    columns: dict[str, str]
    encoding: str = "utf-8-sig"
    rows: int | None = None


@dataclass(frozen=True)
class DeprivationScores:
    """Average scores of the areas of one edition of the Index of Multiple Deprivation.

    ``edition`` is its year. ``source`` names at least the columns ``area_code`` and ``average_score``; ``sheet`` is the
    sheet of a workbook, or None for a CSV file. Of two files of an edition the later one adds the areas that the
    earlier one lacks, and must agree with it on the others.
    """

    edition: str
    source: CsvFile
    sheet: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Everything that one run reads. The files of ``ingest/reference`` are read besides.

    ``tables`` are ONS's, ``indicators`` those of another publisher: a few areas each, nothing that adds up to England.
    """

    tables: tuple[Table, ...]
    lookup: CsvFile
    indicators: tuple[Table, ...] = ()
    births_second_hand: CsvFile | None = None
    deprivation_scores: tuple[DeprivationScores, ...] = ()
    imd_clinical_commissioning_groups: CsvFile | None = None
    area_centroids: CsvFile | None = None
    # Wards and the districts that they were in; the places kept by hand beside them are in ingest/reference.
    wards: CsvFile | None = None
    # Coded publications whose spelling of a name is preferred in areas.csv, best first.
    names_preferred: tuple[str, ...] = field(default=())


def _key(letter: str, header: str) -> Column:
    return Column(letter, "", "key", header)


def _count(letter: str, item: str, header: str) -> Column:
    return Column(letter, item, "count", header)


def _rate(letter: str, item: str, header: str) -> Column:
    return Column(letter, item, "rate", header)


def _reliability(letter: str, item: str, header: str) -> Column:
    return Column(letter, item, "reliability", header)


# --- Live births by area of usual residence, 2010 to 2016 -----------------------------------------------------------
# "Usual residence outside England and Wales where birth occurred in England and Wales" is printed over three rows;
# the figure stands in the first.
_OUTSIDE_CONTINUED = ("and wales where birth occurred in", "england and wales")

_BIRTHS_NAMED = Table(
    publication="",
    file="",
    sheet="Table 1",
    source_table="Table 1",
    seed="live_births_by_area",
    rows_by=NAMED,
    header_rows=(7, 10),
    keys=(_key("B", "area of usual residence"),),
    columns=(_count("F", "live_births", "live births numbers all total"),),
    name_letter="B",
    title="administrative area",  # not the table of health areas, which has the same headers
    codes_from="live_births_by_area_2015",
    headings=frozenset((*_OUTSIDE_CONTINUED, "former districts of:", "former district of:")),
)
_BIRTHS_CODED = replace(
    _BIRTHS_NAMED,
    rows_by=CODED,
    keys=(_key("A", "area of usual residence"),),
    code_letter="A",
    codes_from=None,
)


def _births(year: int, shape: Table, **moved: object) -> Table:
    """Return the live births table of one year: ``shape`` with what ``moved`` in that year."""
    publication = f"live_births_by_area_{year}"
    return replace(shape, publication=publication, file=f"{publication}.xls", data_year=year, **moved)


_LIVE_BIRTHS = (
    _births(2010, _BIRTHS_NAMED, sheet="Table 1a", source_table="Table 1a"),
    _births(2011, _BIRTHS_NAMED, sheet="Table 1a", source_table="Table 1a"),
    _births(2012, _BIRTHS_NAMED, sheet="Table 1a", source_table="Table 1a"),
    _births(2013, _BIRTHS_NAMED),
    _births(2014, _BIRTHS_NAMED),
    _births(2015, _BIRTHS_CODED),
    _births(2016, _BIRTHS_CODED, header_rows=(8, 11)),
)

# --- Deaths registered by area of usual residence, 2010 to 2017 -----------------------------------------------------
_DEATHS_MARKS_TO_2012 = frozenset(("*", "-"))  # * hidden by ONS, - nil
_DEATHS_RATE_MARKS_TO_2012 = frozenset(("*", "-", ":", ".."))  # : fewer than 3 deaths, .. not available


def _deaths_columns(births_and_stillbirths: str = "live births and stillbirths") -> tuple[Column, ...]:
    return (
        _count("H", "infant_deaths", "infant (under 1 year)"),
        _count("I", "neonatal_deaths", "neonatal (under 4 weeks)"),
        _count("J", "perinatal_deaths", "perinatal (stillbirths and deaths under 1 week)"),
        _rate("O", "infant_deaths", "infant mortality rate (per 1,000 live births)"),
        _rate("P", "neonatal_deaths", "neonatal mortality rate (per 1,000 live births)"),
        _rate("Q", "perinatal_deaths", f"perinatal mortality rate (per 1,000 {births_and_stillbirths})"),
    )


_DEATHS = Table(
    publication="",
    file="",
    sheet="Table 1a",
    source_table="Table 1a",
    seed="deaths_registered_by_area",
    rows_by=NAMED,
    header_rows=(6, 10),
    keys=(_key("A", "area of usual residence"),),
    columns=_deaths_columns(),
    name_letter="A",
    title="administrative area",
    codes_from="live_births_by_area_2015",
    rate_marks=frozenset((":", BLANK_MARK)),  # from 2013 on the cell is empty where there are fewer than 3 deaths
    headings=frozenset(
        (
            "former districts of:",
            "former district of:",
            "council areas",
            "local government district",
            "local government districts",
        )
    ),
)
_DEATHS_TO_2012 = replace(_DEATHS, marks=_DEATHS_MARKS_TO_2012, rate_marks=_DEATHS_RATE_MARKS_TO_2012)


def _deaths(year: int, shape: Table, **moved: object) -> Table:
    """Return the registered deaths table of one year: ``shape`` with what ``moved`` in that year."""
    publication = f"deaths_registered_by_area_{year}"
    return replace(shape, publication=publication, file=f"{publication}.xls", data_year=year, **moved)


_REGISTERED_DEATHS = (
    _deaths(2010, _DEATHS_TO_2012),
    _deaths(2011, _DEATHS_TO_2012, header_rows=(7, 11)),
    _deaths(2012, _DEATHS_TO_2012),
    _deaths(2013, _DEATHS),
    _deaths(2014, _DEATHS, columns=_deaths_columns("births and stillbirths")),
    _deaths(2015, _DEATHS, columns=_deaths_columns("births and stillbirths"), codes_from="live_births_by_area_2016"),
    _deaths(2016, _DEATHS, columns=_deaths_columns("births and stillbirths"), codes_from="live_births_by_area_2016"),
    _deaths(2017, _DEATHS, columns=_deaths_columns("births and stillbirths"), codes_from="live_births_by_area_2016"),
)

# --- Child mortality: births and deaths by area, 2018, 2020 and 2022 ------------------------------------------------
_CHILD_MORTALITY_2018_AREAS = Table(
    publication="child_mortality_2018",
    file="child_mortality_2018.xls",
    sheet="Table 3",
    source_table="Table 3",
    seed="child_mortality_by_area",
    rows_by=CODED,
    header_rows=(4, 6),
    keys=(_key("A", "code"), _key("B", "name"), _key("C", "geography")),
    columns=(
        _count("D", "live_births", "numbers births live births"),
        _count("E", "stillbirths", "stillbirths"),
        _count("G", "perinatal_deaths", "deaths perinatal"),
        _count("H", "neonatal_deaths", "neonatal"),
        _count("I", "postneonatal_deaths", "post neonatal"),
        _count("J", "infant_deaths", "infant"),
        _rate("L", "stillbirths", "rates stillbirths"),
        _reliability("M", "stillbirths", ""),
        _rate("N", "perinatal_deaths", "perinatal"),
        _reliability("O", "perinatal_deaths", ""),
        _rate("P", "neonatal_deaths", "neonatal"),
        _reliability("Q", "neonatal_deaths", ""),
        _rate("R", "postneonatal_deaths", "post neonatal"),
        _reliability("S", "postneonatal_deaths", ""),
        _rate("T", "infant_deaths", "infant"),
        _reliability("U", "infant_deaths", ""),
    ),
    code_letter="A",
    name_letter="B",
    data_year=2018,
    rate_marks=frozenset(("z", BLANK_MARK)),
    title="area of residence",
)
_CHILD_MORTALITY_AREAS = replace(
    _CHILD_MORTALITY_2018_AREAS,
    header_rows=(10, 10),
    keys=(
        _key("A", "area of usual residence (code)"),
        _key("B", "area of usual residence (name)"),
        _key("C", "area of usual residence (geography)"),
    ),
    columns=(
        _count("D", "live_births", "live births"),
        _count("E", "stillbirths", "stillbirths"),
        _count("F", "perinatal_deaths", "perinatal deaths"),
        _count("G", "neonatal_deaths", "neonatal deaths"),
        _count("H", "postneonatal_deaths", "postneonatal deaths"),
        _count("I", "infant_deaths", "infant deaths"),
        _rate("J", "stillbirths", "stillbirth rate"),
        _reliability("K", "stillbirths", "stillbirth unreliable indicator"),
        _rate("L", "perinatal_deaths", "perinatal mortality rate"),
        _reliability("M", "perinatal_deaths", "perinatal unreliable indicator"),
        _rate("N", "neonatal_deaths", "neonatal mortality rate"),
        _reliability("O", "neonatal_deaths", "neonatal unreliable indicator"),
        _rate("P", "postneonatal_deaths", "postneonatal mortality rate"),
        _reliability("Q", "postneonatal_deaths", "postneonatal unreliable indicator"),
        _rate("R", "infant_deaths", "infant mortality rate"),
        _reliability("S", "infant_deaths", "infant unreliable indicator"),
    ),
)
_CHILD_MORTALITY_BY_AREA = (
    _CHILD_MORTALITY_2018_AREAS,
    replace(
        _CHILD_MORTALITY_AREAS,
        publication="child_mortality_2020",
        file="child_mortality_2020_tables_3_and_21_only.xlsx",
        sheet="Table_3",
        header_rows=(7, 7),
        data_year=2020,
        rate_marks=frozenset((":", "z")),
    ),
    replace(
        _CHILD_MORTALITY_AREAS,
        publication="child_mortality_2022",
        file="child_mortality_2022.xlsx",
        sheet="3",
        data_year=2022,
        rate_marks=frozenset(("[x]", "[z]")),
    ),
)

# --- Child mortality: England and Wales by year ---------------------------------------------------------------------
# The 2018 workbook prints the counts in Table 16 and the rates in Table 17; both feed the same rows.
_CHILD_MORTALITY_1921_TO_2018_COUNTS = Table(
    publication="child_mortality_2018",
    file="child_mortality_2018.xls",
    sheet="Table 16",
    source_table="Tables 16 and 17",
    seed="child_mortality_england_and_wales",
    rows_by=NATIONAL,
    header_rows=(4, 13),
    keys=(_key("A", "period"),),
    columns=(
        _count("B", "live_births", "live births total"),
        _count("E", "stillbirths", "stillbirths total"),
        _count("H", "infant_deaths", "infant mortality at various ages under 1 year"),
        _count("I", "neonatal_deaths", "neonatal mortality under 4 weeks"),
        _count("J", "early_neonatal_deaths", "early neonatal under 1 week"),
        _count("N", "postneonatal_deaths", "postneonatal mortality 4 weeks and under 1 year"),
        _count(
            "R",
            "perinatal_deaths",
            "stillbirths and infant deaths stillbirths and early neonatal deaths (under 1 week)",
        ),
        _count("S", "stillbirth_and_neonatal_deaths", "stillbirths and neonatal deaths (under 4 weeks)"),
    ),
    year_letter="A",
    years=(1921, 2018),
    marks=frozenset((":",)),  # stillbirths were first registered in July 1927
)
_CHILD_MORTALITY_NATIONAL = (
    _CHILD_MORTALITY_1921_TO_2018_COUNTS,
    replace(
        _CHILD_MORTALITY_1921_TO_2018_COUNTS,
        sheet="Table 17",
        header_rows=(4, 17),
        keys=(_key("A", "year"),),
        columns=(
            _rate("B", "infant_deaths", "infant mortality per 1,000 live births at various ages under 1 year"),
            _rate("C", "neonatal_deaths", "neonatal mortality under 4 weeks"),
            _rate("D", "early_neonatal_deaths", "early neonatal under 1 week"),
            _rate("H", "postneonatal_deaths", "postneonatal mortality 4 weeks and under 1 year"),
            _rate("L", "stillbirths", "stillbirths and infant deaths per 1,000 total births still- births"),
            _rate("M", "perinatal_deaths", "stillbirths and early neonatal deaths (under 1 week)"),
            _rate("N", "stillbirth_and_neonatal_deaths", "stillbirths and neonatal deaths (under 4 weeks)"),
        ),
        marks=frozenset(),
        rate_marks=frozenset((":",)),
    ),
    replace(
        _CHILD_MORTALITY_1921_TO_2018_COUNTS,
        publication="child_mortality_2022",
        file="child_mortality_2022.xlsx",
        sheet="1",
        source_table="Table 1",
        header_rows=(10, 10),
        keys=(_key("A", "year"),),
        columns=(
            _count("B", "live_births", "live births"),
            _count("C", "stillbirths", "stillbirths"),
            _count("D", "early_neonatal_deaths", "early neonatal under 7 days"),
            _count("H", "neonatal_deaths", "neonatal under 28 days"),
            _count("I", "postneonatal_deaths", "postneonatal 28 days or over"),
            _count("M", "infant_deaths", "infant under 1 year"),
            _count(
                "N",
                "perinatal_deaths",
                "perinatal deaths (stillbirth and early neonatal deaths - under 7 days)",
            ),
            _count(
                "O",
                "stillbirth_and_neonatal_deaths",
                "stillbirth and neonatal deaths - under 28 days",
            ),
            _rate("U", "stillbirths", "stillbirth rate per 1,000 births"),
            _rate("V", "early_neonatal_deaths", "early neonatal under 7 days mortality rate"),
            _rate("Z", "neonatal_deaths", "neonatal under 28 days mortality rate"),
            _rate("AA", "postneonatal_deaths", "postneonatal 28 days or over mortality rate"),
            _rate("AE", "infant_deaths", "infant under 1 year mortality rate"),
            _rate(
                "AF",
                "perinatal_deaths",
                "perinatal deaths (stillbirth and early neonatal deaths - under 7 days) mortality rate",
            ),
            _rate(
                "AG",
                "stillbirth_and_neonatal_deaths",
                "stillbirth and neonatal deaths - under 28 days mortality rate",
            ),
        ),
        years=(1980, 2022),
        marks=frozenset(),
    ),
)

# --- Child mortality: England by deprivation decile -----------------------------------------------------------------
_DECILES_2022 = Table(
    publication="child_mortality_2022",
    file="child_mortality_2022.xlsx",
    sheet="21",
    source_table="Table 21",
    seed="child_mortality_by_deprivation_decile",
    rows_by=DECILE,
    header_rows=(8, 8),
    keys=(_key("A", "year"), _key("B", "imd")),
    columns=(
        _count("C", "live_births", "live births"),
        _count("D", "stillbirths", "stillbirths"),
        _count("E", "neonatal_deaths", "neonatal deaths"),
        _count("F", "infant_deaths", "infant deaths"),
        _rate("G", "stillbirths", "stillbirth rate"),
        _rate("H", "neonatal_deaths", "neonatal mortality rate"),
        _rate("I", "infant_deaths", "infant mortality rate"),
    ),
    year_letter="A",
    decile_letter="B",
    years=(2010, 2022),
    title=r"index of multiple deprivation(?!.*\bwales\b)",
)
_DECILES = (
    replace(
        _DECILES_2022,
        publication="child_mortality_2020",
        file="child_mortality_2020_tables_3_and_21_only.xlsx",
        sheet="Table_21",
        header_rows=(5, 5),
        years=(2010, 2020),
    ),
    _DECILES_2022,
)

# --- Births alone: 2021 and 2023 ------------------------------------------------------------------------------------
_BIRTHS_ALONE = (
    Table(
        publication="birth_characteristics_2021",
        file="birth_characteristics_2021.xlsx",
        sheet="1",
        source_table="Worksheet 1",
        seed="live_births_2021",
        rows_by=CODED,
        header_rows=(8, 8),
        keys=(
            _key("A", "area of usual residence code"),
            _key("B", "area of usual residence name"),
            _key("C", "area of usual residence geography"),
        ),
        columns=(_count("D", "live_births", "number of live births total"),),
        code_letter="A",
        name_letter="B",
        data_year=2021,
        title="by area of usual residence",  # not "by ethnicity of birth and mother's area of usual residence"
    ),
    Table(
        publication="birth_registrations_2023",
        file="birth_registrations_2023.xlsx",
        sheet="Table_2",
        source_table="Table 2",
        seed="births_and_stillbirths_2023",
        rows_by=CODED,
        header_rows=(6, 6),
        keys=(
            _key("A", "area of usual residence code"),
            _key("B", "area of usual residence name"),
            _key("C", "area of usual residence geography"),
            _key("D", "age of mother at birth (years)"),
        ),
        columns=(
            _count("E", "live_births", "number of live births"),
            _count("F", "stillbirths", "number of stillbirths"),
            _rate("G", "stillbirths", "stillbirth rate"),
            _reliability("H", "stillbirths", "unreliable indicator"),
        ),
        code_letter="A",
        name_letter="B",
        data_year=2023,
        rate_marks=frozenset(("[x]",)),
        only=("D", "All ages"),
        title="by area of usual residence",
    ),
)

# --- NHS Digital's indicator 1.25: England and one clinical commissioning group a workbook, 2013 to 2015 -------------
# Two blocks stand side by side, both with the years of column A. Between the two limits of a block lies a column of
# differences for a chart (E, G, N, P): not read, whatever stands in it.
_COMMISSIONING_GROUPS = "imd_2015_ccg.csv"


def _indicator_columns(
    rate: str, lower: str, upper: str, births: str, stillbirths: str, deaths: str
) -> tuple[Column, ...]:
    return (
        _rate(rate, "stillbirth_and_neonatal_deaths", "indicator value"),
        Column(lower, "stillbirth_and_neonatal_deaths", "lower_95", "ci lower"),
        Column(upper, "stillbirth_and_neonatal_deaths", "upper_95", "ci upper"),
        _count(births, "live_births", "live births"),
        _count(stillbirths, "stillbirths", "stillbirths"),
        _count(deaths, "neonatal_deaths", "neonatal deaths"),
    )


_INDICATOR_ENGLAND = Table(
    publication="clinical_commissioning_group_indicators_2017",
    file="",
    sheet="1.25",
    source_table="Sheet 1.25",
    seed="clinical_commissioning_group_indicators",
    rows_by=NAMED,
    header_rows=(25, 25),
    keys=(_key("A", "reporting period"), _key("B", "level description")),
    columns=_indicator_columns("C", "D", "F", "H", "I", "J"),
    name_letter="B",
    year_letter="A",
    years=(2013, 2015),
    codes_from="live_births_by_area_2015",
    only_area="E92000001",
)
_INDICATOR_GROUP = replace(
    _INDICATOR_ENGLAND,
    keys=(_key("A", "reporting period"), _key("K", "level description")),
    columns=_indicator_columns("L", "M", "O", "Q", "R", "S"),
    name_letter="K",
    codes_from=_COMMISSIONING_GROUPS,
    only_area=None,
)
# In a folder beside ONS's workbooks.
_INDICATORS = tuple(
    replace(block, file=f"../nhs/{group}-CCGOIS-June-2017.xlsx")
    for group in ("Coastal-West-Sussex", "Crawley", "Horsham-and-Mid-Sussex")
    for block in (_INDICATOR_ENGLAND, _INDICATOR_GROUP)
)

# The tables by area that are known in any workbook; of those that look alike the latest stands for all.
_BY_AREA = (*_LIVE_BIRTHS, *_REGISTERED_DEATHS, *_CHILD_MORTALITY_BY_AREA, *_DECILES, *_BIRTHS_ALONE)
KNOWN_ANYWHERE = tuple(
    {
        (table.rows_by, table.keys, tuple(column for column in table.columns if column.kind == "count")): table
        for table in _BY_AREA
    }.values()
)

CATALOGUE = Catalogue(
    tables=(
        *_LIVE_BIRTHS,
        *_REGISTERED_DEATHS,
        *_CHILD_MORTALITY_BY_AREA,
        *_CHILD_MORTALITY_NATIONAL,
        *_DECILES,
        *_BIRTHS_ALONE,
    ),
    indicators=_INDICATORS,
    lookup=CsvFile(
        file="lookup_ward_lad_county_region_2016.csv",
        columns={
            "LAD16CD": "district_code",
            "LAD16NM": "district_name",
            "CTY16CD": "county_code",
            "CTY16NM": "county_name",
            "GOR10CD": "region_code",
            "GOR10NM": "region_name",
            "CTRY16CD": "country_code",
        },
        encoding="cp1252",
    ),
    births_second_hand=CsvFile(
        file="live_births_2017_second_hand.csv",
        columns={"area_code": "area_code", "area_name": "area_name", "live_births": "live_births"},
        rows=294,
    ),
    deprivation_scores=(
        DeprivationScores(
            edition="2015",
            source=CsvFile(
                file="imd_2015_la.csv",
                columns={"area_code": "area_code", "area_reference": "area_name", "imd_2015": "average_score"},
                rows=326,
            ),
        ),
        DeprivationScores(
            edition="2019",
            sheet="IMD",
            source=CsvFile(
                file="../imd/imd_2019_lower_tier_summaries.xlsx",
                columns={
                    "Local Authority District code (2019)": "area_code",
                    "Local Authority District name (2019)": "area_name",
                    "IMD - Average score": "average_score",
                },
                rows=317,
            ),
        ),
        # The same index on the districts of 2021 and 2022, averaged from small areas, without names.
        DeprivationScores(
            edition="2019",
            source=CsvFile(
                file="../imd/imd_2019_lower_tier_2022.csv",
                columns={"area_code": "area_code", "average_score": "average_score"},
                rows=309,
            ),
        ),
        DeprivationScores(
            edition="2025",
            source=CsvFile(
                file="../imd/imd_2025_lower_tier_2024.csv",
                columns={"area_code": "area_code", "area_name": "area_name", "average_score": "average_score"},
                rows=296,
            ),
        ),
    ),
    imd_clinical_commissioning_groups=CsvFile(
        file=_COMMISSIONING_GROUPS,
        columns={
            "Clinical Commissioning Group Code (2015)": "ccg_code",
            "Clinical Commissioning Group Name (2015)": "ccg_name",
            "IMD - Average score": "imd_2015_average_score",
            "IMD - Rank of average score": "imd_2015_rank_of_average_score",
        },
        rows=209,
    ),
    # Points, not boundaries; in a folder beside the workbooks.
    area_centroids=CsvFile(
        file="../map/area_centroids.csv",
        columns={"area_code": "area_code", "longitude": "longitude", "latitude": "latitude"},
        rows=365,
    ),
    wards=CsvFile(
        file="lookup_ward_lad_county_region_2016.csv",
        columns={"WD16NM": "place_name", "LAD16CD": "area_code"},
        encoding="cp1252",
        rows=9130,
    ),
    names_preferred=(
        "child_mortality_2022",
        "birth_registrations_2023",
        "birth_characteristics_2021",
        "child_mortality_2020",
        "child_mortality_2018",
        "live_births_by_area_2016",
        "live_births_by_area_2015",
    ),
)
