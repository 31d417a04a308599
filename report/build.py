"""Making the site: marts in, a folder of static files out, replaced whole or not at all."""

import datetime
import json
import os
import tempfile
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import jinja2
from tqdm import tqdm

from report import charts, data, formats, pages
from report.database import Marts
from report.errors import ReportError

PACKAGE = Path(__file__).parent
MARKER = ".made-by-the-report"
NAVIGATION = (
    ("index.html", "Start"),
    ("article.html", "The article"),
    ("areas.html", "Areas"),
    ("rankings.html", "Rankings"),
    ("funnel.html", "Funnel"),
    ("century.html", "A century"),
    ("deprivation.html", "Deprivation"),
    ("whatif.html", "What if"),
    ("methods.html", "Methods and data"),
)
WITH_STILLBIRTHS = (
    "stillbirth",
    "perinatal",
    "stillbirth_and_neonatal",
    pages.PERINATAL,
    "stillbirth_and_neonatal_per_1000_live_births",
)


def script_json(value):
    """JSON that is safe inside a script element: no markup can begin in it, whatever names people supply."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def slim(group, without=()):
    """A group of rates for a page's data: periods as their first years, without the columns named in `without`."""
    return {
        key: [int(period[:4]) for period in column] if key == "p" else column
        for key, column in group.items()
        if key not in without
    }


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
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(PACKAGE / "templates"),
            autoescape=True,
            trim_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self.environment.filters.update(number=formats.number, period=formats.period)
        self.environment.globals.update(
            navigation=NAVIGATION,
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
        self.write(name, text)

    def make(self, progress):
        """Write every file; `progress` is called with a word for each step done."""
        marts = self.marts
        self.assets()
        progress("script and charts")
        measures = data.measures(marts)
        groups = data.rate_groups(marts)
        areas = [area for area in data.areas(marts) if groups.get(area["code"])]
        if not areas:
            raise ReportError(
                f"{marts.path} holds no area with a figure: build it from the shipped seeds with `dbt build`."
            )
        progress("rates")
        ranked = data.ranked_rows(marts)
        rankings = data.area_rankings(ranked)
        for area in areas:
            data.add_rankings(groups[area["code"]], rankings.get(area["code"], {}))
        progress("rankings")
        self.shared_data(measures, areas, groups, ranked)
        progress("shared data")
        claims = pages.claims(marts)
        self.single_pages(measures, areas, groups, claims)
        progress("pages")
        self.area_pages(measures, areas, groups)

    def assets(self):
        """The stylesheet, the scripts, Vega and the compiled charts."""
        for name in ("report.css", "report.js", "licences.txt"):
            self.write(f"assets/{name}", (PACKAGE / "static" / name).read_text(encoding="utf-8"))
        self.write("assets/vega.js", charts.runtime())
        self.write("assets/charts.js", f"window.reportCharts={script_json(charts.specifications())};\n")

    def shared_data(self, measures, areas, groups, ranked):
        """The data files that several pages load."""
        place = {area["code"]: index for index, area in enumerate(areas)}
        regions = {area["code"]: index for index, area in enumerate(a for a in areas if a["level"] == "region")}
        names = [area["name"] for area in areas if area["level"] == "region"]
        self.write_data(
            "index",
            {
                "measures": measures,
                "areas": [
                    [area["code"], area["slug"], area["name"], regions.get(area["region_code"])] for area in areas
                ],
                "regions": names,
                "choices": pages.choices(ranked),
                "example": pages.EXAMPLE_AREA,
            },
        )
        references = [code for code in (data.ENGLAND, *regions) if code in groups]
        self.write_data(
            "reference",
            {
                "measures": measures,
                "england": data.ENGLAND,
                "ranked": data.areas_ranked(ranked),
                "rates": {
                    code: [slim(group, without=("k", "n", "d")) for group in groups[code]] for code in references
                },
            },
        )
        for (level, measure, basis), periods in data.level_files(self.marts, ranked, place).items():
            self.write_data(f"level/{level}--{measure}--{basis}", periods)

    def single_pages(self, measures, areas, groups, claims):
        """Every page but the areas' own."""
        marts = self.marts
        names = {measure["measure"]: measure["name"] for measure in measures}
        first = pages.start(marts, measures, areas, groups, claims)
        self.page("index.html", "index.html", titles=_titles(first["area"]["name"]), **first)

        solved = pages.solutions(marts, claims)
        self.page(
            "article.html",
            "article.html",
            sources=[(source, list(members)) for source, members in groupby(claims, key=itemgetter("source"))],
            tally=[
                (mark, text, sum(claim["verdict"] == verdict for claim in claims))
                for verdict, (mark, text) in formats.CLAIM_VERDICTS.items()
            ],
            solutions=solved,
            solutions_json=script_json(solved),
        )
        self.page("areas.html", "areas.html", count=len(areas), sections=_sections(areas))
        self.page("rankings.html", "rankings.html")
        self.page("funnel.html", "funnel.html")

        long_series = pages.century(groups, measures)
        heading, lead = _century_words(long_series)
        self.page(
            "century.html",
            "century.html",
            heading=heading,
            lead=lead,
            measure_options=[(key, names[key]) for key in long_series],
            first="infant" if "infant" in long_series else next(iter(long_series), None),
            data_json=script_json({"rates": long_series, "names": names, "withStillbirths": WITH_STILLBIRTHS}),
        )
        deprivation = pages.deprivation(marts, groups, measures)
        self.page(
            "deprivation.html",
            "deprivation.html",
            measure_options=[(key, names[key]) for key in deprivation["rates"]],
            first="infant" if "infant" in deprivation["rates"] else next(iter(deprivation["rates"]), None),
            data_json=script_json({**deprivation, "names": names}),
        )
        self.page("whatif.html", "whatif.html", data_json=script_json(pages.combined(marts, areas)))
        self.page("methods.html", "methods.html", measures=measures, docs=self.docs, **pages.methods(marts, measures))

    def area_pages(self, measures, areas, groups):
        """One page for every area with a figure."""
        names = {measure["measure"]: measure["name"] for measure in measures}
        by_code = {area["code"]: area for area in areas}
        summaries, trends, persistence = (
            data.summaries(self.marts),
            data.trends(self.marts),
            data.persistence(self.marts),
        )
        for area in tqdm(areas, desc="Area pages", unit="page", mininterval=0.5):
            code = area["code"]
            own = groups[code]
            first = pages.area_choice(own)
            region = by_code.get(area["region_code"]) if area["region_code"] != code else None
            levels = pages.levels_of(own)
            held = [name for name in names if any(group["m"] == name for group in own)]
            said = summaries.get(code, {})
            self.page(
                "area.html",
                f"areas/{area['slug']}.html",
                current="areas.html",
                area=area,
                kind=pages.kind(area),
                region=region,
                is_england=code == data.ENGLAND,
                first=first,
                first_name=names[first["m"]],
                lines=pages.area_lines(first),
                measure_options=[(name, names[name]) for name in held],
                width_options=[(str(first["w"]), "single years" if first["w"] == 1 else f"{first['w']} years")],
                basis_options=[(first["b"], formats.BASES[first["b"]])],
                level_options=[(level, formats.RANKING_LEVELS[level]) for level in levels],
                summary=said[first["m"]]["summary"] if first["m"] in said else None,
                data_json=script_json(
                    {
                        "code": code,
                        "name": area["name"],
                        "slug": area["slug"],
                        "region": region["code"] if region else None,
                        "regionName": region["name"] if region else None,
                        "levels": levels,
                        "first": [first["m"], first["b"], first["w"]],
                        "groups": [slim(group) for group in own],
                        "summaries": {measure: row["summary"] for measure, row in said.items()},
                        "trends": [
                            [
                                row["measure"],
                                row["basis"],
                                row["last_period"],
                                row["recent_trend"],
                                formats.compact(row["annual_percent_change"], 2),
                                data.significant(row["trend_p_value"]),
                                row["reason"],
                            ]
                            for row in trends.get(code, ())
                        ],
                        "persistence": [
                            [
                                row["measure"],
                                row["basis"],
                                row["levels"],
                                row["years_present"],
                                row["years_above_england"],
                                formats.compact(row["chance_probability"], 4),
                                formats.compact(row["smr"], 3),
                                formats.compact(row["smr_lower_99_8"], 3),
                                formats.compact(row["smr_upper_99_8"], 3),
                            ]
                            for row in persistence.get(code, ())
                        ],
                    }
                ),
            )


def _titles(name):
    """The titles of the start page's charts, as plain sentences that hold whatever the figures are."""
    return {
        "perinatal": f"Stillbirths and deaths in the first week: {name} beside England",
        "infant": f"Deaths before the first birthday: {name} beside England",
    }


def _century_words(series):
    """The century page's heading and first paragraph, from the infant mortality series' ends."""
    infant = series.get("infant")
    if not infant:
        return "The long run", "The national series of each measure, as long as it was published."
    first, last = infant["p"][0], infant["p"][-1]
    rates = data.shown(infant, 0), data.shown(infant, len(infant["p"]) - 1)
    deaths = formats.number(infant["n"][0]), formats.number(infant["n"][-1])
    births = formats.number(infant["d"][0]), formats.number(infant["d"][-1])
    return (
        f"From {rates[0]} to {rates[1]} deaths per 1,000 live births: England and Wales, {first} to {last}",
        f"In {first}, {deaths[0]} children died before their first birthday in England and Wales, and {births[0]} "
        f"were born alive; in {last} it was {deaths[1]} deaths and {births[1]} live births.",
    )


def _sections(areas):
    """The areas in sections for the list: England and wider, then each English region, then the rest by kind."""
    wide, rest, regions = [], {}, {}
    regional = {area["code"]: area["name"] for area in areas if area["level"] == "region"}
    for area in areas:
        entry = {**area, "note": ""}
        if area["level"] in ("county", "metropolitan_county", "former_district", "inner_outer_london"):
            entry["note"] = f"({pages.kind(area).lower()})"
        if area["level"] in ("united_kingdom", "england_and_wales", "country", "outside_england_and_wales"):
            wide.append(entry)
        elif area["region_code"] in regional:
            if area["level"] == "region":
                entry["note"] = "(the whole region)"
                regions.setdefault(regional[area["region_code"]], []).insert(0, entry)
            else:
                regions.setdefault(regional[area["region_code"]], []).append(entry)
        else:
            rest.setdefault(f"{pages.kind(area)}: all", []).append(entry)
    sections = [("Countries and wider", wide)] if wide else []
    sections += sorted(regions.items())
    return sections + [(title.removesuffix(": all"), members) for title, members in sorted(rest.items())]


def find_docs(database):
    """The page of every table's description that `make docs` puts beside a published database, if it is there."""
    page = Path(database).with_name(f"{Path(database).stem}_docs.html")
    return page if page.is_file() else None


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
            # A link, not a copy: the documentation is as large as the rest of the site.
            site = Site(marts, new, Path(os.path.relpath(docs, to)).as_posix() if docs else None)
            with tqdm(total=5, desc="Report", unit="step") as steps:

                def progress(word):
                    steps.set_postfix_str(word)
                    steps.update()

                site.make(progress)
            if to.exists():
                to.rename(Path(aside) / "old")
            new.rename(to)
    except OSError as error:
        raise ReportError(f"The site cannot be written to {to}: {error.strerror or error}.") from None
    finally:
        marts.close()
    files = [path for path in to.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)
