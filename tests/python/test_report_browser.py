"""The report as people see it: real Chromium, pages opened from disk, figures compared with the marts."""

import csv
import io
import itertools
import os
import time
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from report_made_up import SCRIPT_NAME, make_database
from report_site import PAGES, site_once

from report.build import build_site
from tests.chromium import ARGUMENTS, chromium_path

# Where `make test-report` leaves screenshots to be looked at. No other run takes any: they are a third of the time.
SCREENSHOTS = os.environ.get("REPORT_SCREENSHOTS")
KIRKLEES, CARDIFF = "E08000034", "W06000015"
LOOKS = [(1440, "light"), (360, "dark")]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Else axe asks for the stylesheet again, which a page opened from disk may not.
    "preload": False,
}
# Of long lists of one kind, the first entries stand for the rest.
AXE_CONTEXT = {"exclude": [["tbody tr:nth-child(n+9)"], [".columns li:nth-child(n+6)"], [".claim:nth-of-type(n+16)"]]}
# What may differ between the looks; the rest depends on neither colours nor width.
AXE_OF_LOOKS = {
    **AXE,
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]},
}
# Reported before anything else of a page runs: how far its parts have moved without anyone's doing.
WATCH_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(scope="module")
def site(built_database_path, tmp_path_factory):
    return site_once(built_database_path, tmp_path_factory)


@pytest.fixture(scope="module")
def made_up_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made-up")
    build_site(make_database(folder / "made_up.duckdb"), folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield running
        running.close()


class Visit:
    """A page that is open: fails on any console message of error or warning, page error, or request beyond files."""

    def __init__(self, browser, site, width=1440, scheme="light"):
        self.site = site
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.context.add_init_script(WATCH_SHIFTS)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complain("console", message.type, message.text))
        self.page.on("pageerror", lambda error: self.complain("error", "", str(error)))
        self.page.on("request", lambda request: self.watch(request.url))
        self.page.on("requestfailed", lambda request: self.complain("failed", "error", request.url))

    def complain(self, kind, level, text):
        if kind == "error" or level in ("error", "warning"):
            self.complaints.append(f"{kind} {level}: {text}")

    def watch(self, url):
        if not url.startswith(("file://", "data:", "blob:")):
            self.complaints.append(f"request to {url}")

    def open(self, name, state=""):
        self.page.goto("about:blank")
        self.page.goto((self.site / name).as_uri() + (f"#{state}" if state else ""))
        self.drawn()
        return self.page

    def drawn(self):
        """Wait until every chart of the page that a script draws is drawn."""
        self.page.wait_for_function("[...document.querySelectorAll('.draw[id]')].every((room) => room.dataset.drawn)")

    def choose(self, control, value):
        """Choose a value of a select and wait until the chart has been drawn again."""
        before = self.page.evaluate("document.querySelector('.draw[id]').dataset.drawn")
        self.page.select_option(f"#{control}", value)
        self.page.wait_for_function(
            "(before) => document.querySelector('.draw[id]').dataset.drawn !== before", arg=before
        )

    def keep_picture(self, name, look):
        """Leave a screenshot of a page, where screenshots are asked for."""
        if SCREENSHOTS:
            file = f"{name.replace('/', '-').removesuffix('.html')}-{look}.png"
            self.page.screenshot(path=Path(SCREENSHOTS) / file, full_page=True)

    def rows(self, data_set, chart="chart"):
        """The rows that a chart is drawn from."""
        return self.page.evaluate(
            "([chart, name]) => reportViews.get(chart).view.data(name).map((row) => ({...row}))", [chart, data_set]
        )

    def close(self):
        self.context.close()
        assert self.complaints == []


@pytest.fixture
def visit(browser, site):
    visits = []

    def begin(width=1440, scheme="light", where=site):
        visits.append(Visit(browser, where, width, scheme))
        return visits[-1]

    yield begin
    for one in visits:
        one.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_open_fit_and_pass_axe(visit, width, scheme):
    """Every kind of page: no message, no request, nothing wider than the window, nothing moves, no axe violation."""
    looking, wrong = visit(width, scheme), []
    # A page is seen before its script runs, as on a slow machine.
    looking.page.route("**/assets/shared.js", lambda route: (time.sleep(0.2), route.continue_()))
    for name in PAGES:
        page = looking.open(name)
        if name == "article.html":
            page.wait_for_load_state("load")
        moved = page.evaluate("window.shifted")
        if moved > 0:
            wrong.append(f"{name}: parts move by {moved:.5f}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            wrong.append(f"{name}: {over} pixels wider than the window")
        for violation in (
            Axe()
            .run(page, context=AXE_CONTEXT, options=AXE if scheme == "light" else AXE_OF_LOOKS)
            .response["violations"]
        ):
            where = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:4])
            wrong.append(f"{name}: {violation['id']} ({violation['help']}) at {where}")
        looking.keep_picture(name, f"{width}-{scheme}")
    assert wrong == []


def test_pages_fit_a_sheet(visit):
    """Printed on A4, 718 pixels wide within its margins: nothing is cut off or scrolls, all rows are there."""
    looking = visit(718, "light")
    for name in PAGES:
        page = looking.open(name, "ranking_level=lower_tier&measure=infant" if name == "rankings.html" else "")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 718, name
        assert page.evaluate(
            "[...document.querySelectorAll('.long-list')].every((list) => list.scrollHeight <= list.clientHeight)"
        )
        looking.keep_picture(name, "print")
        page.emulate_media(media="screen")


def test_first_page_is_light_and_its_time_is_printed(visit, capsys):
    looking = visit()
    loaded = []
    looking.page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page = looking.open("index.html")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    milliseconds = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    # What the first page needs to be read: itself and one stylesheet; no script at all.
    assert [name for name in loaded if not name.startswith(("blank", "data:", ","))] == ["index.html", "report.css"]
    assert (looking.site / "index.html").stat().st_size < 300e3
    with capsys.disabled():
        print(f"\nfirst paint of the start page: {milliseconds:.0f} ms")


