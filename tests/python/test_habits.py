"""What every dbt user does from habit works in a folder in which nothing was built yet."""

import json
import shutil
from pathlib import Path

import pytest
from dbt_process import PROJECT, READ_BY_DBT, StayingDbt, clone_project, take_parsed_along

# Made of a seed that fct_rates is made of too, and read by no model and no test that reads others.
CHANGED = "dim_area_lineage"


class FreshClone:
    """The files of the project in an empty folder.

    dbt takes along what it has parsed; test_house_rules.py has it parse all files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        clone_project(folder, *READ_BY_DBT)
        take_parsed_along(folder)
        self.staying_dbt = StayingDbt(folder)

    def say(self, *arguments: str) -> str:
        """Run one dbt command, which must succeed; what it said."""
        success, said = self.staying_dbt.run(*arguments)
        assert success, said
        return said

    def dbt(self, *arguments: str) -> set[str]:
        """Run one dbt command, which must succeed; what it made or tested, as kind.name."""
        results = self.folder / "target" / "run_results.json"
        results.unlink(missing_ok=True)
        self.say(*arguments)
        done = json.loads(results.read_text(encoding="utf-8"))["results"] if results.exists() else []
        names = {result["unique_id"].replace("infant_mortality.", "", 1) for result in done}
        return {name for name in names if not name.startswith(("operation.", "exposure."))}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    clone = FreshClone(tmp_path_factory.mktemp("fresh_clone"))
    yield clone
    clone.staying_dbt.close()


@pytest.fixture(scope="module")
def rates_built(fresh) -> set[str]:
    """What `dbt build --select +fct_rates` makes and tests where only the descriptions were written before."""
    assert not (fresh.folder / "build").exists()
    fresh.say("docs", "generate")
    assert (fresh.folder / "target" / "catalog.json").exists()
    return fresh.dbt("build", "--select", "+fct_rates")


def test_a_table_is_built_with_all_it_is_made_of(fresh, rates_built):
    """Its unit tests and those of its steps run too; tests that read other tables wait, and nothing is published."""
    assert {"model.fct_rates", "model.int_rates", "seed.poisson_limits"} <= rates_built
    assert "model.fct_rolling_rates" not in rates_built
    unit_tests = {name for name in rates_built if name.startswith("unit_test.")}
    assert "unit_test.fct_rates.single_years_stand_apart_from_windows" in unit_tests and len(unit_tests) > 5
    assert "test.parts_sum_to_wholes" in rates_built
    assert "test.no_mart_holds_nan_or_infinity" not in rates_built
    assert not (fresh.folder / "infant_mortality.duckdb").exists()


def test_a_table_is_tested(fresh, rates_built):
    assert fresh.dbt("test", "--select", "fct_rates") == {"unit_test.fct_rates.single_years_stand_apart_from_windows"}


def test_a_table_is_made_again(fresh, rates_built):
    """With the option that dbt calls old, but that the fingers know."""
    assert fresh.dbt("run", "-m", "fct_rates") == {"model.fct_rates"}


def test_what_changed_is_built(fresh, rates_built):
    """Nothing where nothing changed since the manifest was written; then the model whose text was changed."""
    shutil.copytree(fresh.folder / "target", fresh.folder / "before")
    changed_since = ["build", "--select", "state:modified+", "--state", "before"]
    assert fresh.dbt(*changed_since) == set()
    (model,) = (fresh.folder / "models").rglob(f"{CHANGED}.sql")
    model.write_text(model.read_text(encoding="utf-8") + "-- Changed.\n", encoding="utf-8")
    assert fresh.dbt(*changed_since) == {f"model.{CHANGED}"}


def test_a_bare_build_leaves_out_the_unit_tests_and_nothing_else(fresh):
    """What selectors.yml says; `make test` runs them."""
    list_names = ["ls", "--quiet", "--output", "json", "--output-keys", "unique_id"]

    def listed(*arguments: str) -> set[str]:
        return {json.loads(line)["unique_id"] for line in fresh.say(*list_names, *arguments).splitlines()}

    everything = listed("--select", "fqn:*")
    bare = listed()
    assert everything - bare == listed("--select", "test_type:unit")
    assert all(name.startswith("unit_test.") for name in everything - bare)
    assert "dbt test --quiet --select test_type:unit" in (PROJECT / "Makefile").read_text(encoding="utf-8")
