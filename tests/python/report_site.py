"""What the report's tests share: one site for all workers, and reading a site's files."""

import fcntl
import json
import os
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scipy.stats import beta

from report.build import build_site

# One page of every kind; those of areas are one of a district in a region and one outside any.
PAGES = (
    "index.html",
    "article.html",
    "areas.html",
    "compare.html",
    "rankings.html",
    "map.html",
    "funnel.html",
    "century.html",
    "deprivation.html",
    "whatif.html",
    "methods.html",
    "areas/E08000034.html",
    "areas/W06000015.html",
)


def site_once(database, name, temporary_folders):
    """The site of a database, made once for all workers of pytest: whichever asks first makes it."""
    folder = temporary_folders.getbasetemp()
    site = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    with site.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not site.exists():
            build_site(database, site)
    return site


def chance_of_higher(one, other):
    """The probability that the first of two gamma variables, each a shape and a rate, is the larger."""
    return float(beta.sf(one[1] / (one[1] + other[1]), one[0], other[0]))


@lru_cache(maxsize=8)
def data_of(site, key):
    """The content of one data file of a site."""
    text = (Path(site) / "data" / f"{key}.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("]=") + 2 :].rstrip(";\n"))


def values_of(column, known=None):
    """The values of one column, which is a list, or distinct words (`of`) with each row's place among them (`at`), or
    runs: a value, how many times, the next value, or `letters`. `in` names the list of `known` in which the places
    lie."""
    if isinstance(column, list):
        return column
    if "letters" in column:
        return list(column["letters"])
    if "at" in column:
        places = column["at"]
    else:
        pairs = zip(column["runs"][::2], column["runs"][1::2], strict=True)
        places = [value for value, times in pairs for _ in range(times)]
    held = column.get("of") or (known[column["in"]] if "in" in column else None)
    return [held[place] for place in places] if held else places


def known_of(site):
    """The codes that pages know from the dimensions of a site, by the name of their column."""
    dimensions = data_of(site, "dimensions")
    areas = values_of(dimensions["areas"]["area_code"])
    return {
        "area_code": areas,
        "compared_area_code": areas,
        "measure": values_of(dimensions["measures"]["measure"]),
        "ranking_level": values_of(dimensions["ranking_levels"]["ranking_level"]),
        "basis": list(dimensions["words"]["basis"]),
    }


def rows_of(table, known=None):
    """A table that travels as columns, as a list of dicts; a column without any value is None."""
    columns = {name: values_of(column, known) for name, column in table.items() if column is not None}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [{name: row.get(name) for name in table} for row in rows]


def area_data(path):
    """The data in an area's page, each table with the names of its columns."""
    names = data_of(path.parents[1], "dimensions")["area_page_columns"]
    data = json.loads(parts_of(path).scripts[-1])
    return {name: dict(zip(names[name], held, strict=True)) if name in names else held for name, held in data.items()}


def compared_areas(data, known):
    """The comparisons of an area's page, one row a compared area, with `chance` as its character."""
    if "comparisons" not in data:
        return []
    areas = rows_of(data["compared"], known)
    return [
        {**row, **areas[place], "chance": chance}
        for row in rows_of(data["comparisons"], known)
        for place, chance in zip(data["lists"][row["list"]], row["chances"], strict=True)
    ]


class _Parts(HTMLParser):
    """Collects what a page points to and which anchors it has."""

    def __init__(self):
        super().__init__()
        self.references, self.anchors, self.scripts, self.headings, self.titles = [], set(), [], [], []
        self._inside = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.references += [found[name] for name in ("href", "src") if name in found]
        self.anchors |= {found["id"]} if "id" in found else set()
        self.headings += [tag] if tag in ("h1", "h2", "h3") else []
        self.scripts += [""] if tag == "script" else []
        self.titles += [""] if tag == "title" else []
        self._inside = tag

    def handle_data(self, text):
        if self._inside in ("script", "title"):
            texts = self.scripts if self._inside == "script" else self.titles
            texts[-1] += text

    def handle_endtag(self, tag):
        self._inside = None


@cache
def parts_of(path):
    """The references, anchors, inline scripts, headings and titles of one page."""
    parts = _Parts()
    parts.feed(Path(path).read_text(encoding="utf-8"))
    parts.close()
    return parts


def broken_links(site):
    """Every reference of every page of `site` that leads neither to a file of it nor to a https address, as (page,
    reference)."""
    site = Path(site).resolve()
    pages = {path: parts_of(path) for path in sorted(site.rglob("*.html"))}
    broken = []
    for path, parts in pages.items():
        for reference in parts.references:
            url = urlsplit(reference)
            if url.scheme == "data" or (url.scheme == "https" and url.netloc):
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path.resolve()
            works = not (url.scheme or url.netloc) and target.is_file() and target.is_relative_to(site)
            if works and url.fragment and "=" not in url.fragment and target.suffix == ".html":
                works = unquote(url.fragment) in (pages.get(target) or parts_of(target)).anchors
            if not works:
                broken.append((path.name, reference))
    return broken
