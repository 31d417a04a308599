"""Seeds as their files have them."""

import csv
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def seed_rows(path: str | Path) -> list[dict[str, str]]:
    """The rows of a seed, by its path from the folder of seeds, as text."""
    with (SEEDS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
