"""The keys of the steps as they are built, held against their yml entries.

DuckDB keeps the keys of the marts. Of the steps it is not asked to: an index for each took a tenth of the shipped
build, and of a build with 5,570 made-up areas a third of the time and two thirds of the file.
"""

import duckdb
from built_steps import declared_steps, differences


def test_every_step_holds_its_key(built_database):
    steps = declared_steps()
    assert len(steps) > 30
    assert [difference for step in steps for difference in differences(built_database, step)] == []


def test_a_broken_key_is_found():
    step = {"schema": "main", "name": "step", "constraints": [{"type": "primary_key", "columns": ["code", "year"]}]}
    with duckdb.connect() as connection:
        connection.execute("create table step as from (values ('A', 1, 1), ('A', 2, 1)) as step (code, year, deaths)")
        assert differences(connection, step) == []
        connection.execute("insert into step values ('A', null, 2), ('A', 2, 3)")
        assert differences(connection, step) == [
            "main.step: in 1 rows a part of code, year is NULL",
            "main.step: 1 times code, year stand in several rows",
        ]
