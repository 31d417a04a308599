"""Write the figures of README.md from the built database, between its markers; with --check only compare.

    python scripts/fill_readme.py [--check] [--database build/infant_mortality.duckdb]

Whatever stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` is replaced by what PARTS[NAME] says. Exit
code 1 with --check where the README says something else than the database. Read by people, so rounded for display;
the tables hold the unrounded figures.
"""

import argparse
import re
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]


def markdown_table(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The result of a query as a Markdown table, numbers to the right; NULL is an empty cell."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    right = [
        all(isinstance(row[place], int | float) or row[place] is None for row in rows) for place in range(len(names))
    ]
    lines = ["| " + " | ".join(names) + " |", "|" + "|".join("---:" if numeric else "---" for numeric in right) + "|"]
    lines += ["| " + " | ".join("" if value is None else str(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def first_query(connection: duckdb.DuckDBPyConnection) -> str:
    """The output of the query that stands above the marker in the README."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    query = re.search(r"## A first query\n\n```sql\n(.*?)```", readme, flags=re.DOTALL)
    return markdown_table(connection, query.group(1))


def rate_checks(connection: duckdb.DuckDBPyConnection) -> str:
    """How many printed rates were reproduced, and what became of the others."""
    total, reproduced, not_computable = connection.execute(
        """
        select count(*), count(*) filter (outcome = 'reproduced'), count(*) filter (outcome = 'not_computable')
        from marts.fct_published_rate_checks
        """
    ).fetchone()
    exceptions = connection.execute(
        """
        select exception_reason, count(*)
        from marts.fct_published_rate_checks
        where outcome = 'differs'
        group by exception_reason
        order by count(*) desc, exception_reason
        """
    ).fetchall()
    listed = sum(times for _, times in exceptions)
    reasons = "\n".join(f"- {times}: {reason}." for reason, times in exceptions)
    return f"""\
ONS and NHS Digital printed {total:,} rates and limits in the tables used here. {reproduced:,} are reproduced to the
printed digit, rounded half up from the exact value. {not_computable:,} cannot be worked out because the births that
they are per were not published (mostly perinatal rates of areas before 2018). {listed:,} differ, each listed in
`seeds/published/known_rate_exceptions.csv` with its reason; one more, or one fewer, fails the build:

{reasons}"""


def article(connection: duckdb.DuckDBPyConnection) -> str:
    """The article's statements and their answers, in the order of the table; its claims are counted apart."""
    counts = connection.execute(
        """
        select replace(verdict, '_', ' '), count(*), count(*) filter (is_as_worded is false)
        from marts.fct_claim_checks where is_from_article group by verdict order by verdict desc
        """
    ).fetchall()
    told = ", ".join(
        f"{claims} {verdict}" + (f" ({otherwise} of them not as worded)" if otherwise else "")
        for verdict, claims, otherwise in counts
    )
    table = markdown_table(
        connection,
        """
        select
            claim as statement,
            replace(verdict, '_', ' ') || case when not is_as_worded then ', but not as worded' else '' end as verdict,
            answer
        from marts.fct_claim_checks
        where is_from_article
        order by claim_order
        """,
    )
    return f"The article makes {sum(claims for _, claims, _ in counts)} claims: {told}.\n\n{table}"


def speed(connection: duckdb.DuckDBPyConnection) -> str:
    """What the benchmarks measured, of what somebody would ask first."""
    results = PROJECT / "benchmarks" / "results"
    seconds = dict(
        connection.execute(
            f"""
            select what, median(seconds) from read_csv('{results / "records_100m.csv"}') group by what
            union all select 'build', median(seconds) from read_csv('{results / "build_time.csv"}')
            where what = '`dbt build` of this project'
            """
        ).fetchall()
    )
    build, all_found, unique, by_hand, by_hand_unique, polars = (
        f"{seconds[what]:.0f}" for what in ("build", "project", "project unique", "duckdb", "duckdb unique", "polars")
    )
    return f"""\
On two cores the whole build takes {build} seconds. A hundred million births, one record each, are judged and counted
in {all_found} seconds, double ids found, and in {unique} where the source guarantees that there are none; the best
DuckDB query that we could write by hand takes {by_hand} and {by_hand_unique}, Polars {polars}:
[what was measured](benchmarks/RESULTS.md), [how](benchmarks/README.md). Beyond one machine the same models run on
Spark: [docs/scaling.md](docs/scaling.md)."""


PARTS = {"speed": speed, "first query": first_query, "article": article, "rate checks": rate_checks}


def filled(readme: str, connection: duckdb.DuckDBPyConnection) -> str:
    """The README with every marked part written anew."""
    for name, part in PARTS.items():
        marked = re.compile(rf"(<!-- begin {name} -->\n).*?(\n<!-- end {name} -->)", flags=re.DOTALL)
        if not marked.search(readme):
            raise SystemExit(f"README.md: expected the markers of '{name}', found none.")
        text = part(connection)
        readme = marked.sub(lambda match, text=text: match.group(1) + text + match.group(2), readme)
    return readme


def main() -> int:
    """Write or compare; 0 where the README says what the database says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--database", type=Path, default=PROJECT / "build" / "infant_mortality.duckdb")
    arguments = parser.parse_args()
    path = PROJECT / "README.md"
    readme = path.read_text(encoding="utf-8")
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        wanted = filled(readme, connection)
    if wanted == readme:
        return 0
    if arguments.check:
        print("README.md: expected the figures of the database; run python scripts/fill_readme.py.", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
