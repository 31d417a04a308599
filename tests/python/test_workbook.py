"""The workbook: every cell compared with the marts, on the whole build and on a small one of made-up names."""

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from publish import placing
from publish.errors import PublishingError
from publish.plugin import published_place
from tests.exports import copy_of_exports
from tests.records import records
from tests.your_area import VERDICTS, check_your_area
from workbook import making, writing
from workbook.__main__ import main
from workbook.making import WORKBOOK_FILE, make_workbook
from workbook.sheets import MARK_NOTE, SHEETS
from workbook.writing import HEADINGS

PROJECT = Path(__file__).resolve().parents[2]
ODD_NAMES = ("=1+1", "+44 cells", "-Upon-Tyne", "@import", "\t=1+1", "bell\x07 and \x9bend", "O'Brien & <Sons>")


@pytest.fixture(scope="module")
def published_exports(published_database_path: Path) -> Path:
    """The exports that the build published."""
    return published_place().parent / placing.EXPORTS_FOLDER


@pytest.fixture(scope="module")
def few(published_exports, tmp_path_factory) -> Path:
    """A copy of the exports with 400 rows of each table, and names that programs might take for something else."""
    folder = copy_of_exports(published_exports, tmp_path_factory.mktemp("few") / "exports", 400)
    with duckdb.connect() as connection:
        # Rows that are left out of the sheet stand last.
        for table, last in (("fct_rates", "status = 'missing'"), ("fct_area_summaries", "false")):
            path = folder / f"{table}.parquet"
            cases = " ".join(f"when {place} then $name{place}" for place in range(len(ODD_NAMES)))
            connection.execute(
                f"create table {table} as select * replace (case row_number() over (order by {last}) - 1 {cases} "
                f"else area_name end as area_name) from '{path}'",
                {f"name{place}": name for place, name in enumerate(ODD_NAMES)},
            )
            connection.execute(f"copy {table} to '{path}' (format parquet)")
    return folder


@pytest.fixture(scope="module")
def whole(published_exports, tmp_path_factory) -> Path:
    """The workbook of all the exports, made in a copy of their folder."""
    folder = tmp_path_factory.mktemp("whole") / "exports"
    folder.mkdir()
    for path in published_exports.glob("*.parquet"):
        (folder / path.name).symlink_to(path)
    shutil.copy(published_exports / placing.MANIFEST_FILE, folder)
    make_workbook(folder)
    return folder


def cells_of(workbook: Path, title: str) -> list[list]:
    """The cells of a sheet, as calamine reads them: an empty one as an empty text."""
    return CalamineWorkbook.from_path(str(workbook)).get_sheet_by_name(title).to_python()


WITH_SPACES = (
    *("area_level", "recent_trend", "fingertips_comparison", "funnel_position_adjusted", "trend_reason", "reason"),
    "verdict",
)


def expected_cell(column: str, row: dict, levels: dict[str, str]):
    """What stands in a cell for a value of a mart, said a second time: nothing is finer than what is shown."""
    if column == "mark":
        display = row["rate_display"]
        return display if display in ("[x]", "[c]") else "[u]" if row["reliability_flag"] == "u" else ""
    value = row[column]
    if value is None or (column == "rate_per_1000" and row["rate_display"] == "[x]"):
        return ""
    if column == "rate_per_1000":
        return float(row["rate_display"])
    if column == "published_value":
        return float(value)
    if column == "ranking_level":
        return levels[value]
    if column in WITH_SPACES:
        words = VERDICTS if column == "verdict" else {}
        return words.get(value, value.replace("_", " "))
    if isinstance(value, float):
        decimals = 4 if column.endswith(("p_value", "q_value", "recomputed_value")) else 1
        return pytest.approx(value, abs=0.5000001 * 10 ** -(3 if column.startswith("probability") else decimals))
    return value


