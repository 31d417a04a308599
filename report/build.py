"""Making the site: marts in, a folder of static files out, replaced whole or not at all."""

import datetime
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import jinja2
from tqdm import tqdm

from report import charts, data, formats, maps, pages
from report.database import Marts, names
from report.errors import ReportError

PACKAGE = Path(__file__).parent
MARKER = ".made-by-the-report"
DOCUMENTATION = "documentation.html"
NAVIGATION = (
    ("index.html", "Home"),
    ("article.html", "The article"),
    ("areas.html", "Areas"),
    ("compare.html", "Compare"),
    ("rankings.html", "Rankings"),
    ("map.html", "Map"),
    ("funnel.html", "Funnel"),
    ("century.html", "A century"),
    ("deprivation.html", "Deprivation"),
    ("whatif.html", "What if"),
    ("methods.html", "Methods"),
)

# The columns that data files are given of the marts, beside those of data.RANKING_COLUMNS.
AREA_COLUMNS = (
    "area_code",
    "area_name",
    "page",
    "county_code",
    "region_code",
    "compared_area_code",
    "first_ranking_level",
)
MEASURE_COLUMNS = names("dim_measure", "display_order")
LEVEL_COLUMNS = (
    "ranking_level",
    "ranking_level_name",
    "areas_in_words",
    "benchmark_area_code",
    "benchmark_area_name",
)
NEIGHBOUR_COLUMNS = ("ranking_level", "area_code", "kind", "compared_area_code")
COMPARED_COLUMNS = names("fct_rates", "numerator", "denominator", "status", "reliability_flag")
# What holds for a whole ranking stands once, in the list of rankings, and its level, measure and basis in the file's
# name.
RANKED_COLUMNS = ("period", *names("fct_rankings", *data.RANKING_COLUMNS, "posterior_shape", "posterior_rate"))
LIMIT_COLUMNS = ("period", *names("fct_funnel_limits", *data.RANKING_COLUMNS))


def say(sentence):
    """Tell whoever waits what is being done."""
    print(sentence, file=sys.stderr, flush=True)


