"""Which Chromium the tests use, and how: headless, quiet, nothing fetched but the page under test."""

import os
import shutil

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str:
    """Path of the browser: CHROMIUM, or `chromium` where it is installed.

    Raises:
        AssertionError: there is none; says how to get it.
    """
    named = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert named, "These tests need Chromium, which is not installed: apt-get install chromium, or set CHROMIUM."
    return named
