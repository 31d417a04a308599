"""The report as people see it: real Chromium, pages opened from disk, figures compared with the marts."""

import csv
import io
import itertools
import os
import time
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from report_made_up import SCRIPT_NAME
from report_site import PAGES, chance_of_higher

from report.build import unbroken
from report.formats import possessive
from tests.chromium import ARGUMENTS, chromium_path

# Where `make test-report` leaves screenshots to be looked at. No other run takes any: they are a third of the time.
SCREENSHOTS = os.environ.get("REPORT_SCREENSHOTS")
KIRKLEES, CARDIFF = "E08000034", "W06000015"
LOOKS = [(1440, "light"), (390, "light"), (1440, "dark"), (390, "dark")]
# What moves, what axe says of all but colours and sizes, and what is cut off, is the same in either scheme.
WIDE, NARROW = 1440, 390
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


# Tables that have more columns than are seen.
CUT_OFF = """
    [...document.querySelectorAll('.scroll')].filter((room) => room.scrollWidth > room.clientWidth + 1)
        .map((room) => room.getAttribute('aria-label'))
"""


IN_ENGLAND_AND_IN_WALES = pytest.mark.parametrize(
    ("area", "level", "benchmark"), [(KIRKLEES, "lower_tier", "England"), (CARDIFF, "welsh_unitary_authority", "Wales")]
)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield running
        running.close()


