"""scripts/compare_exports.py on small made-up databases: each kind of difference, the map, the expected ones."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from scripts.compare_exports import MAP, Map, main

PROJECT = Path(__file__).resolve().parents[2]
MAP_HEADER = "change,old_table,old_column,new_table,new_column,reason\n"
EXPECTED_HEADER = "table,column,where,why\n"
RATES = """
    create table marts.fct_rates (
        area_code varchar, period varchar, deaths bigint, rate_per_1000 double, status varchar,
        primary key (area_code, period)
    );
    insert into marts.fct_rates values
        ('E1', '2013', 7, 3.5, 'ok'),
        ('E1', '2014', 0, 0, 'ok'),
        ('E2', '2013', null, null, 'suppressed'),
        ('E2', '2014', 9, 4.25, 'ok');
"""


class Sets:
    """Two sets of published tables, equal until one is changed, and the comparison of both."""

    def __init__(self, folder: Path, capsys) -> None:
        self.folder, self.capsys = folder, capsys
        self.old, self.new = folder / "old.duckdb", folder / "new.duckdb"
        self.map, self.expected = folder / "map.csv", None
        self.map.write_text(MAP_HEADER)
        for place in (self.old, self.new):
            self.run(place, "create schema marts;" + RATES)

    def run(self, place: Path, sql: str) -> None:
        with duckdb.connect(str(place)) as connection:
            connection.execute(sql)

    def change(self, sql: str) -> None:
        """Change the new set."""
        self.run(self.new, sql)

    def compare(self, *options: str) -> tuple[int, str]:
        """The exit code, and what was printed."""
        options = ["--map", str(self.map), *options]
        if self.expected is not None:
            path = self.folder / "expected.csv"
            path.write_text(EXPECTED_HEADER + self.expected)
            options += ["--expected", str(path)]
        self.capsys.readouterr()
        code = main([str(self.old), str(self.new), *options])
        printed = self.capsys.readouterr()
        return code, printed.out + printed.err


@pytest.fixture
def sets(tmp_path, capsys) -> Sets:
    return Sets(tmp_path, capsys)


def exported(database: Path, folder: Path) -> Path:
    """The tables of the database as a folder of Parquet files."""
    folder.mkdir()
    with duckdb.connect(str(database), read_only=True) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            connection.execute(f"copy marts.{table} to '{folder / table}.parquet'")
    return folder


def test_equal_tables_take_one_line(sets):
    code, printed = sets.compare()
    assert code == 0
    assert printed.splitlines()[0] == "fct_rates: equal (4 rows, 5 columns)"
    assert "1 of 1 tables equal their counterparts; unexpected differences: 0." in printed


def test_a_file_equals_itself(sets):
    sets.new = sets.old
    assert sets.compare()[0] == 0


@pytest.mark.parametrize(
    ("value", "tolerance", "code"),
    [
        ("3.5", "0", 0),
        ("3.5 + 3.5e-13", "1e-12", 0),
        ("3.5 + 7e-12", "1e-12", 1),
        ("3.5 + 7e-12", "1e-11", 0),
        ("-3.5", "1e-12", 1),
        ("'nan'", "1e-12", 1),
        ("'infinity'", "1e-12", 1),
        ("1e308", "1e-12", 1),
        ("null", "1e-12", 1),
    ],
)
def test_doubles_are_equal_within_the_relative_tolerance(sets, value, tolerance, code):
    sets.change(f"update marts.fct_rates set rate_per_1000 = {value} where area_code = 'E1' and period = '2013'")
    assert sets.compare("--tolerance", tolerance)[0] == code


def test_zero_equals_zero_alone(sets):
    zero = "where area_code = 'E1' and period = '2014'"
    sets.change(f"update marts.fct_rates set rate_per_1000 = '-0.0' {zero}")
    assert sets.compare()[0] == 0
    sets.change(f"update marts.fct_rates set rate_per_1000 = 1e-300 {zero}")
    code, printed = sets.compare()
    assert code == 1
    assert "rate_per_1000: values differ (1 row), largest relative difference 1, absolute 1e-300" in printed


@pytest.mark.parametrize("value", ["nan", "infinity"])
def test_what_is_no_number_equals_itself(sets, value):
    for place in (sets.old, sets.new):
        sets.run(place, f"update marts.fct_rates set rate_per_1000 = '{value}' where area_code = 'E1'")
    assert sets.compare()[0] == 0


def test_a_differing_number_is_told_with_its_size_and_the_row_that_differs_most(sets):
    sets.change("update marts.fct_rates set rate_per_1000 = rate_per_1000 * 1.01 where period = '2013'")
    sets.change(
        "update marts.fct_rates set rate_per_1000 = rate_per_1000 * 2 where area_code = 'E2' and period = '2014'"
    )
    code, printed = sets.compare()
    assert code == 1
    assert "fct_rates: 4 rows in both, 5 columns compared" in printed
    assert "rate_per_1000: values differ (2 rows), largest relative difference 0.5, absolute 4.25" in printed
    assert "for example area_code E2, period 2014: 4.25 -> 8.5" in printed
    assert "NOT EXPECTED" in printed
    assert "status" not in printed and "deaths" not in printed


@pytest.mark.parametrize(("column", "value"), [("deaths", "8"), ("status", "'Ok'")])
def test_whole_numbers_and_text_are_compared_exactly(sets, column, value):
    sets.change(f"update marts.fct_rates set {column} = {value} where area_code = 'E1' and period = '2013'")
    code, printed = sets.compare("--tolerance", "0.9")
    assert code == 1
    assert f"{column}: values differ (1 row)" in printed


def test_whole_numbers_too_large_for_a_double_are_compared_exactly(sets):
    for place, value in ((sets.old, 2**53), (sets.new, 2**53 + 1)):
        sets.run(place, f"update marts.fct_rates set deaths = {value} where area_code = 'E1'")
    assert sets.compare()[0] == 1


def test_null_against_a_value_differs(sets):
    sets.change("update marts.fct_rates set deaths = 1, status = null where area_code = 'E2' and period = '2013'")
    code, printed = sets.compare()
    assert code == 1
    assert printed.count("NULL on one side alone in 1 of them") == 2
    assert "for example area_code E2, period 2013: NULL -> 1" in printed


def test_rows_on_one_side_are_counted_and_summarised(sets):
    sets.change("delete from marts.fct_rates where area_code = 'E1' and period = '2014'")
    sets.change("insert into marts.fct_rates select 'W' || range, '2014', 1, 1, 'ok' from range(20)")
    code, printed = sets.compare()
    assert code == 1
    assert "fct_rates: 3 rows in both" in printed
    assert "(rows only in old): rows without a counterpart (1 row)\n        area_code: E1 (1)\n" in printed
    assert (
        "(rows only in new): rows without a counterpart (20 rows)\n        area_code: 20 values, most often W0 (1)\n"
        in printed
    )
    assert "period: 2014 (20)" in printed


def test_rows_whose_key_is_null_are_matched(sets):
    for place in (sets.old, sets.new):
        sets.run(
            place,
            "create table marts.rejected_rows as select 'a.csv' as file, null::bigint as line, 'no header' as reason",
        )
    sets.map.write_text(MAP_HEADER + "key,rejected_rows,file line,,,\n")
    code, printed = sets.compare()
    assert code == 0, printed
    assert "rejected_rows: equal (1 rows, 3 columns)" in printed


def test_one_key_in_several_rows_is_no_key(sets):
    sets.change("create table marts.copied as from marts.fct_rates; drop table marts.fct_rates")
    sets.change("insert into marts.copied from marts.copied where area_code = 'E1'")
    sets.change("alter table marts.copied rename to fct_rates")
    code, printed = sets.compare()
    assert code == 1
    assert "(key): cannot be compared: several rows of NEW have one key (area_code, period) (2 rows)" in printed


def test_a_column_of_another_type_differs_whatever_its_values(sets):
    sets.change("alter table marts.fct_rates alter deaths type varchar")
    code, printed = sets.compare()
    assert code == 1
    assert "deaths: has another type, VARCHAR for BIGINT" in printed


def test_numbers_of_another_width_are_the_same(sets):
    sets.change("alter table marts.fct_rates alter deaths type integer")
    assert sets.compare()[0] == 0


def test_a_missing_table_differs_unless_the_map_says_why(sets):
    sets.run(sets.old, "create table marts.fct_old (area_code varchar primary key)")
    code, printed = sets.compare()
    assert code == 1
    assert "fct_old (table) is not in NEW: NOT EXPECTED" in printed
    sets.map.write_text(MAP_HEADER + "gone,fct_old,,,,Nobody read it\n")
    code, printed = sets.compare()
    assert code == 0
    assert "fct_old (table) is not in NEW: Nobody read it" in printed


def test_a_missing_column_differs_unless_the_map_says_why(sets):
    sets.change("alter table marts.fct_rates drop column status")
    code, printed = sets.compare()
    assert code == 1
    assert "fct_rates status is not in NEW: NOT EXPECTED" in printed
    sets.map.write_text(MAP_HEADER + "gone,fct_rates,status,,,Told by the rate\n")
    code, printed = sets.compare()
    assert code == 0
    assert "fct_rates status is not in NEW: Told by the rate" in printed


def test_new_tables_and_columns_differ_unless_the_map_says_why(sets):
    sets.change(
        "alter table marts.fct_rates add column area_name varchar; create table marts.fct_new (area_code varchar)"
    )
    code, printed = sets.compare()
    assert code == 1
    assert "fct_rates area_name is not in OLD: NOT EXPECTED" in printed
    assert "fct_new (table) is not in OLD: NOT EXPECTED" in printed
    sets.map.write_text(MAP_HEADER + "new,,,fct_rates,area_name,Beside the code\nnew,,,fct_new,,For readers\n")
    assert sets.compare()[0] == 0


def test_a_gone_column_that_is_there_is_compared(sets):
    sets.map.write_text(MAP_HEADER + "gone,fct_rates,status,,,Told by the rate\n")
    sets.change("update marts.fct_rates set status = 'ill'")
    assert sets.compare()[0] == 1


def test_a_renamed_column_is_compared_under_both_names(sets):
    sets.change("alter table marts.fct_rates rename column rate_per_1000 to rate")
    assert sets.compare()[0] == 1
    sets.map.write_text(
        MAP_HEADER
        + "found_in,fct_rates,rate_per_1000,fct_rates,not_there,\nfound_in,fct_rates,rate_per_1000,fct_rates,rate,\n"
    )
    code, printed = sets.compare()
    assert code == 0, printed
    sets.change("update marts.fct_rates set rate = rate + 1 where area_code = 'E1'")
    code, printed = sets.compare()
    assert code == 1
    assert "rate_per_1000 -> rate: values differ (2 rows)" in printed


def test_a_renamed_key_column_matches_rows(sets):
    sets.change("create table marts.renamed as select area_code as area, * exclude (area_code) from marts.fct_rates")
    sets.change("drop table marts.fct_rates; alter table marts.renamed rename to fct_rates")
    sets.map.write_text(MAP_HEADER + "found_in,fct_rates,area_code,fct_rates,area,\n")
    code, printed = sets.compare()
    assert code == 0, printed
    sets.map.write_text(MAP_HEADER + "gone,fct_rates,area_code,,,Lost\nnew,,,fct_rates,area,Found\n")
    code, printed = sets.compare()
    assert code == 1
    assert "fct_rates (key) cannot be compared: NEW lacks area_code of the key: NOT EXPECTED" in printed


def test_two_tables_merged_into_one_are_both_compared_with_it(sets):
    sets.run(
        sets.old,
        "create table marts.fct_points as select area_code, period, 'within' as position from marts.fct_rates;"
        "alter table marts.fct_points add primary key (area_code, period)",
    )
    sets.change("alter table marts.fct_rates add column funnel_position varchar default 'within'")
    sets.change("alter table marts.fct_rates rename to fct_rankings")
    sets.map.write_text(
        MAP_HEADER
        + "found_in,fct_rates,,fct_rankings,,\nfound_in,fct_points,,fct_rankings,,\n"
        + "found_in,fct_points,position,fct_rankings,funnel_position,\n"
    )
    code, printed = sets.compare()
    assert code == 0, printed
    assert "fct_points -> fct_rankings: equal (4 rows, 3 columns)" in printed
    assert "fct_rates -> fct_rankings: equal (4 rows, 5 columns)" in printed
    sets.change("update marts.fct_rankings set funnel_position = 'high_95' where area_code = 'E1'")
    code, printed = sets.compare()
    assert code == 1
    assert "position -> funnel_position: values differ (2 rows)" in printed
    assert "fct_rates -> fct_rankings: equal" in printed


def test_a_table_split_in_two_is_compared_with_both(sets):
    sets.change("create table marts.fct_marks as select area_code, period, status from marts.fct_rates")
    sets.change("alter table marts.fct_rates drop column status")
    sets.map.write_text(MAP_HEADER + "found_in,fct_rates,status,fct_marks,status,\n")
    code, printed = sets.compare()
    assert code == 0, printed
    assert "fct_rates -> fct_marks: equal (4 rows, 3 columns)" in printed


def test_what_differs_from_build_to_build_is_not_compared(sets):
    for number, place in enumerate((sets.old, sets.new)):
        sets.run(
            place, f"create table marts.build (build_id integer primary key); insert into marts.build values ({number})"
        )
    assert sets.compare()[0] == 1
    sets.map.write_text(MAP_HEADER + "not_compared,build,,,,Tells which build it was\n")
    code, printed = sets.compare()
    assert code == 0
    assert "build (table) is not compared: Tells which build it was" in printed


def test_an_expected_difference_is_printed_and_allowed(sets):
    sets.change("update marts.fct_rates set deaths = deaths + 2")
    sets.expected = "fct_rates,deaths,,Counted anew\n"
    code, printed = sets.compare()
    assert code == 0
    assert "deaths: values differ (3 rows), largest relative difference 1, absolute 2" in printed
    assert "expected: Counted anew" in printed
    sets.change("update marts.fct_rates set status = 'ill'")
    assert sets.compare()[0] == 1


def test_an_expected_difference_may_hold_for_some_rows_alone(sets):
    sets.change("update marts.fct_rates set deaths = deaths + 2")
    sets.expected = "fct_rates,deaths,period = '2014',Counted anew\n"
    code, printed = sets.compare()
    assert code == 1
    assert "(2 rows), largest relative difference 1, absolute 2\n" in printed
    assert "for example area_code E1, period 2013: 7 -> 9\n        NOT EXPECTED" in printed
    sets.expected += "fct_rates,deaths,period < '2014',Counted anew too\n"
    code, printed = sets.compare()
    assert code == 0
    assert printed.count("expected: Counted anew") == 2


def test_expected_rows_on_one_side(sets):
    sets.change("insert into marts.fct_rates values ('W1', '2014', 1, 1, 'ok')")
    sets.expected = "fct_rates,(rows only in new),area_code like 'W%',Wales is ranked\n"
    code, printed = sets.compare()
    assert code == 0
    assert "expected: Wales is ranked" in printed
    sets.change("insert into marts.fct_rates values ('S1', '2014', 1, 1, 'ok')")
    assert sets.compare()[0] == 1


def test_an_expected_difference_that_does_not_occur_is_told(sets):
    sets.expected = "fct_rates,deaths,,Counted anew\n"
    code, printed = sets.compare()
    assert code == 0
    assert "Expected, but nothing of the kind was found:\n    line 2: fct_rates deaths: Counted anew" in printed


def test_markdown_lists_what_differs(sets):
    sets.change(
        "update marts.fct_rates set deaths = deaths + 2; alter table marts.fct_rates add column area_name varchar"
    )
    sets.expected = "fct_rates,deaths,,Counted | anew\n"
    code, printed = sets.compare("--markdown")
    assert code == 1
    assert printed.splitlines()[0] == "| table | column | what | rows | largest relative | largest absolute | why |"
    assert "| fct_rates | deaths | values differ | 3 | 1 | 2 | Counted \\| anew |" in printed
    assert "| fct_rates | area_name | is not in OLD |  |  |  | **not expected** |" in printed


def test_exports_are_compared_with_the_map_s_keys(sets, tmp_path):
    sets.change("update marts.fct_rates set deaths = 8 where area_code = 'E1' and period = '2013'")
    sets.old, sets.new = exported(sets.old, tmp_path / "old"), exported(sets.new, tmp_path / "new")
    code, printed = sets.compare()
    assert code == 2
    assert printed == f"fct_rates has no key: no primary key is declared; add a row 'key' to {sets.map}.\n"
    sets.map.write_text(MAP_HEADER + "key,fct_rates,area_code period,,,\n")
    code, printed = sets.compare()
    assert code == 1
    assert "for example area_code E1, period 2013: 7 -> 8" in printed


def test_old_exports_take_the_key_of_a_new_database(sets, tmp_path):
    sets.old = exported(sets.old, tmp_path / "old")
    assert sets.compare()[0] == 0


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            "moved,fct_rates,,fct_other,,\n",
            "line 2: change is 'moved', expected one of found_in, gone, new, key, not_compared.",
        ),
        ("gone,fct_rates,status,,,\n", "line 2: 'gone' needs reason."),
        ("found_in,fct_rates,status,fct_rates,,\n", "line 2: 'found_in' names both columns or none."),
        ("gone,fct_rates\n", "line 2: expected 6 fields."),
    ],
)
def test_a_wrong_map_is_told_with_its_line(sets, lines, sentence):
    sets.map.write_text(MAP_HEADER + lines)
    assert sets.compare() == (2, f"{sets.map}, {sentence}\n")


def test_bad_input_is_told_in_one_sentence(sets, tmp_path):
    folder, no_database, empty = tmp_path / "folder", tmp_path / "text.duckdb", tmp_path / "empty.duckdb"
    folder.mkdir()
    no_database.write_text("no database, but long enough to be looked at" * 200)
    sets.run(empty, "create table main.other (a integer)")
    absent = tmp_path / "absent.duckdb"
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "fct_rates.parquet").write_text("no table")
    for place, sentence in [
        (absent, f"There is no {absent}."),
        (folder, f"{folder} holds no Parquet file: expected a published database or a folder of exports."),
        (no_database, f"{no_database} is no DuckDB database, or another process is writing to it."),
        (empty, f"{empty} holds no table in schema marts."),
        (broken, f"{broken}: the table fct_rates cannot be read."),
    ]:
        sets.new = place
        assert sets.compare() == (2, sentence + "\n")


def test_a_bad_list_or_tolerance_is_told_in_one_sentence(sets, tmp_path):
    path = tmp_path / "expected.csv"
    sets.expected = "fct_rates,deaths,,\n"
    assert sets.compare() == (2, f"{path}, line 2: an expected difference needs why.\n")
    sets.expected = "fct_rates,deaths,no_column = 1,Counted anew\n"
    code, printed = sets.compare()
    assert code == 2
    assert "line 2 has a condition that is no SQL on the key of fct_rates (area_code, period): no_column = 1" in printed
    sets.expected = None
    assert sets.compare("--tolerance", "1")[0] == 2
    sets.map = tmp_path / "absent.csv"
    assert sets.compare()[0] == 2
    sets.map = tmp_path / "other.csv"
    sets.map.write_text("a,b\n1,2\n")
    assert sets.compare() == (2, f"{sets.map}: expected the header {MAP_HEADER}".replace("\n", ".\n"))


def test_the_committed_map_and_list_are_well_formed():
    assert Map(MAP).rows
    assert (MAP.parent / "expected_differences.csv").read_text(encoding="utf-8").startswith(EXPECTED_HEADER)


def test_the_command_line(sets):
    command = [sys.executable, str(PROJECT / "scripts" / "compare_exports.py")]
    done = subprocess.run([*command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "OLD NEW" in done.stdout and "--tolerance" in done.stdout
    done = subprocess.run([*command, sets.old, sets.new], capture_output=True, text=True)
    assert done.returncode == 0 and "fct_rates: equal" in done.stdout