TOLD_ONCE = "measure not in ('perinatal_per_1000_live_births', 'stillbirth_and_neonatal_per_1000_live_births')"
# What each sheet shows, said a second time against the marts themselves.
ROWS_OF_SHEETS = {
    "Latest figures": "select * from marts.fct_area_summaries",
    "Neighbours": "select compared.* from marts.fct_area_comparisons as compared inner join marts.fct_area_summaries "
    "using (area_code, measure, ranking_level) where rank between 1 and 5 and kind <> 'same_parent' and "
    f"compared.{TOLD_ONCE}",
    "Rates over time": "select * from marts.fct_rates where status <> 'missing'",
    "Trends": "select * from marts.fct_trends as trend where last_year = (select max(other.last_year) from "
    "marts.fct_trends as other where other.trend_first_year is not null and other.area_code = trend.area_code and "
    "other.measure = trend.measure and other.basis = trend.basis)",
    "Three-year rates": "select * from marts.fct_rolling_rates where years_in_period = 3 and is_complete and "
    f"status <> 'missing' and {TOLD_ONCE}",
    "The article": "select * from marts.fct_claim_checks",
    "Coverage": "select * from marts.fct_coverage",
}


BY_TITLE = {sheet.title: sheet for sheet in SHEETS}


@pytest.mark.parametrize("title", ROWS_OF_SHEETS)
def test_every_cell_is_the_mart_s(whole, built_database, title):
    sheet = BY_TITLE[title]
    check_cells(whole, built_database, sheet, f"{ROWS_OF_SHEETS[title]} order by {sheet.order}")


def check_cells(whole: Path, built_database, sheet, query: str) -> list[list]:
    """The cells of a sheet, which must be the rows of the query."""
    heading, *cells = cells_of(whole / WORKBOOK_FILE, sheet.title)
    names = [HEADINGS[column] for column in sheet.columns]
    assert heading == names + (["lookup"] if sheet.key else [])
    rows = records(built_database, query)
    levels = dict(
        built_database.execute("select ranking_level, ranking_level_name from marts.dim_ranking_level").fetchall()
    )
    assert len(cells) == len(rows) > 0
    for found, row in zip(cells, rows, strict=True):
        assert found[: len(names)] == [expected_cell(column, row, levels) for column in sheet.columns]
    return cells


def test_rankings_are_the_newest_complete_ones(whole, built_database):
    """Each of the newest period of which every area has a rate; where there is none, of the newest at all."""
    sheet = BY_TITLE["Rankings"]
    newest = f"""
        with periods as (
            select distinct ranking_level, measure, basis, years_in_period, period, period_end_year,
                areas_ranked = areas_in_level as is_complete
            from marts.fct_rankings
            where areas_ranked is not null and {TOLD_ONCE}
        )

        select ranking_level, measure, basis, period
        from periods
        where not exists (
            select 1 from periods as other
            where other.ranking_level = periods.ranking_level and other.measure = periods.measure
                and other.basis = periods.basis and other.years_in_period = periods.years_in_period
                and (other.is_complete, other.period_end_year) > (periods.is_complete, periods.period_end_year)
        )
    """
    query = (
        f"select ranks.* from marts.fct_rankings as ranks inner join ({newest}) using (ranking_level, measure, basis, "
        f"period) where areas_ranked is not null order by {sheet.order}"
    )
    cells = check_cells(whole, built_database, sheet, query)
    level, measure, period = (sheet.columns.index(name) for name in ("ranking_level", "measure_name", "period"))
    first = cells[0]
    assert first[level] == "Counties and single-tier authorities of England"
    assert first[measure] == "Infant mortality rate"
    newest_period = built_database.execute(
        "select max(period) from marts.fct_rankings where ranking_level = 'upper_tier' and measure = 'infant' "
        "and years_in_period = 1 and areas_ranked = areas_in_level"
    ).fetchone()
    assert (first[period],) == newest_period


