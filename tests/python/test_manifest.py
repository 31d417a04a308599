"""The rules of the house, kept over the whole project: its layers, and the exceptions with their reasons, stand here.

The rules are functions of house_rules.py. Parsing the project is enough for all but one of them.
"""

import csv
import json
from pathlib import Path

import house_rules
import pytest
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parents[2]

STEP_LAYERS = ["core", "rankings", "series", "scenarios", "claims"]
# What each layer may read, as patterns of layer/model and seeds/folder/seed: figures -> counts -> rates -> rankings ->
# what is said of them. Figures as published pass through staging, which types them and turns marks into statuses; the
# small tables kept by hand are read where they are needed.
KEPT_BY_HAND = [f"seeds/{folder}/*" for folder in ("areas", "claims", "published", "reference", "scenarios", "wording")]
MAY_READ = {
    "staging": ["seeds/*"],
    "core": [*KEPT_BY_HAND, "staging/*", "core/*"],
    "rankings": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*"],
    "series": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "series/*"],
    "scenarios": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "scenarios/*"],
    "claims": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "series/*", "scenarios/*", "claims/*"],
    # Marts read steps; of other marts the dimensions alone, for names. A fact that reads a fact is listed below.
    "marts": [*KEPT_BY_HAND, *(f"{step}/*" for step in ("staging", *STEP_LAYERS)), "marts/dim_*"],
    "exports": [*KEPT_BY_HAND, "marts/*", "exports/*"],
}
# Pairs of a model and what it reads although its layer may not, with the reason.
LAYER_EXCEPTIONS: dict[tuple[str, str], str] = {}

# Nothing up to the rankings and series knows of groups of areas, claims, or their seeds (patterns of paths).
UP_TO_SERIES = ["models/core/*", "models/rankings/*", "models/series/*", "*/fct_rankings.sql"]
AFTER_SERIES = ["models/scenarios/*", "models/claims/*", "seeds/scenarios/*"]
# The seeds of the claims, and who may depend on them: their own staging, the claims, what is published of them.
CLAIM_SEEDS = ["seeds/published/published_figures.csv", "seeds/claims/*"]
MAY_READ_CLAIMS = [
    "models/staging/*",
    "models/claims/*",
    "*/fct_claim_*",
    "*/fct_area_summaries.sql",
    "models/exports/*",
]

MARTS_WITHOUT_PREFIX = ["rejected_rows", "input_files"]
SEEDS_JOINED: dict[str, str] = {}
WITHOUT_KEY: dict[str, str] = {}
LAYERS_WITH_DESCRIBED_COLUMNS = ["core", "marts"]

# More readers than this, and a change of the model is a change of the project: the central steps are listed.
MOST_READERS = 6
READ_BY_MANY: dict[str, str] = {}
# A view is worked out within its reader. The step that is wrong is soon found in two of them, hardly in more.
MOST_VIEWS_IN_A_CHAIN = 2
UNUSED: dict[str, str] = {}

LONGEST_LINE = 140
# Phrases in which an area may be named.
NAMES_EXCEPTED = {
    "child_mortality_england_and_wales": "The name of a seed, after the ONS publication that it holds",
}
# Sentences that may stand in SQL.
PROSE_EXCEPTED: dict[str, str] = {}


def seed_rows(path: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (PROJECT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def project_files(*patterns: str) -> dict[str, str]:
    """The texts of the project's files that fit the patterns, by path."""
    paths = sorted(path for pattern in patterns for path in PROJECT.glob(pattern))
    return {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory) -> dict:
    """What dbt makes of the project's files as they are now."""
    target = tmp_path_factory.mktemp("target")
    folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", target, "--log-path", target]
    parsed = dbtRunner().invoke(["parse", "--quiet", "--no-partial-parse", *map(str, folders)])
    assert parsed.success, f"dbt cannot parse the project: {parsed.exception}"
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


def assert_kept(sentences: list[str]) -> None:
    """Fail with all sentences, one a line."""
    if sentences:
        pytest.fail(f"{len(sentences)} to put right:\n" + "\n".join(sentences), pytrace=False)


def test_nothing_up_to_the_series_depends_on_scenarios_or_claims(manifest):
    assert_kept(house_rules.nothing_flows_back(manifest, UP_TO_SERIES, AFTER_SERIES, []))


def test_only_claims_depend_on_the_seeds_of_claims(manifest):
    assert_kept(house_rules.nothing_flows_back(manifest, ["models/*"], CLAIM_SEEDS, MAY_READ_CLAIMS))


def test_names_and_folders_fit(manifest):
    assert_kept(house_rules.names_fit(manifest, STEP_LAYERS, MARTS_WITHOUT_PREFIX))


def test_every_description_begins_with_the_grain(manifest):
    assert_kept(house_rules.grain_is_stated(manifest))


def test_every_mart_enforces_its_contract(manifest):
    assert_kept(house_rules.contracts_are_enforced(manifest))


def test_every_column_of_the_core_and_the_marts_is_described(manifest, built_database):
    built: dict[str, set[str]] = {}
    for table, column in built_database.execute("select table_name, column_name from duckdb_columns()").fetchall():
        built.setdefault(table, set()).add(column)
    assert_kept(house_rules.columns_are_described(manifest, LAYERS_WITH_DESCRIBED_COLUMNS, built))


def test_every_seed_and_macro_is_described(manifest):
    assert_kept(house_rules.seeds_and_macros_are_described(manifest))


def test_views_are_not_chained(manifest):
    assert_kept(house_rules.views_are_not_chained(manifest, MOST_VIEWS_IN_A_CHAIN))


def test_every_model_is_used(manifest):
    assert_kept(house_rules.models_are_used(manifest, UNUSED))
