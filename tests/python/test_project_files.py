"""The project's own rules about its files: what they must describe, and what must never be committed."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.splitlines()]


@pytest.fixture(scope="module")
def manifest(built_database_path):
    return json.loads((PROJECT / "target" / "manifest.json").read_text())


def project_nodes(manifest, resource_type):
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == resource_type and node["package_name"] == "infant_mortality"
    ]


def test_every_model_states_grain_method_caveats_and_source(manifest):
    for model in project_nodes(manifest, "model"):
        description = model["description"]
        assert description.startswith(("One row", "At most one row")), model["name"]
        for word in ("Method:", "Caveats:", "Source:"):
            assert word in description, f"{model['name']} says no {word}"


def test_every_mart_column_is_described_and_contracted(manifest, built_database):
    for model in project_nodes(manifest, "model"):
        if model["schema"] != "marts":
            continue
        assert model["config"]["contract"]["enforced"], model["name"]
        built = {
            name
            for (name,) in built_database.execute(
                "select column_name from information_schema.columns where table_schema = 'marts' and table_name = ?",
                [model["name"]],
            ).fetchall()
        }
        described = {name for name, column in model["columns"].items() if column["description"].strip()}
        assert built == described, f"{model['name']}: {sorted(built ^ described)}"


def test_every_macro_and_its_arguments_are_described(manifest):
    for macro in manifest["macros"].values():
        if macro["package_name"] != "infant_mortality" or re.match(r"^(test_|\w+__)", macro["name"]):
            continue
        assert macro["description"].strip(), macro["name"]
        assert all(argument["description"].strip() for argument in macro["arguments"]), macro["name"]


def test_every_seed_is_described(manifest):
    for seed in project_nodes(manifest, "seed"):
        assert seed["description"].strip(), seed["name"]


def test_nothing_of_a_machine_or_a_registry_is_committed():
    wanted = re.compile(r"(--index-url|--find-links|\"resolved\": *\"http|registry *= *.http|/root/|/home/\w+/)")
    this_file = Path(__file__).name
    found = [
        f"{file.relative_to(PROJECT)}: {match.group(0)}"
        for file in tracked_files()
        if file.name != this_file and file.suffix not in {".png", ".duckdb"} and file.is_file()
        for match in [wanted.search(file.read_text(encoding="utf-8", errors="ignore"))]
        if match
    ]
    assert not found, found


def test_no_yaml_file_states_a_key_twice():
    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            keys = [key.value for key, _ in node.value]
            twice.extend(f"{file.name}, line {node.start_mark.line + 1}: {key}" for key in keys if keys.count(key) > 1)
            return super().construct_mapping(node, deep)

    twice = []
    for file in tracked_files():
        if file.suffix in {".yml", ".yaml"}:
            yaml.load(file.read_text(encoding="utf-8"), Loader=Loader)
    assert not twice, sorted(set(twice))
