"""Whatever files lie in the folder, the build publishes: a property over a whole build with its tests on data."""

import json
import shutil
from pathlib import Path

from dbt_process import Copy
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from ingest_workbooks import BIRTHS, CHILD_MORTALITY, DEATHS, write_small_world
from test_incoming_columns import EXAMPLES, FILES, HEADER
from test_incoming_files import FAULTS, HEADERS, TITLE, WRITERS, files_with_faults

# Areas and years of which counts were published, and others.
AREAS = ("E08000034", "E92000001", "E12000003", "N09000003", "K04000001", "ZA", "ZB", "ZC", "ZTOP", "28001", "?")
ITEMS = (
    *("live_births", "stillbirths", "early_neonatal_deaths", "neonatal_deaths", "postneonatal_deaths", "infant_deaths"),
    *("perinatal_deaths", "stillbirth_and_neonatal_deaths", "live_births_and_stillbirths", "something else"),
)
COUNTS = ("0", "1", "3", "66", "33", "100", "4500", "700000", "*", "[x]", "<5", "")
MEANINGS = [
    "area_code",
    "area_name",
    "year",
    "basis",
    "item",
    "count",
    "ignore",
    "sum",
    "infant_deaths",
    "live_births",
    "x",
]
HEADINGS = ("county", "{year}", "births_{year}", "Deaths", "VALUE", "Sex", "IM_Frmat", "", "none")
DATES = ("2014-03-31", "31/03/2014", "03/31/2014", "03/04/2014", "31032014", "31-Mar-2014", "2015-01-01", "", "x")


@st.composite
def own_rows(draw) -> str:
    """Counts in the project's own layout, of published areas and years and of others."""
    row = st.tuples(
        st.sampled_from(AREAS), st.integers(2008, 2025), st.sampled_from(["registration", "occurrence", "x"]),
        st.sampled_from(ITEMS), st.sampled_from(COUNTS),
    )  # fmt: skip
    rows = draw(st.lists(row, min_size=1, max_size=40))
    return "\n".join(
        [HEADERS["own"], *(f"{area},{area},{year},{basis},{item},{count}" for area, year, basis, item, count in rows)]
    )


@st.composite
def areas_of_levels(draw) -> str:
    """Areas of one, two or three to a level, below a whole that may be known, missing or their own."""
    parent = st.sampled_from(["ZTOP", "E92000001", "ZA", "nowhere", ""])
    rows = [
        f"{area},{area},{draw(st.sampled_from(['town', 'region', '']))},{draw(parent)}" for area in ("ZA", "ZB", "ZC")
    ]
    return "\n".join([HEADERS["areas"], "ZTOP,Whole,country,", *rows[: draw(st.integers(1, 3))]])


@st.composite
def tables_with_faults(draw) -> tuple[str, str]:
    """A table of another publisher with faults in any fields, headings among them."""
    name = draw(st.sampled_from(FILES))
    lines = EXAMPLES[name][0].splitlines()
    delimiter = "\t" if name.endswith((".txt", ".tsv")) else ","
    for _ in range(draw(st.integers(0, 3))):
        line = draw(st.integers(0, len(lines) - 1))
        fields = lines[line].split(delimiter)
        fields[draw(st.integers(0, len(fields) - 1))] = draw(st.sampled_from(FAULTS))
        lines[line] = delimiter.join(fields)
    return name, "\n".join(lines)


@st.composite
def rows_of_columns(draw) -> str:
    """Rows of columns.csv: those of the examples, some of them left out, and any others."""
    rows = [row for row in "".join(EXAMPLES["columns.csv"]).splitlines() if draw(st.booleans())]
    any_row = st.tuples(
        st.sampled_from([*FILES, "*", "*.csv", "nothing.csv", ""]), st.sampled_from(HEADINGS),
        st.sampled_from(MEANINGS), st.sampled_from(["", "occurrence", "2019", "infant_deaths=AAA", "live_births"]),
    )  # fmt: skip
    others = [",".join(row) for row in draw(st.lists(any_row, max_size=8))]
    return HEADER + "\n".join(draw(st.permutations(rows + others)))


@st.composite
def records(draw) -> str:
    """Births one by one, with dates in any form."""
    row = st.tuples(
        st.integers(1, 999), st.sampled_from(DATES), st.sampled_from(AREAS), st.sampled_from(["live", "still", "x"]),
        st.sampled_from(["39", "19", ""]), st.sampled_from(DATES),
    )  # fmt: skip
    rows = [",".join(map(str, fields)) for fields in draw(st.lists(row, min_size=1, max_size=20))]
    return "\n".join(["birth_id,birth_date,area_code,birth_type,gestation_weeks,death_date", *rows])


def write_workbooks(data, folder: Path, prefix: str) -> None:
    """Write workbooks of ONS with faults in any of their cells, and workbooks of the project's own layout."""
    cells = st.dictionaries(
        st.builds("{}{}".format, st.sampled_from("ABCDEFGHIJ"), st.integers(8, 20)),
        st.sampled_from([*FAULTS, "[x]", 7, 1.5, 100_000, "K04000001", "England"]),
        max_size=4,
    )
    changes = {name: data.draw(cells) for name in (BIRTHS, DEATHS, CHILD_MORTALITY)}
    year = data.draw(st.integers(2009, 2030))
    titles = {
        CHILD_MORTALITY: TITLE,
        BIRTHS: "Live births: administrative area, {}",
        DEATHS: "Administrative areas, {}",
    }
    made = folder / "made"
    write_small_world(made, {name: {"A1": titles[name].format(year)} | cells for name, cells in changes.items()})
    for path in made.glob("*.xls*"):
        path.rename(folder / f"{prefix} {path.name}")
    shutil.rmtree(made)
    for ending, write in WRITERS.items():
        rows = [line.split(",") for line in data.draw(own_rows()).split("\n")]
        write(folder / f"{prefix} own{ending}", rows)


# An example builds: one that fails is told as it is, not made smaller by hundreds of builds.
@settings(
    max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_whatever_lies_in_the_folder_the_build_publishes(built_database_path, loaded_dbt, tmp_path_factory, data):
    """Files of every kind, with faults of every kind, together: everything is built, tested and published."""
    written = {f"own {number}.csv": data.draw(own_rows()) for number in range(16)}
    assume(len(set(written.values())) > 1)  # What is drawn first is the simplest of everything.
    folder = tmp_path_factory.mktemp("any")
    for prefix in ("one", "another"):
        write_workbooks(data, folder, prefix)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for number in range(40):
        (folder / f"layout {number}.csv").write_bytes(data.draw(files_with_faults()))
    for _ in range(24):
        name, text = data.draw(tables_with_faults())
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "columns.csv").write_text(data.draw(rows_of_columns()), encoding="utf-8")
    (folder / "areas.csv").write_text(data.draw(areas_of_levels()), encoding="utf-8")
    (folder / "births").mkdir()
    for number in range(8):
        (folder / "births" / f"{number}.csv").write_text(data.draw(records()), encoding="utf-8")
    copy = Copy(tmp_path_factory.mktemp("any_project"), built_database_path, loaded_dbt)
    done = copy.dbt("build", "--vars", json.dumps({"incoming_folder": str(folder)}))
    assert done.returncode == 0, done.stdout
    assert (copy.folder / "infant_mortality.duckdb").exists()
    files = copy.query('select "file", rows_rejected from marts.input_files')
    assert len(files) == len([path for path in folder.rglob("*") if path.is_file()])
    listed = dict(copy.query('select "file", sum(input_rows) from marts.rejected_rows group by "file"'))
    for name, rejected in files:
        assert rejected == listed.get(name, 0), name