class Visit:
    """A page that is open: fails on any console message of error or warning, page error, or request beyond files."""

    def __init__(self, browser, site, width=1440, scheme="light", has_touch=False):
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=has_touch, is_mobile=has_touch
        )
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

    @contextmanager
    def redrawn(self):
        """Wait until all is drawn again after what is done within."""
        before = self.page.evaluate("document.querySelector('.draw[id]').dataset.drawn")
        yield
        self.page.wait_for_function(
            "(before) => document.querySelector('.draw[id]').dataset.drawn !== before", arg=before
        )

    def choose(self, control, value):
        """Choose a value of a select, which a narrow screen may have folded away, unless it is chosen already."""
        if self.page.input_value(f"#{control}") != value:
            fold = self.page.locator(".choices > .fold[aria-expanded=false]")
            if fold.is_visible():
                fold.click()
            with self.redrawn():
                self.page.select_option(f"#{control}", value)

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

    def by_area(self, data_set, *columns, chart="chart"):
        """The values of columns that a chart is drawn from, by area."""
        return {row["area_code"]: [row[column] for column in columns] for row in self.rows(data_set, chart)}

    def table(self, place="#table"):
        """The texts of a table's body, row by row."""
        return self.page.evaluate(
            "(place) => [...document.querySelectorAll(`${place} tbody tr`)]"
            ".map((row) => [...row.cells].map((cell) => cell.innerText))",
            place,
        )

    def pasted(self):
        """What was copied, pasted into a field that the page does not have."""
        self.page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
        self.page.focus("#pasted")
        self.page.keyboard.press("Control+V")
        return self.page.input_value("#pasted")

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
    if scheme == "light":
        # A page is seen before its script runs, as on a slow machine.
        looking.page.route("**/assets/shared.js", lambda route: (time.sleep(0.2), route.continue_()))
    for name in PAGES:
        page = looking.open(name)
        if name == "article.html":
            page.wait_for_load_state("load")
        header = page.evaluate("document.querySelector('.masthead').offsetHeight")
        if header > 64:
            wrong.append(f"{name}: the header is {header} pixels high")
        moved = page.evaluate("window.shifted")
        if moved > 0:
            wrong.append(f"{name}: parts move by {moved:.5f}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            wrong.append(f"{name}: {over} pixels wider than the window")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if width == WIDE:
            wrong += [f"{name}: {table} is cut off" for table in page.evaluate(CUT_OFF)]
        options = AXE if scheme == "light" else AXE_OF_LOOKS
        for violation in Axe().run(page, context=AXE_CONTEXT, options=options).response["violations"]:
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
    # What the first page needs to be read: itself and one stylesheet; its scripts are small, and names are not loaded.
    found = [name for name in loaded if not name.startswith(("blank", "data:", ","))]
    assert sorted(found) == ["fold.js", "index.html", "report.css", "search.js", "shared.js"]
    assert sum((looking.site / "assets" / name).stat().st_size for name in found if name.endswith(".js")) < 50e3
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
        assert row["rate_per_1000"] == (None if rate is None else pytest.approx(rate, abs=2e-3))
        assert row["lower_95"] == pytest.approx(lower, abs=2e-2)
        assert row["upper_95"] == pytest.approx(upper, abs=2e-2)


VERDICTS = {
    "lower": "\u25bc very likely lower",
    "similar": "\u25cf not clearly different",
    "higher": "\u25b2 very likely higher",
    None: "\u2013",
}


def percent(chance):
    """A chance as pages tell it, never 0 or 100 %, nor a limit that it does not reach."""
    if not 0.01 <= chance <= 0.99:
        return unbroken("under 1 %" if chance < 0.5 else "over 99 %")
    exact, decimals = Decimal(repr(chance)) * 100, Decimal(1)
    if 0.945 <= chance < 0.95 or 0.05 < chance < 0.055:
        decimals = Decimal("0.1")
        exact = min(exact, Decimal("94.9")) if chance > 0.5 else max(exact, Decimal("5.1"))
    return unbroken(f"{exact.quantize(decimals, ROUND_HALF_UP)} %")


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
    # The key has the marks that are drawn: filled, open, or both.
    circles = "[...document.querySelectorAll('.key li:not([hidden]) circle')].map((one) => one.getAttribute('fill'))"
    assert page.evaluate(circles) == ["var(--area)", "var(--panel)"]
    looking.choose("basis", "occurrence")
    assert page.evaluate(circles) == ["var(--panel)"]
    looking.choose("basis", "registration")
    assert page.evaluate(circles) == ["var(--area)"]
    assert_same(looking.rows("area"), registered)
    assert_same(looking.rows("benchmark"), rates(built_database, "E92000001", "infant", "registration"))
    looking.choose("measure", "neonatal")
    looking.choose("years_in_period", "3")
    assert_same(looking.rows("area"), rates(built_database, KIRKLEES, "neonatal", "registration", 3))
    assert_same(looking.rows("region"), rates(built_database, "E12000003", "neonatal", "registration", 3))
    looking.choose("measure", "stillbirth")
    assert_same(looking.rows("area"), rates(built_database, KIRKLEES, "stillbirth", "occurrence"))
    summary = "select summary from marts.fct_area_summaries where area_code = ? and measure = 'stillbirth'"
    assert page.inner_text("#summary-text") == unbroken(built_database.execute(summary, [KIRKLEES]).fetchone()[0])
    # The address says what is shown; opened anew it shows the same.
    address = page.url
    assert "measure=stillbirth" in address
    page.goto("about:blank")
    page.goto(address)
    looking.drawn()
    assert page.input_value("#measure") == "stillbirth"


@pytest.mark.parametrize(("years", "basis"), [("1", "registration"), ("3", "registration"), ("1", "both")])
def test_what_an_area_page_says_follows_its_controls(visit, built_database, years, basis):
    """The sentence, the verdict over it and the tiles below tell of one period: the newest of what is chosen."""
    looking = visit()
    page = looking.open(f"areas/{KIRKLEES}.html", f"measure=infant&years_in_period={years}&basis={basis}")
    period, dated, deaths, births, rate, lower, upper, verdict, benchmark = built_database.execute(
        """
        select
            period, basis, numerator, denominator, rate_display, lower_95, upper_95, verdict, benchmark_rate_per_1000
        from marts.fct_rankings
        where area_code = ? and ranking_level = 'upper_tier' and measure = 'infant' and years_in_period = ?
            and (basis = ? or ? = 'both') and rate_per_1000 is not null
        order by period_end_year desc limit 1
        """,
        [KIRKLEES, int(years), basis, basis],
    ).fetchone()
    when = period.replace("-", "\u2013")
    opening = when if dated == "occurrence" else f"deaths registered in {when}"
    assert (
        page.inner_text("#summary-text")
        .replace("\u2019", "'")
        .startswith(
            f"Kirklees, {opening}: {deaths:,} of {births:,} babies died before their first birthday, {rate} per 1,000 "
            f"(95\u00a0% interval {lower:.1f} to {upper:.1f}). "
            f"That is very likely higher than England's rate ({benchmark:.1f})."
        )
    )
    assert verdict == "higher" and page.inner_text("#verdict") == "\u25b2 Very likely higher than England"
    tile = page.locator("#facts div").first.inner_text()
    assert tile.startswith(f"Rate per 1,000, {when}\n{rate}")


def test_an_area_without_deaths_is_told_as_the_marts_tell_it(visit, built_database):
    """The words of another period than the newest are those of the summaries, also where nobody died."""
    code, name, births = built_database.execute(
        """
        select area_code, area_name, denominator
        from marts.fct_rankings
        where measure = 'infant' and basis = 'registration' and period = '2016' and numerator = 0
            and ranking_level = 'lower_tier' and verdict = 'similar' and area_code not in (
                select area_code from marts.fct_rates
                where measure = 'infant' and basis = 'registration' and period = '2017' and rate_per_1000 is not null
            )
        order by area_code limit 1
        """
    ).fetchone()
    page = visit().open(f"areas/{code}.html", "measure=infant&years_in_period=1&basis=registration")
    assert page.inner_text("#summary-text") == (
        f"{name}, deaths registered in 2016: none of {births:,} babies died before their first birthday: "
        f"too few births to compare {name} with England or to rank it."
    )


def test_area_page_answers_the_three_questions_first(visit, built_database):
    """High, higher than its neighbours, changed since 2010: all on the first screen at 1440 pixels, by the marts."""
    looking = visit()
    page = looking.open(f"areas/{KIRKLEES}.html")
    higher, lower = built_database.execute(
        "select count(*) filter (probability_higher >= 0.95), count(*) filter (probability_higher <= 0.05) "
        "from marts.fct_area_comparisons "
        "where area_code = ? and measure = 'infant' and ranking_level = 'upper_tier' and kind = 'nearest'",
        [KIRKLEES],
    ).fetchone()
    assert 0 < higher < 10 and lower == 0
    assert page.inner_text("#neighbours-verdict") == (
        f"\u25cf Very likely higher than {higher}, undecided for {10 - higher}, lower than none"
    )
    for said in (
        f"For {10 - higher} of its 10 nearest areas the figures do not show which is higher.",
        unbroken("Of many such chances, some are near 0 or 100 % by chance alone."),
    ):
        assert said in page.inner_text("#neighbours-text")
    assert page.inner_text("#change-verdict") == "\u25cf No clear rise or fall in either series"
    (from_period, before, to_period, after) = built_database.execute(
        "select from_period, from_rate_per_1000, to_period, to_rate_per_1000 from marts.fct_rate_changes "
        "where area_code = ? and measure = 'infant' and years_in_period = 3 order by to_period desc limit 1",
        [KIRKLEES],
    ).fetchone()
    dash = "\u2013"
    assert (
        f"Three years together, it was {before:.1f} in {from_period.replace('-', dash)} and {after:.1f} in "
        f"{to_period.replace('-', dash)}: a difference that could be chance."
    ) in page.inner_text("#change-text")
    # Deaths of before and after are dated differently; each series has its first and last rate.
    text = page.inner_text("#change-text")
    assert "up to 2017 they count deaths by year of registration, from 2018 by year of death." in text
    shown = dict(
        built_database.execute(
            "select period, rate_display from marts.fct_rates where area_code = ? and measure = 'infant' "
            "and period in ('2010', '2017', '2018', '2022')",
            [KIRKLEES],
        ).fetchall()
    )
    for first, last in (("2010", "2017"), ("2018", "2022")):
        assert f": {shown[first]} per 1,000 in {first}, {shown[last]} in {last}." in page.inner_text("#change-text")
    assert page.evaluate("document.querySelector('#answers').getBoundingClientRect().bottom") < 900
    # The small chart has a line for each way of dating, and none that joins them.
    drawn = {row["label"]: row for row in looking.rows("changes", "since-chart")}
    expected = built_database.execute(
        """
        select basis, last_period, annual_percent_change, annual_percent_change_lower_95, annual_percent_change_upper_95
        from marts.fct_trends where area_code = ? and measure = 'infant' and last_period in ('2017', '2022')
        """,
        [KIRKLEES],
    ).fetchall()
    assert len(drawn) == len(expected) == 2
    for basis, last, *values in expected:
        first, dated = ("2010", "registered") if basis == "registration" else ("2018", "died")
        row = drawn[f"{first} to {last}, {dated}"]
        assert [row["value"], row["lower"], row["upper"]] == pytest.approx(values, abs=1e-2)


def test_an_area_with_too_few_deaths_is_not_called_anything(visit, built_database):
    """Where the summary says that deaths are too few, no heading says more: no comparison and no rank by so few."""
    looking = visit()
    few = built_database.execute(
        """
        select area_code, rate_display from marts.fct_area_summaries
        where measure = 'infant' and summary like '%: too few %'
            and area_name in ('Rutland', 'City of London', 'Corby', 'Causeway Coast and Glens')
        order by area_code
        """
    ).fetchall()
    assert len(few) == 4
    for code, shown in few:
        page = looking.open(f"areas/{code}.html")
        assert page.inner_text("#verdict") == page.inner_text("#neighbours-verdict") == "Too few to tell"
        rank = page.locator("#facts div", has_text="Rank among").inner_text().split("\n")
        assert rank[1] == "Too few to rank" and "Highest" not in page.inner_text("#facts")
        assert "not clearly different" not in page.inner_text("#answers").lower()
        assert shown in page.inner_text("#facts")


def test_heading_and_text_on_changes_agree(visit, built_database):
    """A change that chance would seldom bring is in the heading, also where the years show no steady trend."""
    looking = visit()
    changed = built_database.execute(
        """
        select area_code, difference_per_1000, from_period, to_period
        from marts.fct_rate_changes
        where measure = 'infant' and basis = 'registration' and years_in_period = 3 and to_period = '2015-2017'
            and (difference_lower_95 > 0 or difference_upper_95 < 0)
            and area_code in (
                select area_code from marts.fct_trends
                where measure = 'infant' and basis = 'registration' and last_period = '2017'
                    and coalesce(trend_shape, '') <> 'one_break' and coalesce(trend_p_value, 1) > 0.01
                    and recent_trend not in ('increasing', 'decreasing')
            )
        order by area_code limit 4
        """
    ).fetchall()
    assert changed
    for code, difference, earlier, later in changed:
        page = looking.open(f"areas/{code}.html")
        way = "lower" if difference < 0 else "higher"
        heading = page.inner_text("#change-verdict")
        assert f"{way} in {later} than in {earlier}".replace("-", "\u2013") in heading.lower()
        assert "that chance alone would bring less than once in 20 times" in page.inner_text("#change-text")


def test_a_benchmark_is_not_asked_whether_it_is_high(visit):
    page = visit().open("areas/E92000001.html")
    assert page.inner_text("#answers h2 >> nth=0") == "What is the rate?"


@IN_ENGLAND_AND_IN_WALES
def test_area_table_shows_the_marts(visit, built_database, area, level, benchmark):
    looking = visit()
    page = looking.open(
        f"areas/{area}.html", f"measure=infant&years_in_period=1&basis=registration&ranking_level={level}"
    )
    head = page.locator("#table thead th").all_inner_texts()
    assert head[1:3] == ["Rate per 1,000", f"Compared with {benchmark}"]
    assert head[7] == benchmark
    table = looking.table()
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
        "where area_code = ? and measure = 'infant' and basis = 'registration' order by period desc",
        [area],
    ).fetchall()
    assert [(cells[0],) for cells in table] == periods
    hints = page.evaluate("[...document.querySelectorAll('#table tbody td:nth-child(3)')].map((cell) => cell.title)")
    hints = dict(zip([cells[0] for cells in table], hints, strict=True))
    shown = {cells[0]: cells for cells in table}
    for period, deaths, births, rate, beside, rank, ranked, lower, upper, chance, verdict, above in expected:
        cells = shown[period]
        assert cells[:3] == [period, rate, VERDICTS[verdict]]
        assert cells[4:7] == ["registration", f"{deaths:,}", f"{births:,}"]
        assert cells[7:10] == [beside, f"{rank} of {ranked}", f"{lower} to {upper}"]
        assert cells[10] == percent(chance)
        assert hints[period] == f"chance that the rate is above {possessive(benchmark)}: {percent(above)}"