def rates(database, area, measure, basis, width=1):
    """Of the marts: middle year to rate and limits, for an area; a rate shown as [x] has no point."""
    table = "fct_rates" if width == 1 else "fct_rolling_rates"
    return {
        (start + end) / 2: (None if shown == "[x]" else rate, lower, upper)
        for start, end, rate, lower, upper, shown in database.execute(
            f"""
            select period_start_year, period_end_year, rate_per_1000, lower_95, upper_95, rate_display
            from marts.{table}
            where area_code = ? and measure = ? and basis = ? and years_in_period = ? and status = 'ok'
            """,
            [area, measure, basis, width],
        ).fetchall()
    }


def assert_same(drawn, expected):
    assert {row["x"] for row in drawn} == set(expected)
    assert expected
    for row in drawn:
        rate, lower, upper = expected[row["x"]]
        assert row["rate_per_1000"] == (None if rate is None else pytest.approx(rate, abs=2e-4))
        assert row["lower_95"] == pytest.approx(lower, abs=2e-3)
        assert row["upper_95"] == pytest.approx(upper, abs=2e-3)


VERDICTS = {
    "lower": "\u25bc very likely lower",
    "similar": "\u25cf not clearly different",
    "higher": "\u25b2 very likely higher",
    None: "\u2013",
}


def percent(chance):
    """A chance as pages tell it, never 0 or 100 %."""
    if not 0.01 <= chance <= 0.99:
        return "under 1 %" if chance < 0.5 else "over 99 %"
    return f"{(Decimal(repr(chance)) * 100).quantize(Decimal(1), ROUND_HALF_UP)} %"


def test_area_page_follows_its_choices(visit, built_database):
    looking = visit()
    page = looking.open(f"areas/{KIRKLEES}.html")
    registered, occurred = (
        rates(built_database, KIRKLEES, "infant", basis) for basis in ("registration", "occurrence")
    )
    assert not set(registered) & set(occurred)
    assert_same(looking.rows("area"), registered | occurred)
    assert {row["x"]: row["run"].split("-")[0] for row in looking.rows("area")} == {
        **dict.fromkeys(registered, "registration"),
        **dict.fromkeys(occurred, "occurrence"),
    }
    looking.choose("basis", "registration")
    assert_same(looking.rows("area"), registered)
    assert_same(looking.rows("benchmark"), rates(built_database, "E92000001", "infant", "registration"))
    looking.choose("measure", "neonatal")
    looking.choose("years_in_period", "3")
    assert_same(looking.rows("area"), rates(built_database, KIRKLEES, "neonatal", "registration", 3))
    assert_same(looking.rows("region"), rates(built_database, "E12000003", "neonatal", "registration", 3))
    looking.choose("measure", "stillbirth")
    assert_same(looking.rows("area"), rates(built_database, KIRKLEES, "stillbirth", "occurrence"))
    summary = built_database.execute(
        "select summary from marts.fct_area_summaries where area_code = ? and measure = 'stillbirth'", [KIRKLEES]
    ).fetchone()
    assert page.inner_text("#summary-text") == (summary[0] if summary else "")
    # The address says what is shown; opened anew it shows the same.
    address = page.url
    assert "measure=stillbirth" in address
    page.goto("about:blank")
    page.goto(address)
    looking.drawn()
    assert page.input_value("#measure") == "stillbirth"


@pytest.mark.parametrize(
    ("area", "level", "benchmark"),
    [(KIRKLEES, "lower_tier", "England"), (CARDIFF, "welsh_unitary_authority", "Wales")],
)
def test_area_table_shows_the_marts(visit, built_database, area, level, benchmark):
    looking = visit()
    page = looking.open(
        f"areas/{area}.html", f"measure=infant&years_in_period=1&basis=registration&ranking_level={level}"
    )
    head = page.locator("#table thead th").all_inner_texts()
    assert head[5] == benchmark
    assert head[9] == f"Compared with {benchmark}"
    table = page.evaluate(
        "[...document.querySelectorAll('#table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    expected = built_database.execute(
        """
        select
            rankings.period, rankings.numerator, rankings.denominator,
            rankings.rate_display || case when rankings.reliability_flag = 'u' then ' [u]' else '' end,
            benchmark.rate_display, rank_highest_first, areas_ranked, rank_lower_95, rank_upper_95,
            probability_worst_tenth, verdict, probability_above_benchmark
        from marts.fct_rankings as rankings
        left join marts.fct_rates as benchmark
            on rankings.benchmark_area_code = benchmark.area_code
            and rankings.period = benchmark.period and rankings.measure = benchmark.measure
            and rankings.basis = benchmark.basis
        where rankings.area_code = ? and rankings.measure = 'infant' and rankings.basis = 'registration'
            and ranking_level = ? and rankings.years_in_period = 1 and rank_highest_first is not null
        order by rankings.period
        """,
        [area, level],
    ).fetchall()
    assert len(expected) >= 7
    periods = built_database.execute(
        "select period from marts.fct_rates "
        "where area_code = ? and measure = 'infant' and basis = 'registration' order by period",
        [area],
    ).fetchall()
    assert [(cells[0],) for cells in table] == periods
    hints = page.evaluate("[...document.querySelectorAll('#table tbody td:last-child')].map((cell) => cell.title)")
    hints = dict(zip([cells[0] for cells in table], hints, strict=True))
    shown = {cells[0]: cells for cells in table}
    for period, deaths, births, rate, beside, rank, ranked, lower, upper, chance, verdict, above in expected:
        cells = shown[period]
        assert cells[:4] == [period, f"{deaths:,}", f"{births:,}", rate]
        assert cells[5:8] == [beside, f"{rank} of {ranked}", f"{lower} to {upper}"]
        assert cells[8] == percent(chance)
        assert cells[9] == VERDICTS[verdict]
        assert hints[period] == f"chance that the rate is above {benchmark}\u2019s: {percent(above)}"


