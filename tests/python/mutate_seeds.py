"""Make slips in the seeds, one at a time, and see whether a test notices.

Run after a whole build: ``python tests/python/mutate_seeds.py --changes 1000 --seed 1``. The slips (seed_slips.py) are
shared out over all seeds and all kinds. Each is first put to the tests of substance: the tables that it changes are
made again in a copy of the built database, with their keys and checks, every test on the data is run, and documents
that show rows are compared (seed_judge.py); where nothing of this notices, the tests in Python that read the seed run.
What they let pass is noticed by its digest in a seed that `python -m ingest` writes. The original workbooks are not
needed.

Prints the share noticed, by kind and for the seeds with a slip that was not, and every such slip with its reason.
--write puts the same into a document. Exit code 1 where less than 99 % are noticed.
"""

import argparse
import csv
import functools
import hashlib
import json
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from seed_judge import DATABASE, Judge  # noqa: E402
from seed_slips import KINDS, Slip, drawn_slips  # noqa: E402

SEEDS = PROJECT / "seeds"
WANTED = 0.99
# Totals taken while reading say nothing of what the figures mean; they are told apart from the tests of substance.
TAKEN_WHILE_READING = "batch_totals_hold"
COPIED = (
    "analyses",
    "benchmarks",
    "bi",
    "data",
    "docs",
    "formulas",
    "incoming",
    "ingest",
    "macros",
    "models",
    "publish",
    "report",
    "scripts",
    "seeds",
    "tests",
    "workbook",
)
# The tests of test_ingest.py that read the committed seeds and no workbook.
OF_COMMITTED_SEEDS = [
    f"test_ingest.py::test_{name}"
    for name in (
        *("seed_is_sorted_unique_and_plain", "every_figure_is_a_number_or_a_mark", "marks_are_those_ons_explains"),
        *("rates_have_one_decimal_except_northern_ireland_2010", "every_figure_has_a_described_area"),
        *("areas_have_parents_tiers_and_names", "lineage_joins_areas_of_one_country", "deprivation_scores"),
        *("control_totals_of_england", "control_totals_of_kirklees", "control_totals_of_the_indicator"),
        *("printed_rates_of_england_and_wales_2010_to_2016", "years_of_the_national_series"),
        "the_indicator_counts_england_by_year_of_occurrence",
    )
]
# The tests in Python that read a seed of each folder, first those that read its file alone, then those that read the
# tables made of it; the slowest are left out.
FILE_TESTS = {
    "areas": [*OF_COMMITTED_SEEDS, "test_hexagons.py"],
    "incoming": ["test_seeds.py::test_characters_are_named_as_in_unicode"],
    "nhs": OF_COMMITTED_SEEDS,
    "ons": OF_COMMITTED_SEEDS,
    "published": OF_COMMITTED_SEEDS,
    "reference": ["test_stat_intervals.py", "test_summaries.py"],
}
TABLE_TESTS = {
    "claims": ["test_claims.py"],
    "incoming": ["test_incoming_files.py"],
    "published": ["test_claims.py"],
    "reference": [
        "test_summaries.py",
        "test_claims.py",
        "test_stat_trends.py::test_thresholds_of_a_break_are_what_straight_series_give",
    ],
    "scenarios": ["test_claims.py"],
    "wording": ["test_summaries.py", "test_claims.py"],
}
# Columns that tell people where something comes from, and that nothing reads.
NOTES = ("source", "why", "note", "reason", "remark")
TOO_SLOW = "not any_file and not by_the_definition"


@dataclass
class Outcome:
    """A slip and what noticed it: a test of substance, or else the digest, or neither."""

    slip: Slip
    substance: str | None
    digest: bool
    tables_changed: list[str]

    @property
    def noticed(self) -> bool:
        return self.substance is not None or self.digest


def committed_digests() -> dict[str, str]:
    """The digest of each seed that `python -m ingest` writes, by the name of the seed."""
    with (SEEDS / "published" / "seed_digests.csv").open(encoding="utf-8", newline="") as file:
        return {Path(row["seed_file"]).stem: row["digest"] for row in csv.DictReader(file)}


