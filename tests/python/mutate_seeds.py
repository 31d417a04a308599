"""Change one printed count at a time and see whether a data test notices.

Run after a build: ``python tests/python/mutate_seeds.py --changes 200 --seed 1``. Works on a copy of the built
database: a count of a seed table is changed (by one, or one of its digits), the compiled models and tests downstream
of it are run again, and the change is taken back. Prints the share caught, and by which tests. Exit code 1 where a
change went unnoticed.
"""

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
SEEDS = (
    "live_births_by_area",
    "live_births_2017_second_hand",
    "deaths_registered_by_area",
    "child_mortality_by_area",
    "child_mortality_england_and_wales",
    "child_mortality_by_deprivation_decile",
    "live_births_2021",
    "births_and_stillbirths_2023",
    "clinical_commissioning_group_indicators",
)
TESTS = (
    "batch_totals_hold",
    "control_totals_hold",
    "children_sum_to_parents",
    "parts_sum_to_wholes",
    "kirklees_and_england_as_published",
    "published_rates_differ_only_where_listed",
    "printed_rates_lack_only_unpublished_births",
)


def models_needed(nodes: dict, tests: list[dict]) -> list[dict]:
    """The table models that the tests read, directly or not, parents before children."""
    ordered: list[dict] = []
    seen: set[str] = set()

    def visit(unique_id: str) -> None:
        node = nodes.get(unique_id)
        if node is None or unique_id in seen:
            return
        seen.add(unique_id)
        for parent in node["depends_on"].get("nodes", []):
            visit(parent)
        if node["resource_type"] == "model" and node["config"]["materialized"] == "table":
            ordered.append(node)

    for test in tests:
        for parent in test["depends_on"]["nodes"]:
            visit(parent)
    return ordered


def compiled_sql(node: dict) -> str:
    """What dbt ran for the node, from the target folder of the last build."""
    return (PROJECT / node["compiled_path"]).read_text()


def changed(count: str, chance: random.Random) -> str:
    """Another count: one digit replaced, or one added or taken away; never the same, never negative."""
    while True:
        if chance.random() < 0.5:
            other = str(int(count) + chance.choice((-1, 1)))
        else:
            place = chance.randrange(len(count))
            other = count[:place] + str(chance.randrange(10)) + count[place + 1 :]
        other = str(int(other)) if re.fullmatch(r"\d+", other) else ""
        if other and other != count:
            return other


def main() -> int:
    """Run the changes and print what noticed them; 0 where every one was noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=200, help="how many counts to change, one at a time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choice")
    arguments = parser.parse_args()

    nodes = json.loads((PROJECT / "target" / "manifest.json").read_text())["nodes"]
    tests = [node for node in nodes.values() if node["resource_type"] == "test" and node["name"] in TESTS]
    models = models_needed(nodes, tests)
    chance = random.Random(arguments.seed)
    noticed_by: dict[str, int] = {test["name"]: 0 for test in tests}
    without_batch_totals = 0
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "infant_mortality.duckdb"
        shutil.copy(PROJECT / "build" / "infant_mortality.duckdb", copy)
        connection = duckdb.connect(str(copy))
        connection.execute("set preserve_insertion_order = true")
        cells = [
            (seed, row_number, count)
            for seed in SEEDS
            for row_number, count in connection.execute(
                f"select rowid, count_value from seeds.{seed} where count_value similar to '[0-9]+'"
            ).fetchall()
        ]
        for seed, row_number, count in tqdm(chance.sample(cells, arguments.changes), unit="change", file=sys.stderr):
            other = changed(count, chance)
            connection.execute("begin")
            connection.execute(f"update seeds.{seed} set count_value = ? where rowid = ?", [other, row_number])
            for model in models:
                name = f"{model['schema']}.{model['name']}"
                connection.execute(f"create or replace table {name} as {compiled_sql(model)}")
            failing = {test["name"] for test in tests if connection.execute(compiled_sql(test)).fetchone() is not None}
            connection.execute("rollback")
            for name in failing:
                noticed_by[name] += 1
            without_batch_totals += bool(failing - {"batch_totals_hold"})
            if not failing:
                missed.append((seed, row_number, count, other))
        connection.close()

    noticed = arguments.changes - len(missed)
    print(f"changes made: {arguments.changes} of {len(cells):,} printed counts (seed {arguments.seed})")
    print(f"noticed by at least one test: {noticed} ({noticed / arguments.changes:.1%})")
    print(f"noticed without the batch totals: {without_batch_totals} ({without_batch_totals / arguments.changes:.1%})")
    for name, times in sorted(noticed_by.items(), key=lambda pair: -pair[1]):
        print(f"  {name}: {times}")
    for seed, row_number, count, other in missed:
        print(f"MISSED: {seed}.csv line {row_number + 2}: {count} changed to {other}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
