"""Write benchmarks/RESULTS.md and its plots from the files in benchmarks/results, which the benchmarks keep.

    python benchmarks/write_results.py

Tables are medians with range. Nothing is measured here.
"""

import csv
from collections import defaultdict

import altair as alt
from measuring import RESULTS, described

PAGE = RESULTS.parent / "RESULTS.md"
# File of results, heading, what a size is, the side that others are compared with in the same round, and what was done.
SECTIONS = (
    (
        "records",
        "Births one by one to counts",
        "records",
        "project",
        "Parquet in; counts by area, year and age band, and every faulty record, out. Time of this project is a whole "
        "`dbt run` of models/records, its start of some seconds included; memory of PostgreSQL is that of its client. "
        "On Spark it is `dbt run` there, in a session of its own, and one on DuckDB that takes the counts up; its "
        "memory is that of Java.",
    ),
    (
        "records_100m",
        "A hundred million births",
        "records",
        "project",
        "The same, with DuckDB's memory at 1.5 GB (`INFANT_MORTALITY_MEMORY=1500MB`; by hand too), which leaves 0.5 of "
        "2 GB to dbt and to what DuckDB does not count.",
    ),
    (
        "records_100m_20000_areas",
        "A hundred million births in 20,000 areas",
        "records",
        "project",
        "The same, with areas that a file of the user's own names.",
    ),
    (
        "rates",
        "Counts to rates with 95 and 99.8 % intervals",
        "rows",
        "this project",
        "The counts in memory, one process each; the answers are the same to 1e-9. PHStatsMethods starts at one death. "
        "Where other work holds the cores, the seconds of processor tell more than the clock.",
    ),
    (
        "rank_intervals",
        "Rank intervals",
        "pairs of areas",
        "this project",
        "`pairwise_rank_intervals` asked for each ranking of infant mortality by single years; every pair tested, "
        "Holm's correction applied, the answers the same.",
    ),
    (
        "incoming_files",
        "A user's file to the faults of its rows",
        "rows",
        "07f9a5b",
        "Time in the models that open a file, name its fields and judge its rows, in turn with those of 07f9a5b.",
    ),
    (
        "incoming_files_whole",
        "A million rows of a user's, a whole build",
        "rows",
        "07f9a5b",
        "Made-up counts of 10,000 areas over fifty years: every table, test and file, in turn with 07f9a5b.",
    ),
    (
        "many_areas",
        "Many areas",
        "made-up areas",
        None,
        "A whole `dbt build` with made-up areas of twenty years beside the published ones: every table, test and file. "
        "DuckDB's memory is limited to 1.2 GB, as it is unless `INFANT_MORTALITY_MEMORY` says otherwise.",
    ),
    (
        "build_time",
        "The whole build",
        None,
        "`dbt build` of 07f9a5b",
        "What is built, in turn: a project of one model, this project, and this project as it was at 07f9a5b, each "
        "without a database to begin with. A build that copies every table shows what dbt, writing and publishing "
        "take whatever the statistics cost.",
    ),
)


SIDES = {
    "project": "this project",
    "duckdb": "DuckDB by hand",
    "polars": "Polars",
    "pandas": "pandas",
    "postgres": "PostgreSQL 15",
    "spark": "this project on Spark 3.5",
}
UNIQUE = " unique"


def named(side: str) -> str:
    """A side of the records in words."""
    plain = side.removesuffix(UNIQUE)
    return SIDES.get(plain, plain) + (", ids taken as unique" if side != plain else "")


