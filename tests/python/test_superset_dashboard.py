"""The files of bi/superset/ agree with each other and with the published database.

That Superset imports them and draws every chart: tests/heavy/test_superset.py.
"""

import json
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml
from commands import PROJECT, run_python

from bi.superset import describe

FOLDER = PROJECT / "bi" / "superset"
# Where a chart names columns or metrics of its dataset.
LISTS = ("all_columns", "groupby", "groupbyRows", "groupbyColumns", "metrics")
NAMES = ("x_axis", "entity", "series", "x", "y", "size", "metric", "timeseries_limit_metric")
LICENCE = "Source: Office for National Statistics licensed under the [Open Government Licence v.3.0]"


def read(folder: str) -> dict[str, dict]:
    """What the files of a folder say, by the name of the file."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((FOLDER / folder).rglob("*.yaml"))
    }


DATABASES, DATASETS, CHARTS, DASHBOARDS = (read(name) for name in ("databases", "datasets", "charts", "dashboards"))
DATABASE = DATABASES["infant_mortality"]
DASHBOARD = DASHBOARDS["infant_mortality"]
BY_UUID = {dataset["uuid"]: dataset for dataset in DATASETS.values()}
FILTERS = {entry["name"]: entry for entry in DASHBOARD["metadata"]["native_filter_configuration"]}


def columns_of(dataset: dict) -> set[str]:
    return {column["column_name"] for column in dataset["columns"]}


def metrics_of(dataset: dict) -> set[str]:
    return {metric["metric_name"] for metric in dataset["metrics"]}


def names_used(params: dict) -> Iterator[str]:
    """Every column and saved metric that a chart names."""
    for key in LISTS:
        for name in params.get(key, []):
            yield name["column"]["column_name"] if isinstance(name, dict) else name
    yield from (params[key] for key in NAMES if params.get(key))
    yield from (entry["subject"] for entry in params["adhoc_filters"])
    yield from (json.loads(entry)[0] for entry in params.get("order_by_cols", []))
    yield from params.get("column_config", {})


def test_every_identifier_is_one_and_used_once():
    files = [*DATABASES.values(), *DATASETS.values(), *CHARTS.values(), *DASHBOARDS.values()]
    identifiers = [file["uuid"] for file in files]
    assert [str(uuid.UUID(identifier)) for identifier in identifiers] == identifiers
    assert [identifier for identifier, times in Counter(identifiers).items() if times > 1] == []


def test_files_refer_to_each_other():
    assert {dataset["database_uuid"] for dataset in DATASETS.values()} == {DATABASE["uuid"]}
    assert {chart["dataset_uuid"] for chart in CHARTS.values()} == set(BY_UUID)
    assert all(name == dataset["table_name"] for name, dataset in DATASETS.items())


def test_the_dashboard_shows_every_chart_once():
    position = DASHBOARD["position"]
    shown = [part["meta"] for part in position.values() if isinstance(part, dict) and part["type"] == "CHART"]
    assert sorted((meta["uuid"], meta["sliceName"]) for meta in shown) == sorted(
        (chart["uuid"], chart["slice_name"]) for chart in CHARTS.values()
    )
    assert len({meta["chartId"] for meta in shown}) == len(shown)
    reached, waiting = set(), ["ROOT_ID"]
    while waiting:
        part = waiting.pop()
        reached.add(part)
        waiting.extend(position[part].get("children", []))
    assert reached == {part for part in position if part not in ("DASHBOARD_VERSION_KEY", "HEADER_ID")}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_uses_what_its_dataset_has(name):
    dataset = BY_UUID[CHARTS[name]["dataset_uuid"]]
    used = set(names_used(CHARTS[name]["params"]))
    assert used
    assert used - columns_of(dataset) - metrics_of(dataset) == set()
    assert CHARTS[name]["viz_type"] == CHARTS[name]["params"]["viz_type"]
    assert CHARTS[name]["description"]


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_has_the_columns_types_and_descriptions_of_the_database(name, published):
    path = next((FOLDER / "datasets").rglob(f"{name}.yaml"))
    expected = describe.as_yaml(describe.described(DATASETS[name], published))
    assert path.read_text(encoding="utf-8") == expected, "run `python bi/superset/describe.py`"


@pytest.mark.parametrize("name", DATASETS)
def test_a_column_that_a_mart_describes_has_the_type_it_has_there(name, published):
    in_marts: dict[str, set[str]] = {}
    for table in describe.tables_read(DATASETS[name]):
        for column, kind in published.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = ?",
            [table],
        ).fetchall():
            in_marts.setdefault(column, set()).add(kind)
    shared = [column for column in DATASETS[name]["columns"] if column["column_name"] in in_marts]
    assert shared
    assert [column for column in shared if column["type"] not in in_marts[column["column_name"]]] == []


@pytest.mark.parametrize("name", DATASETS)
def test_the_metrics_can_be_worked_out(name, published):
    dataset = DATASETS[name]
    assert all(metric["description"] and metric["verbose_name"] for metric in dataset["metrics"])
    expressions = ", ".join(metric["expression"] for metric in dataset["metrics"])
    query = dataset["sql"] or f"select * from marts.{name}"
    (values,) = published.execute(f"select {expressions} from ({query}) as dataset").fetchall()
    assert None not in values


def test_a_dataset_of_what_is_not_there_is_refused(published):
    with pytest.raises(ValueError, match="no fct_nothing"):
        describe.described({"table_name": "fct_nothing", "sql": None, "columns": []}, published)
    query = "-- One row.\nselect area_code as place from marts.dim_area"
    with pytest.raises(ValueError, match="place is of no mart"):
        describe.described({"table_name": "made_up", "sql": query, "columns": []}, published)


def test_the_filters_are_those_promised_and_begin_with_values_that_exist(published):
    assert list(FILTERS) == ["Areas", "Measure", "Deaths dated by", "Ranking level", "Period"]
    chart_ids = {
        part["meta"]["chartId"]
        for part in DASHBOARD["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    for name, entry in FILTERS.items():
        (target,) = entry["targets"]
        dataset = BY_UUID[target["datasetUuid"]]
        column = target["column"]["name"]
        assert column in columns_of(dataset)
        assert set(entry["scope"]["rootPath"]) <= set(DASHBOARD["position"])
        assert set(entry["scope"]["excluded"]) <= chart_ids
        if entry["controlValues"]["defaultToFirstItem"]:
            # Superset takes the first of the values when the dashboard is opened: the newest period.
            assert (name, entry["controlValues"]["sortAscending"], entry["requiredFirst"]) == ("Period", False, True)
            assert entry["defaultDataMask"]["filterState"] == {}
            continue
        values = entry["defaultDataMask"]["filterState"]["value"]
        assert entry["defaultDataMask"]["extraFormData"]["filters"] == [{"col": column, "op": "IN", "val": values}]
        found = published.execute(
            f"select count(distinct {column}) from ({dataset['sql']}) as dataset where list_contains(?, {column})",
            [values],
        ).fetchall()
        assert found == [(len(values),)], name


def test_the_filters_begin_with_the_newest_complete_period(published):
    """The first period of what is chosen at first is the newest, and every area has a rate in it."""
    chosen = {
        column: FILTERS[name]["defaultDataMask"]["filterState"]["value"][0]
        for name, column in (
            ("Measure", "measure_name"),
            ("Deaths dated by", "basis"),
            ("Ranking level", "ranking_level_name"),
        )
    }
    conditions = " and ".join(f"{column} = '{value}'" for column, value in chosen.items())
    ((newest, ranked, in_level, first),) = published.execute(
        f"""
        select arg_max(period, period_end_year), arg_max(areas_ranked, period_end_year),
            arg_max(areas_in_level, period_end_year), max(period)
        from marts.fct_rankings inner join marts.dim_ranking_level using (ranking_level)
        where {conditions} and years_in_period = 1
        """
    ).fetchall()
    assert (newest, ranked) == (first, in_level)


def test_every_column_has_a_name_to_print():
    unnamed = [
        f"{name}.{column['column_name']}"
        for name, dataset in DATASETS.items()
        for column in dataset["columns"]
        if not column["verbose_name"]
    ]
    assert unnamed == []


def test_areas_have_the_same_names_in_every_dataset(published):
    """The filter of areas chooses by name."""
    names = {
        name: {
            (code, area)
            for code, area in published.execute(
                f"select distinct area_code, area from ({dataset['sql']}) as dataset"
            ).fetchall()
        }
        for name, dataset in DATASETS.items()
        if "area" in columns_of(dataset)
    }
    assert len(names) == 3
    every = set.union(*names.values())
    assert len({code for code, _ in every}) == len(every) == len({area for _, area in every})


def test_every_tab_shows_the_source_and_its_licence():
    # The row above the tabs is seen on each of them.
    first, second = DASHBOARD["position"]["GRID_ID"]["children"]
    (text,) = DASHBOARD["position"][first]["children"]
    assert LICENCE in DASHBOARD["position"][text]["meta"]["code"]
    assert DASHBOARD["position"][second]["type"] == "TABS"


@pytest.mark.parametrize(
    ("database", "uri", "parameters"),
    [
        ("somewhere/figures.duckdb", rf"duckdb:///{re.escape(str(PROJECT))}/somewhere/figures\.duckdb", True),
        ("postgresql://reader:secret@127.0.0.1/figures", "postgresql://reader:secret@127.0.0.1/figures", False),
    ],
)
def test_the_zip_holds_every_file_and_names_the_database(tmp_path, database, uri, parameters):
    packed = tmp_path / "dashboard.zip"
    done = run_python("bi/superset/import.py", "--database", database, "--zip", packed)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(packed) as archive:
        contents = {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}
    committed = {f"infant_mortality/{path.relative_to(FOLDER)}" for path in FOLDER.rglob("*.yaml")}
    assert set(contents) == committed
    assert contents["infant_mortality/metadata.yaml"]["type"] == "Dashboard"
    named = contents["infant_mortality/databases/infant_mortality.yaml"]
    assert re.fullmatch(uri, named["sqlalchemy_uri"])
    assert named["extra"]["engine_params"] == ({"connect_args": {"read_only": True}} if parameters else {})
    assert named["allow_dml"] is False
    for folder, files in (("charts", CHARTS), ("dashboards", DASHBOARDS), ("datasets/infant_mortality", DATASETS)):
        for name, content in files.items():
            assert contents[f"infant_mortality/{folder}/{name}.yaml"] == content


def test_no_superset_gives_one_sentence():
    environment = {"PATH": "", "SUPERSET_PASSWORD": "none"}
    done = run_python("bi/superset/import.py", "--superset", "http://127.0.0.1:9", env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith("No Superset answers at http://127.0.0.1:9")
    assert "Traceback" not in done.stderr
