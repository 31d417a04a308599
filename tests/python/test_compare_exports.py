"""scripts/compare_exports.py on small made-up databases: each kind of difference, the map, the expected ones."""

from pathlib import Path

import duckdb
import pytest
from commands import run_python

from scripts.compare_exports import MAP, Map, main

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
        self.write_map()
        self.change_both("create schema marts;" + RATES)

    def run(self, place: Path, sql: str) -> None:
        with duckdb.connect(str(place)) as connection:
            connection.execute(sql)

    def change(self, sql: str) -> None:
        """Change the new set."""
        self.run(self.new, sql)

    def change_both(self, sql: str) -> None:
        for place in (self.old, self.new):
            self.run(place, sql)

    def write_map(self, *rows: str) -> None:
        """Write the map's rows."""
        self.map.write_text("\n".join([MAP_HEADER.strip(), *rows, ""]))

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

    def expect(self, code: int, *texts: str, options: str = "") -> str:
        """Fail unless the comparison ends with this exit code and prints each text; what was printed."""
        found, printed = self.compare(*options.split())
        assert found == code, printed
        for text in texts:
            assert text in printed
        return printed


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
    printed = sets.expect(0)
    assert printed.splitlines()[0] == "fct_rates: equal (4 rows, 5 columns)"
    assert "1 of 1 tables equal their counterparts; unexpected differences: 0." in printed


def test_a_file_equals_itself(sets):
    sets.new = sets.old
    sets.expect(0)


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
    sets.expect(code, options=f"--tolerance {tolerance}")


def test_zero_equals_zero_alone(sets):
    zero = "where area_code = 'E1' and period = '2014'"
    sets.change(f"update marts.fct_rates set rate_per_1000 = '-0.0' {zero}")
    sets.expect(0)
    sets.change(f"update marts.fct_rates set rate_per_1000 = 1e-300 {zero}")
    sets.expect(1, "rate_per_1000: values differ (1 row), largest relative difference 1, absolute 1e-300")


@pytest.mark.parametrize("value", ["nan", "infinity"])
def test_what_is_no_number_equals_itself(sets, value):
    sets.change_both(f"update marts.fct_rates set rate_per_1000 = '{value}' where area_code = 'E1'")
    sets.expect(0)


def test_a_differing_number_is_told_with_its_size_and_the_row_that_differs_most(sets):
    sets.change("update marts.fct_rates set rate_per_1000 = rate_per_1000 * 1.01 where period = '2013'")
    sets.change(
        "update marts.fct_rates set rate_per_1000 = rate_per_1000 * 2 where area_code = 'E2' and period = '2014'"
    )
    printed = sets.expect(
        1,
        "fct_rates: 4 rows in both, 5 columns compared",
        "rate_per_1000: values differ (2 rows), largest relative difference 0.5, absolute 4.25",
        "for example area_code E2, period 2014: 4.25 -> 8.5",
        "NOT EXPECTED",
    )
    assert "status" not in printed and "deaths" not in printed


@pytest.mark.parametrize(("column", "value"), [("deaths", "8"), ("status", "'Ok'")])
def test_whole_numbers_and_text_are_compared_exactly(sets, column, value):
    sets.change(f"update marts.fct_rates set {column} = {value} where area_code = 'E1' and period = '2013'")
    sets.expect(1, f"{column}: values differ (1 row)", options="--tolerance 0.9")


def test_whole_numbers_too_large_for_a_double_are_compared_exactly(sets):
    for place, value in ((sets.old, 2**53), (sets.new, 2**53 + 1)):
        sets.run(place, f"update marts.fct_rates set deaths = {value} where area_code = 'E1'")
    sets.expect(1)


def test_null_against_a_value_differs(sets):
    sets.change("update marts.fct_rates set deaths = 1, status = null where area_code = 'E2' and period = '2013'")
    printed = sets.expect(1)
    assert printed.count("NULL on one side alone in 1 of them") == 2
    assert "for example area_code E2, period 2013: NULL -> 1" in printed


def test_rows_on_one_side_are_counted_and_summarised(sets):
    sets.change("delete from marts.fct_rates where area_code = 'E1' and period = '2014'")
    sets.change("insert into marts.fct_rates select 'W' || range, '2014', 1, 1, 'ok' from range(20)")
    sets.expect(
        1,
        "fct_rates: 3 rows in both",
        "(rows only in old): rows without a counterpart (1 row)\n        area_code: E1 (1)\n",
        "(rows only in new): rows without a counterpart (20 rows)\n        area_code: 20 values, most often W0 (1)\n",
        "period: 2014 (20)",
    )


def test_rows_whose_key_is_null_are_matched(sets):
    sets.change_both(
        "create table marts.rejected_rows as select 'a.csv' as file, null::bigint as line, 'no header' as reason"
    )
    sets.write_map("key,rejected_rows,file line,,,")
    sets.expect(0, "rejected_rows: equal (1 rows, 3 columns)")


