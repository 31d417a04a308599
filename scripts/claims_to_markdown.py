"""Write the page on the checked claims from the published table, so that no figure on it is typed by hand.

``python scripts/claims_to_markdown.py`` reads ``marts.fct_claim_checks`` of the published database (``--database``,
else ``INFANT_MORTALITY_DB``, else ``infant_mortality.duckdb`` in the project's root), runs the query
``analyses/implied_counts.sql`` on it, and replaces what stands between the marks in
``docs/what_the_article_got_right.md``. With ``--check`` nothing is written; exit code 1 says that the
page is out of date.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "what_the_article_got_right.md"
BEGIN = "<!-- written by scripts/claims_to_markdown.py from marts.fct_claim_checks: do not edit below -->"
END = "<!-- end of what scripts/claims_to_markdown.py writes -->"
QUERY = PROJECT / "analyses" / "implied_counts.sql"
QUERY_BEGIN = "<!-- written by scripts/claims_to_markdown.py from analyses/implied_counts.sql: do not edit below -->"
QUERY_END = "<!-- end of the answers to analyses/implied_counts.sql -->"

VERDICTS = {
    "reproduced": "reproduced",
    "consistent": "consistent",
    "contradicted": "contradicted",
    "not_checkable": "not checkable",
}
CERTAINTIES = {
    "exact": "exact",
    "beyond_chance": "beyond chance",
    "within_chance": "chance could do it",
    "unknown": "unknown",
}
UNITS = {"per_1000": "per 1,000", "percent": "%", "deaths": "deaths", "births": "births", "rank": "(rank)"}
RELATIONS = {"more_than": "more than "}
SENTENCE_ENDS = re.compile(r"(?<=\.)\s+(?=[A-Z0-9])")


class PageError(Exception):
    """What keeps the page from being written, in one sentence."""


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    """The rows of a query, each a mapping of column names to values."""
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def read_tables(database: Path) -> tuple[list[dict], list[dict]]:
    """Return the rows of fct_claim_checks in their order, and those of the query on the implied counts.

    Raises PageError where the database or the table is missing or cannot be read.
    """
    if not database.is_file():
        raise PageError(f"There is no database {database}: run `make build` first, or name one with --database.")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            claims = rows_of(connection, "select * from marts.fct_claim_checks order by claim_order")
            return claims, rows_of(connection, QUERY.read_text(encoding="utf-8"))
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise PageError(f"{database} has no table marts.fct_claim_checks, or an older one: build it anew.") from error
    except duckdb.IOException as error:
        raise PageError(f"{database} cannot be opened: it is no database, or another process is using it.") from error


def printed_figure(claim: dict) -> str:
    """The figure as printed with its unit, or a dash where the statement has none."""
    if claim["published_value"] is None:
        return "none"
    value = claim["published_value"]
    if claim["unit"] in ("deaths", "births"):
        value = f"{int(value):,}"
    return f"{RELATIONS.get(claim['relation'], '')}{value} {UNITS[claim['unit']]}"


def recomputed_figure(claim: dict) -> str:
    """The recomputed figure; with its meaning where the statement has no figure to compare it with."""
    if claim["recomputed_display"] is None:
        return "none"
    if claim["published_value"] is None:
        return f"{claim['recomputed_display']} ({claim['recomputed_what']})"
    return claim["recomputed_display"]


def verdict_in_words(claim: dict) -> str:
    """The verdict; a figure that is right but is not what its words define is said to be so."""
    return VERDICTS[claim["verdict"]] + (", but not as worded" if claim["is_as_worded"] is False else "")


def table_row(*cells: str) -> str:
    """One row of a Markdown table; a bar within a cell is escaped."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def explanations(claims: list[dict]) -> list[str]:
    """One numbered paragraph a claim; in place of sentences that earlier ones have, their numbers.

    Of a figure reproduced that is not the article's, the way of dating alone is said.
    """
    said: dict[str, int] = {}
    lines = []
    for number, claim in enumerate(claims, start=1):
        if claim["verdict"] == "reproduced" and not claim["is_from_article"]:
            lines.append(f"{number}. By year of {claim['basis']}.")
            continue
        sentences = SENTENCE_ENDS.split(claim["explanation"])
        earlier = sorted({said[sentence] for sentence in sentences if sentence in said})
        as_earlier = f"(As in {' and '.join(map(str, earlier))}.)"
        told: list[str] = []
        for sentence in sentences:
            if sentence not in said:
                told.append(sentence)
            elif as_earlier not in told:
                told.append(as_earlier)
        said = dict.fromkeys(sentences, number) | said
        lines.append(f"{number}. {' '.join(told)}")
    return lines


def section(claims: list[dict], source: str) -> list[str]:
    """The lines on the claims of one source: a table, then one numbered paragraph a claim."""
    lines = [f"## {source}", "", table_row("", "statement", "printed", "recomputed", "verdict", "how sure")]
    lines.append(table_row("---:", "---", "---:", "---:", "---", "---"))
    for number, claim in enumerate(claims, start=1):
        lines.append(
            table_row(
                str(number),
                claim["claim"],
                printed_figure(claim),
                recomputed_figure(claim),
                verdict_in_words(claim),
                CERTAINTIES[claim["certainty"]],
            )
        )
    return [*lines, "", *explanations(claims), ""]


def written_part(claims: list[dict]) -> str:
    """All that stands between the marks, for the claims in their order."""
    counts = [f"{sum(claim['verdict'] == verdict for claim in claims)} {name}" for verdict, name in VERDICTS.items()]
    lines = [f"{len(claims)} statements checked: {', '.join(counts)}.", ""]
    for source in dict.fromkeys(claim["source"] for claim in claims):
        lines += section([claim for claim in claims if claim["source"] == source], source)
    return "\n".join(lines).rstrip() + "\n"


def answers_part(answers: list[dict]) -> str:
    """The answers to the query on the implied counts as a table; an empty cell where an answer has one value only."""
    lines = [table_row(*(column.replace("_", " ") for column in answers[0])), table_row("---", "---:", "---:")]
    for answer in answers:
        what, *values = answer.values()
        lines.append(table_row(what, *("" if value is None else f"{value:g}" for value in values)))
    return "\n".join(lines) + "\n"


def new_page(page: str, claims: list[dict], answers: list[dict]) -> str:
    """The page with the parts between the marks written anew.

    Raises PageError where a mark is missing.
    """
    for begin, end, part in (
        (BEGIN, END, written_part(claims)),
        (QUERY_BEGIN, QUERY_END, answers_part(answers)),
    ):
        if page.count(begin) != 1 or page.count(end) != 1:
            raise PageError(f"{PAGE.relative_to(PROJECT)} must contain each of the two marks once: {begin} and {end}")
        before, rest = page.split(begin)
        after = rest.split(end)[1]
        page = f"{before}{begin}\n\n{part}\n{end}{after}"
    return page


def main(arguments: list[str] | None = None) -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description="Write docs/what_the_article_got_right.md from the published table.")
    parser.add_argument(
        "--database",
        type=Path,
        default=Path(os.environ.get("INFANT_MORTALITY_DB", PROJECT / "infant_mortality.duckdb")),
        help="the database to read (default: the published one)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where the page is out of date")
    options = parser.parse_args(arguments)
    try:
        page = PAGE.read_text(encoding="utf-8")
        wanted = new_page(page, *read_tables(options.database))
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    if page == wanted:
        return 0
    if options.check:
        name = PAGE.relative_to(PROJECT)
        print(f"{name} does not say what the table says: run python scripts/claims_to_markdown.py", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
