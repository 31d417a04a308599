"""Slips in seeds, as a person or a faulty reading of a workbook makes them: one a seed, drawn at random.

Each kind is a function of the seed and a source of chance that gives the rows as they then stand, or None where the
seed has no place for it. Lines that a slip does not touch keep every byte.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

AREA_CODE = re.compile(r"[EKNSWJ]\d{8}(_\w+|\+\w+)?|\d\d[A-Z]{1,2}")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
YEARS = re.compile(r".*year|year|edition|(comparison_)?period")


def fields_of(line: str) -> list[str]:
    """The fields of one line of CSV."""
    return next(csv.reader([line]))


def line_of(fields: list[str]) -> str:
    """The fields as one line of CSV, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(fields)
    return buffer.getvalue()


@dataclass
class Seed:
    """A seed as its file has it."""

    path: Path
    lines: list[str] = field(init=False)
    header: list[str] = field(init=False)
    rows: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        self.header, *self.rows = (fields_of(line) for line in self.lines)

    @property
    def name(self) -> str:
        return self.path.stem

    def cells(self, is_fit: Callable[[str, str], bool]) -> list[tuple[int, int]]:
        """Row and column of every cell of which ``is_fit(column name, text)`` is true."""
        return [
            (row, column)
            for row, fields in enumerate(self.rows)
            for column, text in enumerate(fields)
            if is_fit(self.header[column], text)
        ]

    def column(self, place: int) -> list[str]:
        """The texts of one column."""
        return [fields[place] for fields in self.rows]


@dataclass
class Slip:
    """One slip: where it was made, what stood there and what stands there now, and the whole text of the file."""

    seed: str
    kind: str
    column: str
    line: int
    old: str
    new: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.seed}.csv line {self.line}"


def _changed(seed: Seed, kind: str, row: int, fields: list[str], column: str, old: str, new: str) -> Slip:
    lines = list(seed.lines)
    lines[row + 1] = line_of(fields)
    return Slip(seed.name, kind, column, row + 2, old, new, "\n".join(lines) + "\n")


def _cell_changed(
    seed: Seed, kind: str, chance: Random, is_fit: Callable[[str, str], bool], other: Callable[[str, int], str]
) -> Slip | None:
    """Another text in a cell drawn from those that are fit; ``other(text, column)`` says which."""
    cells = seed.cells(is_fit)
    for _ in range(50 if cells else 0):
        row, column = chance.choice(cells)
        old = seed.rows[row][column]
        new = other(old, column)
        if new != old:
            fields = [*seed.rows[row][:column], new, *seed.rows[row][column + 1 :]]
            return _changed(seed, kind, row, fields, seed.header[column], old, new)
    return None


def digit_changed(seed: Seed, chance: Random) -> Slip | None:
    """One digit of a number is another."""

    def other(text: str, _: int) -> str:
        place = chance.choice([at for at, character in enumerate(text) if character.isdigit()])
        return text[:place] + chance.choice("0123456789".replace(text[place], "")) + text[place + 1 :]

    return _cell_changed(seed, "digit", chance, lambda _, text: bool(NUMBER.fullmatch(text)), other)


def sign_changed(seed: Seed, chance: Random) -> Slip | None:
    """A number has a minus sign, or has lost it."""
    return _cell_changed(
        seed,
        "sign",
        chance,
        lambda _, text: bool(NUMBER.fullmatch(text)) and float(text) != 0,
        lambda text, _: text[1:] if text.startswith("-") else f"-{text}",
    )


def cells_swapped(seed: Seed, chance: Random) -> Slip | None:
    """Two fields of a row stand in each other's place."""
    for _ in range(50 if len(seed.header) > 1 else 0):
        row = chance.randrange(len(seed.rows))
        first, second = sorted(chance.sample(range(len(seed.header)), 2))
        fields = list(seed.rows[row])
        if fields[first] != fields[second]:
            old, new = (f"{a} | {b}" for a, b in ((fields[first], fields[second]), (fields[second], fields[first])))
            fields[first], fields[second] = fields[second], fields[first]
            columns = f"{seed.header[first]}, {seed.header[second]}"
            return _changed(seed, "cells swapped", row, fields, columns, old, new)
    return None


def columns_swapped(seed: Seed, chance: Random) -> Slip | None:
    """Two columns stand in each other's place, below a header that stays."""
    pairs = [
        (first, second)
        for first in range(len(seed.header))
        for second in range(first + 1, len(seed.header))
        if seed.column(first) != seed.column(second)
    ]
    if not pairs:
        return None
    first, second = chance.choice(pairs)
    order = list(range(len(seed.header)))
    order[first], order[second] = second, first
    lines = [seed.lines[0], *(line_of([fields[place] for place in order]) for fields in seed.rows)]
    columns = f"{seed.header[first]}, {seed.header[second]}"
    return Slip(seed.name, "columns swapped", columns, 1, columns, "the other way round", "\n".join(lines) + "\n")