def test_one_key_in_several_rows_is_no_key(sets):
    sets.change("create table marts.copied as from marts.fct_rates; drop table marts.fct_rates")
    sets.change("insert into marts.copied from marts.copied where area_code = 'E1'")
    sets.change("alter table marts.copied rename to fct_rates")
    sets.expect(1, "(key): cannot be compared: several rows of NEW have one key (area_code, period) (2 rows)")


def test_a_column_of_another_type_differs_whatever_its_values(sets):
    sets.change("alter table marts.fct_rates alter deaths type varchar")
    sets.expect(1, "deaths: has another type, VARCHAR for BIGINT")


def test_numbers_of_another_width_are_the_same(sets):
    sets.change("alter table marts.fct_rates alter deaths type integer")
    sets.expect(0)


def test_a_missing_table_differs_unless_the_map_says_why(sets):
    sets.run(sets.old, "create table marts.fct_old (area_code varchar primary key)")
    sets.expect(1, "fct_old (table) is not in NEW: NOT EXPECTED")
    sets.write_map("gone,fct_old,,,,Nobody read it")
    sets.expect(0, "fct_old (table) is not in NEW: Nobody read it")


def test_a_missing_column_differs_unless_the_map_says_why(sets):
    sets.change("alter table marts.fct_rates drop column status")
    sets.expect(1, "fct_rates status is not in NEW: NOT EXPECTED")
    sets.write_map("gone,fct_rates,status,,,Told by the rate")
    sets.expect(0, "fct_rates status is not in NEW: Told by the rate")


def test_new_tables_and_columns_differ_unless_the_map_says_why(sets):
    sets.change(
        "alter table marts.fct_rates add column area_name varchar; create table marts.fct_new (area_code varchar)"
    )
    sets.expect(1, "fct_rates area_name is not in OLD: NOT EXPECTED", "fct_new (table) is not in OLD: NOT EXPECTED")
    sets.write_map("new,,,fct_rates,area_name,Beside the code", "new,,,fct_new,,For readers")
    sets.expect(0)


def test_a_gone_column_that_is_there_is_compared(sets):
    sets.write_map("gone,fct_rates,status,,,Told by the rate")
    sets.change("update marts.fct_rates set status = 'ill'")
    sets.expect(1)


def test_a_renamed_column_is_compared_under_both_names(sets):
    sets.change("alter table marts.fct_rates rename column rate_per_1000 to rate")
    sets.expect(1)
    sets.write_map(
        "found_in,fct_rates,rate_per_1000,fct_rates,not_there,", "found_in,fct_rates,rate_per_1000,fct_rates,rate,"
    )
    sets.expect(0)
    sets.change("update marts.fct_rates set rate = rate + 1 where area_code = 'E1'")
    sets.expect(1, "rate_per_1000 -> rate: values differ (2 rows)")


def test_a_renamed_key_column_matches_rows(sets):
    sets.change("create table marts.renamed as select area_code as area, * exclude (area_code) from marts.fct_rates")
    sets.change("drop table marts.fct_rates; alter table marts.renamed rename to fct_rates")
    sets.write_map("found_in,fct_rates,area_code,fct_rates,area,")
    sets.expect(0)
    sets.write_map("gone,fct_rates,area_code,,,Lost", "new,,,fct_rates,area,Found")
    sets.expect(1, "fct_rates (key) cannot be compared: NEW lacks area_code of the key: NOT EXPECTED")


def test_two_tables_merged_into_one_are_both_compared_with_it(sets):
    sets.run(
        sets.old,
        "create table marts.fct_points as select area_code, period, 'within' as position from marts.fct_rates;"
        "alter table marts.fct_points add primary key (area_code, period)",
    )
    sets.change("alter table marts.fct_rates add column funnel_position varchar default 'within'")
    sets.change("alter table marts.fct_rates rename to fct_rankings")
    sets.write_map(
        "found_in,fct_rates,,fct_rankings,,",
        "found_in,fct_points,,fct_rankings,,",
        "found_in,fct_points,position,fct_rankings,funnel_position,",
    )
    sets.expect(
        0,
        "fct_points -> fct_rankings: equal (4 rows, 3 columns)",
        "fct_rates -> fct_rankings: equal (4 rows, 5 columns)",
    )
    sets.change("update marts.fct_rankings set funnel_position = 'high_95' where area_code = 'E1'")
    sets.expect(1, "position -> funnel_position: values differ (2 rows)", "fct_rates -> fct_rankings: equal")


def test_a_table_split_in_two_is_compared_with_both(sets):
    sets.change("create table marts.fct_marks as select area_code, period, status from marts.fct_rates")
    sets.change("alter table marts.fct_rates drop column status")
    sets.write_map("found_in,fct_rates,status,fct_marks,status,")
    sets.expect(0, "fct_rates -> fct_marks: equal (4 rows, 3 columns)")


