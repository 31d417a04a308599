"""What `make build` does where Python does not fit: uv is asked for another, or one sentence names both ways."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Stands for a Python that is too old or too new: it gives the check's own answer with another version.
OTHER_PYTHON = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info, sys.version = (3, 14, 0, "final", 0), "3.14.0"; exec(sys.argv[2])' "$@"
"""


@pytest.fixture
def copy(tmp_path):
    """The Makefile and its lists in a folder of their own, with a Python that does not fit."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(PROJECT / name, tmp_path)
    other = tmp_path / "python3.14"
    other.write_text(OTHER_PYTHON.format(python=shutil.which("python3")))
    other.chmod(0o755)
    return tmp_path


def made(copy: Path, path: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", ".venv/.runtime", f"PYTHON={copy / 'python3.14'}"],
        cwd=copy,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )


def test_uv_is_asked_for_a_python_that_fits(copy):
    folder = copy / "bin"
    folder.mkdir()
    uv = folder / "uv"
    uv.write_text('#!/bin/sh\necho "$@" > asked; exit 1\n')
    uv.chmod(0o755)
    assert made(copy, f"{folder}:{os.environ['PATH']}").returncode != 0
    assert (copy / "asked").read_text() == "venv --quiet --seed --python >=3.11,<3.14 .venv\n"


def test_without_uv_one_sentence_names_both_ways(copy):
    without_uv = ":".join(folder for folder in os.environ["PATH"].split(":") if not (Path(folder) / "uv").exists())
    done = made(copy, without_uv)
    assert done.returncode != 0 and not (copy / ".venv").exists()
    said = next(line for line in done.stderr.splitlines() if line.startswith("Python"))
    assert said.startswith("Python 3.11, 3.12 or 3.13 is needed;") and "is 3.14.0." in said
    assert "PYTHON=python3.12" in said and "uv" in said