# A pytest that is loaded once: each run is a process forked from it. DuckDB is left to the runs, as in dbt_process.py.
LOADED = """
import json, os, sys
import hypothesis, pytest, scipy.stats, statsmodels.api
for line in sys.stdin:
    arguments, database, said = json.loads(line)
    child = os.fork()
    if child == 0:
        os.environ["INFANT_MORTALITY_BUILD"] = database
        for stream in (1, 2):
            os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        code = pytest.main(arguments)
        sys.stdout.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Workplace:
    """What one process needs: a database in which slips are made, and a copy of the project for the tests in Python."""

    def __init__(self, folder: Path, compiled: Path):
        self.judge = Judge(folder, compiled)
        self.copy = folder / "project"
        for name in COPIED:
            shutil.copytree(PROJECT / name, self.copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in PROJECT.iterdir():
            if path.is_file() and path.suffix in (".md", ".yml", ".toml", ".txt", ".in", ""):
                shutil.copy(path, self.copy)
        (self.copy / "target").mkdir()
        shutil.copy(PROJECT / "target" / "partial_parse.msgpack", self.copy / "target")
        self.pytest = subprocess.Popen(
            [sys.executable, "-c", LOADED],
            cwd=self.copy,
            env={**os.environ, "ONS_WORKBOOKS": "", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def failing_test(self, tests: list[str], database: Path) -> str | None:
        """The first of these tests in Python that fails, run in the copy with a database; None where none does."""
        said = self.copy / "said.txt"
        said.unlink(missing_ok=True)
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", TOO_SLOW]
        arguments = [*options, *(f"tests/python/{test}" for test in tests)]
        self.pytest.stdin.write(json.dumps([arguments, str(database), str(said)]) + "\n")
        self.pytest.stdin.flush()
        if int(self.pytest.stdout.readline()) == 0:
            return None
        told = said.read_text(encoding="utf-8")
        failed = re.search(r"^(?:FAILED|ERROR) \S*?(test_\w+\.py(?:::\w+)?)", told, flags=re.MULTILINE)
        if failed is None:
            raise RuntimeError(f"The tests did not run: {told[-3000:]}")
        return failed.group(1)

    def python_tests(self, slip: Slip, path: Path) -> str | None:
        """The first test in Python that fails on a slip, with the database as the judge left it."""
        file = self.copy / path.relative_to(PROJECT)
        file.write_text(slip.text, encoding="utf-8")
        of_file, of_tables = (tests.get(path.parent.name) for tests in (FILE_TESTS, TABLE_TESTS))
        failing = self.failing_test(of_file, DATABASE) if of_file else None
        if of_tables and not failing:
            self.judge.keep(slip)
            failing = self.failing_test(of_tables, self.judge.path)
            self.judge.open()
        shutil.copy(path, file)
        return failing

    def control(self) -> None:
        """Without a slip every test passes: what fails afterwards, fails because of the slip."""
        tests = {test for tests in (*FILE_TESTS.values(), *TABLE_TESTS.values()) for test in tests}
        failing = self.judge.differing_document() or self.failing_test(sorted(tests), DATABASE)
        if failing:
            raise RuntimeError(f"{failing} fails without a slip: run `dbt build`, then the tests.")

    def outcome(self, slip: Slip, path: Path, digest: str | None) -> Outcome:
        """Make one slip, and take it back."""
        without = frozenset() if slip.seed == "batch_totals" else frozenset({TAKEN_WHILE_READING})
        finding = self.judge.judged(slip, without)
        substance = finding.noticed_by or self.python_tests(slip, path)
        is_other = digest is not None and hashlib.sha256(slip.text.encode("utf-8")).hexdigest() != digest
        return Outcome(slip, substance, is_other, finding.tables_changed)


_workplace: Workplace | None = None


def set_up(folder: Path, compiled: Path) -> None:
    """Give a process its workplace."""
    global _workplace
    os.chdir(PROJECT)
    _workplace = Workplace(Path(tempfile.mkdtemp(dir=folder)), compiled)


def judged(task: tuple[int, Slip, Path, str | None]) -> tuple[int, Outcome]:
    """One slip, with its place in the list, judged in the workplace of this process."""
    place, *slip = task
    return place, _workplace.outcome(*slip)


def share(part: int, whole: int) -> str:
    """A share in per cent, rounded down, so that 100 % is all."""
    return f"{int(1000 * part / whole) / 10:.1f} %" if whole else ""


def table(name: str, groups: dict[str, list[Outcome]]) -> list[str]:
    """Lines of Markdown: a row for each group, and one for all of them."""
    lines = [
        f"| {name} | tried | noticed by a test of substance | with the digests | share | not noticed |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    everything = [outcome for outcomes in groups.values() for outcome in outcomes]
    for group, outcomes in [*groups.items(), ("all", everything)]:
        substance = sum(outcome.substance is not None for outcome in outcomes)
        noticed = sum(outcome.noticed for outcome in outcomes)
        lines.append(
            f"| {group} | {len(outcomes)} | {substance} | {noticed} | {share(noticed, len(outcomes))} "
            f"| {len(outcomes) - noticed or ''} |"
        )
    return lines


def grouped(outcomes: list[Outcome], key) -> dict[str, list[Outcome]]:
    groups = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return dict(sorted(groups.items()))


def reason(outcome: Outcome) -> str:
    """Why nothing noticed a slip, by rule."""
    slip = outcome.slip
    if slip.column in NOTES:
        return "A note for people: nothing is worked out from it"
    if slip.seed == "control_totals" and slip.kind == "row dropped":
        return "One comparison fewer: nothing else rests on it"
    if slip.seed == "control_totals" and slip.kind == "year shifted":
        return "The same count was printed for both years"
    if slip.seed == "area_groups":
        return "Groups are the user's to choose: only of one with a county's name is it known which areas are in it"
    if slip.seed == "hexagon_positions":
        return "The tests make some of the maps again, not this one"
    if not outcome.tables_changed:
        return "No table changes"
    return f"No test says what must be there; changes {', '.join(outcome.tables_changed[:3])}"


def cut(text: str) -> str:
    """A text short enough for a list, and safe in Markdown."""
    return (text if len(text) <= 90 else f"{text[:87]}...").replace("|", "/") or "nothing"


def report(outcomes: list[Outcome], seed: int, digests: dict[str, str]) -> list[str]:
    """What was found, as lines of Markdown."""
    noticed = sum(outcome.noticed for outcome in outcomes)
    substance = sum(outcome.substance is not None for outcome in outcomes)
    by_documents = sum((outcome.substance or "").startswith("document ") for outcome in outcomes)
    by_kind = grouped(outcomes, lambda outcome: outcome.slip.kind)
    written = [outcome for outcome in outcomes if outcome.slip.seed in digests]
    lines = [
        f"{len(outcomes):,} slips (random seed {seed}): {noticed:,} noticed ({share(noticed, len(outcomes))}), "
        f"{substance:,} of them ({share(substance, len(outcomes))}) by tests of substance, without the digests; "
        f"{by_documents:,} of these first by a document that shows the rows.",
        "",
        *table("kind of slip", {kind: by_kind[kind] for kind in KINDS if kind in by_kind}),
        "",
        *table(
            "seeds",
            {
                "written by `python -m ingest`, with a digest": written,
                "all others": [outcome for outcome in outcomes if outcome.slip.seed not in digests],
            },
        ),
        "",
        *table(
            "seed with a slip that was not noticed",
            {
                seed: of_seed
                for seed, of_seed in grouped(outcomes, lambda outcome: f"`{outcome.slip.seed}`").items()
                if not all(outcome.noticed for outcome in of_seed)
            },
        ),
        "",
        "Not noticed:",
        "",
    ]
    for outcome in outcomes:
        if not outcome.noticed:
            slip = outcome.slip
            lines.append(
                f"- `{slip.where}`, {slip.kind}{f' ({slip.column})' if slip.column else ''}: "
                f"{cut(slip.old)} → {cut(slip.new)}. {reason(outcome)}"
            )
    if noticed == len(outcomes):
        lines.append("- none")
    return lines


def main() -> int:
    """Make the slips and tell what noticed them; 0 where 99 % or more were noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=1000, help="how many slips, one at a time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choice")
    parser.add_argument("--only", default="", help="part of the path of the seeds to make slips in; all where empty")
    parser.add_argument("--processes", type=int, default=2, help="how many processes share the work")
    parser.add_argument("--list", type=Path, help="file for a list of all slips and what noticed each, as CSV")
    parser.add_argument("--write", type=Path, help="document whose part between the markers is to be written anew")
    arguments = parser.parse_args()

    paths = {path.stem: path for path in sorted(SEEDS.glob("*/*.csv"))}
    slips = drawn_slips(list(paths.values()), arguments.changes, random.Random(arguments.seed))
    slips = [slip for slip in slips if re.search(arguments.only, str(paths[slip.seed].relative_to(SEEDS)))]
    digests = committed_digests()
    tasks = [(place, slip, paths[slip.seed], digests.get(slip.seed)) for place, slip in enumerate(slips)]
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "compiled"
        subprocess.run(
            [Path(sys.executable).with_name("dbt"), "compile", "--quiet", "--target-path", compiled],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        os.chdir(PROJECT)
        Workplace(Path(tempfile.mkdtemp(dir=folder)), compiled).control()
        set_up_here = functools.partial(set_up, Path(folder), compiled)
        with multiprocessing.get_context("spawn").Pool(arguments.processes, set_up_here) as pool:
            # In any order, so that slow seeds do not wait for each other; told in the order of the seeds.
            found = pool.imap_unordered(judged, random.Random(arguments.seed).sample(tasks, len(tasks)))
            outcomes = dict(tqdm(found, total=len(tasks), unit="slip", file=sys.stderr))

    ordered = [outcomes[place] for place in range(len(tasks))]
    lines = report(ordered, arguments.seed, digests)
    print("\n".join(lines))
    if arguments.list:
        with arguments.list.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("seed", "line", "kind", "column", "old", "new", "noticed_by", "digest"))
            for outcome in ordered:
                slip = outcome.slip
                place = (slip.seed, slip.line, slip.kind, slip.column, slip.old, slip.new)
                writer.writerow((*place, outcome.substance, outcome.digest))
    if arguments.write:
        marked = re.compile(r"(<!-- begin slips -->\n).*?(<!-- end slips -->)", flags=re.DOTALL)
        text = arguments.write.read_text(encoding="utf-8")
        written = marked.sub(lambda match: match.group(1) + "\n".join(lines) + "\n" + match.group(2), text)
        arguments.write.write_text(written, encoding="utf-8")
    return 0 if sum(outcome.noticed for outcome in ordered) >= WANTED * len(ordered) else 1


if __name__ == "__main__":
    sys.exit(main())
