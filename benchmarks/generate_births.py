"""Write made-up births, one record each, as Parquet: for trying and timing, never for telling anything.

    python benchmarks/generate_births.py data/incoming/births --records 1000000
    python benchmarks/generate_births.py /tmp/many/births --records 100000000 --areas 20000

Every record is invented: births spread over areas and years with seasons, stillbirths and deaths at about the rates of
England, and a share of faults of each kind that the models reject. One file a year, written in pieces, so that memory
does not grow with the number of records; the same seed gives the same records.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

AREAS_SEED = Path(__file__).resolve().parents[1] / "seeds" / "areas" / "areas.csv"
PIECE = 500_000
# Made-up rates, near England's: stillbirths per birth; deaths per live birth on days 0 to 6, 7 to 27 and 28 to 364.
STILLBIRTHS, EARLY, LATE, POSTNEONATAL = 0.004, 0.0021, 0.0007, 0.0011
# Births are some 4 % above the mean in September, and as much below in March; areas differ by about a fifth.
SEASON, SPREAD = 0.04, 0.2
SCHEMA = pa.schema(
    [
        ("birth_id", pa.int64()),
        ("birth_date", pa.date32()),
        ("area_code", pa.dictionary(pa.int32(), pa.string())),
        ("birth_type", pa.dictionary(pa.int8(), pa.string())),
        ("gestation_weeks", pa.int16()),
        ("death_date", pa.date32()),
    ],
    metadata={"note": "Made up by benchmarks/generate_births.py; no record is of a birth."},
)


def areas_of_seed(areas_seed: Path = AREAS_SEED) -> list[str]:
    """The codes of the districts and unitary authorities that the project knows."""
    with areas_seed.open(encoding="utf-8", newline="") as file:
        return [row["area_code"] for row in csv.DictReader(file) if row["is_lower_tier"] == "true"]


def made_up_areas(areas: int) -> list[str]:
    """Codes of areas that exist nowhere."""
    return [f"M{number:08d}" for number in range(1, areas + 1)]


class Births:
    """Made-up births of some areas, drawn piece by piece."""

    def __init__(self, areas: list[str], faults: float, seed: int) -> None:
        """Give each area its share of the births and its risk; the last code is of no area, for faults."""
        self.random = np.random.default_rng(seed)
        self.areas = pa.array([*areas, "X00000000"], pa.string())
        weights = self.random.lognormal(0, 0.8, len(areas))
        self.area_limits = np.cumsum(weights / weights.sum())
        self.risks = self.random.lognormal(0, SPREAD, len(areas))
        self.faults = faults
        self.next_id = 1

    def days_of_year(self, year: int, records: int) -> np.ndarray:
        """Days since 1970 of births in a year, more of them in autumn."""
        first, after = (np.datetime64(f"{number}-01-01", "D").astype(int) for number in (year, year + 1))
        days = np.arange(first, after)
        weights = 1 + SEASON * np.cos(2 * np.pi * (np.arange(len(days)) / len(days) - 0.72))
        limits = np.cumsum(weights / weights.sum())
        return days[np.minimum(np.searchsorted(limits, self.random.random(records)), len(days) - 1)]

    def piece(self, year: int, records: int) -> pa.Table:
        """The next births of a year."""
        random = self.random
        ids = np.arange(self.next_id, self.next_id + records)
        self.next_id += records
        born = self.days_of_year(year, records)
        area = np.minimum(np.searchsorted(self.area_limits, random.random(records)), len(self.risks) - 1)
        chance = random.random(records) / self.risks[area]
        is_still = chance < STILLBIRTHS
        limits = STILLBIRTHS + np.cumsum([EARLY, LATE, POSTNEONATAL])
        # Of deaths in the first week, most come on the first day; afterwards days are alike.
        age = np.select(
            [is_still, chance < limits[0], chance < limits[1], chance < limits[2]],
            [
                -1,
                np.minimum(random.geometric(0.5, records) - 1, 6),
                random.integers(7, 28, records),
                random.integers(28, 365, records),
            ],
            -1,
        )
        died = born + age
        has_died = age >= 0
        weeks = np.clip(np.round(random.normal(39.3, 1.9, records)), 24, 44).astype(np.int16)
        no_weeks = random.random(records) < 0.01
        if self.faults:
            kind = np.where(random.random(records) < self.faults, random.integers(0, 6, records), -1)
            ids[kind == 0] = np.maximum(ids[kind == 0] - 1, 1)
            born = np.where(kind == 1, -60_000, born)
            died, has_died = np.where(kind == 2, born - 1, died), has_died | (kind == 2)
            area = np.where(kind == 3, len(self.areas) - 1, area)
            weeks = np.where(kind == 4, 60, weeks).astype(np.int16)
            is_still = (is_still & (kind != 2)) | (kind == 5)
            weeks = np.where(kind == 5, 23, weeks).astype(np.int16)
        return pa.table(
            [
                pa.array(ids),
                pa.array(born.astype(np.int32), pa.int32()).cast(pa.date32()),
                pa.DictionaryArray.from_arrays(area.astype(np.int32), self.areas),
                pa.DictionaryArray.from_arrays(is_still.astype(np.int8), pa.array(["live", "still"])),
                pa.array(weeks, mask=no_weeks),
                pa.array(died.astype(np.int32), pa.int32(), mask=~has_died).cast(pa.date32()),
            ],
            schema=SCHEMA,
        )


def write(folder: Path, records: int, areas: list[str], years: range, faults: float, seed: int) -> None:
    """Write one file a year into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    births = Births(areas, faults, seed)
    with tqdm(total=records, unit="births", unit_scale=True) as progress:
        for place, year in enumerate(years):
            left = records * (place + 1) // len(years) - records * place // len(years)
            with pq.ParquetWriter(folder / f"made_up_births_{year}.parquet", SCHEMA, compression="zstd") as file:
                while left:
                    table = births.piece(year, min(left, PIECE))
                    file.write_table(table)
                    left -= table.num_rows
                    progress.update(table.num_rows)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description="Write made-up records of births as Parquet, one file a year.")
    parser.add_argument("folder", type=Path, help="where to write, such as data/incoming/births")
    parser.add_argument("--records", type=int, default=1_000_000, help="how many births in all (default: 1,000,000)")
    parser.add_argument(
        "--areas", type=int, default=0, help="how many made-up areas (default: the districts that the project knows)"
    )
    parser.add_argument("--first-year", type=int, default=1970, help="first year of birth (default: 1970)")
    parser.add_argument("--years", type=int, default=50, help="how many years (default: 50)")
    parser.add_argument("--faults", type=float, default=0.001, help="share of faulty records (default: 0.001)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers (default: 1)")
    asked = parser.parse_args()
    areas = made_up_areas(asked.areas) if asked.areas else areas_of_seed()
    years = range(asked.first_year, asked.first_year + asked.years)
    write(asked.folder, asked.records, areas, years, asked.faults, asked.seed)


if __name__ == "__main__":
    main()
