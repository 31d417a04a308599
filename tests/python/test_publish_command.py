"""Which dbt commands publish: a small project, with this project's macros, plugin and profile, built for real."""

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest
from dbt_process import PROJECT, StayingDbt, environment_of_tests

FILES = {
    "dbt_project.yml": """
        name: infant_mortality
        version: "1.0.0"
        profile: infant_mortality
        test-paths: [tests/dbt]
        on-run-end: "{{ publish_when_whole(results) }}"
        flags: {send_anonymous_usage_stats: false}
        models: {infant_mortality: {marts: {+schema: marts, +materialized: table}, exports: {+schema: exports}}}
    """,
    "models/marts/fct_rates.sql": "select * from {{ ref('stg_rates') }} where rate > {{ var('least', 0) }}",
    "models/staging/stg_rates.sql": "select cast({{ var('figure', 'range') }} as double) as rate from range(10)",
    "models/exports/build_summary.sql": """
        select 2 as line, 'And it is the second.' as sentence union all
        select 1, count(*) || ' rates are above {{ var('least', 0) }}.' from {{ ref('fct_rates') }}
    """,
    "models/models.yml": """
        models:
          - name: build_summary
            config: {meta: {printed_when_published: true}}
          - name: fct_rates
            columns: [{name: rate, data_tests: [not_null]}]
        exposures:
          - {name: readers, type: application, owner: {name: Readers}, depends_on: [ref('fct_rates')]}
        unit_tests:
          - name: keeps_what_is_positive
            model: fct_rates
            given: [{input: ref('stg_rates'), rows: [{rate: 1}, {rate: -1}]}]
            expect: {rows: [{rate: 1}]}
    """,
    "tests/dbt/has_rows.sql": """
        select count(*) as rows_found from {{ ref('fct_rates') }} having count(*) < {{ var('rows_wanted', 1) }}
    """,
}


def write_small_project(folder: Path) -> None:
    """The files of the small project."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    shutil.copy(PROJECT / "profiles.yml", folder)
    shutil.copytree(PROJECT / "publish", folder / "publish", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "macros" / "publish", folder / "macros" / "publish")
    # The real table macros name marts that the small project has not; tests of the clients call them.
    for name in ("area_profile", "combined_area_rate", "pairwise_rank_intervals", "rate_change"):
        (folder / "macros" / f"create_{name}_macro.sql").write_text(
            "{% macro create_" + name + "_macro(schema) %}"
            "create macro {{ schema }}." + name + "(least) as table from marts.fct_rates where rate > least"
            "{% endmacro %}",
            encoding="utf-8",
        )
    (folder / "macros" / "create_formula_macros.sql").write_text(
        "{% macro create_formula_macros(schema, defined_in=none) %}{{ return([]) }}{% endmacro %}", encoding="utf-8"
    )
    shutil.copy(PROJECT / "macros" / "generate_schema_name.sql", folder / "macros")


class SmallProject:
    """The folder of the small project, and the dbt that works in it."""

    def __init__(self, folder: Path) -> None:
        write_small_project(folder)
        self.folder, self.database = folder, folder / "infant_mortality.duckdb"
        self.staying_dbt = StayingDbt(folder)
        self.dbt = self.staying_dbt.run

    def build_id(self) -> str | None:
        """Which build is published; None where none is."""
        if not self.database.exists():
            return None
        with duckdb.connect(str(self.database), read_only=True) as reader:
            return reader.execute("select build_id from marts.build_information").fetchall()[0][0]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The small project, without anything published yet."""
    small = SmallProject(tmp_path_factory.mktemp("small_project"))
    yield small
    small.staying_dbt.close()


@pytest.fixture(scope="module")
def first_build(project: SmallProject) -> str:
    """Id of the first whole build."""
    success, said = project.dbt("build")
    assert success, said
    assert (
        "Published infant_mortality.duckdb and exports/: 2 tables, 10 rows.\n"
        "9 rates are above 0.\nAnd it is the second.\n"
    ) in said
    return project.build_id()


