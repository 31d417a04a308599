"""Records of births, made up: every rule, both cohorts, every kind of file, against a count of their own in Python."""

import csv
import gzip
import os
import random
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from test_claims_inputs import Copy

COLUMNS = ["birth_id", "birth_date", "area_code", "birth_type", "gestation_weeks", "death_date"]
AREAS = ["E08000034", "E06000009", "E09000012", "W06000015"]
RECORDS = 20_000
LATEST = date.today()
REACHED = (
    "models/records int_figures_unioned int_counts_combined int_counts_ordered int_denominator_counts_chosen "
    "int_measure_counts_calculated int_measure_counts_pooled int_rates_calculated int_chosen_limits_calculated "
    "fct_rates rejected_rows"
)
FAULTS = {
    "birth_id": ["", "  "],
    "birth_date": ["", "2014-02-30", "31/03/2014", "1899-12-31", "2999-01-01", "soon"],
    "area_code": ["", "E99999999", "Kirklees"],
    "birth_type": ["", "born", "stillbirth"],
    "gestation_weeks": ["19", "46", "-3", "full term", "39.5", "1e9"],
    "death_date": ["2014-13-01", "unknown", "2999-01-01", "1950-01-01"],
}
SPELLINGS = {"live": ["live", "Live", " LIVE "], "still": ["still", "Still"]}


def made_up_records() -> list[dict[str, str]]:
    """Records as text, about one in ten with a fault or two, some with the id of another."""
    drawn = random.Random(13)
    records = []
    for number in range(RECORDS):
        born = date(2012, 1, 1) + timedelta(days=drawn.randrange(4 * 366))
        is_still = drawn.random() < 0.05
        age = drawn.choice([0, 6, 7, 27, 28, 364, 365, 366, 800])
        area = drawn.choice(AREAS)
        record = {
            "birth_id": f"made up {number}",
            "birth_date": born.isoformat(),
            "area_code": drawn.choice([area, area.lower(), f" {area}"]),
            "birth_type": drawn.choice(SPELLINGS["still" if is_still else "live"]),
            "gestation_weeks": drawn.choice(["", "24", "39", "40.0"]),
            "death_date": "" if is_still or drawn.random() < 0.8 else (born + timedelta(days=age)).isoformat(),
        }
        while drawn.random() < 0.1:
            column = drawn.choice(COLUMNS)
            record[column] = drawn.choice(FAULTS[column])
        if drawn.random() < 0.01:
            record |= {"birth_type": "still", "gestation_weeks": "23"}
        if number and drawn.random() < 0.01:
            record["birth_id"] = drawn.choice(records)["birth_id"]
        records.append(record)
    return records