def test_area_beside_its_own_benchmark(visit, built_database):
    """A Welsh area stands beside Wales, on the chart and in what is said of it."""
    looking = visit()
    page = looking.open(f"areas/{CARDIFF}.html", "measure=infant&basis=registration")
    assert_same(looking.rows("area"), rates(built_database, CARDIFF, "infant", "registration"))
    assert_same(looking.rows("benchmark"), rates(built_database, "W92000004", "infant", "registration"))
    assert looking.rows("region") == []
    assert page.inner_text("#chart-title") == "Infant mortality rate in Cardiff beside Wales"
    assert "England" not in page.inner_text("#facts")
    assert "Compared with Wales" in page.inner_text("#facts")


@pytest.mark.parametrize(
    ("area", "level", "benchmark"),
    [(KIRKLEES, "lower_tier", "England"), (CARDIFF, "welsh_unitary_authority", "Wales")],
)
def test_area_page_says_what_its_figures_can_say(visit, built_database, area, level, benchmark):
    """Excess deaths, how big a difference would show and what to expect, in words and drawn, as the marts have them."""
    looking = visit()
    page = looking.open(f"areas/{area}.html", f"measure=infant&basis=registration&ranking_level={level}")
    said = page.locator("#reading ul").all_inner_texts()
    assert len(said) == 1
    key = [area, level]
    where = "area_code = ? and ranking_level = ? and measure = 'infant' and basis = 'registration'"
    observed, expected, excess, lower, upper = built_database.execute(
        "select observed_deaths, expected_deaths, excess_deaths, excess_deaths_lower_95, excess_deaths_upper_95 "
        f"from marts.fct_persistence where {where}",
        key,
    ).fetchone()
    assert excess > 0
    assert (
        f"{observed} babies died before their first birthday. At {benchmark}\u2019s rate of each year {expected:.1f} "
        f"would have been expected: about {excess:.0f} more (95 % interval "
        + (
            f"{lower:.0f} to {upper:.0f} more)."
            if lower > 0
            else f"from {-lower:.0f} fewer to {upper:.0f} more), so not clearly different."
        )
    ) in said[0]
    (births_year, births, half, twice), *_ = built_database.execute(
        "select births_year, births_per_year, min(chance_of_verdict), max(chance_of_verdict) "
        f"from marts.fct_detectability where {where} and rate_ratio in (1.5, 2) group by all",
        key,
    ).fetchall()
    ((verdict,),) = built_database.execute(
        f"select verdict from marts.fct_rankings where {where} and period = ?", [*key, str(births_year)]
    ).fetchall()
    found = (
        f"The rate of {births_year} is not clearly different from {benchmark}\u2019s. "
        f"There are {births:,} births a year. "
        f"If the underlying rate were half as high again as {benchmark}\u2019s, the verdict would find it in one year "
        f"with a chance of {percent(half)}. "
        f"If it were twice as high as {benchmark}\u2019s, the verdict would find it in one year "
        f"with a chance of {percent(twice)}."
    )
    # Told only where the verdict did not name the area.
    assert verdict == ("higher" if area == KIRKLEES else "similar")
    assert (found in said[0]) == (verdict == "similar")
    assert ("How big a difference would show" in said[0]) == (verdict == "similar")
    year, deaths, low, high, *drawn = built_database.execute(
        "select forecast_year, expected_deaths, lower_95, upper_95, expected_rate_per_1000, lower_95_per_1000, "
        f"upper_95_per_1000 from marts.fct_forecasts where {where} order by forecast_year desc limit 1",
        key,
    ).fetchone()
    assert f"to expect in {year} was {deaths:.0f}, and with a chance of 95 % from {low} to {high}" in said[0]
    (row,) = looking.rows("forecast")
    columns = ("expected_rate_per_1000", "lower_95_per_1000", "upper_95_per_1000")
    assert row["x"] == year
    assert [row[column] for column in columns] == [pytest.approx(rate, abs=2e-3) for rate in drawn]
    looking.choose("years_in_period", "3")
    assert looking.rows("forecast") == [] and page.locator("#forecast-key").is_hidden()


def test_area_page_compares_the_area_with_others(visit, built_database):
    """The nearest, those alike and those of the same parent, each with the chance that this area's rate is higher."""
    looking = visit(375, "light")
    for area, level, kinds in (
        (KIRKLEES, "upper_tier", ["nearest", "alike", "same_parent"]),
        (CARDIFF, "welsh_unitary_authority", ["alike", "same_parent"]),
    ):
        page = looking.open(f"areas/{area}.html", f"measure=infant&ranking_level={level}")
        page.wait_for_selector("#compared tbody tr")
        options = "[...document.querySelectorAll('#kind option')].map((option) => option.value)"
        assert page.evaluate(options) == kinds
        for kind in kinds:
            if page.input_value("#kind") != kind:
                looking.choose("kind", kind)
                named = page.locator("#kind option:checked").inner_text()
                page.locator("#compared caption", has_text=named).wait_for()
            expected = built_database.execute(
                """
                select
                    compared.compared_area_name,
                    rankings.rate_display || case when rankings.reliability_flag = 'u' then ' [u]' else '' end,
                    format('{:,}', compared.compared_denominator), compared.probability_higher
                from marts.fct_area_comparisons as compared
                inner join marts.fct_rankings as rankings
                    on compared.compared_area_code = rankings.area_code
                    and compared.ranking_level = rankings.ranking_level and compared.measure = rankings.measure
                    and compared.basis = rankings.basis and compared.period = rankings.period
                where compared.area_code = ? and compared.ranking_level = ? and compared.measure = 'infant'
                    and compared.kind = ?
                order by compared.rank
                """,
                [area, level, kind],
            ).fetchall()
            shown = [row.locator("th, td").all_inner_texts() for row in page.locator("#compared tbody tr").all()]
            assert len(expected) == {"same_parent": 4 if area == KIRKLEES else 21}.get(kind, 10)
            assert [(cells[0], cells[1], cells[3], cells[-1]) for cells in shown[1:]] == [
                (*cells, percent(chance)) for *cells, chance in expected
            ]
            assert page.locator("#compared tr.chosen").inner_text().startswith(page.inner_text("h1"))
        if area == CARDIFF:
            looking.choose("kind", "alike")
            page.locator("#compared caption", has_text="alike").wait_for()
            assert "since no deprivation score is published" in page.inner_text("#comparisons-note")