def test_a_plain_build_publishes(project, first_build):
    success, said = project.dbt("build")
    assert success, said
    assert project.build_id() not in (None, first_build)
    assert json.loads((project.folder / "exports" / "manifest.json").read_text())["build_id"] == project.build_id()
    with duckdb.connect(str(project.database), read_only=True) as reader:
        for name in ("area_profile", "combined_area_rate", "pairwise_rank_intervals", "rate_change"):
            for schema in ("", "marts."):
                assert reader.execute(f"select count(*) from {schema}{name}(5)").fetchall() == [(4,)]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["run"], "`dbt run` builds or tests a part; `dbt build` publishes."),
        (["test"], "`dbt test` builds or tests a part; `dbt build` publishes."),
        (["build", "--select", "*"], "(`--select`); a plain `dbt build` publishes."),
        (["build", "--exclude", "has_rows"], "(`--exclude`); a plain `dbt build` publishes."),
        (["build", "--exclude-resource-type", "unit_test"], "(`--exclude-resource-types`); a plain"),
        (["build", "--resource-type", "model"], "(`--resource-types`); a plain"),
        (["build", "--empty", "--vars", "{rows_wanted: 0}"], "(`--empty`); a plain"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_part_publishes_nothing_and_says_so(project, first_build, arguments, reason):
    published = project.build_id()
    success, said = project.dbt(*arguments)
    assert success, said
    assert "Not published: " in said and reason in said, said
    assert "rates are above" not in said
    assert project.build_id() == published


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--vars", "{rows_wanted: 99}"], "2 of 7 steps did not pass: has_rows (fail)."),
        (["--vars", "{figure: nonsense}"], "stg_rates (error)"),
        (["--vars", "{least: -9}"], "keeps_what_is_positive (fail)"),
    ],
    ids=["a failed test", "a failed model", "a failed unit test"],
)
def test_a_failure_publishes_nothing_and_is_named(project, first_build, arguments, named):
    published = project.build_id()
    success, said = project.dbt("build", *arguments)
    assert not success
    assert "Not published: " in said and named in said and "is as it was" in said, said
    assert "rates are above" not in said
    assert project.build_id() == published


def test_the_reason_is_said_even_when_dbt_is_quiet(project, first_build):
    success, said = project.dbt("--quiet", "build", "--vars", "{rows_wanted: 99}")
    assert not success
    assert "Not published: 2 of 7 steps did not pass: has_rows (fail)." in said


def test_a_refused_place_fails_the_build(project, first_build):
    published = project.build_id()
    project.database.rename(project.folder / "kept.duckdb")
    project.database.mkdir()
    try:
        success, said = project.dbt("build")
    finally:
        project.database.rmdir()
        (project.folder / "kept.duckdb").rename(project.database)
    assert not success
    assert "Not published: INFANT_MORTALITY_DB names" in said and "which is a folder; name a file." in said, said
    assert project.build_id() == published


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess:
    """A command of a process of its own in the folder of a small project."""
    return subprocess.run(command, cwd=folder, env=environment_of_tests(), capture_output=True, text=True)


def test_a_second_build_at_once_is_turned_away(project, first_build):
    success, said = project.dbt("build")  # Leaves the small project's process holding its build file.
    assert success, said
    published = project.build_id()
    second = run(project.folder, Path(sys.executable).with_name("dbt"), "build", "--no-use-colors")
    assert second.returncode != 0
    holder = project.staying_dbt.process.pid
    assert f"Another process ({holder}) is using build/infant_mortality.duckdb" in second.stdout
    assert project.build_id() == published
    success, said = project.dbt("build")
    assert success, said
    assert project.build_id() != published


def test_make_build_shows_how_far_it_is(tmp_path):
    write_small_project(tmp_path)
    command = (sys.executable, PROJECT / "scripts" / "build.py")
    done = run(tmp_path, *command)
    assert done.returncode == 0 and "Published infant_mortality.duckdb" in done.stdout, done
    said = done.stderr.splitlines()
    assert said[0] == "Reading the project" and said[-1] == "Finishing"
    assert said[1:-1] == [f"{step} of 7 steps built and tested" for step in range(1, 8)]
    failing = run(tmp_path, *command, "--vars", "{rows_wanted: 99}")
    assert failing.returncode == 1 and "has_rows (fail)" in failing.stdout