def day(text: str) -> date | None:
    """The text as a date."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def faults_of(record: dict[str, str]) -> set[str]:
    """The columns at fault, from the rules in words."""
    born, died, kind = day(record["birth_date"]), day(record["death_date"]), record["birth_type"].strip().lower()
    weeks, faults = record["gestation_weeks"].strip(), set()
    if not record["birth_id"].strip():
        faults.add("birth_id")
    if born is None or not date(1900, 1, 1) <= born <= LATEST:
        faults.add("birth_date")
    has_death = bool(record["death_date"].strip())
    if has_death and (died is None or died > LATEST or (born and died < born) or kind == "still"):
        faults.add("death_date")
    if record["area_code"].strip().upper() not in AREAS:
        faults.add("area_code")
    if kind not in ("live", "still"):
        faults.add("birth_type")
    whole = weeks.removesuffix(".0")
    fewest = 24 if kind == "still" else 20
    if weeks and not (whole.isdigit() and fewest <= int(whole) <= 45):
        faults.add("gestation_weeks")
    return faults


def items_of(record: dict[str, str], cohort: str) -> list[tuple[str, int]]:
    """The items that a record counts in, with their years."""
    born, died = day(record["birth_date"]), day(record["death_date"])
    if record["birth_type"].strip().lower() == "still":
        return [("stillbirths", born.year), ("perinatal_deaths", born.year)]
    items = [("live_births", born.year)]
    if died is None:
        return items
    try:
        birthday = born.replace(year=born.year + 1)
    except ValueError:
        birthday = date(born.year + 1, 3, 1)
    if died >= birthday:
        return items
    age = (died - born).days
    names = ["infant_deaths", "neonatal_deaths" if age < 28 else "postneonatal_deaths"]
    names += ["early_neonatal_deaths", "perinatal_deaths"] if age < 7 else []
    return items + [(name, died.year if cohort == "death" else born.year) for name in names]


class Folder:
    """A folder of made-up records in files of every kind, and what should come of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.births = folder / "births"
        (self.births / "more").mkdir(parents=True)
        records = made_up_records()
        step = RECORDS // 4
        # In the order of their names, by which the first record of an id is found.
        self.files = {
            "births/A [1].CSV": records[:step],
            "births/b.csv.gz": records[step : 2 * step],
            "births/c.parquet": records[2 * step : 3 * step],
            "births/more/d.PARQUET": [record for record in records[3 * step :] if not faults_of(record)],
        }
        first, second, third, fourth = self.files
        with (folder / first).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(self.files[first])
        with gzip.open(folder / second, "wt", encoding="utf-8", newline="") as file:
            # Columns in another order, in capitals, with one that nobody asked for.
            file.write(";".join(name.upper() for name in ["hospital", *reversed(COLUMNS)]) + "\n")
            for record in self.files[second]:
                file.write(";".join(['"A; B"', *(record[name] for name in reversed(COLUMNS))]) + "\n")
        pd.DataFrame(self.files[third])[COLUMNS].to_parquet(folder / third)
        typed = pd.DataFrame(self.files[fourth])
        for column in ("birth_date", "death_date"):
            typed[column] = pd.to_datetime(typed[column])
        typed["gestation_weeks"] = pd.to_numeric(typed["gestation_weeks"])
        typed.rename(columns=str.title).to_parquet(folder / fourth)

    def rejected(self) -> dict[tuple[str, int], set[str]]:
        """The columns at fault of every record that is not used, by file and line."""
        seen, found = set(), {}
        for name, records in self.files.items():
            for number, record in enumerate(records, start=1 if name.lower().endswith("parquet") else 2):
                faults, birth_id = faults_of(record), record["birth_id"].strip()
                if birth_id and birth_id in seen:
                    faults = faults | {"birth_id"}
                seen.add(birth_id)
                if faults:
                    found[name, number] = faults
        return found

    def counts(self, cohort: str) -> dict[tuple[str, int, str], int]:
        """The counts above 0 of the records that are used, by area, year and item."""
        rejected, counted = self.rejected(), Counter()
        for name, records in self.files.items():
            for number, record in enumerate(records, start=1 if name.lower().endswith("parquet") else 2):
                if (name, number) not in rejected:
                    area = record["area_code"].strip().upper()
                    counted.update((area, year, item) for item, year in items_of(record, cohort))
        years = {year for (_, year, item) in counted if item in ("live_births", "stillbirths")}
        return {key: count for key, count in counted.items() if key[1] in years}


@pytest.fixture(scope="module")
def copy(tmp_path_factory, built_database_path, loaded_dbt) -> Copy:
    return Copy(tmp_path_factory.mktemp("project"), built_database_path, loaded_dbt)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory) -> Folder:
    return Folder(tmp_path_factory.mktemp("incoming"))


def build(copy: Copy, folder: Path, select: str = "models/records", variables: str = ""):
    """Build models from the records of a folder, which take the place of others; what dbt said.

    The folder is the one that dbt looks into by default: with other variables dbt would read the whole project anew.
    """
    place = copy.folder / "data" / "incoming" / "births"
    if place.exists():
        shutil.rmtree(place)
    if (folder / "births").exists():
        shutil.copytree(folder / "births", place)
    command = ["build", "--resource-type", "model", "--select", *select.split()]
    return copy.dbt(*command, *(["--vars", f"{{{variables}}}"] if variables else []))


@pytest.fixture(scope="module")
def built(copy, made_up) -> Copy:
    """The copy with the records of every kind of file built."""
    done = build(copy, made_up.folder)
    assert done.returncode == 0, done.stdout
    return copy


def counts_above_0(copy: Copy) -> dict[tuple[str, int, str], int]:
    """What the models counted."""
    return {
        tuple(key): count
        for *key, count in copy.query(
            "select area_code, data_year, item, count_value from records.int_record_figures_counted "
            "where count_value > 0"
        )
    }


def test_every_rejected_record_is_listed_with_all_its_columns(built, made_up):
    rows = built.query("select source_file, source_line, problem_column from records.int_rejected_records_listed")
    listed = {(name, line): set(columns.split(", ")) for name, line, columns in rows}
    assert len(listed) == len(rows) > 1000
    assert listed == made_up.rejected()


def test_read_is_used_and_rejected_in_every_file(built, made_up):
    rejected = Counter(name for name, _ in made_up.rejected())
    rows = built.query("select source_file, rows_read, rows_used, rows_rejected from records.int_record_files_counted")
    assert {row[0]: row[1:] for row in rows} == {
        name: (len(records), len(records) - rejected[name], rejected[name]) for name, records in made_up.files.items()
    }


