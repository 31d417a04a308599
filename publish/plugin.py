"""dbt-duckdb plugin: says plainly who holds the build's database, and publishes when the on-run-end hook asks.

dbt-duckdb loads it by name from profiles.yml. The hook (macros/publish/publish_when_whole.sql) decides whether to
publish; it calls `adapter.store_relation`, which ends in `Plugin.store`.
"""

import os
import re
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import TargetConfig
from dbt_common.exceptions import DbtRuntimeError

from publish.errors import PublishingError
from publish.publisher import Request, publish

PLACE_VARIABLE = "INFANT_MORTALITY_DB"
DEFAULT_PLACE = "infant_mortality.duckdb"


def published_place() -> Path:
    """Where the published database stands: INFANT_MORTALITY_DB, or infant_mortality.duckdb in the project's root.

    Returns:
        An absolute path, links resolved, so that a link keeps pointing at the newest file.
    """
    named = os.environ.get(PLACE_VARIABLE, "").strip() or DEFAULT_PLACE
    return Path(named).expanduser().resolve()


class Plugin(BasePlugin):
    """Opens the build's database with clear errors, and publishes from the connection that dbt holds."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Start without a connection; dbt-duckdb hands one to `configure_connection`."""
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._first_open: duckdb.DuckDBPyConnection | None = None

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Open the build's database just before dbt-duckdb does, so that a refusal is one clear sentence.

        Raises:
            DbtRuntimeError: another process holds the file, or its folder cannot be written.
        """
        path = Path(creds.path)
        if creds.path.startswith((":memory:", "md:")):
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._first_open = duckdb.connect(creds.path, read_only=False, config=config)
        except duckdb.IOException as error:
            holder = re.search(r"PID (\d+)", str(error))
            if "lock" not in str(error).lower():
                raise DbtRuntimeError(f"{path} cannot be opened: {str(error).splitlines()[0]}") from error
            raise DbtRuntimeError(
                f"Another process{f' ({holder.group(1)})' if holder else ''} is using {path}: a second build, or a "
                "program that has the file open. Wait until it has ended, then run this again. "
                f"Readers belong on the published {DEFAULT_PLACE}, not on this file. Nothing was changed."
            ) from error
        except OSError as error:
            raise DbtRuntimeError(f"the folder {path.parent} cannot be made ({error.strerror}).") from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep dbt's connection for publishing; the first one has done its work."""
        self._connection = conn
        if self._first_open is not None:
            self._first_open.close()
            self._first_open = None

    def store(self, target_config: TargetConfig) -> None:
        """Publish what the hook asks for.

        Args:
            target_config: its `config` is the hook's dictionary: the fields of `Request`, and `printed`, the relations
                of which the column `sentence` is told, in the order of `line`. This adds `has_failed` (boolean) and
                `outcome`: why nothing was published, or a sentence on what was, and those sentences, one a line. An
                error is handed back rather than raised: an error raised here dbt reports as a keyboard interrupt.
        """
        asked = target_config.config
        try:
            published = publish(
                self._connection,
                Path(self.creds.path).resolve(),
                published_place(),
                Request(
                    build_id=asked["build_id"],
                    built_at=asked["built_at"],
                    dbt_version=asked["dbt_version"],
                    schema=asked["schema"],
                    tables={name: list(key) for name, key in asked["tables"].items()},
                    extra_exports=dict(asked["extra_exports"]),
                    table_macros=list(asked["table_macros"]),
                ),
            )
        except PublishingError as error:
            asked.update(has_failed=True, outcome=f"Not published: {error}")
            return
        told = [
            f"Published {_shown(published.database)} and {_shown(published.exports)}/: "
            f"{len(published.rows)} tables, {sum(published.rows.values()):,} rows."
        ]
        for relation in asked["printed"]:
            rows = self._connection.execute(f"select sentence from {relation} order by line").fetchall()
            told += [sentence for (sentence,) in rows]
        asked.update(has_failed=False, outcome="\n".join(told))


def _shown(path: Path) -> str:
    """A path as people type it: relative where it lies in the current folder."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
