"""Write the reference tables of numbers that are easier to tabulate than to compute in SQL.

Run from the project's root: ``python scripts/make_reference_seeds.py``. Needs scipy (a development tool, not needed to
build). A test compares the committed file with what this script makes, byte for byte.

Source of the limits: Garwood, F. (1936), "Fiducial limits for the Poisson distribution", Biometrika 28, 437-442: for
n events and confidence 1 - alpha the lower limit is ``chi2inv(alpha / 2, 2n) / 2`` (0 when n = 0) and the upper
limit is ``chi2inv(1 - alpha / 2, 2n + 2) / 2``.
"""

from pathlib import Path

from scipy.stats import chi2

LARGEST_EXACT_COUNT = 9
TAILS = {"95": 0.025, "99_8": 0.001}
POISSON_LIMITS = Path("seeds/reference/poisson_limits.csv")


def exact_poisson_limits(count: int, tail: float) -> tuple[float, float]:
    """Return Garwood's exact lower and upper limit (in events) of a count, each leaving out the probability ``tail``.

    Raises ValueError if ``count`` is negative or ``tail`` is not between 0 and one half.
    """
    if count < 0 or not 0 < tail < 0.5:
        raise ValueError(f"no exact limits for count {count} with {tail} in each tail")
    lower = 0.0 if count == 0 else chi2.ppf(tail, 2 * count) / 2
    upper = chi2.isf(tail, 2 * count + 2) / 2
    return float(lower), float(upper)


def poisson_limits_csv() -> str:
    """Return the text of seeds/reference/poisson_limits.csv: one row per count 0-9, 17 significant digits."""
    header = ["event_count"] + [f"{side}_{level}" for level in TAILS for side in ("lower", "upper")]
    lines = [",".join(header)]
    for count in range(LARGEST_EXACT_COUNT + 1):
        limits = [limit for tail in TAILS.values() for limit in exact_poisson_limits(count, tail)]
        lines.append(",".join([str(count)] + [f"{limit:.17g}" for limit in limits]))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the reference seeds under the current directory, which must be the project's root."""
    POISSON_LIMITS.write_text(poisson_limits_csv(), encoding="utf-8", newline="\n")
    print(f"wrote {POISSON_LIMITS}")


if __name__ == "__main__":
    main()
