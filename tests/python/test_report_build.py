"""The report as files: what is made, what is refused, what names can do to it."""

import itertools
import json
import re
import shutil
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report_made_up import SCRIPT_NAME
from report_site import (
    PAGES,
    area_data,
    broken_links,
    chance_of_higher,
    compared_areas,
    data_of,
    known_of,
    parts_of,
    rows_of,
    values_of,
)

from report import charts, formats
from report.__main__ import main
from report.build import PACKAGE, build_site, script_json
from report.database import REQUIRED
from tests.records import records


def sizes(site):
    return {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*") if path.is_file()}


def test_site_stays_small(site):
    found = sizes(site)
    assert sum(found.values()) < 15e6
    assert max(size for name, size in found.items() if name.startswith("areas/")) < 300e3
    assert sum(name.endswith("vega.js") for name in found) == 1


def test_every_area_with_a_rate_has_a_page(site, built_database):
    codes = built_database.execute(
        "select distinct area_code from marts.fct_rates inner join marts.dim_area using (area_code) "
        "where status = 'ok' and deprivation_decile is null"
    ).fetchall()
    embedded = {json.loads(parts_of(path).scripts[-1])["area_code"] for path in (site / "areas").glob("*.html")}
    assert {code for (code,) in codes} <= embedded


def assert_shown(shown, row):
    """What a page is given of a mart's row is the mart's; doubles are cut to at least two decimals."""
    for column, value in shown.items():
        if isinstance(row[column], float):
            assert value == pytest.approx(row[column], abs=1.5e-2 if "lower" in column or "upper" in column else 1.5e-3)
        else:
            assert value == row[column], column


def test_files_of_rankings_hold_the_mart_under_its_own_names(site, built_database):
    """Row by row and column by column, so that a figure can be followed from the mart to the page."""
    marts = records(built_database, "select * from marts.fct_rankings")
    key = ("ranking_level", "measure", "basis", "period", "area_code")
    expected = {tuple(row[column] for column in key): row for row in marts}
    listed = rows_of(data_of(site, "dimensions")["rankings"])
    assert {ranking["ranking_level"] for ranking in listed} == {
        level for (level, *_), row in expected.items() if row["rank_highest_first"] is not None
    }
    found, known = set(), known_of(site)
    for (file, *of_file), rankings in itertools.groupby(
        listed, lambda row: [row[column] for column in ("file", *key[:3])]
    ):
        alike = {ranking["period"]: ranking for ranking in rankings}
        for row in rows_of(data_of(site, file)["rankings"], known):
            if row["period"] not in alike:
                continue
            place = (*of_file, row["period"], row["area_code"])
            found.add(place)
            assert_shown(row, expected[place])
            whole = alike[row["period"]]
            assert whole["areas_in_level"] == expected[place]["areas_in_level"]
            if row["rank_highest_first"] is not None:
                assert whole["areas_ranked"] == expected[place]["areas_ranked"]
            if row["verdict"] is not None:
                benchmark = expected[place]["benchmark_rate_per_1000"]
                assert whole["benchmark_rate_per_1000"] == pytest.approx(benchmark, abs=1.5e-3)
    assert {place for place, row in expected.items() if row["rank_highest_first"] is not None} <= found


def test_area_pages_hold_the_mart_under_its_own_names(site, built_database):
    marts = records(
        built_database,
        "select * from marts.fct_rates union all by name select * from marts.fct_rolling_rates where is_complete",
    )
    key = ("area_code", "measure", "basis", "period")
    expected = {tuple(row[column] for column in key): row for row in marts}
    found, known = set(), known_of(site)
    for path in (site / "areas").glob("*.html"):
        data = area_data(path)
        for row in rows_of(data["rates"], known):
            place = (data["area_code"], *(row[column] for column in key[1:]))
            found.add(place)
            assert_shown(row, expected[place])
    published = {
        place
        for place, row in expected.items()
        if row["status"] != "missing" and row["area_level"] != "deprivation_decile"
    }
    assert published <= found


def newest(keys):
    """Of the keys that differ in their last part alone, a year or a period, those with the highest."""
    last = {}
    for *place, time in keys:
        last[tuple(place)] = max(time, last.get(tuple(place), time))
    return {(*place, time) for place, time in last.items()}


def test_area_pages_hold_what_is_said_of_their_figures(site, built_database):
    """Excess, what the verdict would find, the latest range to expect and comparisons: each row is the mart's; the
    excess in a second level with the same benchmark, which is the same, is left out."""
    marts = {
        "persistence": ("fct_persistence", ("measure", "basis")),
        "detectability": ("fct_detectability", ("ranking_level", "measure", "basis", "rate_ratio")),
        "trends": ("fct_trends", ("measure", "basis", "last_period")),
        "changes": ("fct_rate_changes", ("measure", "basis", "from_period", "to_period")),
        "forecasts": ("fct_forecasts", ("measure", "basis", "ranking_level", "forecast_year")),
        "comparisons": ("fct_area_comparisons", ("ranking_level", "measure", "kind", "compared_area_code")),
    }
    expected = {
        name: {
            (row["area_code"], *(row[column] for column in key)): row
            for row in records(built_database, f"select * from marts.{mart}")
        }
        for name, (mart, key) in marts.items()
    }
    found, known = {name: set() for name in marts}, known_of(site)
    for path in (site / "areas").glob("*.html"):
        data = area_data(path)
        tables = {name: rows_of(data[name], known) for name in marts if name in data}
        for name, (_, key) in marts.items():
            for row in compared_areas(data, known) if name == "comparisons" else tables.get(name, ()):
                place = (data["area_code"], *(row[column] for column in key))
                assert place not in found[name]
                found[name].add(place)
                held = expected[name][place]
                for column, value in row.items():
                    if column == "compared_deprivation_score" and row["kind"] != "alike":
                        assert value is None
                    elif column == "chance":
                        assert value == formats.chance(held["probability_higher"])
                    elif column in ("list", "chances"):
                        pass
                    elif isinstance(held[column], float):
                        is_coarse = any(part in column for part in ("deaths", "score", "lower", "upper", "percent"))
                        cut = 0.5 if column.endswith("_km") else 1.5e-2 if is_coarse else 1.5e-3
                        assert value == pytest.approx(held[column], abs=cut)
                    elif column != "ranking_level" or name == "comparisons":
                        assert value == held[column]
    assert found["persistence"] == expected["persistence"].keys()
    assert found["detectability"] == {
        place
        for place, row in expected["detectability"].items()
        if place[-1] in (1.5, 2.0) and row["fewest_deaths_of_verdict"] is not None
    }
    assert found["forecasts"] == newest(expected["forecasts"])
    assert found["comparisons"] == expected["comparisons"].keys()
    assert found["trends"] == newest(place for place in expected["trends"] if place[0] in known["area_code"])
    changes = {
        (area, measure, basis, to)
        for (area, measure, basis, _, to), row in expected["changes"].items()
        if area in known["area_code"] and row["years_in_period"] == 3 and row["difference_per_1000"] is not None
    }
    assert {(*place[:-2], place[-1]) for place in found["changes"]} == newest(changes)


def test_levels_and_benchmarks_are_data(made_up):
    """A level that no code names, with a benchmark of its own and a code that cannot be a file's name."""
    site, _ = made_up
    dimensions = data_of(site, "dimensions")
    levels = {row["ranking_level"]: row for row in rows_of(dimensions["ranking_levels"])}
    assert levels["ward/parish"]["benchmark_area_name"] == "Elsewhere (made up)"
    files = {row["file"] for row in rows_of(dimensions["rankings"]) if row["ranking_level"] == "ward/parish"}
    assert files and all((site / "data" / f"{file}.js").is_file() for file in files)
    page = (site / "areas" / "X1.html").read_text(encoding="utf-8")
    assert "Elsewhere (made up), with 95\u00a0% interval" in page
    assert "England" not in page
    compared = {row["area_code"] for row in rows_of(data_of(site, "compared_rates"), known_of(site))}
    assert {"X", "E92000001", "E12000003"} <= compared


def test_maps_show_the_areas_that_have_points(made_up, site):
    """England's rankings have the maps of the seed; a supplied level has one of the points at hand, or none."""
    folder, _ = made_up
    of_level = {row["ranking_level"]: row["map"] for row in rows_of(data_of(folder, "dimensions")["rankings"])}
    assert of_level["ward/parish"] is not None and of_level["upper_tier"] is None
    placed = rows_of(data_of(folder, "maps"), known_of(folder))
    assert {row["area_code"] for row in placed if row["map"] == of_level["ward/parish"]} == {"X1", "X2"}
    west, east = ((row["map_column"], row["map_row"]) for row in sorted(placed, key=lambda row: row["area_code"]))
    assert west[1] == east[1] and west[0] + 1 == east[0]
    known = known_of(site)
    places = rows_of(data_of(site, "maps"), known)
    for ranking in rows_of(data_of(site, "dimensions")["rankings"]):
        on_map = {row["area_code"] for row in places if row["map"] == ranking["map"]}
        areas = {
            row["area_code"]
            for row in rows_of(data_of(site, ranking["file"])["rankings"], known)
            if row["period"] == ranking["period"]
        }
        if ranking["ranking_level"] in ("lower_tier", "upper_tier"):
            assert areas <= on_map
        else:
            assert ranking["map"] is None


def test_links_of_all_pages_work(site):
    assert broken_links(site) == []


def test_links_work_on_made_up_figures(made_up):
    assert broken_links(made_up[0]) == []


def test_links_work_wherever_the_site_is_moved(made_up, tmp_path):
    """Also that to the documentation of the tables, which is beside the database and is copied."""
    (tmp_path / "described.html").write_text("<title>Every table</title>")
    build_site(made_up[1], tmp_path / "here" / "site", tmp_path / "described.html")
    (tmp_path / "here" / "site").rename(tmp_path / "moved")
    assert broken_links(tmp_path / "moved") == []
    assert "documentation.html" in parts_of(tmp_path / "moved" / "methods.html").references


def test_each_entry_of_a_key_has_its_mark(site):
    """And none of the words without one: a key names what is drawn."""
    for name in PAGES:
        for entry in re.findall(
            r"<li[^>]*>(<svg.*?</svg>)<span>", (site / name).read_text(encoding="utf-8"), re.DOTALL
        ):
            assert re.search("<(path|circle)", entry), name


def test_each_page_has_one_title_and_ordered_headings(site):
    for path in site.rglob("*.html"):
        if path.parent.name == "docs":
            continue
        headings = parts_of(path).headings
        assert headings.count("h1") == 1 and headings[0] == "h1", path.name
        levels = [int(heading[1]) for heading in headings]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path.name


def test_start_page_says_what_the_marts_say(site, built_database):
    rank, lower, upper, numerator, verdict = built_database.execute(
        """
        select rank_highest_first, rank_lower_95, rank_upper_95, numerator, verdict
        from marts.fct_rankings
        where area_code = 'E08000034' and period = '2014' and measure = 'perinatal_per_1000_live_births'
            and basis = 'registration' and ranking_level = 'upper_tier'
        """
    ).fetchone()
    text = (site / "index.html").read_text(encoding="utf-8")
    assert f"registered {numerator} stillbirths" in text
    assert f"the {formats.from_highest(rank)} rate of" in text
    assert verdict == "higher"
    answer = re.search(r'<p class="lead" id="answer">(.*?) <a', text)[1]
    newest, whole, compared = built_database.execute(
        """
        select rate_display, benchmark_rate_per_1000, verdict from marts.fct_area_summaries
        where area_code = 'E08000034' and measure = 'infant' and period = '2022'
        """
    ).fetchone()
    assert compared == "higher"
    # The newest year first, then that of the article.
    assert answer == (
        "In 2022 Kirklees\u2019 infant mortality rate was very likely higher than England\u2019s: "
        f"{newest} per 1,000 against {whole:.1f}. "
        "In 2014, the year of the article, its rate of stillbirths and deaths in the first week was very likely higher "
        f"than England\u2019s. But its rank could be {formats.ordinal(lower)} to {formats.ordinal(upper)} of 151."
    )
    assert (  # test_claims.py counts the same in the mart.
        "Of the article\u2019s 19 statements, the published counts reproduce 5 (3 of them not as worded), agree with 5 "
        "and contradict none. The other 9 cannot be settled with the counts that are public."
    ) in text


def test_start_page_names_the_areas_of_the_newest_year(site, built_database):
    """The map and its lists have the verdicts of the newest complete year; what is new, those not named before."""
    called = {
        (period, verdict): names
        for period, verdict, names in built_database.execute(
            """
            select period, verdict, list(area_name order by area_name) from marts.fct_rankings
            where ranking_level = 'upper_tier' and measure = 'infant' and basis = 'occurrence'
                and period in ('2020', '2022') and verdict in ('higher', 'lower')
            group by period, verdict
            """
        ).fetchall()
    }
    text = (site / "index.html").read_text(encoding="utf-8")
    letters = re.findall(r'<g class="(\w+)".*?<title>(.*?)\n', text)
    for verdict in ("higher", "lower"):
        assert sorted(name for kind, name in letters if kind == verdict) == called["2022", verdict]
        assert f"Very likely {verdict} than England: {len(called['2022', verdict])} of 151" in text
    assert len(letters) == 151 and "What changed in 2022" in text
    # A rank counts areas that the list, which follows the verdict, leaves out.
    first = built_database.execute(
        """
        select area_name, rate_display from marts.fct_rankings
        where ranking_level = 'upper_tier' and measure = 'infant' and basis = 'occurrence' and period = '2022'
            and rank_highest_first = 1 and verdict = 'similar'
        """
    ).fetchone()
    assert f"{first[0]} has a higher rate than some listed, {first[1]}, from 3 deaths" in text
    # Chance could explain the change from one year to the next, and not that from the years around it.
    position, widened = built_database.execute(
        "select control_position, control_position_adjusted from marts.fct_control_limits "
        "where measure = 'infant' and basis = 'occurrence' and period = '2022'"
    ).fetchone()
    assert (position, widened) == ("high", "within") and "Against 2021 alone, that change could be chance." in text
    assert "the rate of England and Wales in 2022 was above the limits of chance alone. Allowing for how much" in text
    new = re.search("Very likely higher, and not in 2020: (.*?)</li>", text)[1]
    assert re.findall(">(.*?)</a>", new) == sorted(set(called["2022", "higher"]) - set(called["2020", "higher"]))
    gone = re.search("No longer very likely higher: (.*?)</li>", text)[1]
    assert re.findall(">(.*?)</a>", gone) == sorted(set(called["2020", "higher"]) - set(called["2022", "higher"]))


def test_pairs_are_those_of_the_marts(site, built_database):
    """Every chance of a file of pairs, and no pair of a level of at most 200 areas without one."""
    known = known_of(site)
    for level, measure, basis in (
        ("upper_tier", "infant", "occurrence"),
        ("lower_tier", "infant", "occurrence"),
        ("region", "stillbirth", "occurrence"),
    ):
        held = data_of(site, f"pairs/{level}--{measure}--{basis}")
        codes = rows_of(held["areas"], known)
        unknown, letters = formats.CHANCES[-1], []
        text = iter(held["chances"])
        for letter in text:
            letters += [letter] * (formats.CHANCES.index(next(text)) + 1 if letter == unknown else 1)
        pairs = [(one["area_code"], other["area_code"]) for one, other in itertools.combinations(codes, 2)]
        shown = dict(zip(pairs, letters, strict=True))
        ranking = [level, measure, basis, held["period"]]
        posteriors = dict(
            built_database.execute(
                """
                select area_code, (posterior_shape, posterior_rate) from marts.fct_rankings
                where ranking_level = ? and measure = ? and basis = ? and period = ? and posterior_shape is not null
                """,
                ranking,
            ).fetchall()
        )
        told = itertools.combinations(sorted(posteriors), 2)
        if level == "lower_tier":
            told = built_database.execute(
                """
                select distinct area_code, compared_area_code from marts.fct_area_comparisons
                where ranking_level = ? and measure = ? and basis = ? and period = ? and area_code < compared_area_code
                """,
                ranking,
            ).fetchall()
        expected = {pair: formats.chance(chance_of_higher(*(posteriors[code] for code in pair))) for pair in told}
        assert {pair: letter for pair, letter in shown.items() if letter != unknown} == expected
        assert (unknown in shown.values()) == (level == "lower_tier")


@given(st.floats(min_value=0, max_value=1))
@example(0.9499)
@example(0.0501)
@example(0.95)
@example(0.009999)
def test_a_chance_travels_as_what_is_shown_of_it(probability):
    """One letter has the whole percentage, and never a limit that is not reached; the other area's is what is left."""
    place = formats.CHANCES.index(formats.chance(probability))
    if probability < 0.01 or probability > 0.99:
        assert place == (0 if probability < 0.5 else 100)
    elif 0.945 <= probability < 0.95:
        assert abs(94.5 + (place - formats.NEARLY_95) / 10 - 100 * probability) <= 0.1
        assert formats.NEARLY_95 <= place < formats.UNKNOWN
    elif 0.05 < probability < 0.055:
        assert abs(5.1 + (place - formats.NEARLY_5) / 10 - 100 * probability) <= 0.1
        assert formats.NEARLY_5 <= place < formats.NEARLY_95
    else:
        assert abs(place - 100 * probability) <= 0.5 + 1e-9
        assert (place >= 95) == (probability >= 0.95) and (place <= 5) == (probability <= 0.05)


def test_letters_of_chances_mean_nothing_in_a_page():
    assert len(formats.CHANCES) == len(set(formats.CHANCES)) == formats.UNKNOWN + 1
    assert script_json(formats.CHANCES) == f'"{formats.CHANCES}"'


def test_the_highlight_has_a_colour_of_its_own():
    """By light, by dark and on paper no verdict is drawn in the colour of the area, and nothing else in a verdict's."""
    style = (PACKAGE / "static" / "report.css").read_text(encoding="utf-8")
    found = {
        name: re.findall(rf"--{name}: (#\w+)", style) for name in ("area", "low", "high", "middle", "region", "ink")
    }
    assert {len(colours) for colours in found.values()} == {3}
    for look in zip(*found.values(), strict=True):
        assert len({colour.lower() for colour in look[:4]}) == 4
    for name, specification in charts.specifications().items():
        text = json.dumps(specification)
        has_verdicts = any(f'"{verdict}"' in text for verdict in ("higher", "high"))
        assert has_verdicts or not ("var(--low)" in text or "var(--high)" in text), name


def test_places_lead_to_the_areas_with_the_newest_figures(site):
    """Towns, wards of 2016 and districts that became part of others."""
    held = data_of(site, "places")
    areas = [name for name, *_ in held["areas"]]
    towns = {name: areas[place] for name, place in held["towns"]}
    assert towns["Huddersfield"] == towns["Dewsbury"] == "Kirklees" and towns["Grimsby"] == "North East Lincolnshire"
    wards = {name: areas[int(place)] for place, names in held["wards"].items() for name in names.split("|")}
    assert wards["Dewsbury East"] == "Kirklees" and wards["Heckmondwike"] == "Kirklees"
    former = {name: areas[place] for name, place, _ in held["former"]}
    assert former["Corby"] == "North Northamptonshire" and former["Taunton Deane"] == "Somerset West and Taunton"
    groups = {name: (areas[place], anchor) for name, place, anchor in held["groups"]}
    assert groups["North Kirklees"] == ("Kirklees", "north-kirklees-rate-2014")
    assert groups["Greater Huddersfield"][0] == "Kirklees"
    # Two areas that the search lists are never described alike.
    told = [(name, note) for name, _, note, _ in held["areas"]]
    assert sorted(told) == sorted(set(told))
    assert ("City of London", "City corporation, London") in told


# The words that pages say themselves: no statistician's shorthand, none of the project's own files.
NOT_SAID = re.compile(r"\b1st highest|\bp = under|\bp [<=] 0|\bq [<=] 0|overdispersed|\bseeds?/|\bmacro\b")


def test_pages_speak_plainly(site):
    for name in (*(name for name in PAGES if name != "methods.html"), "assets/area.js", "assets/compare.js"):
        assert not NOT_SAID.search((site / name).read_text(encoding="utf-8")), name


def sentences_of(page):
    """The sentences of a page's paragraphs and entries of lists; tables and drawings are left out."""
    text = re.sub(r"<(table|svg|script|style)\b.*?</\1>", "<p>", page, flags=re.DOTALL)
    for block in re.split(r"</?(?:p|li|dd|h[1-3]|div)\b[^>]*>", text):
        yield from re.split(r"(?<=[.!?;:])\s+", " ".join(unescape(re.sub("<[^>]*>", "", block)).split()))


def test_sentences_are_short(site):
    """Of at most 25 words on every page, but for the licence of points and the article's explanations."""
    exempt = ("Contains National Statistics", "[x]")
    assert [
        (name, sentence)
        for name in PAGES
        if name != "article.html"
        for sentence in sentences_of((site / name).read_text(encoding="utf-8"))
        if len(sentence.split()) > 25 and not sentence.startswith(exempt)
    ] == []


def test_the_page_without_script_has_every_year(site, built_database):
    """Newest first, both ways of dating."""
    text = (site / "areas" / "E08000034.html").read_text(encoding="utf-8")
    body = text[text.index('<table id="table">') :]
    shown = re.findall(r"<tr><th scope=row>(\d{4})<td>(\w+)<td>(\d+)", body)
    assert shown == [
        (period, {"registration": "registration", "occurrence": "death"}[basis], str(deaths))
        for period, basis, deaths in built_database.execute(
            "select period, basis, numerator from marts.fct_rates "
            "where area_code = 'E08000034' and measure = 'infant' order by period desc"
        ).fetchall()
    ]
    assert shown[0][0] == "2022"


def test_names_and_notes_are_escaped(made_up):
    site, _ = made_up
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert SCRIPT_NAME not in text, path.name
        assert "<script>alert" not in text, path.name
        assert "<b>per</b>" not in text, path.name
    page = site / "areas" / "E08000035.html"
    assert "&lt;script&gt;alert(&#39;made up&#39;)&lt;/script&gt;" in page.read_text(encoding="utf-8")
    assert parts_of(page).titles[0].startswith(SCRIPT_NAME)
    assert SCRIPT_NAME in values_of(data_of(site, "dimensions")["areas"]["area_name"])
    for path in site.rglob("data/**/*.js"):
        assert "<" not in path.read_text(encoding="utf-8"), path.name


def test_codes_that_would_share_a_file_name_do_not(made_up):
    site, _ = made_up
    names = {path.name for path in (site / "areas").glob("E09*")}
    assert names == {"E09000012-E09000001.html", "E09000012-E09000001-2.html"}
    found = {json.loads(parts_of(site / "areas" / name).scripts[-1])["area_code"] for name in names}
    assert found == {"E09000012-E09000001", "E09000012+E09000001"}


def test_nothing_points_out_of_the_site(made_up):
    site, _ = made_up
    allowed = r'"?http://www\.w3\.org/[a-z0-9/]*"?|https://vega\.github\.io/schema/vega/v\d+\.json'
    for path in [*site.rglob("*.html"), *site.rglob("*.css"), *site.rglob("assets/*.js")]:
        if path.name != "vega.js":
            text = re.sub(allowed, "", path.read_text(encoding="utf-8"))
            assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]{2,}", text), path.name


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, capsys.readouterr().err.strip().splitlines()[-1]