@pytest.mark.parametrize("shape", ["straight", "unclear", "one_break", "neither"])
def test_a_change_a_year_is_told_only_of_years_on_a_line(visit, built_database, shape):
    """Beside it the two changes around a break; where the years lie on neither, or chance explains it, no number."""
    wanted = {
        "straight": "trend_shape = 'straight' and trend_p_value < 0.002",
        "unclear": "trend_shape = 'straight' and trend_p_value > 0.01 and recent_trend = 'no_significant_change'",
    }.get(shape, f"trend_shape = '{shape}'")
    area, measure, basis, change, first, turn, before, after = built_database.execute(
        f"""
        with latest as (
            select *
            from marts.fct_trends
            qualify row_number() over (partition by area_code, measure, basis order by last_period desc) = 1
        )

        select
            area_code, measure, basis, annual_percent_change, trend_first_year, break_year,
            annual_percent_change_before, annual_percent_change_after
        from latest
        inner join marts.dim_area using (area_code)
        where {wanted} and is_upper_tier
        order by area_code, measure, basis
        limit 1
        """
    ).fetchone()
    page = visit().open(f"areas/{area}.html", f"measure={measure}&basis={basis}")
    said = page.inner_text("#facts").replace("\u2212", "-")
    if shape == "straight":
        assert f"Over all years {change:.1f} % a year" in said
    elif shape == "unclear":
        assert "Over all years no clear rise or fall (p = 0." in said and "% a year" not in said
    elif shape == "one_break":
        assert f"From {first} to {turn:.0f} {before:.1f} % a year, since then {after:.1f} % a year" in said
    else:
        assert "Over all years no steady rise or fall" in said and "% a year" not in said


def test_an_area_that_the_tables_cannot_compare_shows_no_comparison(visit):
    page = visit().open("areas/E92000001.html")
    assert page.locator("#comparisons").is_hidden()


@pytest.mark.parametrize("way", ["clipboard", "without a clipboard", "refused"])
def test_the_sentence_is_copied_with_its_source(visit, way):
    """By keyboard, from a page on disk: with the browser's clipboard, without it, and where it refuses."""
    looking = visit(375, "light")
    if way == "without a clipboard":
        looking.context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    if way == "refused":
        refusing = "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"
        looking.context.add_init_script(f"if (navigator.clipboard) {refusing}")
    page = looking.open(f"areas/{KIRKLEES}.html", "measure=neonatal")
    page.focus("#copy")
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('copied').textContent !== ''")
    assert page.inner_text("#copied") == "Copied, with its source."
    assert page.get_attribute("#copied", "role") == "status"
    assert page.evaluate("document.activeElement.id") == "copy"
    # What was copied, pasted into a field that the page does not have.
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
    page.focus("#pasted")
    page.keyboard.press("Control+V")
    sentence, source, *end = page.input_value("#pasted").split("\n")
    assert sentence == page.inner_text("#summary-text") and sentence.startswith(
        "Kirklees, 2022: 28 of 4,702 babies died"
    )
    assert source == (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
        f"Kirklees \u2013 Deaths of babies, counted, areas/{KIRKLEES}.html"
    )
    assert end == [""]


def test_area_downloads(visit, built_database):
    looking = visit()
    page = looking.open(f"areas/{KIRKLEES}.html")
    with page.expect_download() as download:
        page.click("#download-all")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    found = {
        (row["measure"], row["basis"], row["period"]): int(row["numerator"])
        for row in csv.DictReader(io.StringIO(text))
        if row["numerator"]
    }
    expected = {
        (measure, basis, period): numerator
        for measure, basis, period, numerator in built_database.execute(
            """
            select measure, basis, period, numerator from marts.fct_rates where area_code = ? and status = 'ok'
            union all
            select measure, basis, period, numerator from marts.fct_rolling_rates
            where area_code = ? and status = 'ok' and is_complete
            """,
            [KIRKLEES, KIRKLEES],
        ).fetchall()
    }
    assert expected.items() <= found.items()


def rankings(database, level, measure, basis, period):
    return {
        code: values
        for code, *values in database.execute(
            """
            select area_code, rank_highest_first, rank_lower_95, rank_upper_95, rate_per_1000
            from marts.fct_rankings
            where ranking_level = ? and measure = ? and basis = ? and period = ? and rank_highest_first is not null
            """,
            [level, measure, basis, period],
        ).fetchall()
    }


