"""The published file, read by the clients that people use. Each runs real queries and must see what DuckDB itself sees.

Other DuckDB versions and the command line tool: tests/heavy/test_client_versions.py; Superset and ODBC: beside it.
"""

from pathlib import Path

import _duckdb
import adbc_driver_manager.dbapi
import duckdb
import ibis
import pandas as pd
import polars as pl
import pytest
import sqlalchemy

# Infant deaths registered in 2014, upper-tier areas: 151 areas of which some have few deaths.
QUERY = """
    select dim_area.area_code, dim_area.area_name, fct_rates.numerator, fct_rates.rate_per_1000
    from marts.fct_rates
    inner join marts.dim_area on fct_rates.area_code = dim_area.area_code
    where fct_rates.period = '2014'
        and fct_rates.measure = 'infant'
        and fct_rates.basis = 'registration'
        and dim_area.is_upper_tier
    order by dim_area.area_code
"""
KIRKLEES = ("E08000034", "Kirklees", 23, 1000 * 23 / 5472)


@pytest.fixture(scope="module")
def expected(published_database_path: Path) -> dict[str, list[tuple]]:
    """What DuckDB's own client reads: the query's rows, the tables, the columns and all comments."""
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        return {
            "rows": reader.execute(QUERY).fetchall(),
            "tables": reader.execute("select table_name, comment from duckdb_tables() order by 1").fetchall(),
            "columns": reader.execute(
                "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts' "
                "order by table_name, column_index"
            ).fetchall(),
        }


def test_duckdb_reads_the_figures(expected):
    assert len(expected["rows"]) > 140
    assert KIRKLEES in expected["rows"]


def test_only_the_marts_are_visible(published_database_path):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        relations = reader.execute(
            "select distinct schema_name from duckdb_tables() "
            "union all select distinct schema_name from duckdb_views() where not internal"
        ).fetchall()
        assert relations == [("marts",)]


def test_every_table_and_column_is_described(expected):
    assert [name for name, comment in expected["tables"] if not comment] == []
    assert [(table, column) for table, column, comment in expected["columns"] if not comment] == []


def test_every_table_has_a_key(published_database_path, expected):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        keyed = reader.execute(
            "select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY' order by 1"
        ).fetchall()
    assert [name for (name,) in keyed] == [name for name, _ in expected["tables"]]


@pytest.mark.parametrize(("dimension", "key"), [("dim_area", "area_code"), ("dim_measure", "measure")])
def test_the_dimensions_join_to_every_fact(published_database_path, expected, dimension, key):
    facts = [table for table, column, _ in expected["columns"] if column == key and table.startswith("fct_")]
    assert facts
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        for table in facts:
            unknown = reader.execute(
                f"select distinct {key} from marts.{table} where {key} is not null "
                f"and {key} not in (select {key} from marts.{dimension})"
            ).fetchall()
            assert unknown == [], table


def test_area_profile_from_a_file_of_any_name(published_database_path):
    query = "select * from area_profile('E08000034')"
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        rows = reader.execute(query).fetchall()
        names = [column[0] for column in reader.description]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    of_2014 = [row for row in found if row["period"] == "2014" and row["measure"] == "infant"]
    assert [(row["area_name"], row["numerator"], row["rate_per_1000"]) for row in of_2014] == [KIRKLEES[1:]]
    assert of_2014[0]["areas_ranked"] > 140 and of_2014[0]["verdict"] == "similar"
    assert of_2014[0]["recent_trend"] == "no_significant_change"
    keys = [(row["measure"], row["basis"], row["period"]) for row in found]
    assert len(keys) == len(set(keys)) > 50
    with duckdb.connect() as reader:
        reader.execute(f"attach '{published_database_path}' as figures (read_only)")
        reader.execute("use figures")
        assert reader.execute(query).fetchall() == rows


