"""The steps as they are built, held against their yml entries: columns and types, what is never NULL, and keys.

DuckDB keeps the keys of the marts. Of the steps it is not asked to: an index for each took a tenth of the shipped
build, and of a build with 5,570 made-up areas a third of the time and two thirds of the file.
"""

import duckdb
from built_steps import declared_steps, differences


def test_every_step_is_as_its_entry_says(built_database):
    steps = declared_steps()
    assert len(steps) > 60
    assert [difference for step in steps for difference in differences(built_database, step)] == []


def test_what_differs_is_found():
    step = {
        "schema": "main",
        "name": "step",
        "constraints": [{"type": "primary_key", "columns": ["code"]}],
        "columns": {
            "code": {"data_type": "varchar", "constraints": []},
            "deaths": {"data_type": "bigint", "constraints": [{"type": "not_null"}]},
        },
    }
    with duckdb.connect() as connection:
        connection.execute("create table step as from (values ('A', 1::bigint), ('B', 2)) as step (code, deaths)")
        assert differences(connection, step) == []
        connection.execute("insert into step values ('A', null), (null, 3)")
        assert differences(connection, step) == [
            "main.step.code is NULL 1 times",
            "main.step.deaths is NULL 1 times",
            "main.step: 1 times code stand in several rows",
        ]
        connection.execute("alter table step alter deaths type double; alter table step add births bigint")
        assert differences(connection, step)[:2] == [
            "main.step.deaths is DOUBLE, not BIGINT",
            "main.step.births is not declared",
        ]
        connection.execute("alter table step drop code")
        assert "main.step.code is None, not VARCHAR" in differences(connection, step)