def row_dropped(seed: Seed, chance: Random) -> Slip | None:
    """A row is gone."""
    row = chance.randrange(len(seed.rows))
    lines = [*seed.lines[: row + 1], *seed.lines[row + 2 :]]
    return Slip(seed.name, "row dropped", "", row + 2, seed.lines[row + 1], "", "\n".join(lines) + "\n")


def row_doubled(seed: Seed, chance: Random) -> Slip | None:
    """A row stands twice."""
    row = chance.randrange(len(seed.rows))
    lines = [*seed.lines[: row + 2], *seed.lines[row + 1 :]]
    twice = seed.lines[row + 1]
    return Slip(seed.name, "row doubled", "", row + 2, twice, f"{twice} (twice)", "\n".join(lines) + "\n")


def other_area(seed: Seed, chance: Random) -> Slip | None:
    """The code of an area is that of another area of the same column."""
    codes = {
        column: sorted({c for c in seed.column(column) if AREA_CODE.fullmatch(c)}) for column in range(len(seed.header))
    }
    return _cell_changed(
        seed,
        "other area",
        chance,
        lambda column, text: column.endswith("_code") and bool(AREA_CODE.fullmatch(text)),
        lambda _, column: chance.choice(codes[column]),
    )


def year_shifted(seed: Seed, chance: Random) -> Slip | None:
    """A year, or the years of a period, are one earlier or later."""

    def other(text: str, _: int) -> str:
        by = chance.choice((-1, 1))
        return re.sub(r"\d{4}", lambda year: str(int(year.group()) + by), text)

    return _cell_changed(
        seed,
        "year shifted",
        chance,
        lambda column, text: bool(YEARS.fullmatch(column)) and bool(re.fullmatch(r"\d{4}(-\d{4})?", text)),
        other,
    )


def mark_lost(seed: Seed, chance: Random) -> Slip | None:
    """A mark beside a value is gone."""
    return _cell_changed(
        seed,
        "mark lost",
        chance,
        lambda column, text: bool(re.search("(^|_)mark$", column)) and text != "",
        lambda *_: "",
    )


def word_lost(seed: Seed, chance: Random) -> Slip | None:
    """A word of a sentence or a name is gone."""

    def other(text: str, _: int) -> str:
        words = text.split(" ")
        place = chance.choice([at for at, word in enumerate(words) if not PLACEHOLDER.search(word)] or [0])
        return " ".join(words[:place] + words[place + 1 :])

    return _cell_changed(
        seed,
        "word lost",
        chance,
        lambda _, text: bool(re.search(r"[A-Za-z]", text)) and " " in text,
        other,
    )


def placeholder_lost(seed: Seed, chance: Random) -> Slip | None:
    """A name in braces, for which a text or number is filled in, is gone."""

    def other(text: str, _: int) -> str:
        found = chance.choice(list(PLACEHOLDER.finditer(text)))
        return text[: found.start()] + text[found.end() :]

    return _cell_changed(seed, "placeholder lost", chance, lambda _, text: bool(PLACEHOLDER.search(text)), other)


KINDS = {
    "digit": digit_changed,
    "sign": sign_changed,
    "cells swapped": cells_swapped,
    "columns swapped": columns_swapped,
    "row dropped": row_dropped,
    "row doubled": row_doubled,
    "other area": other_area,
    "year shifted": year_shifted,
    "mark lost": mark_lost,
    "word lost": word_lost,
    "placeholder lost": placeholder_lost,
}


def shares(sizes: list[int], number: int) -> list[int]:
    """``number`` slips shared out: half of them evenly over the seeds, half by the root of the rows of each."""
    roots = [size**0.5 for size in sizes]
    weights = [1 / len(sizes) + root / sum(roots) for root in roots]
    ends = [round(number * total / sum(weights)) for total in accumulate(weights)]
    return [end - begin for begin, end in pairwise([0, *ends])]


def drawn_slips(paths: list[Path], number: int, chance: Random) -> list[Slip]:
    """``number`` slips over all seeds; within a seed every kind in turn, no slip twice."""
    seeds = [Seed(path) for path in paths]
    slips = []
    for seed, share in zip(seeds, shares([len(seed.rows) for seed in seeds], number), strict=True):
        texts: set[str] = set()
        kinds = list(KINDS)
        chance.shuffle(kinds)
        drawn: list[Slip] = []
        while len(drawn) < share and kinds:
            for kind in list(kinds):
                slip = next(
                    (s for s in (KINDS[kind](seed, chance) for _ in range(20)) if s and s.text not in texts), None
                )
                if slip is None:
                    kinds.remove(kind)
                elif len(drawn) < share:
                    texts.add(slip.text)
                    drawn.append(slip)
        slips += drawn
    return slips
