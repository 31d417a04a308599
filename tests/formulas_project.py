"""A project that installs the formulas as a dbt package and nothing else: tests/formulas_user, in its own folder."""

import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TABLES = ("rates", "exact_tests", "funnels", "quantile_groups", "posteriors", "distributions")


def project_in(folder: Path) -> Path:
    """Copy the project there, with the place of the formulas as it is from anywhere."""
    copy = folder / "formulas_user"
    shutil.copytree(PROJECT / "tests" / "formulas_user", copy, ignore=shutil.ignore_patterns("target", "dbt_packages"))
    packages = copy / "packages.yml"
    text = packages.read_text(encoding="utf-8")
    packages.write_text(text.replace("../../formulas", (PROJECT / "formulas").as_posix()), encoding="utf-8")
    return copy