def test_rates_of_fewer_than_three_deaths_are_not_shown(whole):
    heading, *cells = cells_of(whole / WORKBOOK_FILE, "Rates over time")
    deaths, rate, mark, lower = (
        heading.index(HEADINGS[column]) for column in ("numerator", "rate_per_1000", "mark", "lower_95")
    )
    few = [row for row in cells if row[deaths] in (0, 1, 2)]
    assert few and all(row[rate] == "" and row[mark] == "[x]" and isinstance(row[lower], float | int) for row in few)
    assert all(isinstance(row[rate], float | int) for row in cells if row[deaths] != "" and row[deaths] >= 3)
    assert {row[mark] for row in cells} == {"", "[u]", "[x]", "[c]"}


def test_your_area_opens_with_the_figures_of_the_area_in_its_list(whole, built_database):
    """What the formulas show before anything recalculates them; tests/heavy has LibreOffice recalculate them."""
    check_your_area(cells_of(whole / WORKBOOK_FILE, "Your area"), built_database, "E08000034", "infant")


def test_your_area_can_name_every_area_once(whole, built_database):
    labels = [row[0] for row in cells_of(whole / WORKBOOK_FILE, "Lists") if row[0]]
    codes = [row[1] for row in cells_of(whole / WORKBOOK_FILE, "Lists") if row[1]]
    ((areas,),) = built_database.execute("select count(distinct area_code) from marts.fct_area_summaries").fetchall()
    assert len(labels) == len(set(labels)) == len(set(codes)) == areas
    assert "West Midlands (E12000005)" in labels and "West Midlands (E11000005)" in labels and "Kirklees" in labels


def test_the_workbook_is_small(whole):
    assert (whole / WORKBOOK_FILE).stat().st_size < 6_000_000


def test_latest_figures_are_those_of_the_rates_and_rankings(built_database):
    """One row for each summary, with the figures that its sentence tells."""
    latest = records(
        built_database,
        "select * from marts.fct_area_summaries "
        "inner join marts.fct_rates as rates using (area_code, measure, basis, period) "
        "where rates.numerator is distinct from fct_area_summaries.numerator "
        "or rates.denominator is distinct from fct_area_summaries.denominator "
        "or rates.rate_display is distinct from fct_area_summaries.rate_display",
    )
    assert not latest
    (kirklees,) = records(
        built_database, "select * from marts.fct_area_summaries where area_code = 'E08000034' and measure = 'infant'"
    )
    assert f"{kirklees['numerator']} " in kirklees["summary"] and kirklees["rate_display"] in kirklees["summary"]
    assert kirklees["rank_lower_95"] <= kirklees["rank_highest_first"] <= kirklees["rank_upper_95"]
    assert kirklees["benchmark_rate_per_1000"] > 0 and kirklees["recent_trend"] == "cannot_be_calculated"


def test_coverage_counts_areas(built_database):
    rows = records(built_database, "select * from marts.fct_coverage")
    assert all(row["areas_with_rate"] + row["areas_withheld"] <= row["areas_in_level"] for row in rows)
    assert any(row["areas_withheld"] for row in rows)
    assert all(row["areas_ranked"] in (0, row["areas_with_rate"]) for row in rows)


def test_headings_stay_filter_and_say_what_their_column_is(whole, built_database):
    comments = dict(
        built_database.execute(
            "select column_name, replace(comment, '`', '') from duckdb_columns() "
            "where schema_name = 'marts' and table_name = 'fct_rates'"
        ).fetchall()
    )
    with zipfile.ZipFile(whole / WORKBOOK_FILE) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet")]
        notes = "".join(archive.read(name).decode() for name in names if "comments" in name)
        assert not any("vbaProject" in name or "externalLink" in name for name in names)
    assert sum("<autoFilter" in text and 'state="frozen"' in text for text in sheets) == len(SHEETS) + 1
    assert comments["rate_per_1000"] in notes
    assert "In the database: rate_per_1000. " in notes
    described = cells_of(whole / WORKBOOK_FILE, "Columns")[1:]
    shown = {column: (heading, note) for sheet, heading, column, note in described if sheet == "Rates over time"}
    assert shown.pop("mark") == ("Mark", MARK_NOTE)
    assert shown == {
        column: (HEADINGS[column], comments[column])
        for column in BY_TITLE["Rates over time"].columns
        if column != "mark"
    }
    assert [line for line in described if not all(line)] == []