def test_area_beside_its_own_benchmark(visit, built_database):
    """A Welsh area stands beside Wales, on the chart and in what is said of it."""
    looking = visit()
    page = looking.open(f"areas/{CARDIFF}.html", "measure=infant&basis=registration")
    assert_same(looking.rows("area"), rates(built_database, CARDIFF, "infant", "registration"))
    assert_same(looking.rows("benchmark"), rates(built_database, "W92000004", "infant", "registration"))
    assert looking.rows("region") == []
    assert page.inner_text("#chart-title") == "Infant mortality rate in Cardiff beside Wales"
    assert "England" not in page.inner_text("#facts") + page.inner_text("#answers")
    assert "Wales" in page.inner_text("#verdict")


@IN_ENGLAND_AND_IN_WALES
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
        unbroken(
            f"{observed} babies died before their first birthday. "
            f"At {possessive(benchmark)} rate of each year {expected:.1f} "
            f"would have been expected: about {excess:.0f} more (95 % interval "
            + (
                f"{lower:.0f} to {upper:.0f} more)."
                if lower > 0
                else f"from {-lower:.0f} fewer to {upper:.0f} more), so not clearly different."
            )
        )
        in said[0]
    )
    (births_year, births, half, twice), *_ = built_database.execute(
        "select births_year, births_per_year, min(chance_of_verdict), max(chance_of_verdict) "
        f"from marts.fct_detectability where {where} and rate_ratio in (1.5, 2) group by all",
        key,
    ).fetchall()
    ((verdict,),) = built_database.execute(
        f"select verdict from marts.fct_rankings where {where} and period = ?", [*key, str(births_year)]
    ).fetchall()
    found = (
        f"The rate of {births_year} is not clearly different from {possessive(benchmark)}. "
        f"There are {births:,} births a year. "
        f"If the underlying rate were half as high again as {possessive(benchmark)}, the verdict would find it in one "
        f"year with a chance of {percent(half)}. "
        f"If it were twice as high as {possessive(benchmark)}, the verdict would find it in one year "
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
    assert f"What was to be expected in {year}." in said[0]
    assert unbroken(f"about {deaths:.0f} deaths, and with a chance of 95 % from {low} to {high}") in said[0]
    (row,) = looking.rows("forecast")
    columns = ("expected_rate_per_1000", "lower_95_per_1000", "upper_95_per_1000")
    assert row["x"] == year
    assert [row[column] for column in columns] == [pytest.approx(rate, abs=2e-2) for rate in drawn]
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
            shown = looking.table("#compared")
            assert len(expected) == {"same_parent": 4 if area == KIRKLEES else 21}.get(kind, 10)
            assert [(cells[0], cells[1], cells[4], cells[2]) for cells in shown[1:]] == [
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
    area, measure, basis, change, first, turn, *parts = built_database.execute(
        f"""
        with latest as (
            select *
            from marts.fct_trends
            qualify row_number() over (partition by area_code, measure, basis order by last_period desc) = 1
        )

        select
            area_code, measure, basis, annual_percent_change, trend_first_year, break_year,
            annual_percent_change_before, annual_percent_change_before_lower_95, annual_percent_change_before_upper_95,
            annual_percent_change_after, annual_percent_change_after_lower_95, annual_percent_change_after_upper_95
        from latest
        inner join marts.dim_area using (area_code)
        where {wanted} and is_upper_tier
        order by area_code, measure, basis
        limit 1
        """
    ).fetchone()
    page = visit().open(f"areas/{area}.html", f"measure={measure}&basis={basis}")
    said = page.inner_text("#change-text")

    def moved(a_year):
        return f"{'fell' if a_year < 0 else 'rose'} by {abs(a_year):.1f}\u00a0% a year"

    assert f"From {first} to " in said
    if shape == "straight":
        assert f"the rate {moved(change)}." in said
    elif shape == "unclear":
        assert "the rate shows no clear rise or fall." in said and "\u00a0% a year" not in said
    elif shape == "one_break":
        before, after = (
            "hardly changed" if lower < 0 < upper else moved(a_year) for a_year, lower, upper in (parts[:3], parts[3:])
        )
        assert f"the rate {before} until {turn:.0f}, then {after}." in said
    else:
        assert "the rate had no steady rise or fall." in said and "\u00a0% a year" not in said


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
    sentence, source, *end = looking.pasted().split("\n")
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
        (row["measure"], row["basis"], row["period"], row["numerator"]) for row in csv.DictReader(io.StringIO(text))
    }
    expected = built_database.execute(
        """
        select measure, basis, period, cast(numerator as varchar)
        from (from marts.fct_rates union all by name from marts.fct_rolling_rates where is_complete)
        where area_code = ? and status = 'ok'
        """,
        [KIRKLEES],
    ).fetchall()
    assert expected and set(expected) <= found


def ranking(database, level, measure, basis, period, *columns):
    """Columns of one ranking of the marts, by area."""
    return {
        code: values
        for code, *values in database.execute(
            f"select area_code, {', '.join(columns)} from marts.fct_rankings "
            "where ranking_level = ? and measure = ? and basis = ? and period = ?",
            [level, measure, basis, period],
        ).fetchall()
    }


def test_rankings_follow_their_choices(visit, built_database):
    looking = visit()
    page = looking.open("rankings.html", "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022")
    columns = ("rank_highest_first", "rank_lower_95", "rank_upper_95")
    expected = ranking(built_database, "lower_tier", "infant", "occurrence", "2022", *columns)
    assert looking.by_area("bars", *columns) == expected
    assert page.locator("#table tbody tr").count() == len(expected)
    looking.choose("period", "occurrence 2020")
    columns = ("rank_highest_first", "rate_per_1000")
    expected = ranking(built_database, "lower_tier", "infant", "occurrence", "2020", *columns)
    ranks = {code: [rank] for code, (rank, _) in expected.items()}
    assert looking.by_area("bars", "rank_highest_first") == ranks
    looking.choose("show", "rate")
    drawn = {code: rate for code, (rate,) in looking.by_area("bars", "rate_per_1000").items() if rate is not None}
    assert drawn == {code: pytest.approx(expected[code][1], abs=2e-3) for code in drawn}
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
    in_london = built_database.execute(
        "select area_code from marts.dim_area where region_name = 'London' and is_lower_tier"
    ).fetchall()
    assert looking.by_area("bars", "rank_highest_first") == {
        code: ranks[code] for (code,) in in_london if code in ranks
    }


def test_stabilised_rates_stand_beside_the_ranks(visit, built_database):
    """In the same order, whichever it is, with their intervals, also where areas hardly differ."""
    looking = visit()
    where = "ranking_level=lower_tier&measure=infant&basis=occurrence&period=2022"
    page = looking.open("rankings.html", where)
    columns = ("stabilised_rate_per_1000", "stabilised_lower_95", "stabilised_upper_95")
    expected = ranking(built_database, "lower_tier", "infant", "occurrence", "2022", *columns)
    drawn = looking.by_area("bars", *columns, chart="stabilised-chart")
    assert drawn == {code: pytest.approx(rates, abs=2e-2) for code, rates in expected.items()}
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
        looking.choose("show", show)
        expected = ranking(
            built_database, "lower_tier", "infant", "occurrence", "2022", "area_name", f"cast({column} as varchar)"
        )
        letters = {"higher": "H", "lower": "L", "similar": "", None: "\u2013"}
        kinds = {
            name: (value or "none", letters[value])
            if show == "verdict"
            else ((f"fifth-{value}", value) if value else ("none", "\u2013"))
            for name, value in expected.values()
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


def test_areas_without_points_have_a_table_and_a_sentence(visit, made_up):
    looking = visit()
    page = looking.open("map.html", "ranking_level=region")
    assert page.locator("#map-figure").is_hidden()
    assert "There is no map of these regions" in page.locator("#no-map").inner_text()
    assert page.locator("#table tbody tr").count() == 9
    made_up = visit(where=made_up[0])
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
        ("funnel_position", "normal_upper_99_8", False),
        ("funnel_position_adjusted", "adjusted_upper_99_8", True),
    ):
        if adjusted:
            with looking.redrawn():
                page.check("#adjusted")
        columns = ("denominator", column, "verdict")
        all_areas = ranking(built_database, "upper_tier", "infant", "registration", "2014", *columns)
        expected = {code: values for code, values in all_areas.items() if values[1] is not None}
        assert looking.by_area("points", *columns) == expected
        # Those that the verdict names, and those outside the limits, stand in the table with both.
        assert sorted((cells[2], cells[3]) for cells in looking.table()) == sorted(
            (VERDICTS[verdict], unbroken(positions[position]))
            for _, position, verdict in expected.values()
            if verdict != "similar" or position != "within"
        )
        called = sum(verdict != "similar" for _, _, verdict in expected.values())
        assert f"very likely higher or lower than England: {called} of {len(expected)} " in page.inner_text(
            "#chart-title"
        )
        # What is said of the limits is of those drawn.
        assert ("areas also differ beyond chance" in page.inner_text("#curves")) == adjusted
        assert page.inner_text("#limits-and-verdict").startswith(
            "The widened limits" if adjusted else "The limits assume"
        )
        assert page.locator("#if-alike").is_hidden() == adjusted
        assert ("widened limits" in page.locator(".key").inner_text()) == adjusted
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
        looking.choose("measure", measure)
        looking.choose("scale", scale)
        expected = rates(built_database, "K04000001", measure, "occurrence")
        assert {row["x"]: row["rate_per_1000"] for row in looking.rows("years")} == {
            year: pytest.approx(rate, abs=2e-3) for year, (rate, _, _) in expected.items()
        }
        assert min(expected) <= 1930
        assert f"in {min(expected):.0f}, " in looking.page.inner_text("#chart-title")
        # Title and first sentence are of the measure that is drawn.
        name = looking.page.locator("#measure option:checked").inner_text()
        assert looking.page.inner_text("#heading").startswith(f"{name}: from ")
        assert f"In {min(expected):.0f}, " in looking.page.inner_text("#lead")
        assert ("first birthday" in looking.page.inner_text("#lead")) == (measure == "infant")


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
        assert unbroken("By chance alone 0.4 % of years within the series and 2.4 % of last years") in note
        words = {"within": "\u25cf within", "high": "\u25b2 above", "low": "\u25bc below"}
        for year, *_, chance, _, widened in looking.table():
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
        tenth: pytest.approx(rate, abs=2e-3) for tenth, rate in expected.items()
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
    assert drawn == {year: pytest.approx(value, abs=2e-3) for year, value in expected.items() if value is not None}


def test_what_if_follows_its_choices(visit, built_database):
    looking = visit()
    page = looking.open("whatif.html")
    for group in page.evaluate("[...document.querySelectorAll('#group_code option')].map((option) => option.value)"):
        looking.choose("group_code", group)
        level, measure, dated = (page.input_value(f"#{control}") for control in ("ranking_level", "measure", "period"))
        chosen = [level, measure, *dated.split(" ", 1)]
        rank, numerator = built_database.execute(
            """
            select rank_highest_first, numerator from marts.fct_combined_area_rankings
            where group_code = ? and ranking_level = ? and measure = ? and basis = ? and period = ?
            """,
            [group, *chosen],
        ).fetchone()
        together = [row for row in looking.rows("lines") if row["kind"] == "group"]
        assert [row["rank_highest_first"] for row in together] == [rank]
        assert page.locator("#table tbody tr.chosen td").nth(4).inner_text() == f"{numerator:,}"


def test_article_shows_every_claim_and_its_solutions(visit, built_database):
    looking = visit()
    page = looking.open("article.html")
    claims = built_database.execute("select claim_code, verdict, answer from marts.fct_claim_checks").fetchall()
    for code, verdict, answer in claims:
        shown = page.locator(f"#{code.replace('_', '-')}")
        assert verdict in shown.get_attribute("class").split()
        assert shown.locator("> *").all_text_contents()[2] == answer
        assert shown.locator("details").count() == 1 and not shown.locator("details").evaluate("(one) => one.open")
        assert len(shown.inner_text().split()) < 90
    assert page.locator(".tally").first.inner_text().split("\n")[0].startswith("5 (3 of them not as worded)")
    assert page.locator(".claim").count() == len(claims)
    for code, values in itertools.groupby(
        built_database.execute(
            "select claim_code, value_in_words from marts.fct_claim_evidence order by claim_code, line"
        ).fetchall(),
        key=itemgetter(0),
    ):
        table = page.locator(f"#{code.replace('_', '-')} tbody tr td:nth-child(2)")
        assert table.all_text_contents() == [unbroken(value) for _, value in values]
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
        looking.choose("claim_code", claim)
        own = [reading for reading in readings if reading[0] == claim]
        assert page.locator("#assumption_code option").count() == len(own)
        for _, assumption, name, pairs in own:
            looking.choose("assumption_code", assumption)
            assert len(looking.rows("solutions", "solution-chart")) == pairs
            title = page.inner_text("#solution-title").lower()
            said = {0: "no pairs of whole numbers fit", 1: "one pair of whole numbers fits"}
            assert title == f"{name}: {said.get(pairs, f'{pairs:,} pairs of whole numbers fit')}".lower()


# What people type, the first result and what is said.
SEARCHES = {
    "KIRKLEES": ("Kirklees", "2 found"),
    "Huddersfield": ("Huddersfield town in Kirklees", "2 found"),
    "North Kirklees": ("North Kirklees former commissioning group in Kirklees", "2 found"),
    "Batley": ("Batley town in Kirklees", "found"),
    "City of London": ("City of London City corporation", "found"),
    "Dewsbury": ("Dewsbury town in Kirklees", "found"),
    "dewsbury east": ("Dewsbury East ward in Kirklees", "1 found"),
    "kirkless": ("Kirklees", "Did you mean"),
    "Bradfrod": ("Bradford Metropolitan district", "Did you mean"),
    "Hull": ("Kingston upon Hull, City of", "found"),
    "Corby": ("Corby former district, now in North Northamptonshire", "found"),
    "Yorkshire and": ("Yorkshire and The Humber Region", "found"),
    "HD1 2TA": (None, "Postcodes are not known here: type the town, the ward or the council instead."),
    "hd1": (None, "Postcodes are not known here"),
    "qqqqqqqq": (None, "Nothing found"),
}


@pytest.mark.parametrize("name", ["index.html", "areas.html"])
def test_search_finds_areas(visit, name):
    """Towns, wards, former districts and names that are nearly right; a postcode is told to be unknown."""
    looking = visit(NARROW, "light")
    page = looking.open(name)
    for typed, (first, said) in SEARCHES.items():
        page.fill("#search", typed)
        page.wait_for_function("(said) => document.getElementById('found').textContent.includes(said)", arg=said)
        results = page.locator("#results li").all_inner_texts()
        assert results[0].startswith(first) if first else not results, (typed, results)
    # Both Belfasts are told apart.
    page.fill("#search", "Belfast")
    page.wait_for_function("document.getElementById('found').textContent.startsWith('2 found')")
    assert len(set(page.locator("#results li").all_inner_texts())) == 2
    page.fill("#search", "Huddersfield")
    page.press("#search", "Enter")
    page.wait_for_url(f"**/areas/{KIRKLEES}.html*")
    looking.drawn()


def test_search_is_chosen_from_by_keyboard(visit):
    """Arrow keys move a choice that is seen and said, while the field keeps the focus; Enter takes it."""
    looking = visit()
    page = looking.open("index.html")
    page.fill("#search", "North Kirklees")
    page.wait_for_selector("#results a")
    field = page.locator("#search")
    assert field.get_attribute("aria-expanded") == "true"
    chosen = "[...document.querySelectorAll('#results a')].map((link) => link.getAttribute('aria-selected'))"
    for key, expected in (("ArrowDown", "true false"), ("ArrowDown", "false true"), ("ArrowUp", "true false")):
        page.keyboard.press(key)
        assert page.evaluate(chosen) == expected.split()
        at = field.get_attribute("aria-activedescendant")
        assert page.get_attribute(f"#{at}", "aria-selected") == "true"
        assert page.evaluate("document.activeElement.id") == "search"
    assert Axe().run(page, context={"include": [[".search"]]}, options=AXE).response["violations"] == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article.html#north-kirklees-rate-2014")


SEARCHED = {
    "Dewsbury": "You searched for Dewsbury. Figures are published for all of Kirklees, not for it.",
    "Batley East": "You searched for Batley East. Figures are published for all of Kirklees, not for it.",
    "North Kirklees": "It was a clinical commissioning group. Figures are published for all of Kirklees, not for it.",
    "Corby": "You searched for Corby. It became part of North Northamptonshire.",
}


@pytest.mark.parametrize("name", SEARCHED)
def test_a_page_names_the_place_that_was_searched_for(visit, name):
    """Whoever searched for a place without figures of its own is told so; a name that leads elsewhere is not shown."""
    looking = visit(NARROW)
    page = looking.open("index.html")
    page.fill("#search", name)
    page.wait_for_selector("#results a")
    page.locator("#results a").first.click()
    page.wait_for_selector("#searched")
    looking.drawn()
    assert SEARCHED[name] in page.inner_text("#searched")
    assert "searched" not in page.evaluate("choices") and page.evaluate("window.shifted") == 0
    page = looking.open(f"areas/{KIRKLEES}.html", "searched=Elsewhere")
    assert page.locator("#searched").count() == 0


@pytest.mark.parametrize("name", ["rankings.html", "map.html", "funnel.html"])
def test_pages_open_on_the_newest_year_that_is_complete(visit, built_database, name):
    """2022, said in the title; the newest complete three years are one click away, and so is the way back."""
    looking = visit()
    page = looking.open(name)
    complete = (
        "select period from marts.fct_coverage where ranking_level = 'upper_tier' and measure = 'infant' "
        "and years_in_period = ? and areas_ranked = areas_in_level order by period_end_year desc limit 1"
    )
    (year,), (together,) = (built_database.execute(complete, [years]).fetchone() for years in (1, 3))
    assert (year, together) == ("2022", "2014-2016")
    assert f"Infant mortality rate, {year}" in page.inner_text("#chart-title")
    assert page.get_attribute("#newest-year", "aria-pressed") == "true"
    for button, period in (("#newest-years", together), ("#newest-year", year)):
        page.click(button)
        page.wait_for_function(
            "(period) => document.getElementById('chart-title').textContent.includes(`, ${period}`)",
            arg=period.replace("-", "\u2013"),
        )
    assert page.input_value("#period") == "occurrence 2022"


def test_compare_shows_the_marts(visit, built_database):
    """Any areas of a level: rates, verdicts and the chance of each two, whichever comes first; a region as a whole."""
    looking = visit()
    codes = [KIRKLEES, "E06000016", "E08000025", "E06000054"]
    page = looking.open("compare.html", f"areas={','.join(codes)}")
    found = ranking(
        built_database,
        *("upper_tier", "infant", "occurrence", "2022"),
        *("area_name", "rate_display || case when reliability_flag = 'u' then ' [u]' else '' end", "verdict"),
        *("(posterior_shape, posterior_rate)", "region_name"),
    )
    rates_of = {code: values[:3] for code, values in found.items()}
    posteriors = {code: posterior for code, (*_, posterior, _) in found.items()}
    chances = {
        (one, other): chance_of_higher(posteriors[one], posteriors[other])
        for one, other in itertools.permutations(posteriors, 2)
    }
    rows = looking.table()
    assert [tuple(cells[:3]) for cells in rows] == [
        (rates_of[code][0], rates_of[code][1], VERDICTS[rates_of[code][2]]) for code in codes
    ]
    assert [cells[4] for cells in rows[1:]] == [percent(chances[KIRKLEES, code]) for code in codes[1:]]
    matrix = [row.locator("td").all_inner_texts() for row in page.locator("#pairs tbody tr").all()]
    assert matrix == [["" if one == other else percent(chances[one, other]) for other in codes] for one in codes]
    sentence = page.inner_text("#sentence")
    higher = [rates_of[code][0] for code in codes[1:] if chances[KIRKLEES, code] >= 0.95]
    unclear = [rates_of[code][0] for code in codes[1:] if 0.05 < chances[KIRKLEES, code] < 0.95]
    assert higher == ["Wiltshire"] and unclear == ["Leicester", "Birmingham"]
    assert sentence == (
        "The infant mortality rate of Kirklees in 2022 was very likely higher than that of Wiltshire. "
        "For Leicester and Birmingham the figures do not show which is higher."
    )
    # Taken away and added by hand; all but the first at once; a region whole.
    page.click("#chips button >> nth=1")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length === 3")
    page.select_option("#add", "E06000018")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length === 4")
    page.click("#clear")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length === 1")
    assert page.locator("#clear").is_hidden() and page.locator("#chosen").text_content().endswith(", 1 area")
    page.select_option("#group", "region")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length > 6")
    in_region = {name for name, *_, region in found.values() if region == "Yorkshire and The Humber"}
    assert set(page.locator("#table tbody th").all_inner_texts()) == in_region
    assert page.locator("#pairs-room").is_hidden()


def test_every_area_page_leads_to_its_comparison(visit):
    """With its nearest set: two clicks from the start page to the answer."""
    looking = visit()
    page = looking.open("index.html")
    page.fill("#search", "Kirklees")
    page.locator("#results a").first.click()
    page.wait_for_url(f"**/areas/{KIRKLEES}.html*")
    looking.drawn()
    page.click("#compare")
    page.wait_for_url("**/compare.html*")
    looking.drawn()
    assert page.locator("#chips li").count() == 6
    assert page.locator("#table tbody th").first.inner_text() == "Kirklees"
    assert "Calderdale" in page.inner_text("#chips")


@pytest.mark.parametrize("name", [f"areas/{KIRKLEES}.html", "map.html", "rankings.html", "compare.html"])
def test_charts_leave_the_page(visit, name):
    """As SVG and PNG with title and source, without the page's style sheet, and as a link that keeps all choices."""
    looking = visit()
    page = looking.open(name)
    figure = page.locator("figure.chart").first
    with page.expect_download() as download:
        figure.get_by_role("button", name="Save as SVG").click()
    # The file's name says of what it is.
    assert "infant-mortality-rate" in download.value.suggested_filename
    assert ("kirklees" in download.value.suggested_filename) == name.startswith("areas/")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    said = " ".join(ElementTree.fromstring(text).itertext())
    assert "Office for National Statistics" in said and figure.locator("figcaption h2").inner_text()[:20] in said
    assert "var(" not in text and "class=" not in text and "color(" not in text
    with page.expect_download() as download:
        figure.get_by_role("button", name="Save as PNG").click()
    picture = Path(download.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20]) > 1000
    if name == "rankings.html":
        looking.choose("measure", "neonatal")
        page.click("#newest-years")
        page.wait_for_function("document.getElementById('chart-title').textContent.includes('2014\u20132016')")
        figure.get_by_role("button", name="Copy link").click()
        page.wait_for_function("document.querySelector('.leave [role=status]').textContent.startsWith('Copied')")
        address = looking.pasted()
        assert all(part in address for part in ("measure=neonatal", "period=2014-2016", "ranking_level=upper_tier"))


