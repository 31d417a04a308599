"""Records of births, made up: every rule, both cohorts, every kind of file, against a count of their own in Python."""

import csv
import gzip
import os
import random
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from dbt_process import Copy
from house_rules import broken_keys, built_manifest, declared_key, layer, nodes

COLUMNS = ["birth_id", "birth_date", "area_code", "birth_type", "gestation_weeks", "death_date"]
AREAS = ["E08000034", "E06000009", "E09000012", "W06000015"]
PLACE = ("E08000034", "live", "40")
RECORDS = 20_000
LATEST = date.today()
REACHED = (
    "models/records int_figures int_counts int_denominators int_measure_counts "
    "int_period_counts int_rates fct_rates rejected_rows input_files"
)
FAULTS = {
    "birth_id": ["", "  "],
    "birth_date": ["", "2014-02-30", "31/03/2014", "1899-12-31", "2999-01-01", "soon"],
    "area_code": ["", "E99999999", "Kirklees"],
    "birth_type": ["", "born", "stillbirth"],
    "gestation_weeks": ["19", "46", "-3", "full term", "39.5", "1e9"],
    "death_date": ["2014-13-01", "unknown", "2999-01-01", "1950-01-01"],
}
DAMAGED = "the file is damaged, or it is not {}: it could not be read to its end"
TEXT = "text with commas, semicolons, tabs or bars, packed with gzip or not"
QUOTATION_MARK = "a quotation mark is not closed or is inside a field"
NO_DATE = "birth_id,born,area_code,birth_type,gestation_weeks,death_date"
OTHER_ENDING = "this ending is not read among records of births; .csv, .csv.gz, .parquet are"
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
def made_up(tmp_path_factory) -> Folder:
    return Folder(tmp_path_factory.mktemp("incoming"))


def copied(source: str, target: str) -> None:
    """Copy a file with its times; a pipe is made anew."""
    if Path(source).is_fifo():
        os.mkfifo(target)
    else:
        shutil.copy2(source, target)


def build(copy: Copy, folder: Path, select: str = "models/records", variables: str = ""):
    """Build models from the records of a folder, which take the place of others; what dbt said.

    The folder is the one that dbt looks into by default: with other variables dbt reads the whole project anew, so the
    tests that need them come last.
    """
    place, records = copy.folder / "data" / "incoming" / "births", folder / "births"
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    if records.is_dir():
        shutil.copytree(records, place, symlinks=True, copy_function=copied)
    elif records.exists():
        shutil.copy(records, place)
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
            "select area_code, data_year, item, count_value from records.int_record_figures where count_value > 0"
        )
    }


def test_the_steps_hold_their_keys(built):
    steps = [step for step in nodes(built_manifest(), "model") if layer(step) == "records" and declared_key(step)]
    steps = [step for step in steps if step["config"]["materialized"] in ("table", "incremental")]
    assert {"int_record_lines", "int_records_rejected", "int_record_ids_repeated"} < {step["name"] for step in steps}
    with duckdb.connect(str(built.database), read_only=True) as connection:
        assert [sentence for step in steps for sentence in broken_keys(connection, step)] == []


def test_every_rejected_record_is_listed_with_all_its_columns(built, made_up):
    rows = built.query("select source_file, source_line, problem_column from records.int_rejected_records")
    listed = {(name, line): set(columns.split(", ")) for name, line, columns in rows}
    assert len(listed) == len(rows) > 1000
    assert listed == made_up.rejected()


def test_read_is_used_and_rejected_in_every_file(built, made_up):
    rejected = Counter(name for name, _ in made_up.rejected())
    rows = built.query("select source_file, rows_read, rows_used, rows_rejected from records.int_record_files_counted")
    assert {row[0]: row[1:] for row in rows} == {
        name: (len(records), len(records) - rejected[name], rejected[name]) for name, records in made_up.files.items()
    }


def test_counts_by_year_of_death_are_those_of_an_independent_count(built, made_up):
    assert counts_above_0(built) == made_up.counts("death")


