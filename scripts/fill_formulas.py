"""Write docs/formulas.md from the formulas' own descriptions; with --check only compare.

    python scripts/fill_formulas.py [--check]

What each formula is comes from formulas/*/_*__macros.yml: its description, arguments, and under `meta` a line of use,
the columns that a select adds, units, NULLs and source. Each line of use is run on the tables of formula_examples.sql,
and its answer is shown. Exit code 1 with --check where the page says something else.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.python.sql_macros import project_macros, render_text  # noqa: E402

PAGE = PROJECT / "docs" / "formulas.md"
EXAMPLES = PROJECT / "scripts" / "formula_examples.sql"
MARKED = re.compile(r"<!-- begin (\w+) -->\n.*?<!-- end \1 -->", flags=re.DOTALL)
FOLDERS = {"rates": "Rates and intervals", "rankings": "Rankings, funnels, posterior", "distributions": "Distributions"}
FIRST_ROWS = 3
# What the page says once of all of them.
USUAL_NULLS = "NULL for NULL."
SAID_ONCE = (
    *("Name of a relation, or a subselect with an alias", "`lower` or `upper`", "`95` or `99_8`"),
    *("Per cent, above 0 and below 100, 95 by default", "Places to keep, 1 by default"),
    *("Name of the new column, `lower_limit` by default", "Name of the new column, `upper_limit` by default"),
)


def macros(folder: str) -> list[dict]:
    """The formulas of one folder, as its yml describes them."""
    text = (PROJECT / "formulas" / folder / f"_{folder}__macros.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["macros"]


def meta(macro: dict) -> dict[str, str]:
    """What stands under config.meta."""
    return macro.get("config", {}).get("meta", {})


def examples() -> duckdb.DuckDBPyConnection:
    """A database with the tables that the lines of use name."""
    connection = duckdb.connect()
    for statement in EXAMPLES.read_text(encoding="utf-8").split(";"):
        if statement.strip():
            connection.execute(render_text(statement))
    return connection


def shown(value: object) -> str:
    """A value of an answer: six significant digits, NULL as the word."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(part)}" for name, part in value.items())
    if isinstance(value, bool) or value is None:
        return {None: "NULL", True: "true", False: "false"}[value]
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def answer(connection: duckdb.DuckDBPyConnection, macro: dict) -> str:
    """What the line of use gives: of an expression its values, of a select the columns that it adds, in its first row.

    Raises duckdb.Error where it does not run.
    """
    sql = render_text("{{ infant_mortality." + meta(macro)["use"] + " }}")
    if not re.match(r"\s*(--[^\n]*\s*)*(with|select)\b", sql):
        rows = connection.execute(f"select {sql} from counts").fetchmany(FIRST_ROWS)
        values = [shown(value) for (value,) in rows]
        return values[0] if len(set(values)) == 1 else ", ".join(values)
    columns = [name.strip() for name in meta(macro)["adds"].split(",")]
    row = connection.execute(f"select {', '.join(columns)} from ({sql}) as answered order by all").fetchone()
    return ", ".join(f"{name} {shown(value)}" for name, value in zip(columns, row, strict=True))


def written(text: str) -> str:
    """A description in one line, with the signs that Markdown would take for its own set apart."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def argument(name: str, description: str) -> str:
    """An argument with what its name does not say; what the page says once is left out."""
    said = re.sub(r"^SQL( expression)? of (the |its )?|^(?=SQL boolean)", "", written(description)).rstrip(".")
    said = re.sub(rf"^{name.replace('_', ' ')}($|[,;] | (?=of ))", "", said.replace(" on it", ""))
    return f"`{name}`" + (f" ({said})" if said and said not in SAID_ONCE else "")


def section(connection: duckdb.DuckDBPyConnection, folder: str) -> Iterator[str]:
    """The lines of one folder's formulas."""
    yield from (f"### {FOLDERS[folder]}", "")
    for macro in macros(folder):
        facts = meta(macro)
        if "use" not in facts:
            continue
        yield f"- **`{macro['name']}`** {written(macro['description'])}"
        arguments = "; ".join(argument(one["name"], one["description"]) for one in macro.get("arguments", []))
        nulls = "" if facts["nulls"] == USUAL_NULLS else f" {written(facts['nulls'])}"
        yield f"  Takes {arguments}. Units: {written(facts['units'])}{nulls} Source: {written(facts['source'])}"
        yield f"  `{facts['use']}` → {answer(connection, macro)}"
    yield ""
    parts = [f"`{macro['name']}`" for macro in macros(folder) if "part_of" in meta(macro)]
    if parts:
        yield from (f"Parts of others, not for use by themselves: {', '.join(parts)}.", "")


def published(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The lines of the macros of the published file."""
    yield from ("| call | answer | what it is |", "|---|---|---|")
    for name, formula in project_macros()["published_formulas"]().items():
        connection.execute(f"create or replace macro {name}({', '.join(formula['parameters'])}) as {formula['sql']}")
        (value,) = connection.execute(f"select {formula['call']}").fetchone()
        called = f"{name}({', '.join(formula['parameters'])})"
        yield f"| `{called}` | `{formula['call']}`: {shown(value)} | {formula['comment']} |"


def filled(text: str) -> str:
    """The page with what is between its markers written anew."""
    connection = examples()
    parts = {
        "formulas": "\n".join(line for folder in FOLDERS for line in section(connection, folder)).rstrip(),
        "published": "\n".join(published(connection)),
    }
    return MARKED.sub(lambda match: f"<!-- begin {match[1]} -->\n{parts[match[1]]}\n<!-- end {match[1]} -->", text)


def main() -> int:
    """Write or compare; 0 where the page says what the formulas' files say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    wanted = filled(text)
    if wanted != text and arguments.check:
        print("docs/formulas.md is not what the formulas say; run python scripts/fill_formulas.py.", file=sys.stderr)
        return 1
    if wanted != text:
        PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
