"""The variables of dbt_project.yml: each is checked, and one that no model could use is refused in one sentence."""

from datetime import UTC, datetime

import pytest
from sql_macros import VARIABLES, CompilerError, project_macros

NOW = datetime(2024, 2, 29, tzinfo=UTC)
# Places of files, whatever they are called.
NOT_CHECKED = {"incoming_folder", "records_counted_folder", "records_areas_file"}
REFUSED = {
    "rolling_window_years": [3, "3", [], [0], [1.5], ["3"], None],
    "default_window_years": [0, 51, 2.5, "three", None, True],
    "chosen_confidence": [97, "99_8", "", None, True, "ninety"],
    "funnel_target": ["four", 0, -1, 1000, "nan", True, [4], "4,5"],
    "ranking_completeness": [-0.1, 1.1, "most", None, ""],
    "verdict_probability": [0.5, 1, "sure", "", None, "nan", 95],
    "quantile_groups": [1, 21, 2.5, "five", None, True],
    "quantiles_counted_within_region": ["true", 1, None, ""],
    "trend_minimum_deaths": [0, -1, "few"],
    "records_cohort": ["deaths", "", None],
    "record_ids_are_unique": ["true", 0, None],
    "rejected_records_listed": [0, 1_000_000, "all", 10.5],
    "records_engine": ["polars", "", None],
    "records_latest_date": ["2024", "31.12.2024", "2024-13-01", 2024],
}
TAKEN = {
    "rolling_window_years": [([1, 3], [1, 3])],
    "default_window_years": [("5", 5)],
    "chosen_confidence": [(80, 80), (99.8, 99.8), ("99.9", "99.9")],
    "funnel_target": [("", None), (None, None), (" ", None), (4, 4), ("4", 4), (" 4.0 ", 4)],
    "ranking_completeness": [(0, 0), (1, 1), (0.75, 0.75)],
    "quantile_groups": [(20, 20), ("10", 10)],
    "rejected_records_listed": [(999_999, 999_999)],
    "records_latest_date": [("", "2024-02-29"), (None, "2024-02-29"), ("2022-12-31", "2022-12-31")],
}


def setting(name: str, value):
    """What the macro makes of a variable."""
    return project_macros({"var": lambda _: value, "run_started_at": NOW})["setting"](name)


def test_every_variable_is_checked():
    assert set(REFUSED) == set(VARIABLES) - NOT_CHECKED


@pytest.mark.parametrize("name", sorted(set(VARIABLES) - NOT_CHECKED))
def test_what_is_set_in_the_project_is_taken(name):
    assert setting(name, VARIABLES[name]) in (VARIABLES[name], None, "2024-02-29")


@pytest.mark.parametrize(("name", "value", "expected"), [(n, *pair) for n, pairs in TAKEN.items() for pair in pairs])
def test_a_value_that_fits_is_taken(name, value, expected):
    assert setting(name, value) == expected


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_a_value_that_does_not_fit_is_refused_in_one_sentence(name, value):
    with pytest.raises(CompilerError, match=rf"^The variable {name} must be .*, not '.*'\.$") as refused:
        setting(name, value)
    assert str(refused.value).count(". ") == 0