def test_sqlalchemy_reflects_tables_columns_and_comments(published_database_path, expected):
    engine = sqlalchemy.create_engine(f"duckdb:///{published_database_path}", connect_args={"read_only": True})
    try:
        inspector = sqlalchemy.inspect(engine)
        assert sorted(inspector.get_table_names(schema="marts")) == [name for name, _ in expected["tables"]]
        for name, comment in expected["tables"]:
            assert inspector.get_table_comment(name, schema="marts") == {"text": comment}
            columns = [
                (name, column["name"], column["comment"]) for column in inspector.get_columns(name, schema="marts")
            ]
            assert columns == [column for column in expected["columns"] if column[0] == name]
        table = sqlalchemy.Table("fct_rates", sqlalchemy.MetaData(), schema="marts", autoload_with=engine)
        with engine.connect() as connection:
            statement = sqlalchemy.select(table.c.rate_per_1000).where(
                table.c.area_code == KIRKLEES[0],
                table.c.period == "2014",
                table.c.measure == "infant",
                table.c.basis == "registration",
            )
            assert connection.execute(statement).scalars().all() == [KIRKLEES[3]]
            assert [tuple(row) for row in connection.execute(sqlalchemy.text(QUERY))] == expected["rows"]
            with pytest.raises(sqlalchemy.exc.DatabaseError, match="read-only"):
                connection.execute(sqlalchemy.text("delete from marts.fct_rates"))
    finally:
        engine.dispose()


def test_pandas_reads_through_sqlalchemy(published_database_path, expected):
    engine = sqlalchemy.create_engine(f"duckdb:///{published_database_path}", connect_args={"read_only": True})
    try:
        frame = pd.read_sql(QUERY, engine)
    finally:
        engine.dispose()
    assert list(frame.itertuples(index=False, name=None)) == expected["rows"]
    assert str(frame.dtypes["rate_per_1000"]) == "float64"


def test_polars_reads(published_database_path, expected):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        frame = pl.read_database(QUERY, reader)
    assert frame.rows() == expected["rows"]
    assert frame.schema["rate_per_1000"] == pl.Float64


def test_ibis_reads(published_database_path, expected):
    connection = ibis.duckdb.connect(published_database_path, read_only=True)
    try:
        assert sorted(connection.list_tables(database="marts")) == [name for name, _ in expected["tables"]]
        rates = connection.table("fct_rates", database="marts")
        found = rates.filter(
            (rates.area_code == KIRKLEES[0])
            & (rates.period == "2014")
            & (rates.measure == "infant")
            & (rates.basis == "registration")
        ).select("rate_per_1000")
        assert found.to_pyarrow().column(0).to_pylist() == [KIRKLEES[3]]
    finally:
        connection.disconnect()


