"""A PostgreSQL server of a test's own: on the loopback address, in a temporary folder, gone when the test is."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = Path(os.environ.get("POSTGRES_BINARIES", "/usr/lib/postgresql/15/bin"))
DATABASE = "infant_mortality"


@contextmanager
def running_server() -> Iterator[dict[str, str]]:
    """Start a server with an empty database; yields the environment that names it to dbt (INFANT_MORTALITY_PG_…).

    Raises:
        AssertionError: PostgreSQL is not installed, or does not start; says how to get it, or what it logged.
    """
    assert (BINARIES / "initdb").exists(), (
        f"{BINARIES} has no PostgreSQL: apt-get install postgresql-15 odbc-postgresql unixodbc"
    )
    folder = Path(tempfile.mkdtemp(prefix="infant-mortality-postgres-"))
    password = secrets.token_urlsafe(16)
    (folder / "password").write_text(password, encoding="utf-8")
    # PostgreSQL refuses to run as root; Debian's package makes the user `postgres`.
    as_user: dict[str, str] = {}
    if os.geteuid() == 0:
        as_user = {"user": "postgres", "group": "postgres"}
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    subprocess.run(
        [
            BINARIES / "initdb",
            *("--pgdata", folder / "data", "--username", "postgres", "--pwfile", folder / "password"),
            *("--auth", "scram-sha-256", "--locale", "C", "--encoding", "UTF8"),
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        **as_user,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [
                BINARIES / "postgres",
                *("-D", folder / "data", "-p", str(port), "-k", folder),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "enable_nestloop=off", "-c", "jit=off"),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
            **as_user,
        )
    environment = {
        "INFANT_MORTALITY_PG_HOST": "127.0.0.1",
        "INFANT_MORTALITY_PG_PORT": str(port),
        "INFANT_MORTALITY_PG_USER": "postgres",
        "INFANT_MORTALITY_PG_PASSWORD": password,
        "INFANT_MORTALITY_PG_DATABASE": DATABASE,
    }
    try:
        give_up_at = time.monotonic() + 60
        create = [BINARIES / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", DATABASE]
        while subprocess.run(create, env={**os.environ, "PGPASSWORD": password}, capture_output=True).returncode != 0:
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < give_up_at, (folder / "server.log").read_text()
            time.sleep(0.3)
        yield environment
    finally:
        process.send_signal(2)  # A fast shutdown: clients are cut off.
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