def test_counts_by_either_cohort_are_those_of_an_independent_count(built, made_up):
    assert counts_above_0(built) == made_up.counts("death")
    done = build(built, made_up.folder, "int_record_figures_counted", "records_cohort: birth")
    assert done.returncode == 0, done.stdout
    by_birth = counts_above_0(built)
    assert by_birth == made_up.counts("birth") != made_up.counts("death")


def test_an_item_without_records_is_0_where_the_area_has_births(built):
    missing = built.query(
        """
        select count(*)
        from records.int_record_figures_counted as births
        cross join (select distinct item from seeds.record_outcome_items) as items
        left join records.int_record_figures_counted as counts
            on births.area_code = counts.area_code and births.data_year = counts.data_year and items.item = counts.item
        where births.item = 'live_births' and counts.count_value is null
        """
    )
    assert missing == [(0,)]


def write_records(path: Path, *rows: str, header: str = ",".join(COLUMNS)) -> None:
    """Write a CSV file of records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder of two small files of records."""
    (tmp_path / "births").mkdir()
    for name, year in (("a", 2014), ("b", 2015)):
        columns = {
            "birth_id": [f"{name}{number}" for number in range(100)],
            "birth_date": [date(year, 5, 1)] * 100,
            "area_code": ["E08000034"] * 100,
            "birth_type": ["live"] * 99 + ["neither"],
            "gestation_weeks": [40] * 100,
            "death_date": [date(year, 5, 2)] + [None] * 99,
        }
        pd.DataFrame(columns).to_parquet(tmp_path / "births" / f"{name}.parquet")
    return tmp_path


def live_births(copy: Copy) -> dict[int, int]:
    """Live births by year."""
    return dict(
        copy.query(
            "select data_year, sum(count_value) from records.int_record_figures_counted "
            "where item = 'live_births' group by all"
        )
    )


def test_only_new_and_changed_files_are_read(copy, folder):
    """The areas of an unread file are spoilt behind its back: once it is taken for a changed one, the build fails.

    The ids of all files are read, for ids that stand twice.
    """
    assert build(copy, folder).returncode == 0
    assert live_births(copy) == {2014: 99, 2015: 99}
    kept = folder / "births" / "a.parquet"
    times, content = kept.stat(), bytearray(kept.read_bytes())
    column = pq.ParquetFile(kept).metadata.row_group(0).column(2)
    first = column.dictionary_page_offset or column.data_page_offset
    content[first : first + column.total_compressed_size] = bytes(column.total_compressed_size)
    kept.write_bytes(content)
    os.utime(kept, ns=(times.st_atime_ns, times.st_mtime_ns))
    write_records(folder / "births" / "c.csv", "c1,2015-01-01,E08000034,live,40,", "c2,2015-01-01,E08000034,live,4,")
    done = build(copy, folder)
    assert done.returncode == 0, done.stdout
    assert live_births(copy) == {2014: 99, 2015: 100}
    rejected = copy.query("select source_file from records.int_rejected_records_listed order by all")
    assert rejected == [("births/a.parquet",), ("births/b.parquet",), ("births/c.csv",)]
    os.utime(kept)
    assert build(copy, folder).returncode != 0


def test_a_corrected_file_replaces_its_counts_and_one_that_is_gone_takes_them_along(copy, folder):
    assert build(copy, folder).returncode == 0
    write_records(folder / "births" / "n.csv", "n1,2016-01-01,E08000034,live,40,", "n2,2016-01-01,E08000034,live,4,")
    assert build(copy, folder).returncode == 0
    assert live_births(copy) == {2014: 99, 2015: 99, 2016: 1}
    write_records(folder / "births" / "n.csv", "n1,2017-01-01,E08000034,live,40,")
    (folder / "births" / "b.parquet").unlink()
    assert build(copy, folder).returncode == 0
    assert live_births(copy) == {2014: 99, 2017: 1}
    rows = copy.query("select source_file, rows_read, rows_rejected from records.int_record_files_counted order by all")
    assert rows == [("births/a.parquet", 100, 1), ("births/n.csv", 1, 0)]


def test_an_id_in_two_files_is_used_once(copy, folder):
    shutil.copy(folder / "births" / "b.parquet", folder / "births" / "c.parquet")
    assert build(copy, folder).returncode == 0
    assert live_births(copy) == {2014: 99, 2015: 99}
    repeated = copy.query(
        "select problem from records.int_rejected_records_listed "
        "where source_file = 'births/c.parquet' and source_line = 1"
    )
    assert repeated == [("the birth_id stands in an earlier record, 1 of births/b.parquet",)]


