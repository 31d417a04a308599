"""Slips in seeds, as a person or a faulty reading of a workbook makes them: one a seed, drawn at random.

Each kind is a function of the seed and a source of chance that gives a slip, or None where the seed has no place for
it. Lines that a slip does not touch keep every byte.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
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


class Seed:
    """A seed as its file has it."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        self.header, *self.rows = (fields_of(line) for line in self.lines)

    def column(self, place: int) -> list[str]:
        """The texts of one column."""
        return [fields[place] for fields in self.rows]

    def slip(self, kind: str, row: int, column: str, old: str, new: str, lines: list[str]) -> Slip:
        """A slip that puts other lines, or none, in the place of a row."""
        text = "\n".join([*self.lines[: row + 1], *lines, *self.lines[row + 2 :]]) + "\n"
        return Slip(self.name, kind, column, row + 2, old, new, text)


Kind = Callable[[Seed, Random], Slip | None]


def cell_changed(
    kind: str, is_fit: Callable[[str, str], object], other: Callable[[Random, str, list[str]], str]
) -> Kind:
    """Another text in a cell drawn from those that are fit, by the name of their column and their text.

    ``other`` says which, given the text that stands there and all texts of the column.
    """

    def drawn(seed: Seed, chance: Random) -> Slip | None:
        cells = [
            (row, column)
            for row, fields in enumerate(seed.rows)
            for column, text in enumerate(fields)
            if is_fit(seed.header[column], text)
        ]
        for _ in range(50 if cells else 0):
            row, column = chance.choice(cells)
            fields = list(seed.rows[row])
            old, new = fields[column], other(chance, fields[column], seed.column(column))
            if new != old:
                fields[column] = new
                return seed.slip(kind, row, seed.header[column], old, new, [line_of(fields)])
        return None

    return drawn


def other_digit(chance: Random, text: str, _: list[str]) -> str:
    place = chance.choice([at for at, character in enumerate(text) if character.isdigit()])
    return text[:place] + chance.choice("0123456789".replace(text[place], "")) + text[place + 1 :]


def shifted(chance: Random, text: str, _: list[str]) -> str:
    by = chance.choice((-1, 1))
    return re.sub(r"\d{4}", lambda year: str(int(year.group()) + by), text)


def without_a_word(chance: Random, text: str, _: list[str]) -> str:
    words = text.split(" ")
    place = chance.choice([at for at, word in enumerate(words) if not PLACEHOLDER.search(word)] or [0])
    return " ".join(words[:place] + words[place + 1 :])


def without_a_placeholder(chance: Random, text: str, _: list[str]) -> str:
    found = chance.choice(list(PLACEHOLDER.finditer(text)))
    return text[: found.start()] + text[found.end() :]


def cells_swapped(seed: Seed, chance: Random) -> Slip | None:
    """Two fields of a row stand in each other's place."""
    for _ in range(50 if len(seed.header) > 1 else 0):
        row = chance.randrange(len(seed.rows))
        first, second = sorted(chance.sample(range(len(seed.header)), 2))
        fields = list(seed.rows[row])
        a, b = fields[first], fields[second]
        if a != b:
            fields[first], fields[second] = b, a
            columns = f"{seed.header[first]}, {seed.header[second]}"
            return seed.slip("cells swapped", row, columns, f"{a} | {b}", f"{b} | {a}", [line_of(fields)])
    return None


def columns_swapped(seed: Seed, chance: Random) -> Slip | None:
    """Two columns stand in each other's place, below a header that stays."""
    pairs = [
        pair for pair in combinations(range(len(seed.header)), 2) if len(set(map(tuple, map(seed.column, pair)))) > 1
    ]
    if not pairs:
        return None
    first, second = chance.choice(pairs)
    order = list(range(len(seed.header)))
    order[first], order[second] = second, first
    lines = [seed.lines[0], *(line_of([fields[place] for place in order]) for fields in seed.rows)]
    columns = f"{seed.header[first]}, {seed.header[second]}"
    return Slip(seed.name, "columns swapped", columns, 1, columns, "the other way round", "\n".join(lines) + "\n")


def row_dropped(seed: Seed, chance: Random) -> Slip:
    row = chance.randrange(len(seed.rows))
    return seed.slip("row dropped", row, "", seed.lines[row + 1], "", [])


def row_doubled(seed: Seed, chance: Random) -> Slip:
    row = chance.randrange(len(seed.rows))
    line = seed.lines[row + 1]
    return seed.slip("row doubled", row, "", line, f"{line} (twice)", [line, line])


KINDS: dict[str, Kind] = {
    "digit": cell_changed("digit", lambda _, text: NUMBER.fullmatch(text), other_digit),
    "sign": cell_changed(
        "sign",
        lambda _, text: NUMBER.fullmatch(text) and float(text) != 0,
        lambda _, text, __: text[1:] if text.startswith("-") else f"-{text}",
    ),
    "cells swapped": cells_swapped,
    "columns swapped": columns_swapped,
    "row dropped": row_dropped,
    "row doubled": row_doubled,
    "other area": cell_changed(
        "other area",
        lambda column, text: column.endswith("_code") and AREA_CODE.fullmatch(text),
        lambda chance, _, texts: chance.choice(sorted({text for text in texts if AREA_CODE.fullmatch(text)})),
    ),
    "year shifted": cell_changed(
        "year shifted", lambda column, text: YEARS.fullmatch(column) and re.fullmatch(r"\d{4}(-\d{4})?", text), shifted
    ),
    "mark lost": cell_changed(
        "mark lost", lambda column, text: text and re.search("(^|_)mark$", column), lambda *_: ""
    ),
    "word lost": cell_changed(
        "word lost", lambda _, text: " " in text and re.search(r"[A-Za-z]", text), without_a_word
    ),
    "placeholder lost": cell_changed(
        "placeholder lost", lambda _, text: PLACEHOLDER.search(text), without_a_placeholder
    ),
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
        drawn: dict[str, Slip] = {}
        kinds = list(KINDS)
        chance.shuffle(kinds)
        while len(drawn) < share and kinds:
            for kind in list(kinds):
                tries = (KINDS[kind](seed, chance) for _ in range(20))
                slip = next((slip for slip in tries if slip and slip.text not in drawn), None)
                if slip is None:
                    kinds.remove(kind)
                elif len(drawn) < share:
                    drawn[slip.text] = slip
        slips += drawn.values()
    return slips
