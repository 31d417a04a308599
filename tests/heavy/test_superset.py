"""Apache Superset reads the published file, and shows the dashboard of bi/superset/ on it: `make test-superset`.

The dashboard is imported on the published file and then on PostgreSQL, and each of its charts is opened in Chromium.
Superset runs in its own virtual environment (SUPERSET_VENV, by default .venv-superset), on the loopback address, with
its own database in a temporary folder; the test starts it and stops it, and a PostgreSQL beside it. Pictures stay in
test-output/.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
import requests
import yaml
from playwright.sync_api import Page, sync_playwright

from bi.superset import describe
from publish.plugin import published_place
from tests.chromium import ARGUMENTS, chromium_path
from tests.postgres_server import BINARIES, DATABASE, running_server

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
# Whether a canvas shows more than its ground: 1 colour is an empty chart, axes alone are a few greys.
PAINTED = """
    canvas => {
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const colours = new Set();
        for (let i = 0; i < pixels.length; i += 4) {
            if (pixels[i + 3] > 0) colours.add([pixels[i], pixels[i + 1], pixels[i + 2]].join());
        }
        return colours.size > 10;
    }
"""
ROWS = """
    chart => [...chart.querySelectorAll('tbody tr, tfoot tr')]
        .filter(row => row.checkVisibility({visibilityProperty: true}))
        .map(row => [...row.cells].map(cell => cell.innerText.trim()))
"""


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

    def put(self, path: str, body: dict) -> None:
        """A PUT to the API, which must succeed."""
        answer = self.api.put(f"{self.address}/api/v1/{path}", json=body, timeout=120)
        assert answer.status_code == 200, answer.text

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
        "database_name": "Published file",
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
    with chromium(superset) as (page, errors):
        page.goto(f"{superset.address}/explore/?slice_id={chart}&standalone=1", timeout=90_000)
        canvas = page.wait_for_selector(f"#chart-id-{chart} canvas, .chart-container canvas", timeout=90_000)
        page.wait_for_timeout(2000)  # The drawing's animation; a picture taken earlier shows half a line.
        page.screenshot(path=PICTURES / "superset-chart.png")
        assert canvas.evaluate(PAINTED), "the chart's canvas is empty"
    assert errors == []


# --- The dashboard of bi/superset/ ---


@dataclass
class Seen:
    """What a look at the dashboard showed: rows of its tables by the chart's title, and what was wrong."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    charts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def row(self, chart: str, *beginning: str) -> list[str]:
        """The one row of a table that has these texts in its first cells."""
        (found,) = (row for row in self.tables[chart] if row[: len(beginning)] == list(beginning))
        return found


