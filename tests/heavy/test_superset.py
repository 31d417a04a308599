"""Apache Superset reads the published file end to end: `make test-superset`.

Superset runs in its own virtual environment (SUPERSET_VENV, by default .venv-superset), on the loopback address, with
its own database in a temporary folder; the test starts it and stops it. Pictures stay in test-output/.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import requests
from playwright.sync_api import sync_playwright

from publish.plugin import published_place
from tests.chromium import ARGUMENTS, chromium_path

PROJECT = Path(__file__).resolve().parents[2]
PICTURES = PROJECT / "test-output"
USER = "tester"
# Kirklees and England, infant deaths by year of registration, three-year windows.
CHART_FILTER = {
    "area_code": ["E08000034", "E92000001"],
    "measure": ["infant"],
    "basis": ["registration"],
    "years_in_period": [3],
}


class Superset:
    """A running Superset, signed in through its API."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self.password = password
        self.api = requests.Session()
        token = self.api.post(
            f"{address}/api/v1/security/login",
            json={"username": USER, "password": password, "provider": "db", "refresh": False},
            timeout=60,
        ).json()["access_token"]
        self.api.headers["Authorization"] = f"Bearer {token}"
        self.api.headers["Referer"] = address
        self.api.headers["X-CSRFToken"] = self.get("security/csrf_token/")["result"]

    def get(self, path: str) -> dict:
        """Answer of a GET to the API, which must succeed."""
        answer = self.api.get(f"{self.address}/api/v1/{path}", timeout=120)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict) -> dict:
        """Answer of a POST to the API, which must succeed."""
        answer = self.api.post(f"{self.address}/api/v1/{path}", json=body, timeout=120)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def session_cookie(self) -> str:
        """Sign in through the page, as a person does; the session's cookie."""
        page = requests.Session()
        form = page.get(f"{self.address}/login/", timeout=60).text
        csrf = re.search(r'csrf_token[^>]*value="([^"]+)"', form)
        assert csrf, "the sign-in page has no form token"
        page.post(
            f"{self.address}/login/",
            data={"username": USER, "password": self.password, "csrf_token": csrf.group(1)},
            headers={"Referer": f"{self.address}/login/"},
            timeout=60,
        )
        assert page.get(f"{self.address}/api/v1/me/", timeout=60).json()["result"]["username"] == USER
        return page.cookies["session"]


