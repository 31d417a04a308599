"""The rules of the house, kept over dbt's manifest and the files: CONTRIBUTING.md says what they are for."""

import json
import re
import subprocess

import pytest
import yaml
from commands import run_python
from house_rules import PROJECT, broken_keys, built_manifest, declared_key, layer, nodes, parents
from seeds_read import seed_rows

# What each layer may read, beside the seeds kept by hand. Figures as published pass through staging, which types them
# and turns marks into statuses; users' files and records of births end in a table of figures each, which core reads.
MAY_READ = {
    "staging": ["seeds"],
    "incoming": ["staging", "incoming", "core"],
    "records": ["staging", "records", "core"],
    "core": [
        *("staging", "core", "int_incoming_figures", "int_incoming_area_chains", "int_incoming_mentions"),
        "int_record_figures",
    ],
    "rankings": ["staging", "core", "rankings"],
    "trends": ["staging", "core", "trends"],
    # Words and claims read published tables, as a reader would.
    "claims": ["staging", "claims", "marts"],
    "marts": ["staging", "incoming", "records", "core", "rankings", "trends", "claims", "marts"],
    "exports": ["marts", "exports"],
}
PUBLISHED_FIGURES = ("seeds/ons/", "seeds/nhs/")
# The claims, and what may know of them.
OF_CLAIMS = re.compile(
    r"models/claims/|models/staging/claims/|seeds/claims/|/published_figures\.csv|fct_claim_|exports/"
)
MARTS_WITHOUT_PREFIX = {"rejected_rows", "input_files"}
# Tables whose rows have no key: what stands in files, before anything is checked.
WITHOUT_KEY = {"stg_incoming__fields", "int_record_files_opened", "int_record_counts"}
# Read by nothing in the project.
FOR_READERS = {"build_summary", "fingertips"}
LONGEST_LINE = 140
# A seed called after its publication; a column of another publisher's format.
NAMES_EXCEPTED = ("child_mortality_england_and_wales", "'England': 'rates_joined_to_benchmarks")

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
    done = run_python("-c", PARSE, target)
    assert done.returncode == 0, done.stderr
    return json.loads((target / "manifest.json").read_text(encoding="utf-8")), done.stdout.strip()


@pytest.fixture(scope="module")
def models(parsed) -> list[dict]:
    return nodes(parsed[0], "model")