def test_rankings_follow_their_choices(visit, built_database):
    looking = visit()
    page = looking.open("rankings.html", "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022")
    expected = rankings(built_database, "lower_tier", "infant", "occurrence", "2022")
    columns = ("rank_highest_first", "rank_lower_95", "rank_upper_95")
    assert {bar["area_code"]: [bar[column] for column in columns] for bar in looking.rows("bars")} == {
        code: values[:3] for code, values in expected.items()
    }
    assert page.locator("#table tbody tr").count() == len(expected)
    looking.choose("period", "2020")
    expected = rankings(built_database, "lower_tier", "infant", "occurrence", "2020")
    assert {bar["area_code"]: bar["rank_highest_first"] for bar in looking.rows("bars")} == {
        code: values[0] for code, values in expected.items()
    }
    looking.choose("show", "rate")
    drawn = {bar["area_code"]: bar["rate_per_1000"] for bar in looking.rows("bars") if bar["rate_per_1000"] is not None}
    assert drawn == {code: pytest.approx(expected[code][3], abs=2e-4) for code in drawn}
    assert drawn
    # Sorting by name puts the table and the chart in the same, other order.
    page.get_by_role("button", name="Area", exact=True).click()
    names = page.locator("#table tbody th").all_inner_texts()
    assert names == [bar["area_name"] for bar in looking.rows("bars")]
    assert names[0] == min(names)
    # A region leaves its own areas, with their ranks among all.
    looking.choose("show", "rank")
    region = page.locator("#region option", has_text="London").get_attribute("value")
    looking.choose("region", region)
    codes = {
        code
        for (code,) in built_database.execute(
            "select area_code from marts.dim_area where region_name = 'London' and is_lower_tier"
        ).fetchall()
    } & set(expected)
    assert {bar["area_code"]: bar["rank_highest_first"] for bar in looking.rows("bars")} == {
        code: expected[code][0] for code in codes
    }


def test_stabilised_rates_stand_beside_the_ranks(visit, built_database):
    """In the same order, whichever it is, with their intervals, also where areas hardly differ."""
    looking = visit()
    where = "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022"
    page = looking.open("rankings.html", where)
    columns = ("stabilised_rate_per_1000", "stabilised_lower_95", "stabilised_upper_95")
    expected = {
        code: rates
        for code, *rates in built_database.execute(
            f"""
            select area_code, {", ".join(columns)} from marts.fct_rankings
            where ranking_level = 'lower_tier' and measure = 'infant' and basis = 'occurrence' and period = '2022'
            """
        ).fetchall()
    }
    drawn = looking.rows("bars", "stabilised-chart")
    assert {row["area_code"]: [row[column] for column in columns] for row in drawn} == {
        code: pytest.approx(rates, abs=2e-3) for code, rates in expected.items()
    }
    assert len(drawn) == 308
    page.get_by_role("button", name="Births", exact=True).click()
    page.wait_for_function("reportViews.get('stabilised-chart').view.data('bars')[0].area_name === 'Birmingham'")
    for chart in ("chart", "stabilised-chart"):
        assert [row["area_code"] for row in looking.rows("bars", chart)][:1] == ["E08000025"]
    looking.open("rankings.html", "ranking_level=upper_tier&measure=postneonatal&basis=registration&period=2013")
    assert all(row["stabilised_lower_95"] for row in looking.rows("bars", "stabilised-chart"))
    assert page.inner_text("#stabilised-note").startswith("Rates from few births are pulled towards the average.")


