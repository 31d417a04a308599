"""Write the figures of README.md and docs/tables.md from the built database; with --check only compare.

    python scripts/fill_readme.py [--check] [--database build/infant_mortality.duckdb]

Whatever is between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` is replaced by what PARTS says. Exit code 1 with
--check where a document says something else than the database. Read by people, so rounded for display;
the tables hold the unrounded figures.
"""

import argparse
import re
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.fill_queries import markdown_table  # noqa: E402


def first_query(connection: duckdb.DuckDBPyConnection) -> str:
    """The output of the query that stands above the marker in the README."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    query = re.search(r"## A first figure\n\n```sql\n(.*?)```", readme, flags=re.DOTALL)
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
    """How many claims of the article have which verdict."""
    counts = connection.execute(
        """
        select replace(verdict, '_', ' '), count(*), count(*) filter (is_as_worded is false)
        from marts.fct_claim_checks where is_from_article group by verdict order by verdict desc
        """
    ).fetchall()
    verdicts = ", ".join(
        f"{claims} {verdict}" + (f" ({otherwise} of them not as worded)" if otherwise else "")
        for verdict, claims, otherwise in counts
    )
    return (
        f"The article makes {sum(claims for _, claims, _ in counts)} claims: {verdicts}.\n"
        "[What the article got right](docs/what_the_article_got_right.md) has the answer to each, and how sure it is."
    )


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


# What is written where.
PARTS = {
    "README.md": {"speed": speed, "first query": first_query, "article": article},
    "docs/tables.md": {"rate checks": rate_checks},
}


def filled(name: str, text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """A document with every marked part written anew."""
    for part_name, part in PARTS[name].items():
        marked = re.compile(rf"(<!-- begin {part_name} -->\n).*?(<!-- end {part_name} -->)", flags=re.DOTALL)
        if not marked.search(text):
            raise SystemExit(f"{name}: expected the markers of '{part_name}', found none.")
        new = part(connection)
        text = marked.sub(lambda match, new=new: f"{match.group(1)}{new}\n{match.group(2)}", text)
    return text


def main() -> int:
    """Write or compare; 0 where the documents say what the database says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--database", type=Path, default=PROJECT / "build" / "infant_mortality.duckdb")
    arguments = parser.parse_args()
    differing = []
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for name in PARTS:
            text = (PROJECT / name).read_text(encoding="utf-8")
            wanted = filled(name, text, connection)
            if wanted != text:
                differing.append(name)
                if not arguments.check:
                    (PROJECT / name).write_text(wanted, encoding="utf-8")
    if arguments.check and differing:
        print(
            f"{', '.join(differing)}: expected the figures of the database; run python scripts/fill_readme.py.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