def measurements(name: str) -> list[dict]:
    """The rows of a file of results; none where it was not measured."""
    path = RESULTS / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(rows: list[dict], size_word: str | None, compared_with: str | None) -> list[str]:
    """Medians with range by size and side, as lines of a Markdown table."""
    groups, rounds = defaultdict(list), {}
    for row in rows:
        groups[int(row["size"] or 0), row["what"]].append(row)
        if compared_with and row["what"].removesuffix(UNIQUE) == compared_with and row["seconds"]:
            rounds[row["size"], row["round"], row["what"].endswith(UNIQUE)] = float(row["seconds"])
    # A time of the processor, and a size of memory where a process of its own was measured.
    of_process = {
        column: word
        for column, word in {"cpu_seconds": "seconds of processor", "gigabytes": "memory, GB"}.items()
        if any(row[column] for row in rows)
    }
    heads = ([size_word] if size_word else []) + ["what", "seconds"]
    heads += list(of_process.values())
    heads += [f"times that of {named(compared_with)}"] if compared_with else []
    heads += ["note"] if any(row["note"] for row in rows) else []
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for (size, what), found in groups.items():
        timed = [row for row in found if row["seconds"]]
        cells = ([f"{size:,}"] if size_word else []) + [named(what)]
        cells.append(described([float(row["seconds"]) for row in timed]) if timed else "")
        for column in of_process:
            values = [float(row[column]) for row in timed if row[column]]
            cells.append(described(values) if values else "")
        if compared_with:
            turns = [(row, (row["size"], row["round"], row["what"].endswith(UNIQUE))) for row in timed]
            ratios = [float(row["seconds"]) / rounds[turn] for row, turn in turns if turn in rounds]
            cells.append(described(ratios) if ratios else "")
        if heads[-1] == "note":
            cells.append(found[-1]["note"])
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def peers(rows: list[dict]) -> list[str]:
    """How often peers agree, and why not where they do not, as lines of the page."""
    lines = [
        "",
        "## Peers side by side",
        "",
        "The same questions on the same counts. Answers agree to a billionth of their size, or as the question says. "
        "Of those that differ, a second number says how many the cause explains: the peer's rule, worked out anew by "
        "`peers.py`, gives them. Times are of one run; where ours are missing, our answers came from the tables.",
        f"Measured on {rows[0]['day']}: {rows[0]['machine']}.",
        "",
        "| peer | question | compared | agree | farthest apart, relative | differ, explained | cause "
        "| seconds, theirs | ours |",
        "|---|---|---:|---:|---:|---:|---|---:|---:|",
    ]
    for row in rows:
        differ = int(row["compared"]) - int(row["agree"])
        cells = [
            f"{row['peer']} {row['version']}",
            row["question"],
            f"{int(row['compared']):,}",
            f"{int(row['agree']):,}",
        ]
        cells += [row["largest_relative_difference"]]
        explained = f", {int(row['explained']):,}" if row["explained"] else ""
        cells += [f"{differ:,}{explained}" if differ else ""]
        cells += [row["cause"], row["peer_seconds"], row["our_seconds"]]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def plot(name: str, rows: list[dict], size_word: str) -> str:
    """Draw seconds by size for each side into results/<name>.svg; the Markdown that shows it."""
    values = [
        {"side": named(row["what"]), "size": int(row["size"]), "seconds": float(row["seconds"])}
        for row in rows
        if row["seconds"]
    ]
    chart = (
        alt.Chart(alt.Data(values=values), width=480, height=260)
        .mark_line(point=True)
        .encode(
            x=alt.X("size:Q", scale=alt.Scale(type="log"), title=size_word),
            y=alt.Y("median(seconds):Q", scale=alt.Scale(type="log"), title="seconds, median"),
            color=alt.Color("side:N", title=None),
            shape=alt.Shape("side:N", title=None),
        )
        .configure(font="sans-serif", background="white")
    )
    chart.save(RESULTS / f"{name}.svg")
    words = f"Seconds by number of {size_word}, both axes logarithmic; the table above has the figures"
    return f"![{words}](results/{name}.svg)"


def main() -> None:
    """Write the page."""
    lines = [
        "# What was measured",
        "",
        "Made by `python benchmarks/write_results.py` from the files in `results/`; [README.md](README.md) says how.",
        "Medians, with the range where there was more than one round; sides of a comparison take turns.",
    ]
    for name, heading, size_word, compared_with, what in SECTIONS:
        rows = measurements(name)
        if not rows:
            continue
        lines += ["", f"## {heading}", "", what]
        lines += [f"Measured on {rows[0]['day']}: {rows[0]['machine']}.", ""]
        lines += table(rows, size_word, compared_with)
        if size_word and len({row["size"] for row in rows}) > 1:
            lines += ["", plot(name, rows, size_word)]
        if name == "rates" and (asked := measurements("peers")):
            lines += peers(asked)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PAGE.parents[1])}")


if __name__ == "__main__":
    main()