def read(folder: str) -> list[dict]:
    """What the files of a folder of bi/superset/ say."""
    paths = sorted((PROJECT / "bi" / "superset" / folder).rglob("*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def import_dashboard(superset: Superset, database: str) -> None:
    """The documented command, as a person runs it."""
    done = subprocess.run(
        [
            *(sys.executable, "bi/superset/import.py", "--superset", superset.address),
            *("--user", USER, "--database", database),
        ],
        cwd=PROJECT,
        env={**os.environ, "SUPERSET_PASSWORD": superset.password},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def chromium(superset: Superset) -> Iterator[tuple[Page, list[str]]]:
    """A page of a browser that is signed in, and the errors that it meets."""
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 2600})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "response", lambda answer: errors.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        page.context.add_cookies([{"name": "session", "value": superset.session_cookie(), "url": superset.address}])
        yield page, errors
        browser.close()


def open_dashboard(page: Page, superset: Superset) -> list[str]:
    """Open it; the names of its tabs."""
    page.goto(f"{superset.address}/superset/dashboard/infant-mortality/", timeout=90_000)
    page.wait_for_selector(".dashboard-component-tabs [role=tab]", timeout=90_000)
    return page.locator(".dashboard-component-tabs [role=tab]").all_inner_texts()


def look_at_tab(page: Page, tab: str, seen: Seen) -> None:
    """Wait until the charts of a tab are there, and note what each shows; an empty or erroneous one is a fault."""
    page.get_by_role("tab", name=tab).click()
    charts = page.locator("[data-test=chart-grid-component]:visible")
    charts.first.wait_for(timeout=90_000)
    page.wait_for_timeout(1000)  # Charts below are laid out after the first.
    page.wait_for_function(
        "() => ![...document.querySelectorAll('[data-test=loading-indicator]')].some(mark => mark.checkVisibility())",
        timeout=90_000,
    )
    page.wait_for_timeout(2000)  # The drawing's animation.
    for chart in charts.all():
        title = chart.get_attribute("data-test-chart-name")
        seen.charts.add(title)
        canvas = chart.locator("canvas")
        if chart.locator(".ant-alert, [data-test=error-message]").count():
            seen.faults.append(f"{title}: error: {chart.inner_text()}")
        elif canvas.count():
            if not any(drawn.evaluate(PAINTED) for drawn in canvas.all()):
                seen.faults.append(f"{title}: nothing is drawn")
        else:
            rows = [row for row in chart.evaluate(ROWS) if len(row) > 1]
            seen.tables[title] = rows
            if not rows:
                seen.faults.append(f"{title}: empty: {chart.inner_text()}")


def look(superset: Superset, pictures: str, tabs: tuple[str, ...] = ()) -> Seen:
    """Open the dashboard and look at every tab, or those named; a picture of each stays in test-output/."""
    seen = Seen()
    PICTURES.mkdir(exist_ok=True)
    with chromium(superset) as (page, errors):
        for number, tab in enumerate(open_dashboard(page, superset), start=1):
            if tabs and tab not in tabs:
                continue
            look_at_tab(page, tab, seen)
            name = re.sub(r"\W+", "-", tab.lower())
            page.screenshot(path=PICTURES / f"{pictures}-{number}-{name}.png")
        seen.faults += errors
    return seen


@pytest.fixture(scope="module")
def on_the_file(superset: Superset, published: Path) -> Seen:
    """The dashboard on the published file."""
    import_dashboard(superset, str(published))
    return look(superset, "superset-dashboard")


def test_every_chart_of_the_dashboard_is_drawn(on_the_file):
    assert on_the_file.faults == []
    assert on_the_file.charts == {chart["slice_name"] for chart in read("charts")}


def test_the_dashboard_shows_the_figures_of_the_marts(on_the_file, marts):
    def one(query: str) -> tuple:
        (row,) = marts.execute(query).fetchall()
        return row

    kirklees = "area_code = 'E08000034' and measure = 'infant' and basis = 'registration'"
    numbers = "numerator, denominator, rate_display, lower_95, upper_95"
    for table, period in (("fct_rates", "2014"), ("fct_rolling_rates", "2012-2014")):
        deaths, births, rate, lower, upper = one(
            f"select {numbers} from marts.{table} where {kirklees} and period = '{period}'"
        )
        assert on_the_file.row("The figures", "Kirklees", "registration", period)[3:8] == [
            *(f"{deaths:,}", f"{births:,}", rate, f"{lower:.1f}", f"{upper:.1f}")
        ]
    sentence, period, deaths, benchmark, first, last, ranked = one(
        """
        select summary, period, numerator, benchmark_rate_per_1000, rank_lower_95, rank_upper_95, areas_ranked
        from marts.fct_area_summaries
        where area_code = 'E08000034' and measure = 'infant'
        """
    )
    assert on_the_file.row("In words", "Kirklees")[-1] == sentence
    shown = on_the_file.row("The latest figures", "Kirklees", "Infant mortality rate", period)
    assert [shown[3], shown[9], shown[11]] == [str(deaths), f"{benchmark:.1f}", f"{first} to {last} of {ranked}"]
    name, period, rate, chance = one(
        """
        select compared_area_name, period, compared_rate_per_1000, probability_higher
        from marts.fct_area_comparisons
        where area_code = 'E08000034' and measure = 'infant' and kind = 'nearest' and rank = 1
            and ranking_level = 'upper_tier'
        """
    )
    shown = on_the_file.row("Beside other areas", "Kirklees", "near", name)
    assert [*shown[3:5], shown[7]] == [period, f"{rate:.1f}", f"{chance:.1%}"]
    area, deaths, births, rate, first, last, verdict, chance = one(
        """
        select
            area_name, numerator, denominator, rate_display, rank_lower_95, rank_upper_95, verdict,
            probability_worst_tenth
        from marts.fct_rankings
        where measure = 'infant' and basis = 'occurrence' and ranking_level = 'upper_tier' and rank_highest_first = 1
        order by period_end_year desc
        limit 1
        """
    )
    shown = on_the_file.row("The ranking", "1")
    assert shown[1:6] == [f"{first} to {last}", area, f"{deaths:,}", f"{births:,}", rate]
    said = {"higher": "very likely higher", "lower": "very likely lower", "similar": "not clearly different"}
    assert shown[8:] == [said[verdict], f"{chance:.1%}"]
    claim, printed, display, verdict = one(
        """
        select claim, published_value, recomputed_display, verdict
        from marts.fct_claim_checks
        where claim_code = 'england_deaths_2014'
        """
    )
    shown = on_the_file.row("What the article and others stated, checked", claim)
    assert [*shown[1:3], shown[4]] == [printed, display, verdict]
    reproduced, checked = one(
        "select count(*) filter (outcome = 'reproduced'), count(*) from marts.fct_published_rate_checks"
    )
    assert on_the_file.row("Published rates, worked out again", "Summary")[1:3] == [f"{checked:,}", f"{reproduced:,}"]


def choose(page: Page, filter_name: str, value: str) -> None:
    """Choose a value in a filter of the dashboard, and apply it."""
    page.locator(f"[data-test=NATIVE_FILTER-{filter_name}]").click()
    page.keyboard.type(value)
    page.locator(f".ant-select-item-option[title='{value}']").click()
    page.get_by_role("button", name="Apply filters").click()


def test_filters_change_the_figures(superset, on_the_file, marts):
    def first_of(period: str) -> list[tuple]:
        return marts.execute(
            """
            select area_name, numerator
            from marts.fct_rankings
            where ranking_level = 'upper_tier' and measure = 'infant' and basis = 'registration' and period = ?
                and rank_highest_first = 1
            """,
            [period],
        ).fetchall()

    in_2016, in_2014 = Seen(), Seen()
    with chromium(superset) as (page, errors):
        _, _, ranking, *_ = open_dashboard(page, superset)
        look_at_tab(page, ranking, Seen())
        choose(page, "basis", "registration")
        look_at_tab(page, ranking, Seen())  # Superset then sets the period anew, over one that was chosen at once.
        choose(page, "period", "2016")
        look_at_tab(page, ranking, in_2016)
        choose(page, "period", "2014")
        look_at_tab(page, ranking, in_2014)
        assert errors == []
    for seen, period in ((in_2016, "2016"), (in_2014, "2014")):
        shown = [row for row in seen.tables["The ranking"] if row[0] == "1"]
        assert [(row[2], row[3]) for row in shown] == [(name, f"{count:,}") for name, count in first_of(period)], period
    assert in_2016.faults + in_2014.faults == []


def test_the_dashboard_shows_the_same_on_postgresql(superset, on_the_file, marts, tmp_path):
    with running_server() as environment:
        password, port = (environment[f"INFANT_MORTALITY_PG_{name}"] for name in ("PASSWORD", "PORT"))
        uri = f"postgresql://postgres:{password}@127.0.0.1:{port}/{DATABASE}"

        def run(statement: str, given: Path | None = None) -> None:
            command = [BINARIES / "psql", uri, "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement]
            with (given or Path(os.devnull)).open("rb") as content:
                done = subprocess.run(command, stdin=content, capture_output=True, text=True, cwd=tmp_path)
            assert done.returncode == 0, done.stderr

        run("create schema marts")
        # That PostgreSQL builds the same rows itself is for test_postgres.py to show.
        for table in {table for dataset in read("datasets") for table in describe.tables_read(dataset)}:
            columns = ", ".join(
                f"{name} {'double precision' if kind == 'DOUBLE' else kind}"
                for name, kind, *_ in marts.execute(f"describe marts.{table}").fetchall()
            )
            marts.execute(f"copy marts.{table} to '{tmp_path / table}' (format csv, header, nullstr '\\N')")
            run(f"create table marts.{table} ({columns})")
            run(f"copy marts.{table} from stdin (format csv, header, null '\\N')", tmp_path / table)
        import_dashboard(superset, uri)
        seen = look(superset, "superset-dashboard-postgresql")
    assert seen.faults == []
    assert seen.charts == on_the_file.charts
    assert {title: sorted(rows) for title, rows in seen.tables.items()} == {
        title: sorted(rows) for title, rows in on_the_file.tables.items()
    }


def test_an_empty_and_an_erroneous_chart_are_noticed(superset, on_the_file, published):
    import_dashboard(superset, str(published))
    charts = {chart["slice_name"]: chart["id"] for chart in superset.get("chart/?q=(page_size:100)")["result"]}
    spoilt = {"The ranking": "period = 'never'", "Rank of each area, with its 95 % range": "no_such_column = 1"}
    for title, condition in spoilt.items():
        params = json.loads(superset.get(f"chart/{charts[title]}")["result"]["params"])
        params["adhoc_filters"] = [{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": condition}]
        superset.put(f"chart/{charts[title]}", {"params": json.dumps(params)})
    seen = look(superset, "superset-dashboard-spoilt", tabs=("Ranking",))
    import_dashboard(superset, str(published))  # The import repairs what was changed.
    for title in spoilt:
        assert [fault for fault in seen.faults if fault.startswith(title)], title
    assert look(superset, "superset-dashboard-repaired", tabs=("Ranking",)).faults == []