def test_adbc_reads(published_database_path, expected):
    with (
        adbc_driver_manager.dbapi.connect(
            driver=_duckdb.__file__,
            entrypoint="duckdb_adbc_init",
            db_kwargs={"path": str(published_database_path), "access_mode": "READ_ONLY"},
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(QUERY)
        assert cursor.fetchall() == expected["rows"]


def test_the_fingertips_file_has_its_26_columns_and_the_rates(published_database_path):
    path = published_database_path.parent / "exports" / "fingertips.csv"
    frame = pl.read_csv(path, infer_schema_length=None)
    assert frame.columns == [
        "Indicator ID",
        "Indicator Name",
        "Parent Code",
        "Parent Name",
        "Area Code",
        "Area Name",
        "Area Type",
        "Sex",
        "Age",
        "Category Type",
        "Category",
        "Time period",
        "Value",
        "Lower CI 95.0 limit",
        "Upper CI 95.0 limit",
        "Lower CI 99.8 limit",
        "Upper CI 99.8 limit",
        "Count",
        "Denominator",
        "Value note",
        "Recent Trend",
        "Compared to England value or percentiles",
        "Compared to Region value or percentiles",
        "Time period Sortable",
        "New data",
        "Compared to goal",
    ]
    assert frame.select("Indicator ID", "Area Code", "Area Type", "Time period").is_duplicated().sum() == 0
    found = frame.filter(
        (pl.col("Area Code") == KIRKLEES[0])
        & (pl.col("Area Type") == "Upper tier local authorities")
        & (pl.col("Indicator ID") == 9005103)
        & (pl.col("Time period") == "2012 - 14")
    ).to_dicts()
    assert len(found) == 1
    assert (found[0]["Count"], round(found[0]["Value"], 2), found[0]["Time period Sortable"]) == (
        24 + 32 + 23,
        4.69,
        20120000,
    )
    assert (found[0]["Parent Name"], found[0]["Age"]) == ("Yorkshire and The Humber", "<1 yr")
    assert found[0]["Recent Trend"] == "Cannot be calculated"
    assert found[0]["Compared to England value or percentiles"] == "Similar"


TABLE_MACROS = [
    "area_profile('E08000034')",
    "combined_area_rate(['E08000034', 'E08000035'], '2014', 'infant')",
    "rate_change('E08000034', 'infant', 'registration', '2010', '2016')",
]


@pytest.mark.parametrize("call", TABLE_MACROS, ids=lambda call: call.partition("(")[0])
def test_table_macros_answer_with_and_without_schema_under_any_name(published_database_path, call):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        rows = reader.execute(f"from {call}").fetchall()
        assert rows
        assert reader.execute(f"from marts.{call}").fetchall() == rows
    with duckdb.connect() as reader:
        reader.execute(f"attach '{published_database_path}' as figures (read_only)")
        reader.execute("use figures")
        assert reader.execute(f"from {call}").fetchall() == rows
        assert reader.execute(f"from marts.{call}").fetchall() == rows


UNANSWERABLE = {
    "area_profile('nowhere')": "No area is known with the code nowhere",
    "combined_area_rate(['E08000034', 'nowhere'], '2014', 'infant')": "No area is known with the code nowhere",
    "combined_area_rate(['E08000034'], '2014', 'infants')": "No measure is called infants",
    "combined_area_rate(['E08000034'], '1814', 'infant')": "No area has figures for the period 1814",
    "combined_area_rate(['E08000034', 'E12000003'], '2014', 'infant')": "E08000034 is part of E12000003",
    "combined_area_rate(['E06000058', 'E06000028'], '2014', 'infant')": "E06000028 became E06000058",
    "combined_area_rate([], '2014', 'infant')": "No area was named",
    "combined_area_rate(['E08000034', 'E38000064'], '2014', 'infant')": "Figures stand for E08000034 alone",
    "rate_change('nowhere', 'infant', 'registration', '2013', '2014')": "No area is known with the code nowhere",
    "rate_change('E08000034', 'infants', 'registration', '2013', '2014')": "No measure is called infants",
    "rate_change('E08000034', 'infant', 'birth', '2013', '2014')": "The basis is registration or occurrence",
    "rate_change('E08000034', 'infant', 'registration', '1813', '2014')": "no figures on this basis for 1813",
    "rate_change('E08000034', 'infant', 'registration', '2012-2014', '2013-2015')": "after the first has ended",
    "rate_change('E08000034', 'infant', 'registration', '2014', '2013')": "after the first has ended",
}


@pytest.mark.parametrize("call", UNANSWERABLE)
def test_a_table_macro_answers_or_says_why_not(published_database_path, call):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        answer = reader.execute(f"select * from {call}")
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    assert len(rows) == 1
    assert UNANSWERABLE[call] in rows[0]["reason"]
    assert rows[0].get("rate_per_1000") is None and rows[0].get("percent_change") is None


def test_combined_area_rate_adds_the_counts_of_its_areas(published_database_path):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        rows = reader.execute(
            "select numerator, denominator, rate_per_1000 "
            "from combined_area_rate(['E08000034', 'E08000035'], '2014', 'infant')"
        ).fetchall()
        parts = reader.execute(
            "select sum(numerator), sum(denominator) from marts.fct_rates "
            "where area_code in ('E08000034', 'E08000035') "
            "and period = '2014' and measure = 'infant' and basis = 'registration'"
        ).fetchall()
    assert [row[:2] for row in rows] == parts
    assert rows[0][2] == pytest.approx(1000 * parts[0][0] / parts[0][1], rel=1e-12)


def test_combined_area_rate_of_one_area_is_its_rate(published_database_path):
    """Also below ten deaths, where the limits come from the published table of exact ones."""
    columns = "numerator, denominator, rate_per_1000, lower_95, upper_95, lower_99_8, upper_99_8, status"
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        one_area_for_each_number = reader.execute(
            f"select distinct on (numerator) area_code, {columns} from marts.fct_rates where period = '2014' "
            "and measure = 'infant' and basis = 'registration' and status = 'ok' and numerator < 15 order by numerator"
        ).fetchall()
        assert len(one_area_for_each_number) == 15
        for area_code, *rate in one_area_for_each_number:
            found = reader.execute(f"select {columns} from combined_area_rate(['{area_code}'], '2014', 'infant')")
            assert [list(row) for row in found.fetchall()] == [rate], area_code


def test_rate_change_of_two_neighbouring_years_is_that_of_the_mart(published_database_path):
    with duckdb.connect(str(published_database_path), read_only=True) as reader:
        asked = reader.execute("from rate_change('E08000034', 'infant', 'registration', '2013', '2014')").fetchall()
        columns = [f'"{column[0]}"' for column in reader.description]
        stands = reader.execute(
            f"select {', '.join(columns)} from marts.fct_rate_changes where area_code = 'E08000034' "
            "and measure = 'infant' and basis = 'registration' and from_period = '2013' and to_period = '2014'"
        ).fetchall()
    assert len(asked) == 1
    assert asked == stands