def script_json(value):
    """JSON that is safe inside a script element: no markup can begin in it, whatever names people supply."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def unbroken(page):
    """A page whose numbers stay on the line of their per cent signs; scripts and their data are left as they are."""
    parts = re.split(r"(<script\b.*?</script>)", page, flags=re.DOTALL)
    return "".join(part if place % 2 else part.replace(" %", "\u00a0%") for place, part in enumerate(parts))


class Site:
    """One site in the making.

    `marts` is an open Marts, `folder` an existing empty folder, `docs` the address of dbt's documentation as seen
    from the site, or None.
    """

    def __init__(self, marts, folder, docs=None):
        """Begin a site; nothing is read or written yet."""
        self.marts = marts
        self.folder = Path(folder)
        self.docs = docs
        self.positions, self.maps = [], {}
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(PACKAGE / "templates"),
            autoescape=True,
            trim_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self.environment.filters.update(number=formats.number, period=formats.period, probability=formats.probability)
        self.environment.globals.update(
            navigation=NAVIGATION,
            interval=formats.interval,
            bases=formats.WORDS["basis"],
            made=datetime.date.today().strftime("%-d %B %Y") if os.name != "nt" else str(datetime.date.today()),
        )

    def write(self, name, text):
        """Write a text file of the site."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_data(self, key, value):
        """Write a data file: a script that leaves its content under `key`, which a page opened from disk may load."""
        self.write(
            f"data/{key}.js", f"(window.reportData=window.reportData||{{}})[{json.dumps(key)}]={script_json(value)};\n"
        )

    def page(self, template, name, current=None, **context):
        """Render a template to a page of the site."""
        text = self.environment.get_template(template).render(
            page=Path(template).stem, root="../" if "/" in name else "", current=current or name, **context
        )
        self.write(name, unbroken(text))

    def make(self):
        """Write every file, and say on standard error which are being written."""
        say("Writing the script and the charts")
        self.assets()
        say("Reading the published tables")
        figures = data.read(self.marts)
        if not figures.areas:
            raise ReportError(
                f"{self.marts.path} holds no area with a figure: build it from the shipped seeds with `dbt build`."
            )
        say("Writing the figures of the rankings and maps")
        claims, ended = pages.claims(self.marts, figures), pages.endings(figures)
        self.shared_data(figures, claims, ended)
        say(f"Writing {len(NAVIGATION)} pages, and one for each of {len(figures.areas):,} areas")
        self.single_pages(figures, claims, ended)
        self.area_pages(figures, ended)

    def assets(self):
        """The stylesheet, the scripts, Vega and the compiled charts."""
        for path in (PACKAGE / "static").iterdir():
            self.write(f"assets/{path.name}", path.read_text(encoding="utf-8"))
        self.write("assets/vega.js", charts.runtime())
        self.write("assets/charts.js", f"window.reportCharts={script_json(charts.specifications())};\n")

    def shared_data(self, figures, claims, ended):
        """The data files that several pages load."""
        files = data.ranking_files(figures)
        drawn = maps.Maps(figures)
        rankings = data.list_of_rankings(figures, files, drawn)
        self.positions = drawn.positions()
        self.maps = {tuple(row[column] for column in (*data.RANKING, "period")): row["map"] for row in rankings}
        self.write_data("maps", data.columnar(self.positions, maps.MAP_COLUMNS, known=figures.known))
        self.write_data(
            "dimensions",
            {
                "areas": data.columnar(figures.areas.values(), AREA_COLUMNS),
                "measures": data.columnar(figures.measures, MEASURE_COLUMNS),
                "ranking_levels": data.columnar(figures.ranking_levels, LEVEL_COLUMNS),
                "rankings": data.columnar(rankings, data.RANKING_COLUMNS),
                "words": {**formats.WORDS, "summary": pages.summary_words()},
                "chances": formats.CHANCES,
                "area_page_columns": pages.AREA_PAGE_COLUMNS,
                "example_area_code": pages.example(figures)["area_code"],
            },
        )
        compared = {area[column] for area in figures.areas.values() for column in ("compared_area_code", "region_code")}
        rates = [rate for code in sorted(compared - {None}) for rate in figures.rates[code]]
        self.write_data("compared_rates", data.columnar(rates, COMPARED_COLUMNS, known=figures.known))
        self.write_data("places", pages.places(figures, claims, ended))
        self.write_data("neighbours", data.columnar(pages.neighbours(figures), NEIGHBOUR_COLUMNS, known=figures.known))
        for level, measure in figures.pairs:
            found = figures.pairs[level, measure]
            file = files[level, measure, found["basis"]]
            codes = [{"area_code": code} for code in found["areas"] if code in figures.areas]
            if len(codes) == len(found["areas"]):
                columns = data.columnar(codes, ("area_code",), known=figures.known)
                self.write_data(file.replace("rankings/", "pairs/"), {**found, "areas": columns})
        for key, file in files.items():
            shown = [record for record in figures.rankings[key] if record["area_code"] in figures.areas]
            self.write_data(
                file,
                {
                    "rankings": data.columnar(shown, RANKED_COLUMNS, known=figures.known),
                    "funnel_limits": data.columnar(figures.funnel_limits.get(key, ()), LIMIT_COLUMNS, places=2),
                },
            )

    def single_pages(self, figures, claims, ended):
        """Every page but the areas' own."""
        funnel = pages.funnel()
        self.page("index.html", "index.html", **pages.start(self.marts, figures, claims, self.positions, self.maps))
        self.page("areas.html", "areas.html", count=len(figures.areas), sections=pages.sections(figures, ended))
        self.page("rankings.html", "rankings.html")
        self.page("map.html", "map.html")
        self.page("compare.html", "compare.html")
        self.page("funnel.html", "funnel.html", **funnel)
        for name, found in (
            ("article.html", pages.article(self.marts, claims)),
            ("century.html", pages.century(self.marts, figures)),
            ("deprivation.html", pages.deprivation(self.marts, figures)),
            ("whatif.html", pages.combined(self.marts, figures)),
        ):
            self.page(name, name, **found, data_json=script_json(found["data"]))
        self.page("methods.html", "methods.html", docs=self.docs, **pages.methods(self.marts, figures), **funnel)

    def area_pages(self, figures, ended):
        """One page for every area with a figure."""
        for area in tqdm(figures.areas.values(), desc="Area pages", unit="page", leave=False, disable=None):
            found = pages.area_page(figures, area, ended)
            self.page(
                "area.html",
                f"areas/{area['page']}",
                current="areas.html",
                **found,
                data_json=script_json(found["data"]),
            )


def build_site(database, to, docs=None):
    """Make the site from the database at `database` in the folder `to`, replacing an earlier site there in one step.

    Returns the number of files and their size in bytes. Raises ReportError with one sentence when the database is
    missing, is older than the report, or when `to` holds something that is not an earlier site.
    """
    to = Path(to)
    if to.exists() and not (to.is_dir() and (not any(to.iterdir()) or (to / MARKER).is_file())):
        raise ReportError(f"{to} exists and is not an earlier site: name an empty or new folder with --to.")
    marts = Marts(database)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{to.name}-", dir=to.parent) as aside:
            new = Path(aside) / "new"
            new.mkdir()
            (new / MARKER).write_text("This folder is replaced whole by `python -m report`.\n", encoding="utf-8")
            # A copy, for a link out of the site would lead nowhere once the site is moved.
            site = Site(marts, new, DOCUMENTATION if docs else None)
            site.make()
            if docs:
                shutil.copyfile(docs, new / DOCUMENTATION)
            if to.exists():
                to.rename(Path(aside) / "old")
            new.rename(to)
    except OSError as error:
        raise ReportError(f"The site cannot be written to {to}: {error.strerror or error}.") from None
    finally:
        marts.close()
    files = [path for path in to.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)