def test_lines_that_cannot_be_read_stand_among_the_rejected_and_move_no_other_line(copy, tmp_path):
    write_records(
        tmp_path / "births" / "a.csv",
        *("1,2014-01-01,E08000034,live,40,", "2,2014-01-01,E08000034,live", "3,2014-01-01,E08000034,live,4,"),
        *(
            "4,2014-01-01,E08000034,live,40,,9,9",
            '5,2014-01-01,E08000034,"li"ve,40,',
            "6,2014-01-01,E08000034,live,99,",
        ),
    )
    assert build(copy, tmp_path).returncode == 0
    rows = copy.query(
        "select source_line, problem_column, problem from records.int_rejected_records_listed order by all"
    )
    weeks = "a whole number of weeks from 20 to 45, or nothing, was expected"
    assert rows == [
        (3, "whole line", "fewer fields stand there than in the first line"),
        (4, "gestation_weeks", weeks),
        (5, "whole line", "more fields stand there than in the first line"),
        (6, "whole line", "a quotation mark is not closed or stands inside a field"),
        (7, "gestation_weeks", weeks),
    ]
    assert copy.query("select rows_read, rows_used from records.int_record_files_counted") == [(6, 1)]


def test_beyond_the_cap_the_true_number_is_told(copy, tmp_path):
    write_records(tmp_path / "births" / "a.csv", *(f"{n},2014-01-01,E08000034,live,4," for n in range(1050)))
    assert build(copy, tmp_path).returncode == 0
    rows = copy.query(
        "select source_line, problem_value, input_rows from records.int_rejected_records_listed order by all"
    )
    assert rows == [(0, "50", 50), *((line, "4", 1) for line in range(2, 1002))]


def test_a_missing_column_is_one_sentence(copy, tmp_path):
    write_records(tmp_path / "births" / "a.csv", header="birth_id,born,area_code,birth_type,gestation_weeks,death_date")
    pd.DataFrame({"birth_id": [1], "area_code": ["x"]}).to_parquet(tmp_path / "births" / "b.parquet")
    (tmp_path / "births" / "c.csv").write_bytes(b"")
    done = build(copy, tmp_path)
    assert done.returncode != 0
    expected = f"expected were {', '.join(COLUMNS)}, in any order."
    found = "birth_id, born, area_code, birth_type, gestation_weeks, death_date"
    assert f"births/a.csv: birth_date is missing; found were {found}, {expected}" in done.stdout
    missing = "birth_date, birth_type, gestation_weeks, death_date are missing; found were birth_id, area_code"
    assert f"births/b.parquet: {missing}, {expected}" in done.stdout
    assert "births/c.csv: the file is empty, or its first line is no UTF-8 text." in done.stdout


def test_counts_of_records_reach_the_rates_and_their_faults_the_rejected_rows(copy, tmp_path):
    """Of a year that no publication has; the deaths of the year after are not among them."""
    rows = [f"{number},2024-03-01,e08000034,live,40," for number in range(997)]
    rows += ["d1,2024-03-01,E08000034,live,40,2024-03-07", "d2,2024-03-01,E08000034,live,40,2024-03-08"]
    rows += [
        "d3,2024-03-01,E08000034,live,40,2024-12-30",
        "s,2024-03-01,E08000034,still,40,",
        "x,2024-03-01,?,live,40,",
    ]
    write_records(tmp_path / "births" / "a.csv", *rows)
    done = build(copy, tmp_path, REACHED)
    assert done.returncode == 0, done.stdout
    rates = copy.query(
        "select measure, numerator, denominator, numerator_publication from marts.fct_rates "
        "where area_code = 'E08000034' and period = '2024' and basis = 'occurrence' and status = 'ok' order by measure"
    )
    assert [row[:3] for row in rates if row[0] in ("infant", "neonatal", "perinatal", "stillbirth")] == [
        ("infant", 3, 1000),
        ("neonatal", 2, 1000),
        ("perinatal", 2, 1001),
        ("stillbirth", 1, 1001),
    ]
    assert {row[3] for row in rates} == {"supplied/births"}
    assert copy.query(
        "select file, line, \"column\", value, input_rows from marts.rejected_rows where file like 'births%'"
    ) == [("births/a.csv", 1003, "area_code", "?", 1)]


def test_without_records_there_is_nothing_of_them(copy, tmp_path):
    assert build(copy, tmp_path).returncode == 0
    for table in ("record_files_counted", "record_figures_counted", "rejected_records_listed"):
        assert copy.query(f"select count(*) from records.int_{table}") == [(0,)]
