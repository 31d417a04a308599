"""Commands of the project, run as people run them."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def run_python(*arguments: str | Path, **options) -> subprocess.CompletedProcess:
    """Run this Python with arguments in the project's folder; its exit code and what it said."""
    return subprocess.run([sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, **options)
