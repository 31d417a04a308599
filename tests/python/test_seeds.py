"""Seeds: what guards them, in short; `make test-changed-seeds` tries a thousand slips."""

import hashlib
import unicodedata
from pathlib import Path

import duckdb
import pytest
from seeds_read import seed_rows
from sql_macros import render_file

PROJECT = Path(__file__).resolve().parents[2]
PATHS = {path.stem: path for path in sorted((PROJECT / "seeds").glob("*/*.csv"))}


@pytest.fixture(scope="module")
def seeds_loaded():
    """All seeds in a database of their own, every column as text."""
    connection = duckdb.connect()
    for name, path in PATHS.items():
        connection.execute(f"create table {name} as from read_csv('{path}', header = true, all_varchar = true)")
    yield connection
    connection.close()


def test_the_digests_are_those_of_the_committed_seeds():
    rows = seed_rows(PATHS["seed_digests"])
    for row in rows:
        content = (PROJECT / "seeds" / row["seed_file"]).read_bytes()
        assert row["digest"] == hashlib.sha256(content).hexdigest(), row["seed_file"]
        assert int(row["line_count"]) == content.count(b"\n") - 1
    assert {int(row["files_written"]) for row in rows} == {len(rows)}
    assert {path for name in ("ons", "nhs") for path in (PROJECT / "seeds" / name).glob("*.csv")} <= {
        PROJECT / "seeds" / row["seed_file"] for row in rows
    }


def test_every_seed_has_a_key_that_is_tested(seeds_loaded):
    """A doubled row is a key that stands twice, in every seed."""
    query = render_file("tests/dbt/seeds_hold_their_keys.sql")
    assert seeds_loaded.execute(query).fetchall() == []
    seeds_loaded.execute("begin")
    for name in PATHS:
        seeds_loaded.execute(f"insert into {name} (select * from {name} limit 1)")
    doubled = {row[0] for row in seeds_loaded.execute(query).fetchall()}
    seeds_loaded.execute("rollback")
    assert doubled == set(PATHS)


def test_a_row_dropped_from_the_middle_of_an_order_leaves_a_gap(seeds_loaded):
    query = render_file("tests/dbt/orders_in_seeds_have_no_gaps.sql")
    assert seeds_loaded.execute(query).fetchall() == []
    seeds_loaded.execute("begin")
    seeds_loaded.execute("delete from incoming_faults where fault_order = '7'")
    found = seeds_loaded.execute(query).fetchall()
    seeds_loaded.execute("rollback")
    assert {row[0] for row in found} == {"incoming_faults"}


def test_characters_are_named_as_in_unicode():
    """All that cannot be seen, but for the tags, and the letters and signs that may be taken for others."""
    named = {int(row["code_point"][2:], 16): row["character_name"] for row in seed_rows(PATHS["character_names"])}
    look_alike = [
        *(range(0xC0, 0x180), range(0x370, 0x460), range(0x2010, 0x2016), range(0x2212, 0x2213)),
        *(range(0xFF01, 0xFF5F), range(0xFFFD, 0xFFFE)),
    ]
    letters = {point for points in look_alike for point in points if unicodedata.name(chr(point), "")}
    unseen = {point for point in range(0xE0000) if unicodedata.category(chr(point)) in ("Cc", "Cf", "Zs", "Zl", "Zp")}
    # Python 3.11 knows Unicode 14; of what came later the seed need know nothing.
    assert set(named) <= letters | unseen
    assert set(named) == letters | unseen or unicodedata.unidata_version != "14.0.0"
    nameless = {0: "null", 7: "bell", 8: "backspace", 9: "tab", 10: "line feed", 13: "carriage return"}
    nameless |= {27: "escape", 127: "delete"}
    for point, name in named.items():
        assert name == unicodedata.name(chr(point), nameless.get(point, "control character")).lower(), hex(point)
