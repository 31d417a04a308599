"""What a build costs, counted in what does not depend on the machine: a jump by a tenth is noticed here.

The figures stand in benchmarks/guard.csv; `python benchmarks/guard.py --write` counts them anew, and a change of them
is part of the change that made them. Times are measured by the other benchmarks, and asserted nowhere.
"""

import pytest

from benchmarks.guard import counted, expected


@pytest.fixture(scope="module")
def counts(built_database_path) -> dict[str, int]:
    """What the build at hand took."""
    return counted(built_database_path)


@pytest.mark.parametrize("what", sorted(expected()))
def test_no_jump_by_a_tenth(what, counts):
    before = expected()[what]
    assert 0.9 * before <= counts[what] <= 1.1 * before, (
        f"{what}: {counts[what]:,} where {before:,} were counted before; "
        "if that is meant, python benchmarks/guard.py --write"
    )


def test_nothing_is_left_uncounted(counts):
    assert set(counts) == set(expected())