def test_a_tap_says_what_a_pointer_would(browser, site):
    """On a phone, nothing leaves the page at once: name, figures and a link, on charts and on both maps."""
    looking = Visit(browser, site, NARROW, "light", has_touch=True)
    for name, room in (
        ("funnel.html", "#chart"),
        ("rankings.html", "#chart"),
        ("map.html", "#map"),
        ("index.html", ".map-room"),
    ):
        page = looking.open(name, "area_code=E08000025" if name == "funnel.html" else "")
        mark = page.locator(f"{room} .mark-symbol path, {room} g[class]").nth(60)
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2 + 1)
        page.wait_for_selector(".tip.pinned a")
        # The ring of what is focused would be drawn in units of the map, and hide areas.
        assert page.evaluate(
            "!document.activeElement.closest('svg') || getComputedStyle(document.activeElement).outlineStyle === 'none'"
        )
        assert page.url.split("#")[0].endswith(name)
        said = page.inner_text(".tip.pinned").split("\n")
        assert "per 1,000" in " ".join(said)
        page.click(".tip.pinned a")
        page.wait_for_url("**/areas/*.html*")
        assert page.inner_text("h1") == said[0]
    looking.close()


def test_a_narrow_screen_folds_its_controls_into_one_line(visit):
    """One line that says what is chosen; opened, the controls work; the verdict is among the columns that are seen."""
    looking = visit(NARROW, "light")
    for name in ("rankings.html", "map.html", "funnel.html", f"areas/{KIRKLEES}.html", "compare.html"):
        page = looking.open(name)
        line = page.locator(".choices > .fold")
        assert line.bounding_box()["height"] < 48 and "Infant mortality rate" in line.inner_text()
        assert page.locator("#controls").is_hidden()
        line.click()
        assert page.locator("#measure").is_visible()
        heading = page.locator("#table thead th", has_text="Compared with").bounding_box()
        assert heading["x"] + heading["width"] <= NARROW, name


