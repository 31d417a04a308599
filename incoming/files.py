"""What the code that opens files of users shares: what hinders a file, and text that is safe to pass on.

The models in Python `stg_incoming__fields` and `int_record_files_opened` call `layouts` and `records` of this package,
which dbt-duckdb lets them by `module_paths` in profiles.yml. On other databases neither is run.
"""

import os
import stat

FOLDER_OF_RECORDS = "births"
# What lies in a folder by design and is no file to read.
NOT_FOR_HERE = ("README.md", ".gitignore", ".gitkeep")
# The time to read a line grows with the square of its fields; a workbook has no more.
MOST_COLUMNS = 16_384


class Refused(Exception):
    """Why a file is not read, in one sentence."""


def refuse_wide(width: int, line: int | None = None) -> int:
    """The number of columns; more than are read refuse the file."""
    if width > MOST_COLUMNS:
        where = f"line {line} has" if line else "it has"
        raise Refused(f"{where} {width:,} fields, and a table of at most {MOST_COLUMNS:,} columns was expected")
    return width


def hindrance(path, endings, among=""):
    """Why a thing in a folder of supplied files cannot be read as a file with one of the endings; None where it can."""
    try:
        about = path.stat()
    except OSError as error:
        return f"a link that leads nowhere ({error.strerror})" if path.is_symlink() else f"not read: {error.strerror}"
    if stat.S_ISDIR(about.st_mode):
        return "a folder; files are looked for in the folder of supplied files itself"
    if not stat.S_ISREG(about.st_mode):
        return "not a file (a pipe, a socket or a device)"
    if path.name.startswith(("~$", ".~lock.")):
        return "passed over: the lock that a spreadsheet keeps while it has a file open"
    if not path.name.lower().endswith(endings):
        return f"this ending is not read{among}; {', '.join(endings)} are"
    if about.st_size == 0:
        return "the file is empty"
    if not os.access(path, os.R_OK):
        return "not read: Permission denied"
    return None


def printable(text):
    """Text fit for a screen: what steers a terminal or cannot be seen is spelled out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "replace").decode() for letter in str(text)
    )


def quoted(text):
    """Text as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name):
    """Name of a column in SQL."""
    return '"' + name.replace('"', '""') + '"'
