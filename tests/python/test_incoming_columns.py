"""Tables of any shape, read as columns.csv says: the examples of docs/your_own_data.md, done, and faulty rows."""

import re
from pathlib import Path

import pytest
from dbt_process import Copy
from test_incoming_files import build, read

DOCUMENT = Path(__file__).parents[2] / "docs" / "your_own_data.md"
HEADER = "file,column,means,value\n"
WIDE = "county,county_fips,year,live_births,infant_deaths\nAdams,28001,2024,250,2\n"


def examples() -> dict[str, list[str]]:
    """The blocks of the document by what they are: files, rows of columns.csv, and lines that the build says."""
    blocks: dict[str, list[str]] = {}
    for name, text in re.findall(
        r"^```([\w.]+)\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    ):
        blocks.setdefault(name, []).append(text)
    return blocks


EXAMPLES = examples()
ROWS = "".join(EXAMPLES["columns.csv"]).splitlines()
FILES = [name for name in EXAMPLES if name not in ("columns.csv", "says", "sql")]


@pytest.fixture(scope="module")
def examples_built(copy) -> Copy:
    """A copy of the project that has read all files of the document, with all their rows of columns.csv."""
    folder = copy.folder / "data" / "incoming"
    for name in FILES:
        (folder / name).write_text(EXAMPLES[name][0], encoding="utf-8")
    (folder / "columns.csv").write_text(HEADER + "".join(EXAMPLES["columns.csv"]), encoding="utf-8")
    done = build(copy)
    assert done.returncode == 0, done.stdout
    return copy


def test_the_document_has_an_example_of_each_table():
    assert len(FILES) == len(EXAMPLES["says"]) == 9


@pytest.mark.parametrize("name", FILES)
def test_each_job_takes_at_most_three_rows(name):
    assert 1 <= len([row for row in ROWS if row.startswith(f"{name},")]) <= 3


def test_the_build_says_what_the_document_says(examples_built):
    said = {
        name: f"{name}: rows read {read_}, used {used}, rejected {rejected}" + (f": {problem}" if problem else "")
        for name, _, read_, used, rejected, problem in examples_built.query("select * from marts.input_files")
    }
    assert said.pop("columns.csv") == f"columns.csv: rows read {len(ROWS)}, used {len(ROWS)}, rejected 0"
    assert sorted(said.values()) == sorted(text.strip() for text in EXAMPLES["says"])


def test_the_counts_are_those_of_the_tables(examples_built):
    """Worked out by hand from the examples: what is counted of each area and year, hidden and missing ones as such."""
    counts = examples_built.query(
        "select area_code, data_year, item, count_value, count_status from core.int_counts "
        "where is_supplied and not is_derived order by all"
    )
    assert counts == [
        ("28001", 2024, "infant_deaths", 2, "ok"),
        ("28001", 2024, "live_births", 250, "ok"),
        ("28001", 2024, "neonatal_deaths", 1, "ok"),
        ("28001", 2024, "postneonatal_deaths", 1, "ok"),
        ("28005", 2024, "infant_deaths", None, "missing"),
        ("28005", 2024, "live_births", 120, "ok"),
        ("28005", 2024, "neonatal_deaths", None, "missing"),
        ("28005", 2024, "postneonatal_deaths", None, "missing"),
        ("E06000001", 2024, "live_births", 870, "ok"),
        ("E06000002", 2024, "live_births", 1850, "ok"),
        ("Q0114", 2023, "infant_deaths", 1, "ok"),
        ("Q0114", 2023, "live_births", 510, "ok"),
        ("Q0114", 2024, "infant_deaths", 2, "ok"),
        ("Q0114", 2024, "live_births", 498, "ok"),
        ("Q0115", 2023, "infant_deaths", 0, "ok"),
        ("Q0115", 2023, "live_births", 402, "ok"),
        ("Q0115", 2024, "infant_deaths", 1, "ok"),
        ("Q0115", 2024, "live_births", 377, "ok"),
        ("QDE1", 2018, "live_births", 1010, "ok"),
        ("QDE1", 2019, "live_births", 1020, "ok"),
        ("QDE2", 2018, "live_births", None, "missing"),
        ("QDE2", 2019, "live_births", None, "suppressed"),
        ("QIE01", 2019, "infant_deaths", 2, "ok"),
        ("QIE01", 2019, "live_births", 702, "ok"),
        ("QIE02", 2019, "infant_deaths", None, "missing"),
        ("QW4010", 2019, "infant_deaths", 70, "ok"),
        ("QW4020", 2019, "postneonatal_deaths", 25, "ok"),
        ("S12000005", 2019, "live_births", 412, "ok"),
        ("US01", 2019, "infant_deaths", 449, "ok"),
        ("US01", 2019, "live_births", 58615, "ok"),
        ("US56", 2019, "infant_deaths", None, "suppressed"),
        ("US56", 2019, "live_births", 6565, "ok"),
    ]


@pytest.mark.parametrize("name", [name for name in FILES if name != "wide_years.csv"])
def test_a_refusal_shows_rows_that_read_the_file(name, tmp_path):
    """Without columns.csv: the rows that the refusal shows, put there, are those that read it."""
    (tmp_path / name).write_text(EXAMPLES[name][0], encoding="utf-8")
    refused = read(tmp_path)[name]
    assert refused["layout"] is None and not refused["rows"]
    shown = re.findall(r'"([^"]+)"', refused["columns_lines"])
    assert 1 <= len(shown) <= 3
    (tmp_path / "columns.csv").write_text(HEADER + "\n".join(shown) + "\n", encoding="utf-8")
    files = read(tmp_path)
    assert files[name]["layout"] == "table" and files[name]["rows"]
    assert [row["fault_code"] for row in files["columns.csv"]["rows"]] == [None] * len(shown)


@pytest.mark.parametrize(
    ("row", "fault"),
    {
        "wide.csv,Births,live_births,": ("columns_heading_unknown", "column", "Births"),
        "other.csv,Births,live_births,": ("columns_file_unknown", "file", "other.csv"),
        ",Births,live_births,": ("columns_file_missing", "file", None),
        "wide.csv,county,lifebirths,": ("columns_meaning_unknown", "means", "lifebirths"),
        "wide.csv,,year,": ("columns_constant_ill_formed", "column", None),
        "wide.csv,,count,5": ("columns_constant_ill_formed", "column", None),
        "wide.csv,county,area_name,Adams": ("columns_value_too_many", "value", "Adams"),
        "wide.csv,county,item,live births": ("columns_items_ill_formed", "value", "live births"),
        "wide.csv,,item,births": ("columns_items_ill_formed", "value", "births"),
        "wide.csv,a{year},area_name,": ("columns_year_astray", "column", "a{year}"),
        "wide.csv,county,area_code,": ("columns_meaning_doubled", "means", "area_code"),
    }.items(),
)
def test_a_faulty_row_has_one_sentence_and_stops_nothing(row, fault, tmp_path):
    (tmp_path / "wide.csv").write_text(WIDE, encoding="utf-8")
    (tmp_path / "columns.csv").write_text(
        f"{HEADER}wide.csv,county_fips,area_code,\n{row}\nw*.CSV,,basis,occurrence\n", encoding="utf-8"
    )
    files = read(tmp_path)
    assert len(files["wide.csv"]["rows"]) == 2
    faults = [[line[f"fault_{part}"] for part in ("code", "column", "value")] for line in files["columns.csv"]["rows"]]
    assert faults == [[None] * 3, list(fault), [None] * 3]


def test_of_two_constants_that_differ_the_first_is_used(tmp_path):
    (tmp_path / "wide.csv").write_text(WIDE, encoding="utf-8")
    bases = "wide.csv,,basis,occurrence\n*.csv,,basis,registration\nwide.csv,,basis,occurrence\n"
    (tmp_path / "columns.csv").write_text(f"{HEADER}wide.csv,county_fips,area_code,\n{bases}", encoding="utf-8")
    files = read(tmp_path)
    assert {row["basis_text"] for row in files["wide.csv"]["rows"]} == {"occurrence"}
    faults = [row["fault_code"] for row in files["columns.csv"]["rows"]]
    assert faults == [None, None, "columns_meaning_doubled", None]


def test_a_heading_that_is_there_twice_is_refused_where_it_is_read(tmp_path):
    (tmp_path / "births.csv").write_text("area_code,year,basis,live_births,live_births\nZ1,2014,occurrence,7,8\n")
    (tmp_path / "note.csv").write_text("area_code,year,basis,live_births,note,note\nZ1,2014,occurrence,7,8,9\n")
    files = read(tmp_path)
    assert (files["births.csv"]["has_doubled_columns"], files["births.csv"]["rows"]) == (True, [])
    assert len(files["note.csv"]["rows"]) == 1


def test_eurostat_in_long_form_is_read_with_the_rows_shown(tmp_path):
    header = "DATAFLOW,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    (tmp_path / "long.csv").write_text(f"{header}\nESTAT:DEMO_R_GIND3(1.0),A,QDE1,2019,1010,\n", encoding="utf-8")
    shown = re.findall(r'"([^"]+)"', read(tmp_path)["long.csv"]["columns_lines"])
    assert shown == ["long.csv,,item,live_births", "long.csv,,basis,occurrence"]
    (tmp_path / "columns.csv").write_text(HEADER + "\n".join(shown) + "\n", encoding="utf-8")
    [row] = read(tmp_path)["long.csv"]["rows"]
    assert [row[f"{field}_text"] for field in ("area_code", "period", "count")] == ["QDE1", "2019", "1010"]


def test_what_columns_csv_leaves_out_is_said(tmp_path):
    """Once for all that is missing, with the rows that would say it."""
    (tmp_path / "table.csv").write_text("Place;Number\nAdams;250\n", encoding="utf-8")
    (tmp_path / "columns.csv").write_text(f"{HEADER}table.csv,Number,live_births,\n", encoding="utf-8")
    file = read(tmp_path)["table.csv"]
    assert (file["first_line"], file["line_text"]) == (1, "Place,Number")
    assert file["columns_missing"] == (
        "which area a row is about and the year and whether deaths are counted by registration or occurrence"
    )
    assert file["columns_lines"] == (
        '"table.csv,HEADING,area_code," and "table.csv,,year,2019" and "table.csv,,basis,occurrence"'
    )


def test_a_table_that_says_all_by_known_headings_needs_no_columns_csv(tmp_path):
    (tmp_path / "table.csv").write_text("area_code,year,basis,live_births\nZ1,2014,occurrence,7\n", encoding="utf-8")
    file = read(tmp_path)["table.csv"]
    assert [(row["item_text"], row["count_text"]) for row in file["rows"]] == [("live_births", "7")]