def test_read_me_names_build_sources_and_licence(whole):
    manifest = json.loads((whole / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
    words = "\n".join(str(cell) for row in cells_of(whole / WORKBOOK_FILE, "Read me") for cell in row)
    assert "Office for National Statistics licensed under the Open Government Licence v.3.0" in words
    assert "NHS Digital" in words and "Index of Multiple Deprivation 2015" in words
    assert manifest["build_id"] in words and manifest["built_at"] in words
    for sheet in SHEETS:
        assert sheet.about in words


def test_manifest_describes_the_workbook_and_keeps_the_rest(whole, published_exports):
    before = json.loads((published_exports / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
    after = json.loads((whole / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
    content = (whole / WORKBOOK_FILE).read_bytes()
    assert after["files"].pop(WORKBOOK_FILE) == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    before["files"].pop(WORKBOOK_FILE, None)
    assert after == before
    assert [path.name for path in whole.parent.iterdir()] == ["exports"]


def test_names_are_text_never_formulas(few):
    make_workbook(few)
    with zipfile.ZipFile(few / WORKBOOK_FILE) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    with_formulas = [text for text in sheets if "<f>" in text or "<f " in text]
    # "Your area" and "Lists", whose formulas only look up; no name is in one.
    assert len(with_formulas) == 2
    assert not [text for text in with_formulas for formula in re.findall("<f>(.*?)</f>", text) if "1+1" in formula]
    for title in ("Rates over time", "Latest figures"):
        names = {row[0] for row in cells_of(few / WORKBOOK_FILE, title)}
        assert {"=1+1", "+44 cells", "-Upon-Tyne", "@import", " =1+1", "bell and end", "O'Brien & <Sons>"} <= names


def test_a_table_too_large_for_a_sheet_is_left_out_and_said(few, monkeypatch, capsys):
    monkeypatch.setattr(writing, "MOST_ROWS", 300)
    assert main(["--exports", str(few)]) == 0
    told = capsys.readouterr().err
    sentence = (
        "The sheet Latest figures is left out: it would have 400 rows, and a sheet of Excel holds 299 below its heading"
    )
    assert sentence in told
    assert "The sheet Your area is left out, because it reads one that is." in told
    sheets = CalamineWorkbook.from_path(str(few / WORKBOOK_FILE)).sheet_names
    assert not {"Latest figures", "Your area", "Lists"} & set(sheets) and "Rankings" in sheets
    assert any(sentence in str(row[1]) for row in cells_of(few / WORKBOOK_FILE, "Read me") if len(row) > 1)


def test_refusals_are_one_sentence(few, tmp_path, capsys, monkeypatch):
    assert main(["--exports", str(tmp_path / "nowhere")]) == 1
    assert "There are no exports at" in capsys.readouterr().err
    monkeypatch.setattr(making, "SHEETS", (SHEETS[0],))
    older = copy_of_exports(few, tmp_path / "exports", 5)
    (older / "fct_area_summaries.parquet").unlink()
    assert main(["--exports", str(older)]) == 1
    assert "was not written by this version of the project" in capsys.readouterr().err


def test_another_build_published_meanwhile_is_noticed(few, tmp_path, monkeypatch):
    """Exports of two builds are never mixed; the older workbook stays as it was."""
    exports = copy_of_exports(few, tmp_path / "exports", 5)
    make_workbook(exports)
    before = (exports / WORKBOOK_FILE).read_bytes()

    def publish_meanwhile(*_):
        manifest = json.loads((exports / placing.MANIFEST_FILE).read_text(encoding="utf-8"))
        (exports / placing.MANIFEST_FILE).write_text(json.dumps({**manifest, "build_id": "another"}), encoding="utf-8")

    monkeypatch.setattr(making, "_write_columns", publish_meanwhile)
    with pytest.raises(PublishingError, match="published while the workbook was being made"):
        make_workbook(exports)
    assert (exports / WORKBOOK_FILE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]