def changed(database, copy, statement):
    """A copy of a database, changed."""
    shutil.copy(database, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(statement)
    return copy


def test_missing_database_is_one_sentence(tmp_path, capsys):
    code, said = run(capsys, "--database", tmp_path / "none.duckdb", "--to", tmp_path / "site")
    assert code == 1
    assert said == (
        f"There is no database at {tmp_path / 'none.duckdb'}: run `dbt build` first, or name another with "
        "--database or INFANT_MORTALITY_DB."
    )
    assert not (tmp_path / "site").exists()


def test_other_file_is_one_sentence(tmp_path, capsys):
    other = tmp_path / "other.duckdb"
    other.write_text("no database")
    code, said = run(capsys, "--database", other, "--to", tmp_path / "site")
    assert code == 1
    assert said.startswith(f"{other} cannot be opened as a DuckDB database: ")


OLDER = {f"table marts.{table}": f"drop table marts.{table}" for table in sorted(REQUIRED)} | {
    "column rank_lower_95 of marts.fct_rankings": "alter table marts.fct_rankings drop column rank_lower_95"
}


@pytest.mark.parametrize("missing", OLDER)
def test_older_database_is_one_sentence_that_says_what_is_missing(tmp_path, capsys, made_up, missing):
    older = changed(made_up[1], tmp_path / "older.duckdb", OLDER[missing])
    code, said = run(capsys, "--database", older, "--to", tmp_path / "site")
    assert code == 1
    assert said == (
        f"{older} does not hold what the report shows (missing: {missing}): it was built by an older version "
        "of the project or not to its end; run `dbt build` and try again."
    )
    assert list(tmp_path.iterdir()) == [older]


def test_a_folder_that_is_no_site_is_left_alone(tmp_path, capsys, made_up):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("kept")
    code, said = run(capsys, "--database", made_up[1], "--to", tmp_path / "letters")
    assert code == 1
    assert said == f"{tmp_path / 'letters'} exists and is not an earlier site: name an empty or new folder with --to."
    assert (tmp_path / "letters" / "dear.txt").read_text() == "kept"


def test_a_failed_build_leaves_the_earlier_site(tmp_path, capsys, made_up):
    shutil.copytree(made_up[0], tmp_path / "site")
    before = sizes(tmp_path / "site")
    without_rates = "delete from marts.fct_rates; delete from marts.fct_rolling_rates"
    empty = changed(made_up[1], tmp_path / "empty.duckdb", without_rates)
    code, said = run(capsys, "--database", empty, "--to", tmp_path / "site")
    assert code == 1
    assert "holds no area with a figure" in said
    assert sizes(tmp_path / "site") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.duckdb", "site"]


def test_an_earlier_site_is_replaced_whole(tmp_path, made_up):
    shutil.copytree(made_up[0], tmp_path / "site")
    (tmp_path / "site" / "areas" / "gone.html").write_text("from an earlier site")
    build_site(made_up[1], tmp_path / "site")
    assert not (tmp_path / "site" / "areas" / "gone.html").exists()


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), st.integers(1, 4))
@example(5.44996, 3)
@example(0.24999999, 2)
@example(-0.04999, 2)
@example(6.25, 4)
def test_cutting_never_changes_what_is_shown(value, places):
    """Rounding half up after cutting gives what rounding the uncut value gives, for every smaller number of
    decimals."""
    cut = formats.compact(value, places)
    assert abs(cut - value) <= 1.5001 * 10**-places
    for decimals in range(places):
        step = Decimal(1).scaleb(-decimals)
        exact = abs(Decimal(repr(value))).quantize(step, rounding=ROUND_HALF_UP)
        assert abs(Decimal(repr(float(cut)))).quantize(step, rounding=ROUND_HALF_UP) == exact


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, 0, "1,234,567"),
        (6.25, 1, "6.3"),
        (0.05, 1, "0.1"),
        (-2.74, 1, "\u22122.7"),
        (None, 1, "\u2013"),
        (float("nan"), 1, "\u2013"),
        (2.5, 0, "3"),
    ],
)
def test_numbers_as_text(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (113, "113th"), (122, "122nd")],
)
def test_places_as_text(value, text):
    assert formats.ordinal(value) == text
    assert formats.from_highest(value) == ("highest" if value == 1 else f"{text} highest")


@pytest.mark.parametrize(
    ("name", "owner"), [("England", "England\u2019s"), ("Kirklees", "Kirklees\u2019"), ("Wales", "Wales\u2019")]
)
def test_names_as_owners(name, owner):
    assert formats.possessive(name) == owner


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004, "under 0.001"), (0.0123, "0.012"), (0.9985, "0.999"), (0.9996, "over 0.999"), (None, "\u2013")],
)
def test_probabilities_are_never_0_or_1(value, text):
    assert formats.probability(value) == text


@given(st.text())
def test_json_in_a_page_cannot_end_its_script(text):
    written = script_json({"name": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": text}
