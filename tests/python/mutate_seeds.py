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
import itertools
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from dbt_process import Loaded, clone_project, take_parsed_along  # noqa: E402
from seed_judge import DATABASE, Judge  # noqa: E402
from seed_slips import KINDS, Slip, drawn_slips  # noqa: E402
from seeds_read import SEEDS, seed_rows  # noqa: E402

WANTED = 0.99
# Totals taken while reading say nothing of what the figures mean; they are told apart from the tests of substance.
TAKEN_WHILE_READING = "batch_totals_hold"
# The tests in Python that read a seed of each folder, first those that read its file alone, then those that read the
# tables made of it; the slowest are left out.
FILE_TESTS = {
    "areas": ["test_committed_seeds.py", "test_hexagons.py"],
    "incoming": ["test_seeds.py::test_characters_are_named_as_in_unicode"],
    "nhs": ["test_committed_seeds.py"],
    "ons": ["test_committed_seeds.py"],
    "published": ["test_committed_seeds.py"],
    "reference": ["test_stat_intervals.py"],
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
# Why a slip in a seed, of one kind or any, goes unnoticed.
REASONS = {
    ("control_totals", "row dropped"): "One comparison fewer: nothing else rests on it",
    ("control_totals", "year shifted"): "The same count was printed for both years",
    ("area_groups", ""): "Groups are the user's to choose: only of one with a county's name is it known which areas "
    "are in it",
    ("hexagon_positions", ""): "The tests make some of the maps again, not this one",
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
    return {Path(row["seed_file"]).stem: row["digest"] for row in seed_rows("published/seed_digests.csv")}


class Workplace:
    """What one process needs: a database in which slips are made, and a copy of the project for the tests in Python."""

    def __init__(self, folder: Path, compiled: Path):
        self.judge = Judge(folder, compiled)
        self.copy = folder / "project"
        clone_project(self.copy)
        take_parsed_along(self.copy)
        self.pytest = Loaded(
            "import hypothesis, pytest, scipy.stats, statsmodels.api",
            "sys.exit(pytest.main(arguments))",
            ONS_WORKBOOKS="",
            OPENBLAS_NUM_THREADS="1",
        )

    def failing_test(self, tests: list[str], database: Path) -> str | None:
        """The first of these tests in Python that fails, run in the copy with a database; None where none does."""
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", TOO_SLOW]
        paths = [f"tests/python/{test}" for test in tests]
        done = self.pytest.run(self.copy, *options, *paths, INFANT_MORTALITY_BUILD=str(database))
        if done.returncode == 0:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) \S*?(test_\w+\.py(?:::\w+)?)", done.stdout, flags=re.MULTILINE)
        if failed is None:
            raise RuntimeError(f"The tests did not run: {done.stdout[-3000:]}{done.stderr[-3000:]}")
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
    return {group: list(of_group) for group, of_group in itertools.groupby(sorted(outcomes, key=key), key)}


def reason(outcome: Outcome) -> str:
    """Why nothing noticed a slip, by rule."""
    slip = outcome.slip
    if slip.column in NOTES:
        return "A note for people: nothing is worked out from it"
    known = REASONS.get((slip.seed, slip.kind)) or REASONS.get((slip.seed, ""))
    if known or not outcome.tables_changed:
        return known or "No table changes"
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
    of_origin = grouped(outcomes, lambda outcome: outcome.slip.seed in digests)
    origins = {"written by `python -m ingest`, with a digest": of_origin.get(True, [])}
    origins["all others"] = of_origin.get(False, [])
    with_a_slip_left = {
        seed: of_seed
        for seed, of_seed in grouped(outcomes, lambda outcome: f"`{outcome.slip.seed}`").items()
        if not all(outcome.noticed for outcome in of_seed)
    }
    lines = [
        f"{len(outcomes):,} slips (random seed {seed}): {noticed:,} noticed ({share(noticed, len(outcomes))}), "
        f"{substance:,} of them ({share(substance, len(outcomes))}) by tests of substance, without the digests; "
        f"{by_documents:,} of these first by a document that shows the rows.",
        *("", *table("kind of slip", {kind: by_kind[kind] for kind in KINDS if kind in by_kind})),
        *("", *table("seeds", origins)),
        *("", *table("seed with a slip that was not noticed", with_a_slip_left)),
        *("", "Not noticed:", ""),
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