def test_a_long_list_is_usable_on_a_phone(visit):
    """At 360 pixels: an area is found by typing, pointed out, and in view; head and names stay when the list moves."""
    looking = visit(360, "light")
    page = looking.open("rankings.html", "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022")
    rows = page.locator("#table tbody tr")
    assert rows.count() == 308
    assert page.evaluate("document.querySelector('#table tbody').offsetHeight") < 308 * 32
    page.fill("#find", "london ealing")
    assert page.locator("#table tbody tr:visible th").all_inner_texts() == ["Ealing"]
    assert page.inner_text("#list-note") == "1 of 308 areas listed match."
    page.fill("#find", "zzz")
    assert page.locator("#table tbody tr:visible").count() == 0
    page.fill("#find", "wyre forest")
    page.press("#find", "Enter")
    page.wait_for_function("document.querySelector('#table tr.chosen th')?.textContent === 'Wyre Forest'")
    assert page.locator("#table tbody tr:visible").count() == 308
    assert page.input_value("#area_code") == page.evaluate("reportViews.get('chart').view.data('chosen')[0].area_code")
    # At one moment, for the page may still be on its way to the list.
    frame, head, name = page.evaluate(
        "(places) => places.map((place) => document.querySelector(place).getBoundingClientRect().toJSON())",
        [".long-list", "#table thead th", "#table tr.chosen th"],
    )
    assert frame["y"] <= head["y"] <= frame["y"] + 1
    assert head["y"] + head["height"] <= name["y"] < frame["y"] + frame["height"] - name["height"]
    page.evaluate("document.querySelector('.long-list').scrollLeft = 300")
    assert page.locator("#table tr.chosen th").bounding_box()["x"] == pytest.approx(frame["x"] + 1, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_unranked_areas_and_ties_are_shown(visit, built_database):
    level, measure, basis, period, unranked = built_database.execute(
        """
        select ranking_level, measure, basis, period, count(*) filter (where rank_highest_first is null) as unranked
        from marts.fct_rankings
        group by all
        having unranked > 0 and count(rank_highest_first) > count(distinct rank_highest_first)
        order by unranked desc, ranking_level, measure, basis, period
        limit 1
        """
    ).fetchone()
    looking = visit()
    page = looking.open("rankings.html", f"ranking_level={level}&measure={measure}&basis={basis}&period={period}")
    assert page.locator("#unranked li").count() == unranked
    tied = built_database.execute(
        """
        select count(*)
        from (
            select count(*) over (partition by rank_highest_first) as sharing
            from marts.fct_rankings
            where ranking_level = ? and measure = ? and basis = ? and period = ? and rank_highest_first is not null
        )
        where sharing > 1
        """,
        [level, measure, basis, period],
    ).fetchone()[0]
    assert page.locator("#table tbody td:first-child", has_text="=").count() == tied > 0


def hexagons_of(page):
    """Kind and letter of each hexagon, with the first line of what it says."""
    return page.evaluate(
        """() => [...document.querySelectorAll("#map svg g")].map((group) => {
            group.dispatchEvent(new MouseEvent("mousemove", {clientX: 5, clientY: 5}));
            const name = document.querySelector(".tip").textContent.split("\\n")[0];
            group.dispatchEvent(new MouseEvent("mouseleave"));
            return [name, group.classList[0], group.querySelector("text").textContent];
        })"""
    )


def test_map_shows_verdicts_and_fifths(visit, built_database):
    looking = visit()
    page = looking.open("map.html", "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022")
    for show, column in (("verdict", "verdict"), ("fifth", "quintile")):
        if show == "fifth":
            looking.choose("show", show)
        expected = built_database.execute(
            f"""
            select area_name, cast({column} as varchar) from marts.fct_rankings
            where ranking_level = 'lower_tier' and measure = 'infant' and basis = 'occurrence' and period = '2022'
            order by area_name
            """
        ).fetchall()
        letters = {"higher": "H", "lower": "L", "similar": "", None: "\u2013"}
        kinds = {
            name: (value or "none", letters[value])
            if show == "verdict"
            else ((f"fifth-{value}", value) if value else ("none", "\u2013"))
            for name, value in expected
        }
        assert {name: (kind, letter) for name, kind, letter in hexagons_of(page)} == kinds
        assert len(kinds) == 308
    assert page.locator("#table tbody tr").count() == 308
    assert page.locator("#no-map").is_hidden()


def test_map_is_gone_through_by_keyboard(visit):
    looking = visit()
    page = looking.open("map.html", "ranking_level=upper_tier&measure=infant")
    page.focus("#map")
    seen = {page.locator("#picked strong").inner_text()}
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        seen.add(page.locator("#picked strong").inner_text())
    assert len(seen) >= 4
    chosen = page.locator("#picked strong").inner_text()
    assert page.locator("#status").inner_text().startswith(f"{chosen}, ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/*.html")
    assert page.locator("h1").inner_text() == chosen


def test_a_click_on_a_hexagon_opens_its_page(visit):
    looking = visit(375, "dark")
    page = looking.open("map.html", f"ranking_level=upper_tier&measure=infant&area_code={KIRKLEES}")
    page.locator("#map g.pointed").click()
    page.wait_for_url(f"**/areas/{KIRKLEES}.html")


def test_areas_without_points_have_a_table_and_a_sentence(visit, made_up_site):
    looking = visit()
    page = looking.open("map.html", "ranking_level=region")
    assert page.locator("#map-figure").is_hidden()
    assert "There is no map of these regions" in page.locator("#no-map").inner_text()
    assert page.locator("#table tbody tr").count() == 9
    made_up = visit(where=made_up_site)
    page = made_up.open("map.html", "ranking_level=ward/parish")
    assert "1 of 3 areas are not on the map" in page.locator("#no-map").inner_text()
    assert [name for name, *_ in hexagons_of(page)] == ["Hither (made up)", "Thither (made up)"]


def test_funnel_follows_its_choices(visit, built_database):
    looking = visit()
    page = looking.open("funnel.html", "ranking_level=upper_tier&measure=infant&basis=registration&period=2014")
    positions = {
        "within": "\u25cf within limits",
        "high_95": "\u25b3 above 95 % limit",
        "high_99_8": "\u25b2 above 99.8 % limit",
        "low_95": "\u25bd below 95 % limit",
        "low_99_8": "\u25bc below 99.8 % limit",
    }
    for column, limit, adjusted in (
        ("funnel_position", "exact_upper_99_8", False),
        ("funnel_position_adjusted", "adjusted_upper_99_8", True),
    ):
        if adjusted:
            before = page.evaluate("document.querySelector('.draw[id]').dataset.drawn")
            page.check("#adjusted")
            page.wait_for_function(
                "(before) => document.querySelector('.draw[id]').dataset.drawn !== before", arg=before
            )
        expected = {
            code: (births, position, verdict)
            for code, births, position, verdict in built_database.execute(
                f"""
                select area_code, denominator, {column}, verdict
                from marts.fct_rankings
                where ranking_level = 'upper_tier' and measure = 'infant' and basis = 'registration' and period = '2014'
                    and {column} is not null
                """
            ).fetchall()
        }
        points = looking.rows("points")
        assert {row["area_code"]: (row["denominator"], row[column], row["verdict"]) for row in points} == expected
        # Those that the verdict names, and those outside the limits, stand in the table with both.
        listed = [cells.locator("th, td").all_inner_texts() for cells in page.locator("#table tbody tr").all()]
        assert sorted((cells[-2], cells[-1]) for cells in listed) == sorted(
            (VERDICTS[verdict], positions[position])
            for _, position, verdict in expected.values()
            if verdict != "similar" or position != "within"
        )
        called = sum(verdict != "similar" for _, _, verdict in expected.values())
        assert f"very likely higher or lower than England: {called} of {len(expected)} " in page.inner_text(
            "#chart-title"
        )
        limits = built_database.execute(
            f"""
            select births, {limit} from marts.fct_funnel_limits
            where ranking_level = 'upper_tier' and measure = 'infant' and basis = 'registration' and period = '2014'
            order by births
            """
        ).fetchall()
        assert [(row["births"], row[limit]) for row in looking.rows("limits")] == [
            (births, pytest.approx(rate, abs=2e-2)) for births, rate in limits
        ]


def test_funnel_marks_lead_to_areas(visit):
    looking = visit()
    page = looking.open("funnel.html", "ranking_level=upper_tier&measure=infant&basis=registration&period=2014")
    # The mark of the area pointed out lies on top, so a click in its middle is a click on it.
    mark = page.locator("#chart .mark-symbol path[stroke-width='2.5']").first
    mark.hover(force=True)
    assert "Kirklees" in page.inner_text(".tip")
    mark.click(force=True)
    page.wait_for_url(f"**/areas/{KIRKLEES}.html*")
    looking.drawn()


def test_century_follows_its_choices(visit, built_database):
    looking = visit()
    looking.open("century.html")
    for measure, scale in (("infant", "linear"), ("perinatal", "linear"), ("perinatal", "log")):
        if looking.page.input_value("#measure") != measure:
            looking.choose("measure", measure)
        if looking.page.input_value("#scale") != scale:
            looking.choose("scale", scale)
        expected = rates(built_database, "K04000001", measure, "occurrence")
        assert {row["x"]: row["rate_per_1000"] for row in looking.rows("years")} == {
            year: pytest.approx(rate, abs=2e-4) for year, (rate, _, _) in expected.items()
        }
        assert min(expected) <= 1930
        assert f"in {min(expected):.0f}, " in looking.page.inner_text("#chart-title")


CONTROL = (
    "rate_over_level",
    "lower_99_8_over_level",
    "upper_99_8_over_level",
    "adjusted_lower_99_8_over_level",
    "adjusted_upper_99_8_over_level",
)


def test_century_is_a_control_chart_of_the_marts(visit, built_database):
    """Levels, limits and positions of each measure, drawn and in the table; what lies outside is counted."""
    looking = visit()
    page = looking.open("century.html")
    for measure in ("infant", "stillbirth"):
        if page.input_value("#measure") != measure:
            looking.choose("measure", measure)
        expected = {
            int(period): (values, chance, widened)
            for period, chance, widened, *values in built_database.execute(
                f"""
                select period, control_position, control_position_adjusted, {", ".join(CONTROL)}
                from marts.fct_control_limits
                where area_code = 'K04000001' and basis = 'occurrence' and measure = ?
                """,
                [measure],
            ).fetchall()
        }
        drawn = looking.rows("control", "control-chart")
        assert {row["x"] for row in drawn} == set(expected)
        for row in drawn:
            values, chance, widened = expected[row["x"]]
            assert [row[column] for column in CONTROL] == pytest.approx(values, abs=2e-3)
            assert row["kind"] == (chance if widened == "within" else f"{widened}_adjusted")
        outside = [year for year, (_, chance, _) in expected.items() if chance != "within"]
        widest = [year for year, (_, _, widened) in expected.items() if widened != "within"]
        note = page.inner_text("#control-note")
        assert f"Of {len(expected)} years {len(outside)} lie outside the limits of chance alone" in note
        assert ("1 outside the widened ones (2014)" if measure == "infant" else "none outside the widened ones") in note
        assert widest == ([2014] if measure == "infant" else [])
        assert "By chance alone 0.4 % of years amid the series and 2.4 % of last years" in note
        words = {"within": "\u25cf within", "high": "\u25b2 above", "low": "\u25bc below"}
        for cells in page.locator("#table tbody tr").all()[:12]:
            year, *_, chance, _, widened = cells.locator("th, td").all_inner_texts()
            assert [chance, widened] == [words[code] for code in expected[int(year)][1:]]


def test_century_marks_steps_of_law_and_breaks_where_they_say(visit, built_database):
    looking = visit(360, "light")
    page = looking.open("century.html", "measure=stillbirth&scale=log")
    facts = built_database.execute(
        "select fact, source, first_year_after from marts.dim_definition_change "
        "where area_code = 'K04000001' and measure = 'stillbirth' order by change_date"
    ).fetchall()
    assert len(facts) == 3
    for line, (fact, source, _) in zip(page.locator("#step-list li").all_inner_texts(), facts, strict=True):
        assert fact in line and f"Source: {source}." in line
    for chart in ("chart", "control-chart"):
        assert [mark["text"] for mark in looking.rows("marks", chart)] == ["1", "2", "3"]
    runs = {row["x"]: row["run"] for row in looking.rows("years")}
    breaks = [year for year in runs if year - 1 in runs and runs[year] != runs[year - 1]]
    assert breaks == [year for _, _, year in facts if year is not None] == [1993]
    page = looking.open("century.html", "measure=infant")
    assert page.locator("#step-list li").count() == 1
    assert len({row["run"] for row in looking.rows("years")}) == 1


def test_deprivation_follows_its_choices(visit, built_database):
    looking = visit()
    looking.open("deprivation.html")
    looking.choose("measure", "neonatal")
    looking.choose("period", "2014")
    expected = {
        int(code[-2:]): rate
        for code, rate in built_database.execute(
            "select area_code, rate_per_1000 from marts.fct_rates where area_code like 'E92000001_IMD_%' "
            "and measure = 'neonatal' and basis = 'occurrence' and period = '2014'"
        ).fetchall()
    }
    drawn = looking.rows("tenths", "deciles-chart")
    assert {row["deprivation_decile"]: row["rate_per_1000"] for row in drawn} == {
        tenth: pytest.approx(rate, abs=2e-4) for tenth, rate in expected.items()
    }
    assert len(expected) == 10
    looking.choose("index", "slope_index")
    expected = dict(
        built_database.execute(
            "select period_end_year, slope_index from marts.fct_deprivation_gradient "
            "where measure = 'neonatal' and period not like '%-%'"
        ).fetchall()
    )
    drawn = {row["x"]: row["value"] for row in looking.rows("gradient", "gradient-chart")}
    assert drawn == {year: pytest.approx(value, abs=2e-4) for year, value in expected.items() if value is not None}


def test_what_if_follows_its_choices(visit, built_database):
    looking = visit()
    page = looking.open("whatif.html")
    for group in page.evaluate("[...document.querySelectorAll('#group_code option')].map((option) => option.value)"):
        if page.input_value("#group_code") != group:
            looking.choose("group_code", group)
        chosen = [page.input_value(f"#{control}") for control in ("ranking_level", "measure", "basis", "period")]
        rank, numerator = built_database.execute(
            """
            select rank_highest_first, numerator from marts.fct_combined_area_rankings
            where group_code = ? and ranking_level = ? and measure = ? and basis = ? and period = ?
            """,
            [group, *chosen],
        ).fetchone()
        together = [row for row in looking.rows("lines") if row["kind"] == "group"]
        assert [row["rank_highest_first"] for row in together] == [rank]
        assert page.locator("#table tbody tr.chosen td").first.inner_text() == f"{numerator:,}"


def test_article_shows_every_claim_and_its_solutions(visit, built_database):
    looking = visit()
    page = looking.open("article.html")
    claims = built_database.execute("select claim_code, verdict, answer from marts.fct_claim_checks").fetchall()
    for code, verdict, answer in claims:
        shown = page.locator(f"#{code.replace('_', '-')}")
        assert verdict in shown.get_attribute("class").split()
        assert shown.locator("p strong").first.inner_text() == answer
    assert page.locator(".tally").first.inner_text().split("\n")[0].startswith("5 (3 of them not as worded)")
    assert page.locator(".claim").count() == len(claims)
    for code, values in itertools.groupby(
        built_database.execute(
            "select claim_code, value_in_words from marts.fct_claim_evidence order by claim_code, line"
        ).fetchall(),
        key=itemgetter(0),
    ):
        table = page.locator(f"#{code.replace('_', '-')} tbody tr td:nth-child(2)")
        assert table.all_text_contents() == [value for _, value in values]
    readings = built_database.execute(
        """
        select assumed.claim_code, assumed.assumption_code, assumed.assumption_name, count(solutions.numerator)
        from marts.fct_claim_evidence as assumed
        left join marts.fct_claim_solutions as solutions using (claim_code, assumption_code)
        where assumed.value_code = 'solutions'
        group by assumed.claim_code, assumed.line, assumed.assumption_code, assumed.assumption_name
        order by assumed.claim_code, assumed.line
        """
    ).fetchall()
    assert readings
    for claim in sorted({reading[0] for reading in readings}):
        if page.input_value("#claim_code") != claim:
            looking.choose("claim_code", claim)
        own = [reading for reading in readings if reading[0] == claim]
        assert page.locator("#assumption_code option").count() == len(own)
        for _, assumption, name, pairs in own:
            if page.input_value("#assumption_code") != assumption:
                looking.choose("assumption_code", assumption)
            assert len(looking.rows("solutions", "solution-chart")) == pairs
            title = page.inner_text("#solution-title").lower()
            said = {0: "no pairs of whole numbers fit", 1: "one pair of whole numbers fits"}
            assert title == f"{name}: {said.get(pairs, f'{pairs:,} pairs of whole numbers fit')}".lower()


def test_search_finds_areas(visit):
    looking = visit()
    page = looking.open("areas.html")
    page.fill("#search", "kirkless")
    assert page.inner_text("#found") == "0 areas"
    page.fill("#search", "KIRKLEES")
    assert page.inner_text("#found") == "1 area"
    page.press("#search", "Enter")
    page.wait_for_url(f"**/areas/{KIRKLEES}.html*")
    looking.drawn()


def test_keyboard_reaches_the_content_and_the_choices(visit):
    looking = visit()
    page = looking.open(f"areas/{KIRKLEES}.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "measure":
            break
    assert page.evaluate("document.activeElement.id") == "measure"
    before = page.inner_text("#chart-title")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("(before) => document.getElementById('chart-title').textContent !== before", arg=before)


def test_levels_and_benchmarks_are_data(visit, made_up_site):
    """A made-up level with a benchmark of its own has its pages like any other."""
    looking = visit(where=made_up_site)
    page = looking.open("rankings.html", "ranking_level=ward%2Fparish")
    assert page.input_value("#ranking_level") == "ward/parish"
    assert {bar["area_code"] for bar in looking.rows("bars")} == {"X1", "X2", "X3"}
    assert "wards and parishes" in page.inner_text("#chart-title")
    assert "Compared with Elsewhere (made up)" in page.inner_text("#table thead")
    assert set(page.locator(".benchmark").all_inner_texts()) == {"Elsewhere (made up)"}
    page = looking.open("funnel.html", "ranking_level=ward%2Fparish")
    assert {point["area_code"] for point in looking.rows("points")} == {"X1", "X2", "X3"}
    page = looking.open("areas/Z1.html", "measure=infant&basis=registration")
    assert looking.rows("benchmark") == []
    assert page.inner_text("#chart-title") == "Infant mortality rate in One Half (made up)"
    assert "The Whole (made up) 5.0" in page.inner_text("#facts")
    assert page.locator("#table thead th").nth(5).inner_text() == "The Whole (made up)"
    page = looking.open("areas/X1.html")
    assert "Rank among wards and parishes" in page.inner_text("#facts")
    assert "England" not in page.inner_text("#content")


def test_a_name_that_is_markup_stays_text(visit, made_up_site):
    """A made-up area whose name is a script: shown letter by letter, never run, on every page that names it."""
    looking = visit(where=made_up_site)
    asked = []
    looking.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page = looking.open("areas/E08000035.html")
    assert page.inner_text("h1") == SCRIPT_NAME
    assert SCRIPT_NAME in page.inner_text("#chart-title")
    for name in (
        "rankings.html",
        "funnel.html",
        "areas.html",
        "whatif.html",
        "article.html",
        "index.html",
        "century.html",
    ):
        page = looking.open(name)
        assert page.locator("script", has_text="made up").count() <= 1
    page = looking.open("rankings.html")
    assert SCRIPT_NAME in page.locator("#table tbody").inner_text()
    page = looking.open("article.html")
    assert "<b>per</b>" in page.locator(".claim h3").first.inner_text()
    assert asked == []
