"""Make slips in the seeds, one at a time, and see whether a test notices.

Run after a whole build: ``python tests/python/mutate_seeds.py --changes 1000 --seed 1``. The slips (seed_slips.py) are
shared out over all seeds and all kinds. Each is first put to the tests of substance: the tables that it changes are made
again in a copy of the built database, with their keys and checks, and every test on the data is run (seed_judge.py);
where none of those notices, the tests in Python that read the seed are. What they let pass is noticed by its digest
in a seed that `python -m ingest` writes. Nothing here needs the original workbooks.

Prints the share noticed, by kind and by seed, and every slip that was not, with the reason where one is known; --write
puts the same into a document. Exit code 1 where less than 99 % are noticed.
"""

import argparse
import csv
import functools
import hashlib
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

from seed_judge import PROJECT, Judge
from seed_slips import KINDS, Slip, drawn_slips
from tqdm import tqdm

SEEDS = PROJECT / "seeds"
WANTED = 0.99
# Totals taken while reading say nothing of what the figures mean; they are told apart from the tests of substance.
TAKEN_WHILE_READING = "batch_totals_hold"
COPIED = ("benchmarks", "bi", "data", "docs", "ingest", "macros", "models", "publish", "report", "scripts", "seeds", "tests", "workbook")
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
# The tests in Python that read a seed of each folder, or what is made of it; the slowest are left out.
PYTHON_TESTS = {
    "areas": [*OF_COMMITTED_SEEDS, "test_hexagons.py", "test_documents.py"],
    "claims": ["test_documents.py", "test_claims.py"],
    "incoming": ["test_documents.py", "test_incoming_files.py"],
    "nhs": OF_COMMITTED_SEEDS,
    "ons": OF_COMMITTED_SEEDS,
    "published": [*OF_COMMITTED_SEEDS, "test_documents.py", "test_claims.py"],
    "reference": ["test_documents.py", "test_stat_intervals.py", "test_summaries.py", "test_claims.py"],
    "scenarios": ["test_documents.py", "test_claims.py"],
    "wording": ["test_documents.py", "test_summaries.py", "test_claims.py"],
}
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

    def failing_test(self, tests: list[str]) -> str | None:
        """The first of these tests in Python that fails, run in the copy; None where none does."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", TOO_SLOW]
            + [f"tests/python/{test}" for test in tests],
            cwd=self.copy,
            env={**os.environ, "INFANT_MORTALITY_BUILD": str(self.judge.path)},
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) \S*?(test_\w+\.py(?:::\w+)?)", done.stdout, flags=re.MULTILINE)
        if failed is None:
            raise RuntimeError(f"The tests did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return failed.group(1)

    def python_tests(self, slip: Slip, path: Path) -> str | None:
        """The first test in Python that fails on a slip, with the database as the judge left it."""
        file = self.copy / path.relative_to(PROJECT)
        self.judge.connection.close()
        file.write_text(slip.text, encoding="utf-8")
        failing = self.failing_test(PYTHON_TESTS[path.parent.name])
        shutil.copy(path, file)
        self.judge.open()
        return failing

    def control(self) -> None:
        """Without a slip every test passes: what fails afterwards, fails because of the slip."""
        self.judge.connection.close()
        failing = self.failing_test(sorted({test for tests in PYTHON_TESTS.values() for test in tests}))
        self.judge.open()
        if failing:
            raise RuntimeError(f"{failing} fails without a slip; run `dbt build`, then the test.")

    def outcome(self, slip: Slip, path: Path, digest: str | None) -> Outcome:
        """Make one slip, and take it back."""
        without = frozenset() if slip.seed == "batch_totals" else frozenset({TAKEN_WHILE_READING})
        finding = self.judge.judged(slip, without=without, keep=True)
        substance = finding.noticed_by or self.python_tests(slip, path)
        is_other = digest is not None and hashlib.sha256(slip.text.encode("utf-8")).hexdigest() != digest
        return Outcome(slip, substance, is_other, finding.tables_changed)


_workplace: Workplace | None = None


def set_up(folder: Path, compiled: Path) -> None:
    """Give a process its workplace."""
    global _workplace
    os.chdir(PROJECT)
    _workplace = Workplace(Path(tempfile.mkdtemp(dir=folder)), compiled)
    _workplace.control()


def judged(task: tuple[Slip, Path, str | None]) -> Outcome:
    """One slip, judged in the workplace of this process."""
    return _workplace.outcome(*task)


def share(part: int, whole: int) -> str:
    """A share in per cent, rounded down, so that 100 % is all."""
    return f"{int(1000 * part / whole) / 10:.1f} %" if whole else ""


def table(name: str, groups: dict[str, list[Outcome]]) -> list[str]:
    """Lines of Markdown: a row for each group, and one for all."""
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
    return "; ".join(outcome.tables_changed[:3]) or "no table changes"


def cut(text: str) -> str:
    """A text short enough for a list, and safe in Markdown."""
    return (text if len(text) <= 90 else f"{text[:87]}...").replace("|", "/") or "nothing"


def report(outcomes: list[Outcome], seed: int, digests: dict[str, str]) -> list[str]:
    """What was found, as lines of Markdown."""
    noticed = sum(outcome.noticed for outcome in outcomes)
    substance = sum(outcome.substance is not None for outcome in outcomes)
    by_kind = grouped(outcomes, lambda outcome: outcome.slip.kind)
    written = [outcome for outcome in outcomes if outcome.slip.seed in digests]
    lines = [
        f"{len(outcomes):,} slips (random seed {seed}): {noticed:,} noticed ({share(noticed, len(outcomes))}), "
        f"{substance:,} of them ({share(substance, len(outcomes))}) by tests of substance, without the digests.",
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
        *table("seed", grouped(outcomes, lambda outcome: f"`{outcome.slip.seed}`")),
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
    tasks = [(slip, paths[slip.seed], digests.get(slip.seed)) for slip in slips]
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "compiled"
        subprocess.run(
            [Path(sys.executable).with_name("dbt"), "compile", "--quiet", "--target-path", compiled],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        set_up_here = functools.partial(set_up, Path(folder), compiled)
        with multiprocessing.get_context("spawn").Pool(arguments.processes, set_up_here) as pool:
            # In any order, so that slow seeds do not wait for each other; told in the order of the seeds.
            mixed = random.Random(arguments.seed).sample(range(len(tasks)), len(tasks))
            found = pool.imap(judged, [tasks[place] for place in mixed])
            outcomes = dict(zip(mixed, tqdm(found, total=len(tasks), unit="slip", file=sys.stderr), strict=True))

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
