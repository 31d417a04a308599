"""The one error type of the package."""


class IngestError(Exception):
    """Input that cannot be used.

    The message is one sentence for a person: the file, the sheet and the cell where there is one, what was expected
    there and what was found.
    """


def at(file: str, sheet: str | None = None, cell: str | None = None) -> str:
    """Name a place in the input, for the beginning of an error sentence.

    Parameters are the file's name, the sheet's name and a cell reference such as ``F23``; the last two may be None.
    """
    place = file
    if sheet is not None:
        place += f", sheet '{sheet}'"
    if cell is not None:
        place += f", cell {cell}"
    return place