def test_names_in_the_funnel_do_not_meet(visit):
    looking = visit(NARROW)
    page = looking.open("funnel.html")
    boxes = [name.bounding_box() for name in page.locator("#chart .mark-text.role-mark text").all()]
    assert len(boxes) >= 3
    for one, other in itertools.combinations(boxes, 2):
        apart = (one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]) or (
            one["y"] + one["height"] <= other["y"] + 2 or other["y"] + other["height"] <= one["y"] + 2
        )
        assert apart, (one, other)


def test_the_funnel_names_the_highest_and_cuts_nothing_off(visit):
    """The highest points bear their names within the chart; limits run smoothly towards the middle."""
    looking = visit()
    page = looking.open("funnel.html")
    points = sorted(looking.rows("points"), key=itemgetter("rate_per_1000"), reverse=True)
    named = {row["area_name"] for row in looking.rows("named")}
    assert points[0]["area_name"] in named and points[1]["area_name"] in named and "Kirklees" in named
    room = page.locator("#chart svg").bounding_box()
    for mark in page.locator("#chart .mark-text.role-mark text").all():
        box = mark.bounding_box()
        assert room["x"] <= box["x"] and box["x"] + box["width"] <= room["x"] + room["width"] + 1
    limits = looking.rows("limits")
    for column in ("normal_upper_95", "normal_upper_99_8"):
        values = [row[column] for row in limits]
        assert values == sorted(values, reverse=True)
    for column in ("normal_lower_95", "normal_lower_99_8"):
        values = [row[column] for row in limits]
        assert values == sorted(values)
    assert page.locator("#chart [clip-path] .mark-symbol").count() == 0


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


