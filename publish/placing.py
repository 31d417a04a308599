"""Putting a finished database and its exports in place of the old ones, whole or not at all.

Everything here works on files: nothing opens a database. A reader that holds the old file open keeps the old file
(POSIX keeps an unlinked file alive until its last reader closes it), and a reader that opens the name gets either the
old file or the new one, both whole.
"""

import contextlib
import ctypes
import errno
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from publish.errors import PublishingError

try:
    import fcntl
except ImportError:  # Windows has no flock; two publishers at once are then kept apart by their own folders only.
    fcntl = None

EXPORTS_FOLDER = "exports"
MANIFEST_FILE = "manifest.json"
PROJECT_NAME = "infant_mortality"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_DUCKDB_MAGIC = b"DUCK"
_DUCKDB_MAGIC_OFFSET = 8
_SECONDS_TO_WAIT_FOR_FOLDER = 30.0


def flush_to_disk(path: Path) -> None:
    """Flush a file, or a folder's list of names, to the disk.

    Args:
        path: a file or a folder that exists.

    Raises:
        OSError: the disk refused. Folders that cannot be flushed at all (Windows) are passed over.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _try_to_lock(handle: int) -> bool:
    """Lock an open file or folder for this process; True where it is locked or where locks do not exist."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network file systems have no locks on folders: go on without rather than refuse to publish there.
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    return True


@contextlib.contextmanager
def folder_held(folder: Path, seconds: float = _SECONDS_TO_WAIT_FOR_FOLDER) -> Iterator[None]:
    """Hold a folder against other publishers while names in it change (a few milliseconds each time).

    Args:
        folder: the folder that holds the published database.
        seconds: how long to wait for another publisher.

    Raises:
        PublishingError: another publisher held the folder all that time.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        give_up_at = time.monotonic() + seconds
        while not _try_to_lock(handle):
            if time.monotonic() > give_up_at:
                raise PublishingError(
                    f"another build has been publishing into {folder} for more than {seconds:.0f} seconds; "
                    "run this build again when it has ended."
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def workspace_beside(target: Path) -> Iterator[Path]:
    """Make a folder of one's own beside the target, on its file system, and remove it at the end.

    Folders left behind by a publisher that was killed are removed first: the system frees a dead process's lock.

    Args:
        target: the published database's place.

    Yields:
        The new, empty folder.

    Raises:
        PublishingError: the folder cannot be written.
    """
    prefix = f".{target.name}.publishing."
    folder = target.parent
    workspace = folder / f"{prefix}{os.getpid()}"
    handle = None
    try:
        with folder_held(folder):
            for left_behind in folder.glob(f"{prefix}*"):
                _remove_if_nobody_uses(left_behind)
            workspace.mkdir()
            if fcntl is not None:
                handle = os.open(workspace, os.O_RDONLY)
                _try_to_lock(handle)
    except OSError as error:
        raise PublishingError(f"the folder {folder} cannot be written to ({_in_words(error)}).") from error
    try:
        yield workspace
    finally:
        shutil.rmtree(workspace, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _remove_if_nobody_uses(folder: Path) -> None:
    """Remove a publisher's folder unless its publisher is alive."""
    if fcntl is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if _try_to_lock(handle):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def check_the_place(target: Path, build_file: Path) -> None:
    """Refuse, before any work, a place where publishing would overwrite something that is not ours.

    Args:
        target: where the database is to be published (absolute).
        build_file: the database that dbt builds into (absolute).

    Raises:
        PublishingError: the place is the build's own file, a folder, in a folder that does not exist, a file that is
            not a DuckDB database, or beside an `exports` folder that this project did not write.
    """
    if target == build_file:
        raise PublishingError(
            f"INFANT_MORTALITY_DB names {target}, the file that the build works in; name another place."
        )
    if not target.parent.is_dir():
        raise PublishingError(f"the folder {target.parent} does not exist; make it, or set INFANT_MORTALITY_DB.")
    if target.is_dir():
        raise PublishingError(f"INFANT_MORTALITY_DB names {target}, which is a folder; name a file.")
    if target.exists():
        with target.open("rb") as opened:
            start = opened.read(_DUCKDB_MAGIC_OFFSET + len(_DUCKDB_MAGIC))
        if start and start[_DUCKDB_MAGIC_OFFSET:] != _DUCKDB_MAGIC:
            raise PublishingError(
                f"{target} exists and is not a DuckDB database; move it away, or set INFANT_MORTALITY_DB."
            )
    exports = target.parent / EXPORTS_FOLDER
    if exports.exists() and not _is_ours(exports):
        raise PublishingError(
            f"{exports} exists and was not written by this project, so it is not replaced; "
            "move it away, or set INFANT_MORTALITY_DB to another folder."
        )


def _is_ours(exports: Path) -> bool:
    """Tell whether a folder is empty or holds this project's manifest."""
    if not exports.is_dir():
        return False
    if not any(exports.iterdir()):
        return True
    try:
        manifest = json.loads((exports / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("project") == PROJECT_NAME


def exchange(first: Path, second: Path) -> None:
    """Exchange two folders, in one step where the system can.

    Linux swaps the two names atomically (renameat2 with RENAME_EXCHANGE). Elsewhere the first is moved aside and the
    second takes its place: two renames, between which the first name does not exist for a moment.

    Args:
        first: a folder that exists.
        second: a folder that exists, on the same file system.

    Raises:
        OSError: neither way worked; both folders are then where they were.
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        rename = None
    if rename is not None:
        if rename(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(code, os.strerror(code), str(first))
    aside = second.with_name(second.name + ".aside")
    first.rename(aside)
    try:
        second.rename(first)
    except OSError:
        aside.rename(first)
        raise
    aside.rename(second)


def put_in_place(workspace: Path, target: Path) -> None:
    """Replace the published database and the exports by those that stand finished in the workspace.

    The exports are exchanged first and the database is replaced last; a step that fails takes the earlier ones back.
    A write-ahead log beside the old database belongs to the old database: it leaves before the new file comes, since
    DuckDB would otherwise play it into the new one.

    Args:
        workspace: the folder with `<target's name>` and `exports/`, both complete and flushed.
        target: the published database's place.

    Raises:
        PublishingError: the system refused; the published files are as they were.
    """
    new_exports = workspace / EXPORTS_FOLDER
    exports = target.parent / EXPORTS_FOLDER
    write_ahead_log = target.with_name(target.name + ".wal")
    log_aside = workspace / "stale.wal"
    with folder_held(target.parent):
        undo = contextlib.ExitStack()
        try:
            if exports.exists():
                exchange(exports, new_exports)
                undo.callback(exchange, exports, new_exports)
            else:
                new_exports.rename(exports)
                undo.callback(exports.rename, new_exports)
            if write_ahead_log.exists():
                write_ahead_log.replace(log_aside)
                undo.callback(log_aside.replace, write_ahead_log)
            (workspace / target.name).replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                undo.close()
            raise PublishingError(f"{target} could not be replaced ({_in_words(error)}).") from error
        undo.pop_all()
        flush_to_disk(target.parent)


def _in_words(error: OSError) -> str:
    """The system's own words for an error, without its number and path."""
    return (error.strerror or str(error)).lower()
