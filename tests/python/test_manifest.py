"""The rules of the house, kept over the whole project: its layers, and the exceptions with their reasons, stand here.

The rules are functions of house_rules.py. Parsing the project is enough for all but one of them.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

import house_rules
import pytest

PROJECT = Path(__file__).resolve().parents[2]

STEP_LAYERS = ["records", "core", "rankings", "series", "scenarios", "claims"]
# What each layer may read, as patterns of layer/model and seeds/folder/seed: figures -> counts -> rates -> rankings ->
# what is said of them. Figures as published pass through staging, which types them and turns marks into statuses; the
# small tables kept by hand are read where they are needed.
KEPT_BY_HAND = [
    f"seeds/{folder}/*" for folder in ("areas", "claims", "incoming", "published", "reference", "scenarios", "wording")
]
MAY_READ = {
    "staging": ["seeds/*"],
    # Records are counted before anything else is; of the core they know which areas there are.
    "records": [*KEPT_BY_HAND, "staging/*", "records/*", "core/int_areas_known"],
    "core": [*KEPT_BY_HAND, "staging/*", "records/int_record_figures_counted", "core/*"],
    "rankings": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*"],
    "series": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "series/*"],
    "scenarios": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "scenarios/*"],
    "claims": [*KEPT_BY_HAND, "staging/*", "core/*", "rankings/*", "series/*", "scenarios/*", "claims/*"],
    # Marts read steps; of other marts the dimensions alone, for names. A fact that reads a fact is listed below.
    "marts": [*KEPT_BY_HAND, *(f"{step}/*" for step in ("staging", *STEP_LAYERS)), "marts/dim_*"],
    "exports": [*KEPT_BY_HAND, "marts/*", "exports/*"],
}
# Pairs of a model and what it reads although its layer may not, with the reason.
LAYER_EXCEPTIONS: dict[tuple[str, str], str] = {
    ("input_files", "rejected_rows"): "Counts of each file the rows that stand there, so that the two agree",
}

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
SEEDS_JOINED = {
    "int_claim_counts_added": "Deciles and exact limits are small tables of constants",
    "int_claim_sentences_filled": "Puts together words that stand in three seeds",
    "int_areas_assigned_to_levels": "Levels, members and lineage make one thing: which areas a level has when",
    "int_printed_rates_recomputed": "Which item is printed as which measure, and which areas were published together",
    "fingertips_rows": "Puts together words and numbers of another publisher's format",
    "dim_area": "Adds what is known of an area beside its name, each from a seed of its own",
    "rejected_rows": "Items and measures say which sums a count breaks",
    "int_incoming_headers_found": "What a layout is stands in two seeds: its columns, and its name in words",
    "int_incoming_fields_read": "What a layout is stands in two seeds: its columns, and which of them begins anew",
    "int_incoming_counts_listed": "Which column of a layout counts what, by which basis, and what a note says of it",
    "int_incoming_faults_found": "Items and characters that may stand in a row",
    "int_incoming_impossible_counts_found": "Which items are parts of which, and their names",
    "int_record_figures_counted": "Which outcome is counted as what, and what comes before counts of records",
    "int_deprivation_gradients_fitted": "Which areas are tenths, and by which edition of the index",
}
WITHOUT_KEY = {
    "stg_incoming__lines": "Lines of files as they stand, before anything is checked",
    "int_record_files_opened": "Passed on as it is to int_record_files_found, which has a key",
    "int_records_counted": "Its last columns are NULL where records are rejected, and no key holds NULLs",
}
LAYERS_WITH_DESCRIBED_COLUMNS = ["marts"]

# More readers than this, and a change of the model is a change of the project: the central steps are listed.
MOST_READERS = 6
READ_BY_MANY = {
    "stg_areas__areas": "The areas that are known, which supplied ones are held against",
    "int_record_files_found": "Which state of a file is the present one: asked wherever counts of files are kept",
    "dim_area": "The names of areas, which facts show beside their codes",
    "int_areas_assigned_to_levels": "Which areas a level has, and when: asked wherever levels are",
    "int_rates_calculated": "The rates, from which everything is read",
    "int_rates_ranked": "The rows on which the steps of the rankings are joined",
    "int_rankings_counted": "The rankings themselves, with benchmark and totals",
    "int_claim_readings_listed": "What every step of the claims begins from",
    "int_claim_counts_added": "The counts of every reading of a claim",
}
# A view is worked out within its reader. The step that is wrong is soon found in two of them, hardly in more.
MOST_VIEWS_IN_A_CHAIN = 2
UNUSED = {"build_summary": "Printed by publishing at the end of a whole build"}

LONGEST_LINE = 140
# Phrases in which an area may be named.
NAMES_EXCEPTED = {
    "child_mortality_england_and_wales": "The name of a seed, after the ONS publication that it holds",
    "Compared to England value or percentiles": "A column of another publisher's format",
}
# Sentences that may stand in SQL.
FAULTS_OF_FILES = "What is wrong with a row of a user's own file, beside the condition that finds it"
PROSE_EXCEPTED = dict.fromkeys(
    [
        "a whole number of 0 or more, or a known mark, was expected",
        "a date of birth such as 2014-03-31, from 1900 to {{ setting('records_latest_date') }}, was expected",
        "a date of death such as 2014-03-31, to {{ setting('records_latest_date') }}, or nothing, was expected",
        "the death comes before the birth",
        "a stillbirth has no date of death",
        "a stillbirth is of 24 weeks or more",
        "the code of an area of dim_area was expected",
        "a whole number of weeks from 20 to 45, or nothing, was expected",
        "live or still was expected",
        "the birth_id stands in an earlier record, ",
        " of the file; empty lines, or line breaks in fields, may have moved its line)",
        "so many more records of this file are not used, ",
        " in all; the variable rejected_records_listed says how many are listed",
    ],
    FAULTS_OF_FILES,
)


def seed_rows(path: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (PROJECT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def project_files(*patterns: str) -> dict[str, str]:
    """The texts of the project's files that fit the patterns, by path."""
    paths = sorted(path for pattern in patterns for path in PROJECT.glob(pattern))
    return {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


# dbt checks yml keys on some adapters only; here DuckDB is one of them. Prints what it says of deprecations.
PARSE = """
import sys
import dbt.jsonschemas.jsonschemas as schemas
supported = "_JSONSCHEMA_SUPPORTED_ADAPTERS"
if not hasattr(schemas, supported):
    sys.exit("this dbt has no list of adapters whose yml it checks")
setattr(schemas, supported, set(getattr(schemas, supported)) | {"duckdb"})
from dbt.cli.main import dbtRunner
events = []
command = ["parse", "--quiet", "--no-partial-parse", "--show-all-deprecations", "--target-path", sys.argv[1]]
done = dbtRunner(callbacks=[lambda event: events.append((event.info.name, event.info.msg))]).invoke(command)
if not done.success:
    sys.exit(f"dbt cannot parse the project: {done.exception}")
print(*(message for name, message in events if "Deprecation" in name), sep="\\n")
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory) -> tuple[dict, str]:
    """What dbt makes of the project's files as they are now, and which of their yml keys it deprecates."""
    target = tmp_path_factory.mktemp("target")
    program = [sys.executable, "-c", PARSE, str(target)]
    done = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((target / "manifest.json").read_text(encoding="utf-8")), done.stdout.strip()


@pytest.fixture(scope="module")
def manifest(parsed) -> dict:
    """What dbt makes of the project's files as they are now."""
    return parsed[0]


def assert_kept(sentences: list[str]) -> None:
    """Fail with all sentences, one a line."""
    if sentences:
        pytest.fail(f"{len(sentences)} to put right:\n" + "\n".join(sentences), pytrace=False)


def test_yml_keys_are_the_ones_dbt_knows(parsed):
    _, deprecations = parsed
    assert deprecations == ""


def test_every_model_reads_only_what_its_layer_may(manifest):
    assert_kept(house_rules.layers_are_kept(manifest, MAY_READ, LAYER_EXCEPTIONS))


def test_nothing_up_to_the_series_depends_on_scenarios_or_claims(manifest):
    assert_kept(house_rules.nothing_flows_back(manifest, UP_TO_SERIES, AFTER_SERIES, []))


def test_only_claims_depend_on_the_seeds_of_claims(manifest):
    assert_kept(house_rules.nothing_flows_back(manifest, ["models/*"], CLAIM_SEEDS, MAY_READ_CLAIMS))


def test_seeds_are_joined_in_staging(manifest):
    assert_kept(house_rules.seeds_are_joined_in_staging(manifest, SEEDS_JOINED))


def test_names_and_folders_fit(manifest):
    assert_kept(house_rules.names_fit(manifest, STEP_LAYERS, MARTS_WITHOUT_PREFIX))


def test_every_description_begins_with_the_grain(manifest):
    assert_kept(house_rules.grain_is_stated(manifest))


def test_every_table_declares_its_key(manifest):
    assert_kept(house_rules.keys_are_declared(manifest, WITHOUT_KEY))


def test_every_mart_enforces_its_contract(manifest):
    assert_kept(house_rules.contracts_are_enforced(manifest))


def test_every_column_of_the_core_and_the_marts_is_described(manifest, built_database):
    built: dict[str, set[str]] = {}
    for table, column in built_database.execute("select table_name, column_name from duckdb_columns()").fetchall():
        built.setdefault(table, set()).add(column)
    assert_kept(house_rules.columns_are_described(manifest, LAYERS_WITH_DESCRIBED_COLUMNS, built))


def test_every_seed_and_macro_is_described(manifest):
    assert_kept(house_rules.seeds_and_macros_are_described(manifest))


def test_no_model_is_read_by_too_many_without_a_reason(manifest):
    assert_kept(house_rules.fan_out_is_small(manifest, MOST_READERS, READ_BY_MANY))


def test_views_are_not_chained(manifest):
    assert_kept(house_rules.views_are_not_chained(manifest, MOST_VIEWS_IN_A_CHAIN))


def test_every_model_is_used(manifest):
    assert_kept(house_rules.models_are_used(manifest, UNUSED))


def test_exposures_read_public_models(manifest):
    assert_kept(house_rules.exposures_read_public_models(manifest))


def test_lines_are_short():
    files = project_files(
        "models/**/*.sql",
        "models/**/*.yml",
        "seeds/**/*.yml",
        "macros/**/*.sql",
        "macros/**/*.yml",
        "formulas/**/*.sql",
        "formulas/**/*.yml",
    )
    assert_kept(house_rules.lines_are_short(files, LONGEST_LINE))


def test_no_sql_names_an_area_a_country_a_level_or_a_claim():
    areas = seed_rows("seeds/areas/areas.csv")
    countries = [area["area_name"] for area in areas if area["area_level"] == "country"]
    patterns = {
        r"(?<![0-9A-Za-z])[EWSNK]\d{8}": "an area",
        r"\b(substr|substring|left|right)\s*\(\s*(\w+\.)?\w*area_code": "a position in an area's code",
        "kirklees": "an area",
    } | {country.replace(" ", "[ _]?"): "a country" for country in countries}
    literals = {area["area_level"]: "a level" for area in areas}
    literals |= {level["ranking_level"]: "a level" for level in seed_rows("seeds/areas/ranking_levels.csv")}
    literals |= {area["area_name"]: "an area" for area in areas} | {area["area_code"]: "an area" for area in areas}
    literals |= {claim["claim_code"]: "a claim" for claim in seed_rows("seeds/published/published_figures.csv")}
    files = project_files("models/**/*.sql", "macros/**/*.sql", "formulas/**/*.sql")
    assert_kept(house_rules.nothing_is_named(files, patterns, literals, NAMES_EXCEPTED))


def test_no_sentence_stands_in_sql():
    assert_kept(house_rules.prose_is_data(project_files("models/**/*.sql"), PROSE_EXCEPTED))
