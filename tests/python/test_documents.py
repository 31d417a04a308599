"""The figures in the documents are those of the database."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_readme_says_what_the_database_says(built_database_path):
    done = subprocess.run(
        [sys.executable, "scripts/fill_readme.py", "--check", "--database", str(built_database_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_walk_through_the_models_shows_the_database_s_rows(built_database_path):
    done = subprocess.run(
        [sys.executable, "scripts/fill_queries.py", "--check", "--database", str(built_database_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