@pytest.fixture(scope="module")
def published() -> Path:
    """The published file; building it is the make target's affair."""
    path = published_place()
    assert path.exists(), f"{path} does not exist: run `dbt build` first"
    return path


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    """Superset with an empty database of its own, started and stopped here."""
    binary = Path(os.environ.get("SUPERSET_VENV", PROJECT / ".venv-superset")) / "bin" / "superset"
    assert binary.exists(), f"{binary} does not exist: `make test-superset` makes its virtual environment"
    home = tmp_path_factory.mktemp("superset")
    (home / "superset_config.py").write_text(
        f"SECRET_KEY = {secrets.token_urlsafe(42)!r}\n"
        f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{home / 'superset.db'}'\n"
        "TALISMAN_ENABLED = False\n"
        "RATELIMIT_ENABLED = False\n",
        encoding="utf-8",
    )
    password = secrets.token_urlsafe(16)
    environment = {
        **os.environ,
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "SUPERSET_HOME": str(home),
        "FLASK_APP": "superset",
    }
    create_user = [
        "fab",
        "create-admin",
        *("--username", USER, "--password", password),
        *("--firstname", "Test", "--lastname", "User", "--email", "tester@example.org"),
    ]
    for arguments in (["db", "upgrade"], create_user, ["init"]):
        done = subprocess.run([binary, *arguments], env=environment, cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [binary, "run", "--host", "127.0.0.1", "--port", str(port), "--with-threads"],
            env=environment,
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        give_up_at = time.monotonic() + 180
        while True:
            try:
                if requests.get(f"{address}/health", timeout=5).text == "OK":
                    break
            except requests.ConnectionError:
                pass
            assert server.poll() is None, (home / "server.log").read_text()
            assert time.monotonic() < give_up_at, "Superset did not start within three minutes"
            time.sleep(0.5)
        yield Superset(address, password)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def database_id(superset: Superset, published: Path) -> int:
    """The published file, registered read-only through the API."""
    extra = {"engine_params": {"connect_args": {"read_only": True}}}
    body = {
        "database_name": "Infant mortality",
        "sqlalchemy_uri": f"duckdb:///{published}",
        "expose_in_sqllab": True,
        "extra": json.dumps(extra),
    }
    return superset.post("database/", body)["id"]


@pytest.fixture(scope="module")
def dataset_id(superset: Superset, database_id: int) -> int:
    """The pooled rates as a Superset dataset."""
    return superset.post("dataset/", {"database": database_id, "schema": "marts", "table_name": "fct_rolling_rates"})[
        "id"
    ]


@pytest.fixture(scope="module")
def marts(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What Superset must show, read by DuckDB itself."""
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


def test_lists_exactly_the_published_tables(superset, database_id, marts):
    listed = superset.get(f"database/{database_id}/tables/?q=(schema_name:marts,force:!t)")["result"]
    expected = marts.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    assert sorted(table["value"] for table in listed) == sorted(name for (name,) in expected)


def test_shows_the_comments_of_tables_and_columns(superset, database_id, marts):
    shown = superset.get(f"database/{database_id}/table_metadata/?name=fct_rates&schema=marts")
    (table_comment,) = marts.execute("select comment from duckdb_tables() where table_name = 'fct_rates'").fetchall()[0]
    columns = marts.execute(
        "select column_name, comment from duckdb_columns() where table_name = 'fct_rates' order by column_index"
    ).fetchall()
    assert shown["comment"] == table_comment
    assert [(column["name"], column["comment"]) for column in shown["columns"]] == columns
    assert all(comment for _, comment in columns)


def test_answers_a_query_with_the_figures_of_the_marts(superset, database_id, marts):
    query = (
        "select dim_area.area_name, fct_rates.rate_per_1000 from marts.fct_rates "
        "inner join marts.dim_area on fct_rates.area_code = dim_area.area_code "
        "where period = '2014' and measure = 'infant' and basis = 'registration' and is_upper_tier "
        "order by rate_per_1000 desc nulls last, area_name"
    )
    body = {"database_id": database_id, "sql": query, "schema": "marts", "runAsync": False, "client_id": "published01"}
    rows = superset.post("sqllab/execute/", body)["data"]
    assert [(row["area_name"], row["rate_per_1000"]) for row in rows] == marts.execute(query).fetchall()
    assert len(rows) > 100


def test_calls_a_table_macro(superset, database_id, marts):
    query = "select * from area_profile('E08000034')"
    body = {"database_id": database_id, "sql": query, "schema": "marts", "runAsync": False, "client_id": "published02"}
    rows = superset.post("sqllab/execute/", body)["data"]
    assert len(rows) == marts.execute(f"select count(*) from ({query})").fetchall()[0][0] > 0


def test_cannot_write(superset, database_id):
    body = {
        "database_id": database_id,
        "sql": "delete from marts.dim_area",
        "schema": "marts",
        "runAsync": False,
        "client_id": "published03",
    }
    answer = superset.api.post(f"{superset.address}/api/v1/sqllab/execute/", json=body, timeout=60)
    assert answer.status_code >= 400
    assert superset.get(f"database/{database_id}")["result"]["allow_dml"] is False


def test_draws_a_chart_of_the_marts(superset, dataset_id, marts):
    metric = {
        "expressionType": "SIMPLE",
        "column": {"column_name": "rate_per_1000"},
        "aggregate": "MAX",
        "label": "Infant deaths per 1,000 live births",
    }
    filters = [{"col": column, "op": "IN", "val": values} for column, values in CHART_FILTER.items()]
    data = superset.post(
        "chart/data",
        {
            "datasource": {"id": dataset_id, "type": "table"},
            "queries": [
                {
                    "columns": ["area_code", "period"],
                    "metrics": [metric],
                    "filters": filters,
                    "orderby": [["area_code", True], ["period", True]],
                    "row_limit": 1000,
                }
            ],
            "result_format": "json",
            "result_type": "full",
        },
    )["result"][0]["data"]
    expected = marts.execute(
        """
        select area_code, period, rate_per_1000
        from marts.fct_rolling_rates
        where area_code in ('E08000034', 'E92000001') and measure = 'infant' and basis = 'registration'
            and years_in_period = 3
        order by area_code, period
        """
    ).fetchall()
    assert [(row["area_code"], row["period"], row[metric["label"]]) for row in data] == expected
    assert len(expected) > 2

    form = {
        "datasource": f"{dataset_id}__table",
        "viz_type": "echarts_timeseries_line",
        "x_axis": "period",
        "metrics": [metric],
        "groupby": ["area_code"],
        "adhoc_filters": [
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "subject": column,
                "operator": "IN",
                "operatorId": "IN",
                "comparator": values,
            }
            for column, values in CHART_FILTER.items()
        ],
        "row_limit": 1000,
        "show_legend": True,
        "markerEnabled": True,
        "x_axis_sort_asc": True,
        "x_axis_title": "Three-year window",
        "x_axis_title_margin": 30,
    }
    chart = superset.post(
        "chart/",
        {
            "slice_name": "Infant mortality, Kirklees and England",
            "viz_type": form["viz_type"],
            "datasource_id": dataset_id,
            "datasource_type": "table",
            "params": json.dumps(form),
        },
    )["id"]

    PICTURES.mkdir(exist_ok=True)
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.context.add_cookies([{"name": "session", "value": superset.session_cookie(), "url": superset.address}])
        page.goto(f"{superset.address}/explore/?slice_id={chart}&standalone=1", timeout=90_000)
        page.wait_for_selector(f"#chart-id-{chart} canvas, .chart-container canvas", timeout=90_000)
        page.wait_for_timeout(2000)  # The drawing's animation; a picture taken earlier shows half a line.
        page.screenshot(path=PICTURES / "superset-chart.png")
        painted = page.evaluate(
            """
            () => [...document.querySelectorAll('canvas')].some(function (canvas) {
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                const colours = new Set();
                for (let i = 0; i < pixels.length; i += 4) {
                    if (pixels[i + 3] > 0) colours.add([pixels[i], pixels[i + 1], pixels[i + 2]].join());
                }
                return colours.size > 10;
            })
            """
        )
        browser.close()
    assert painted, "the chart's canvas is empty"
    assert errors == []