def test_what_differs_from_build_to_build_is_not_compared(sets):
    for number, place in enumerate((sets.old, sets.new)):
        sets.run(
            place, f"create table marts.build (build_id integer primary key); insert into marts.build values ({number})"
        )
    sets.expect(1)
    sets.write_map("not_compared,build,,,,Tells which build it was")
    sets.expect(0, "build (table) is not compared: Tells which build it was")


def test_an_expected_difference_is_printed_and_allowed(sets):
    sets.change("update marts.fct_rates set deaths = deaths + 2")
    sets.expected = "fct_rates,deaths,,Counted anew\n"
    sets.expect(
        0, "deaths: values differ (3 rows), largest relative difference 1, absolute 2", "expected: Counted anew"
    )
    sets.change("update marts.fct_rates set status = 'ill'")
    sets.expect(1)


def test_an_expected_difference_may_hold_for_some_rows_alone(sets):
    sets.change("update marts.fct_rates set deaths = deaths + 2")
    sets.expected = "fct_rates,deaths,period = '2014',Counted anew\n"
    sets.expect(
        1,
        "(2 rows), largest relative difference 1, absolute 2\n",
        "for example area_code E1, period 2013: 7 -> 9\n        NOT EXPECTED",
    )
    sets.expected += "fct_rates,deaths,period < '2014',Counted anew too\n"
    printed = sets.expect(0)
    assert printed.count("expected: Counted anew") == 2


def test_expected_rows_on_one_side(sets):
    sets.change("insert into marts.fct_rates values ('W1', '2014', 1, 1, 'ok')")
    sets.expected = "fct_rates,(rows only in new),area_code like 'W%',Wales is ranked\n"
    sets.expect(0, "expected: Wales is ranked")
    sets.change("insert into marts.fct_rates values ('S1', '2014', 1, 1, 'ok')")
    sets.expect(1)


def test_an_expected_difference_that_does_not_occur_is_told(sets):
    sets.expected = "fct_rates,deaths,,Counted anew\n"
    sets.expect(0, "Expected, but nothing of the kind was found:\n    line 2: fct_rates deaths: Counted anew")


def test_markdown_lists_what_differs(sets):
    sets.change(
        "update marts.fct_rates set deaths = deaths + 2; alter table marts.fct_rates add column area_name varchar"
    )
    sets.expected = "fct_rates,deaths,,Counted | anew\n"
    printed = sets.expect(1, options="--markdown")
    assert printed.splitlines()[0] == "| table | column | what | rows | largest relative | largest absolute | why |"
    assert "| fct_rates | deaths | values differ | 3 | 1 | 2 | Counted \\| anew |" in printed
    assert "| fct_rates | area_name | is not in OLD |  |  |  | **not expected** |" in printed


def test_exports_are_compared_with_the_map_s_keys(sets, tmp_path):
    sets.change("update marts.fct_rates set deaths = 8 where area_code = 'E1' and period = '2013'")
    sets.old, sets.new = exported(sets.old, tmp_path / "old"), exported(sets.new, tmp_path / "new")
    printed = sets.expect(2)
    assert printed == f"fct_rates has no key: no primary key is declared; add a row 'key' to {sets.map}.\n"
    sets.write_map("key,fct_rates,area_code period,,,")
    sets.expect(1, "for example area_code E1, period 2013: 7 -> 8")


def test_old_exports_take_the_key_of_a_new_database(sets, tmp_path):
    sets.old = exported(sets.old, tmp_path / "old")
    sets.expect(0)


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
    sets.write_map(*lines.splitlines())
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
    sets.expect(2, "line 2 has a condition that is no SQL on the key of fct_rates (area_code, period): no_column = 1")
    sets.expected = None
    sets.expect(2, options="--tolerance 1")
    sets.map = tmp_path / "absent.csv"
    sets.expect(2)
    sets.map = tmp_path / "other.csv"
    sets.map.write_text("a,b\n1,2\n")
    assert sets.compare() == (2, f"{sets.map}: expected the header {MAP_HEADER}".replace("\n", ".\n"))


def test_the_committed_map_and_list_are_well_formed():
    assert Map(MAP).rows
    assert (MAP.parent / "expected_differences.csv").read_text(encoding="utf-8").startswith(EXPECTED_HEADER)


def test_the_command_line(sets):
    done = run_python("scripts/compare_exports.py", "--help")
    assert done.returncode == 0 and "OLD NEW" in done.stdout and "--tolerance" in done.stdout
    done = run_python("scripts/compare_exports.py", sets.old, sets.new)
    assert done.returncode == 0 and "fct_rates: equal" in done.stdout
