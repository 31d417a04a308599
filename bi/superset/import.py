"""Import the dashboard "Infant mortality" into a running Superset, or update it there.

    python bi/superset/import.py                                     # the published file, a Superset on this machine
    python bi/superset/import.py --database /data/infant_mortality.duckdb --superset https://superset.example.org
    python bi/superset/import.py --database postgresql://reader:secret@server/infant_mortality
    python bi/superset/import.py --zip dashboard.zip                 # only the file, for Superset's own import

It needs a user of Superset who may import (role Admin); the password is asked for, or read from SUPERSET_PASSWORD.
Datasets, charts and dashboard are replaced by those of bi/superset/; what was changed in Superset is lost.
"""

import argparse
import getpass
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import requests
import yaml

FOLDER = Path(__file__).resolve().parent
CONTENTS = ("databases", "datasets", "charts", "dashboards")
READ_ONLY = {"connect_args": {"read_only": True}}
TIMEOUT = 120


def database_uri(database: str) -> str:
    """SQLAlchemy's address of a database: one given as such, or that of a DuckDB file in a place that Superset sees."""
    return database if "://" in database else f"duckdb:///{Path(database).resolve()}"


def bundle(uri: str, kind: str) -> bytes:
    """A zip of bi/superset/ in Superset's import format.

    Args:
        uri: SQLAlchemy's address of the database that the datasets read.
        kind: what Superset is told that it is: `Dashboard` for its import page and `superset import-dashboards`, which
            replace the dashboard alone; `assets` for its interface that replaces datasets and charts too.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        metadata = yaml.safe_load((FOLDER / "metadata.yaml").read_text(encoding="utf-8"))
        archive.writestr("infant_mortality/metadata.yaml", yaml.safe_dump({**metadata, "type": kind}))
        for path in sorted(path for folder in CONTENTS for path in (FOLDER / folder).rglob("*.yaml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            if path.parent.name == "databases":
                content["sqlalchemy_uri"] = uri
                # Only a DuckDB file is opened read-only; another server says by its own rights what a reader may do.
                content["extra"]["engine_params"] = READ_ONLY if uri.startswith("duckdb:") else {}
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
            archive.writestr(f"infant_mortality/{path.relative_to(FOLDER)}", text)
    return packed.getvalue()


def import_into(superset: str, user: str, password: str, packed: bytes) -> None:
    """Hand the zip to a running Superset.

    Raises:
        SystemExit: Superset cannot be reached, or refuses; says why in one sentence.
    """
    api = requests.Session()
    api.headers["Referer"] = superset

    def call(method: str, path: str, **what: object) -> dict:
        try:
            answer = api.request(method, f"{superset}/api/v1/{path}", timeout=TIMEOUT, **what)
        except requests.RequestException as problem:
            raise SystemExit(f"No Superset answers at {superset}: {problem}") from problem
        if not answer.ok:
            raise SystemExit(f"Superset refuses {path}: {answer.status_code} {answer.text}")
        return answer.json()

    credentials = {"username": user, "password": password, "provider": "db", "refresh": False}
    api.headers["Authorization"] = f"Bearer {call('POST', 'security/login', json=credentials)['access_token']}"
    api.headers["X-CSRFToken"] = call("GET", "security/csrf_token/")["result"]
    call(
        "POST",
        "assets/import/",
        files={"bundle": ("infant_mortality.zip", packed, "application/zip")},
        data={"passwords": json.dumps({})},
    )


def main() -> int:
    """Import, or write the zip; 0 when it is done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--database",
        default="infant_mortality.duckdb",
        help="DuckDB file, or SQLAlchemy address of another database, as Superset sees it (default: %(default)s)",
    )
    parser.add_argument("--superset", default="http://127.0.0.1:8088", help="address (default: %(default)s)")
    parser.add_argument("--user", default="admin", help="user of Superset (default: %(default)s)")
    parser.add_argument("--zip", type=Path, metavar="FILE", help="write the zip to import by hand, and stop")
    arguments = parser.parse_args()
    uri = database_uri(arguments.database)
    if arguments.zip:
        arguments.zip.write_bytes(bundle(uri, "Dashboard"))
        print(f"Wrote {arguments.zip}")
        return 0
    password = os.environ.get("SUPERSET_PASSWORD") or getpass.getpass(f"Password of {arguments.user} in Superset: ")
    superset = arguments.superset.rstrip("/")
    import_into(superset, arguments.user, password, bundle(uri, "assets"))
    print(f"Imported: {superset}/superset/dashboard/infant-mortality/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