def files(*patterns: str) -> dict[str, str]:
    """The texts of the project's files that fit the patterns, by path."""
    paths = sorted(path for pattern in patterns for path in PROJECT.glob(pattern))
    return {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_yml_keys_are_the_ones_dbt_knows(parsed):
    assert parsed[1] == ""


def test_every_model_reads_only_what_its_layer_may(parsed, models):
    wrong = [
        f"{model['original_file_path']} reads {parent['name']}"
        for model in models
        for parent in parents(parsed[0], model)
        if layer(parent) not in MAY_READ[layer(model)]
        and parent["name"] not in MAY_READ[layer(model)]
        and (layer(parent) != "seeds" or parent["original_file_path"].startswith(PUBLISHED_FIGURES))
    ]
    assert wrong == []


def test_only_claims_and_words_know_of_claims(parsed, models):
    wrong = [
        f"{model['original_file_path']} reads {parent['original_file_path']}"
        for model in models
        for parent in parents(parsed[0], model)
        if OF_CLAIMS.search(parent["original_file_path"]) and not OF_CLAIMS.search(model["original_file_path"])
    ]
    assert wrong == []


def test_names_and_folders_fit(models):
    expected = {"staging": r"stg_{source}__\w+", "marts": r"(dim|fct)_\w+", "exports": r"(?!(stg|int|dim|fct)_)\w+"}
    for model in models:
        *_, folder, _ = model["original_file_path"].split("/")
        pattern = expected.get(layer(model), r"int_\w+").format(source=folder)
        if layer(model) == "incoming":
            pattern = r"(stg_incoming__|int_incoming_)\w+"
        assert re.fullmatch(pattern, model["name"]) or model["name"] in MARTS_WITHOUT_PREFIX, model[
            "original_file_path"
        ]


def test_every_model_states_grain_method_caveats_and_source(models):
    for model in models:
        assert re.match(r"(One|At most one) row (per|in all)\b", model["description"].strip()), model["name"]
        for word in ("Method:", "Caveats:", "Source:"):
            assert word in model["description"], f"{model['name']} says no {word}"


def test_every_table_declares_its_key(models):
    tables = [model for model in models if model["config"]["materialized"] in ("table", "incremental")]
    assert {model["name"] for model in tables if not declared_key(model)} == WITHOUT_KEY


def test_every_step_holds_its_key(built_database):
    """DuckDB keeps the keys of marts; an index for each step took a third of the time of a build with many areas."""
    steps = [
        model
        for model in nodes(built_manifest(), "model")
        if layer(model) != "marts" and model["config"]["materialized"] != "view" and declared_key(model)
    ]
    assert [sentence for step in steps for sentence in broken_keys(built_database, step)] == []


def test_only_marts_and_exports_describe_columns_and_describe_all(models, built_database):
    built: dict[str, set[str]] = {}
    for table, column in built_database.execute("select table_name, column_name from duckdb_columns()").fetchall():
        built.setdefault(table, set()).add(column)
    for model in models:
        described = {name for name, column in model["columns"].items() if column["description"].strip()}
        if layer(model) == "marts":
            assert model["config"]["contract"]["enforced"], model["name"]
            assert built[model["name"]] == described, model["name"]
        elif layer(model) != "exports":
            assert not described, f"{model['name']} is a step: say its grain, method and key alone"


def test_every_seed_macro_and_argument_is_described(parsed):
    described = [(seed["name"], seed["description"]) for seed in nodes(parsed[0], "seed")]
    for macro in parsed[0]["macros"].values():
        is_ours = macro["package_name"] == "infant_mortality" and not re.match(r"(test_|[a-z]+__)", macro["name"])
        if is_ours:
            described += [(macro["name"], macro["description"])]
            described += [(f"{macro['name']}: {one['name']}", one["description"]) for one in macro["arguments"]]
    assert [name for name, text in described if not text.strip()] == []


def test_every_step_is_read(parsed, models):
    read = {parent["name"] for model in models for parent in parents(parsed[0], model)}
    assert {model["name"] for model in models if layer(model) != "marts"} - read == FOR_READERS


def test_lines_are_short():
    """SQLFluff would take a tenth of its time for it, and does not see most of these files."""
    long = [
        f"{path}:{number}"
        for path, text in files(
            "models/**/*.sql",
            "models/**/*.yml",
            "seeds/**/*.yml",
            "macros/**/*.*",
            "formulas/**/*.*",
            "tests/dbt/*.sql",
        ).items()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > LONGEST_LINE and "unit_tests" not in path  # which hold made-up rows
    ]
    assert long == []


def test_no_sql_names_an_area_a_country_a_level_or_a_claim():
    """Comments may. What an area, a level or a claim is called stands in seeds."""
    areas = seed_rows("areas/areas.csv")
    names = [
        *[f"'{area[column]}'" for area in areas for column in ("area_code", "area_name", "area_level")],
        *[f"'{level['ranking_level']}'" for level in seed_rows("areas/ranking_levels.csv")],
        *[f"'{claim['claim_code']}'" for claim in seed_rows("published/published_figures.csv")],
    ]
    countries = [area["area_name"].replace(" ", "[ _]?") for area in areas if area["area_level"] == "country"]
    patterns = "|".join(
        [r"(?<![0-9A-Za-z])[EWSNK]\d{8}", r"\b(substr|left|right)\s*\(\s*(\w+\.)?\w*area_code", "kirklees"]
    )
    forbidden = re.compile("|".join([patterns, *countries]), re.IGNORECASE)
    wrong = []
    for path, sql in files("models/**/*.sql", "macros/**/*.sql", "formulas/**/*.sql").items():
        code = re.sub(r"--[^\n]*|\{#.*?#\}", "", sql, flags=re.DOTALL)
        for phrase in NAMES_EXCEPTED:
            code = code.replace(phrase, "")
        wrong += [f"{path}: {found.group(0)}" for found in forbidden.finditer(code)]
        wrong += [f"{path}: {literal}" for literal in set(re.findall(r"'[^'\n]*'", code)) & set(names)]
    assert wrong == []


def tracked_files() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    paths = [PROJECT / name for name in listed.stdout.splitlines() if not name.endswith((".png", ".duckdb"))]
    return {path.relative_to(PROJECT).as_posix(): path.read_text("utf-8", "ignore") for path in paths if path.is_file()}


def test_nothing_of_a_machine_or_a_registry_is_committed():
    wanted = re.compile(r"(--index-url|--find-links|\"resolved\": *\"http|registry *= *.http|/root/|/home/\w+/)")
    found = {path: wanted.search(text) for path, text in tracked_files().items() if not path.endswith("house_rules.py")}
    assert {path: match.group(0) for path, match in found.items() if match} == {}


def test_no_yaml_file_states_a_key_twice():
    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            keys = [key.value for key, _ in node.value]
            twice.extend(f"{path}, line {node.start_mark.line + 1}: {key}" for key in keys if keys.count(key) > 1)
            return super().construct_mapping(node, deep)

    twice: list[str] = []
    for path, text in tracked_files().items():
        if path.endswith((".yml", ".yaml")):
            yaml.load(text, Loader=Loader)
    assert sorted(set(twice)) == []
