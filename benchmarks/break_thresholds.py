"""Work out how far the best break must beat a straight line, by number of years; writes the seed break_thresholds.

    python benchmarks/break_thresholds.py

A log-linear Poisson line is fitted to a straight series, and the same with one break, at each inner year in turn
(at least two years lie on either side). The deviance falls most at one of them. Of series of many deaths the fall at a
year is the square of a standard normal deviate, and the deviates of neighbouring years are nearly alike: 1,000,000
series of normal deviates are drawn for each number of years, evenly spaced, with as many births in each. The threshold
is the point that 5 % of the greatest falls pass.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

SEED = Path(__file__).resolve().parents[1] / "seeds" / "reference" / "break_thresholds.csv"
FEWEST_YEARS = 7
MOST_YEARS = 120
DRAWS = 1_000_000
ROWS_AT_ONCE = 50_000


def directions(years: int) -> np.ndarray:
    """Return, for each inner year, the unit vector of a break there, free of level and slope; shape (years, breaks)."""
    place = np.arange(years, dtype=float)
    line = np.linalg.qr(np.column_stack([np.ones(years), place]))[0]
    after = np.clip(place[:, None] - place[2 : years - 2], 0, None)
    bends = after - line @ (line.T @ after)
    return bends / np.linalg.norm(bends, axis=0)


def greatest_falls(years: int, draws: int, draw: np.random.Generator) -> np.ndarray:
    """Return the greatest fall of the deviance over all breaks in each of `draws` straight series."""
    bends = directions(years)
    return np.concatenate(
        [
            (np.abs(draw.standard_normal((min(ROWS_AT_ONCE, draws - start), years)) @ bends).max(axis=1)) ** 2
            for start in range(0, draws, ROWS_AT_ONCE)
        ]
    )


def thresholds(years: range, draws: int = DRAWS) -> list[tuple[int, str]]:
    """Return the points that 5 % pass, by number of years, with two decimals."""
    return [
        (number, f"{np.quantile(greatest_falls(number, draws, np.random.default_rng(number)), 0.95):.2f}")
        for number in years
    ]


def main() -> None:
    """Write the seed."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with SEED.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("years_in_trend", "fall_of_deviance"))
        writer.writerows(thresholds(range(FEWEST_YEARS, MOST_YEARS + 1)))


if __name__ == "__main__":
    main()