def test_an_item_without_records_is_0_where_the_area_has_births(built):
    missing = built.query(
        """
        select count(*)
        from records.int_record_figures as births
        cross join (select distinct item from seeds.record_outcome_items) as items
        left join records.int_record_figures as counts
            on births.area_code = counts.area_code and births.data_year = counts.data_year and items.item = counts.item
        where births.item = 'live_births' and counts.count_value is null
        """
    )
    assert missing == [(0,)]


def write_records(path: Path, *rows: str, header: str = ",".join(COLUMNS)) -> None:
    """Write a CSV file of records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def write_two_files(births: Path) -> None:
    """Write two files of records, of 2014 and 2015; the last record of each is at fault."""
    births.mkdir(parents=True)
    for name, year in (("a", 2014), ("b", 2015)):
        columns = {
            "birth_id": [f"{name}{number}" for number in range(100)],
            "birth_date": [date(year, 5, 1)] * 100,
            "area_code": ["E08000034"] * 100,
            "birth_type": ["live"] * 99 + ["neither"],
            "gestation_weeks": [40] * 100,
            "death_date": [date(year, 5, 2)] + [None] * 99,
        }
        pd.DataFrame(columns).to_parquet(births / f"{name}.parquet")


def write_what_cannot_be_read(births: Path) -> None:
    """Every kind of thing that may lie there, beside two good files."""
    write_records(births / "either.csv", *(birth(day, day) for day in ("05/05/2007", "03/04/2007")))
    write_records(births / "no date.csv", header=NO_DATE)
    write_records(births / "twice.csv", header=",".join([*COLUMNS, "Birth ID"]))
    pd.DataFrame({"birth_id": [1], "area_code": ["x"]}).to_parquet(births / "no columns.parquet")
    duckdb.sql(
        f"""
        copy (
            select 'a' as birth_id, timestamptz '2014-03-31 22:30:00+00' as birth_date, 'E08000034' as area_code,
                'live' as birth_type, 40 as gestation_weeks, cast(null as date) as death_date
        ) to '{births / "moments.parquet"}'
        """
    )
    (births / "empty.csv").write_bytes(b"")
    (births / "blank.csv").write_bytes(b"\n\n")
    lines = [",".join(COLUMNS), birth("r1", "2014-01-01"), ""]
    (births / "carriage returns.csv").write_bytes("\r".join(lines).encode())
    (births / "other.xlsx").write_bytes(b"PK")
    (births / "utf-16.csv").write_text(",".join(COLUMNS), encoding="utf-16")
    lines = [",".join(COLUMNS), *(birth(f"g{number}", "2014-01-01") for number in range(999))]
    whole = gzip.compress("\n".join(lines).encode())
    (births / "cut off.csv.gz").write_bytes(whole[:-99])
    (births / "spoilt.csv.gz").write_bytes(whole[:-8] + bytes(8))
    (births / "cut off.parquet").write_bytes((births.parent / "a.parquet").read_bytes()[:-99])
    (births / "text.parquet").write_text("birth_id\n1\n")
    (births / "nowhere.csv").symlink_to("gone.csv")
    (births / "round.csv").symlink_to("round.csv")
    (births / "a link").symlink_to(".", target_is_directory=True)
    (births / "nothing in it").mkdir()
    os.mkfifo(births / "pipe.csv")
    Path(os.fsdecode(bytes(births) + b"/\xff.csv")).write_text("x")
    (births / "two\nlines\x1b[31m.doc").write_text("x")
    write_records(
        births / "unclosed.csv", birth('"u1', "2014-01-01"), *(birth(f"u{n}", "2014-01-01") for n in range(9))
    )
    write_records(births / "unclosed at the end.csv", birth('"v1', "2014-01-01"))


def write_words_for_nothing(births: Path) -> None:
    rows = [[birth_id, "2012-01-01", "E08000034", "live", "na", " "] for birth_id in ("x", "NULL")]
    pd.DataFrame(rows, columns=COLUMNS).to_parquet(births / "b.parquet")


def write_dates_beyond_all_calendars(births: Path) -> None:
    """Typed dates of Parquet may be infinite, or of years that no small number holds."""
    duckdb.sql(
        f"""
        copy (
            select 1000 + id as birth_id, born as birth_date, 'E08000034' as area_code, 'live' as birth_type,
                40 as gestation_weeks, died as death_date
            from (
                values (1, date '2011-01-01', null), (2, date '99999-01-01', null),
                    (3, date 'infinity', date 'infinity'),
                    (4, date '2011-01-01', date 'infinity'), (5, date '-infinity', date '99999-01-01')
            ) as dates (id, born, died)
        ) to '{births / "a.parquet"}'
        """
    )


def write_dates_as_text(births: Path) -> None:
    texts = ["f14", "31/03/2007", *PLACE, "03/04/2007"]
    pd.DataFrame([texts], columns=COLUMNS).to_parquet(births / "texts.parquet")


def birth(birth_id: str, born: str, died: str = "", weeks: str = "40", kind: str = "live", area: str = PLACE[0]) -> str:
    """A line of a CSV file of records."""
    return ",".join([birth_id, born, area, kind, weeks, died])


# The CSV files of each case, in its folder.
FILES_OF_CASES = {
    "lines": {
        "a.csv": [
            birth("1", "2013-01-01"),
            "2,2013-01-01,E08000034,live",
            birth("3", "2013-01-01", weeks="4"),
            birth("4", "2013-01-01") + ",9,9",
            birth("5", "2013-01-01", kind='"li"ve'),
            birth("6", "2013-01-01", weeks="99"),
        ]
    },
    "many": {"a.csv": [birth(f"m{number}", "2014-01-01", weeks="4") for number in range(1050)]},
    "nothing": {
        "a.csv": [
            birth("n1", "2012-01-01", weeks="NA", died="null"),
            birth("n2", "2012-01-01", weeks=" "),
            birth("n3", "2012-01-01", died="n/a"),
            birth("NA", "2012-01-01"),
        ]
    },
    # Each file has one form; that of the second column is seen in the first where its own dates do not show it.
    "forms": {
        "days.csv": [birth("f1", "31/03/2007"), birth("f2", "01/04/2007", "03/04/2007")],
        "months.csv": [birth("f3", "03/31/2007"), birth("f4", "04/01/2007", "04/03/2007")],
        "digits.csv": [birth("f5", "31032007"), birth("f6", "01042007", "30042007")],
        "names.csv": [birth("f7", "31-Mar-2007"), birth("f8", "1-APR-2007", "3-apr-2007")],
        "same.csv": [birth("f9", "05/05/2007")],
        "year_first.csv": [birth("f20", "20070331"), birth("f21", "20070401", "20070403")],
        "points.csv": [birth("f22", "31.03.2007"), birth("f23", "1.4.2007", "3.4.2007")],
        "hyphens.csv": [birth("f24", "31-03-2007"), birth("f25", "01-04-2007", "03-04-2007")],
        "hyphens_of_months.csv": [birth("f26", "03-31-2007"), birth("f27", "04-01-2007", "04-03-2007")],
        "slashes.csv": [birth("f28", "2007/03/31"), birth("f29", "2007/04/01", "2007/04/03")],
        "two.csv": [birth("f10", "2007-04-01"), birth("f11", "31/03/2007")],
    },
    # A year that no publication has; the deaths of the year after are not among those of 2024.
    "a new year": {
        "a.csv": [
            *(birth(f"y{number}", "2024-03-01", area="e08000034") for number in range(997)),
            *(birth(f"yd{day}", "2024-03-01", f"2024-{day}") for day in ("03-07", "03-08", "12-30")),
            birth("ys", "2024-03-01", kind="still"),
            birth("yx", "2024-03-01", area="?"),
        ]
    },
    "corrected": {
        "n.csv": [birth("k1", "2016-01-01"), birth("k2", "2016-01-01", weeks="4")],
        "gone.csv": [birth("l1", "2010-01-01")],
    },
}
# What of the cases is no such file.
WRITERS_OF_CASES = {
    "copied": lambda births: shutil.copy(births.parent / "b.parquet", births / "c.parquet"),
    "nothing": write_words_for_nothing,
    "dates": write_dates_beyond_all_calendars,
    "forms": write_dates_as_text,
    "unread": write_what_cannot_be_read,
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> Path:
    """A folder of two small files of records, and beside them a folder for each case, none of which tells of another.

    No two have an id in common that is not meant, nor, where counts are looked at, a year.
    """
    folder = tmp_path_factory.mktemp("cases")
    write_two_files(folder / "births")
    for case, files in FILES_OF_CASES.items():
        for name, lines in files.items():
            write_records(folder / "births" / case / name, *lines)
    for case, write in WRITERS_OF_CASES.items():
        (folder / "births" / case).mkdir(exist_ok=True)
        write(folder / "births" / case)
    return folder


@pytest.fixture(scope="module")
def cases_built(copy, cases) -> Copy:
    """The copy with the records of all cases built, as far as rates and rejected rows."""
    done = build(copy, cases, REACHED)
    assert done.returncode == 0, done.stdout
    return copy


def problems(copy: Copy) -> dict[str, str]:
    """What is said of each thing that cannot be read."""
    return dict(
        copy.query(
            "select source_file, reading_problem from records.int_record_files_counted "
            "where reading_problem is not null"
        )
    )


def live_births(copy: Copy) -> dict[int, int]:
    """Live births by year."""
    return dict(
        copy.query(
            "select data_year, sum(count_value) from records.int_record_figures where item = 'live_births' group by all"
        )
    )


def rejected_of(copy: Copy, case: str, columns: str) -> list[tuple]:
    """Columns of the rejected records that are listed of a case."""
    return copy.query(
        f"select {columns} from records.int_rejected_records where source_file like 'births/{case}/%' order by all"
    )


def files_counted(copy: Copy, case: str) -> list[tuple]:
    """Names of the files of a case, in its folder, with the rows read and used."""
    start = len(f"births/{case}/") + 1
    return copy.query(
        f"select source_file[{start}:], rows_read, rows_used from records.int_record_files_counted "
        f"where source_file like 'births/{case}/%' order by all"
    )


def test_only_good_records_are_counted(cases_built):
    """By year: those of 2014 and 2015 in two files, others in folders of cases."""
    others = {2007: 21, 2010: 1, 2011: 1, 2012: 3, 2013: 1, 2016: 1, 2024: 1000}
    assert live_births(cases_built) == {2014: 99, 2015: 99, **others}


def test_an_id_in_two_files_is_used_once(cases_built):
    repeated = "the birth_id stands in an earlier record, 1 of births/b.parquet"
    assert rejected_of(cases_built, "copied", "source_line, problem")[0] == (1, repeated)
    assert files_counted(cases_built, "copied") == [("c.parquet", 100, 0)]


def test_lines_that_cannot_be_read_stand_among_the_rejected_and_move_no_other_line(cases_built):
    weeks = "a whole number of weeks from 20 to 45, or nothing, was expected"
    assert rejected_of(cases_built, "lines", "source_line, problem_column, problem") == [
        (3, "whole line", "fewer fields stand there than in the first line"),
        (4, "gestation_weeks", weeks),
        (5, "whole line", "more fields stand there than in the first line"),
        (6, "whole line", QUOTATION_MARK),
        (7, "gestation_weeks", weeks),
    ]
    assert files_counted(cases_built, "lines") == [("a.csv", 6, 1)]


def test_beyond_the_cap_the_true_number_is_told(cases_built):
    rows = rejected_of(cases_built, "many", "source_line, problem_value, input_rows")
    assert rows == [(0, "50", 50), *((line, "4", 1) for line in range(2, 1002))]


def test_na_null_and_blank_are_empty(cases_built):
    assert files_counted(cases_built, "nothing") == [("a.csv", 4, 2), ("b.parquet", 2, 1)]
    assert rejected_of(cases_built, "nothing", "source_file, source_line, problem_column, problem_value") == [
        ("births/nothing/a.csv", 4, "death_date", "n/a"),
        ("births/nothing/a.csv", 5, "birth_id", None),
        ("births/nothing/b.parquet", 2, "birth_id", None),
    ]


def test_dates_beyond_all_calendars_are_rejected_records(cases_built):
    assert files_counted(cases_built, "dates") == [("a.parquet", 5, 1)]


def test_a_file_has_one_form_of_dates_which_all_its_rows_show(cases_built):
    records = cases_built.query(
        "select birth_id_text, birth_date_text, death_date_text from records.int_record_lines "
        "where source_file like 'births/forms/%' order by cast(birth_id_text[2:] as integer)"
    )
    first, second, third = "2007-03-31", "2007-04-01", "2007-04-03"
    assert records == [
        *[("f1", first, None), ("f2", second, third), ("f3", first, None), ("f4", second, third)],
        *[("f5", first, None), ("f6", second, "2007-04-30"), ("f7", first, None), ("f8", second, third)],
        *[("f9", "2007-05-05", None), ("f10", second, None), ("f11", "31/03/2007", None)],
        *[(f"f{number}", *((second, third) if number % 2 else (first, None))) for number in range(20, 30)],
    ]
    assert files_counted(cases_built, "forms")[-3:-1] == [("texts.parquet", 1, 1), ("two.csv", 2, 1)]
    assert rejected_of(cases_built, "forms", "source_file, problem_value") == [("births/forms/two.csv", "31/03/2007")]


def test_what_cannot_be_read_is_named_in_words_and_stops_nothing(cases_built):
    expected = f"expected were {', '.join(COLUMNS)}, in any order"
    told = problems(cases_built)
    assert told == {
        "births/unread/a link": "a link to a folder, which is not followed",
        "births/unread/blank.csv": f"{', '.join(COLUMNS)} are missing; found were none; {expected}",
        "births/unread/carriage returns.csv": "its lines end in carriage returns alone; lines that end in line feeds "
        "were expected",
        "births/unread/cut off.csv.gz": DAMAGED.format(TEXT),
        "births/unread/cut off.parquet": DAMAGED.format("a Parquet file"),
        "births/unread/empty.csv": "the file is empty",
        "births/unread/no columns.parquet": "birth_date, birth_type, gestation_weeks, death_date are missing; "
        f"found were birth_id, area_code; {expected}",
        "births/unread/no date.csv": f"birth_date is missing; found were {NO_DATE.replace(',', ', ')}; {expected}",
        "births/unread/nothing in it": "an empty folder",
        "births/unread/nowhere.csv": "a link that leads nowhere (No such file or directory)",
        "births/unread/either.csv": "the dates of the column birth_date can be dd/mm/yyyy or mm/dd/yyyy, which fit as "
        'many rows: "03/04/2007" would be 2007-04-03 or 2007-03-04; write them as 2014-03-31',
        "births/unread/moments.parquet": "column birth_date holds moments with a time zone, of which 1 are not "
        "midnight in UTC (the first is 2014-03-31 22:30:00 UTC), so that their day depends on the place; dates without "
        "a time were expected",
        "births/unread/other.xlsx": OTHER_ENDING,
        "births/unread/pipe.csv": "not a file (a pipe, a socket or a device)",
        "births/unread/round.csv": "a link that leads nowhere (Too many levels of symbolic links)",
        "births/unread/spoilt.csv.gz": DAMAGED.format(TEXT),
        "births/unread/text.parquet": DAMAGED.format("a Parquet file"),
        "births/unread/twice.csv": "birth_id is there more than once; found were "
        f"{', '.join([*COLUMNS, 'birth_id'])}; {expected}",
        "births/unread/unclosed.csv": "9 of its lines cannot be told apart: a quotation mark is not closed",
        "births/unread/\\udcff.csv": "its name is no UTF-8 text",
        "births/unread/two\\nlines\\x1b[31m.doc": OTHER_ENDING,
        "births/unread/utf-16.csv": "the first line, which names the columns, is no UTF-8 text",
    }
    files = {
        name: rest
        for name, *rest in cases_built.query(
            "select * from marts.input_files "
            "where file like 'births/%' and (file not like 'births/%/%' or file like 'births/unread/%')"
        )
    }
    assert {name: rest[-1] for name, rest in files.items() if rest[0] == "not_read"} == told
    # By births of other basis too, as those of 2010 are.
    births_differ = (
        "; its births of E08000034 in 2010 (1) are more than 2 % from those of live_births_by_area_2010 (5784), "
        "so no rate mixes the two; areas and years like that: 7"
    )
    reason = f"line 100, column birth_type: live or still was expected{births_differ}"
    unclosed = f"line 2, column whole line: {QUOTATION_MARK}{births_differ}"
    assert {name: rest for name, rest in files.items() if rest[0] != "not_read"} == {
        "births/a.parquet": ["births", 100, 99, 1, reason],
        "births/b.parquet": ["births", 100, 99, 1, reason],
        "births/unread/unclosed at the end.csv": ["births", 1, 0, 1, unclosed],
    }


def test_counts_of_records_reach_the_rates_and_their_faults_the_rejected_rows(cases_built):
    """Of a year that no publication has."""
    rates = cases_built.query(
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
    assert cases_built.query(
        "select line, \"column\", value, input_rows from marts.rejected_rows where file = 'births/a new year/a.csv'"
    ) == [(1003, "area_code", "?", 1)]


def test_a_corrected_file_replaces_its_counts_and_one_that_is_gone_takes_them_along(cases_built, cases):
    """Beside a new one, and others that stay as they were."""
    before = live_births(cases_built)
    corrected = cases / "births" / "corrected"
    write_records(corrected / "n.csv", birth("k1", "2017-01-01"))
    write_records(corrected / "new.csv", birth("o1", "2018-01-01"), birth("o2", "2018-01-01", weeks="4"))
    (corrected / "gone.csv").unlink()
    (cases / "births" / "b.parquet").unlink()
    done = build(cases_built, cases)
    assert done.returncode == 0, done.stdout
    # What stood in b.parquet is used of its copy: no earlier record has its ids any more.
    assert live_births(cases_built) == {
        **{year: count for year, count in before.items() if year not in (2010, 2016)},
        2017: 1,
        2018: 1,
    }
    assert files_counted(cases_built, "copied") == [("c.parquet", 100, 99)]
    assert files_counted(cases_built, "corrected") == [("n.csv", 1, 1), ("new.csv", 2, 1)]


def test_a_file_of_that_name_is_no_folder(copy, tmp_path):
    (tmp_path / "births").write_text("x")
    assert build(copy, tmp_path).returncode == 0
    assert problems(copy) == {"births": "not a folder; records of births are looked for in a folder of this name"}


def test_without_records_there_is_nothing_of_them(copy, tmp_path):
    assert build(copy, tmp_path).returncode == 0
    for table in ("record_files_counted", "record_figures", "rejected_records"):
        assert copy.query(f"select count(*) from records.int_{table}") == [(0,)]


def test_records_of_an_area_that_comes_to_be_known_are_used(copy, tmp_path):
    """A file of areas is added, and taken away again; the file of records stays as it is."""
    for file, places in {"a": ("E08000034", "QNEW", "qnew "), "b": ("QNEW", "QOTHER")}.items():
        lines = [birth(f"{file}{number}", "2014-01-01", area=area) for number, area in enumerate(places)]
        write_records(tmp_path / "births" / f"{file}.csv", *lines)
    areas = copy.folder / "data" / "incoming" / "areas.csv"
    numbers = "select rows_used, rows_rejected from records.int_record_files_counted order by source_file"
    listed = "select source_file[8:], source_line from records.int_rejected_records order by all"
    unknown = [("a.csv", 3), ("a.csv", 4), ("b.csv", 2), ("b.csv", 3)]
    for is_known in (False, True, False):
        if is_known:
            areas.write_text("area_code,area_name,area_level,parent_area_code\nqNEW,Made up,made up,\n")
        else:
            areas.unlink(missing_ok=True)
        assert build(copy, tmp_path, "+int_areas models/records").returncode == 0
        assert copy.query(numbers) == ([(3, 0), (1, 1)] if is_known else [(1, 2), (0, 2)])
        assert copy.query(listed) == ([("b.csv", 3)] if is_known else unknown)


def test_of_a_long_file_the_first_rejected_records_are_listed(copy, tmp_path):
    """It is read again only as far as they stand; beside it is one of which few are rejected, the last among them."""
    (tmp_path / "births").mkdir()
    sizes, expected = {"long": 250_000, "few": 150_000}, []
    for place, (name, size) in enumerate(sizes.items()):
        numbers = pd.Series(range(1, size + 1))
        last = numbers == size
        faults = {
            "area_code": last if name == "few" else numbers % 150 == 7,
            "gestation_weeks": numbers == 20 if name == "few" else numbers % 100 == 0,
            "birth_id": numbers == 30 if name == "few" else numbers == 0,
        }
        pd.DataFrame(
            {
                "birth_id": (numbers + place * 1_000_000).astype("Int64").mask(faults["birth_id"]),
                "birth_date": date(2014, 1, 1),
                "area_code": faults["area_code"].map({True: "QNONE", False: PLACE[0]}),
                "birth_type": "live",
                "gestation_weeks": faults["gestation_weeks"].map({True: 60, False: 40}),
                "death_date": pd.Series([None] * size, dtype="datetime64[ns]"),
            }
        ).to_parquet(tmp_path / "births" / f"{name}.parquet")
        rejected = [(number, column) for column, at_fault in faults.items() for number in numbers[at_fault]]
        expected += [(f"births/{name}.parquet", *record) for record in sorted(rejected)[:1000]]
    assert build(copy, tmp_path).returncode == 0
    listed = "select source_file, source_line, problem_column from records.int_rejected_records where source_line > 0"
    assert sorted(copy.query(listed)) == sorted(expected)
    assert len(expected) == 1003


def test_counts_by_year_of_birth_are_those_of_an_independent_count(copy, made_up):
    done = build(copy, made_up.folder, variables="records_cohort: birth")
    assert done.returncode == 0, done.stdout
    assert counts_above_0(copy) == made_up.counts("birth") != made_up.counts("death")


def test_only_new_and_changed_files_are_read(copy, tmp_path):
    """The areas of an unread file are spoilt behind its back, unseen until it is taken for a changed one.

    Ids that stand twice are not looked for: that reads the ids of all files.
    """
    write_two_files(tmp_path / "births")
    assert build(copy, tmp_path, variables="record_ids_are_unique: true").returncode == 0
    assert live_births(copy) == {2014: 99, 2015: 99}
    kept = tmp_path / "births" / "a.parquet"
    times, content = kept.stat(), bytearray(kept.read_bytes())
    column = pq.ParquetFile(kept).metadata.row_group(0).column(2)
    first = column.dictionary_page_offset or column.data_page_offset
    content[first : first + column.total_compressed_size] = bytes(column.total_compressed_size)
    kept.write_bytes(content)
    os.utime(kept, ns=(times.st_atime_ns, times.st_mtime_ns))
    write_records(tmp_path / "births" / "c.csv", birth("c1", "2015-01-01"), birth("c2", "2015-01-01", weeks="4"))
    done = build(copy, tmp_path, variables="record_ids_are_unique: true")
    assert done.returncode == 0, done.stdout
    assert live_births(copy) == {2014: 99, 2015: 100}
    rejected = copy.query("select source_file from records.int_rejected_records order by all")
    assert rejected == [("births/a.parquet",), ("births/b.parquet",), ("births/c.csv",)]
    os.utime(kept)
    assert build(copy, tmp_path, variables="record_ids_are_unique: true").returncode == 0
    assert live_births(copy) == {2015: 100}
    assert problems(copy) == {"births/a.parquet": DAMAGED.format("a Parquet file")}