def test_levels_and_benchmarks_are_data(visit, made_up):
    """A made-up level with a benchmark of its own has its pages like any other."""
    looking = visit(where=made_up[0])
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
    assert "The Whole (made up)" in page.inner_text("#verdict")
    assert page.locator("#table thead th").nth(7).inner_text() == "The Whole (made up)"
    page = looking.open("areas/X1.html")
    assert "Rank among wards and parishes" in page.inner_text("#facts")
    assert "England" not in page.inner_text("#content")


def test_a_name_that_is_markup_stays_text(visit, made_up):
    """A made-up area whose name is a script: shown letter by letter, never run, on every page that names it."""
    looking = visit(where=made_up[0])
    asked = []
    looking.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page = looking.open("areas/E08000035.html")
    assert page.inner_text("h1") == SCRIPT_NAME
    assert SCRIPT_NAME in page.inner_text("#chart-title")
    for name in ("rankings", "funnel", "areas", "whatif", "article", "index", "century"):
        page = looking.open(f"{name}.html")
        assert page.locator("script", has_text="made up").count() <= 1
    page = looking.open("rankings.html")
    assert SCRIPT_NAME in page.locator("#table tbody").inner_text()
    page = looking.open("article.html")
    assert "<b>per</b>" in page.locator(".claim h3").first.inner_text()
    assert asked == []
