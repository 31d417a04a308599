"""Open workbooks and read single cells, with errors that say where."""

import re
from pathlib import Path

from python_calamine import CalamineWorkbook

from ingest.errors import IngestError, at
from ingest.names import tidy_text

_COUNT_TEXT = re.compile(r"^-?\d{1,3}(,?\d{3})*(\.0+)?$")
_RATE_TEXT = re.compile(r"^\d+(\.\d+)?$")

BLANK_MARK = "(blank)"
# A header may stand below a title and notes, not below a table.
ROWS_OF_HEADER = 60


def column_number(letter: str) -> int:
    """Return the 0-based number of a column letter: ``A`` is 0, ``AA`` is 26."""
    number = 0
    for character in letter:
        number = number * 26 + ord(character) - ord("A") + 1
    return number - 1


def column_letter(number: int) -> str:
    """Return the letter of a 0-based column number: 0 is ``A``, 26 is ``AA``."""
    letter = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letter = chr(ord("A") + rest) + letter
    return letter


class Sheet:
    """One worksheet as a grid of values, addressed as in a spreadsheet (``F23``).

    ``rows`` is a list of lists of the values that calamine gives: float, int, str, bool, dates, or '' when empty.
    """

    def __init__(self, file: str, name: str, rows: list[list[object]]):
        """Keep the cells of sheet ``name`` of ``file``, row by row."""
        self.file = file
        self.name = name
        self.rows = rows

    def value(self, letter: str, row: int) -> object:
        """Return the value of a cell; ``row`` is 1-based. A cell beyond the sheet's edge is empty ('')."""
        if not 1 <= row <= len(self.rows):
            return ""
        cells = self.rows[row - 1]
        number = column_number(letter)
        return cells[number] if number < len(cells) else ""

    def text(self, letter: str, row: int) -> str:
        """Return a cell's text, tidied; an integral float loses its ``.0``."""
        value = self.value(letter, row)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return tidy_text(value)

    def at(self, letter: str, row: int) -> str:
        """Name a cell of this sheet for an error sentence."""
        return at(self.file, self.name, f"{letter}{row}")

    def count(self, letter: str, row: int, what: str, marks: frozenset[str]) -> tuple[str, str]:
        """Read a count: ``(integer text, '')`` or ``('', mark)``.

        ``what`` names the figure in error sentences; ``marks`` are the marks that the layout allows in place of it.
        Raises IngestError for an empty cell, text that is no mark, a fraction or a negative number.
        """
        value = self.value(letter, row)
        text = self.text(letter, row)
        expected = f"expected {what} (a whole number, not negative)"
        if text == "":
            if BLANK_MARK in marks:
                return "", BLANK_MARK
            raise IngestError(f"{self.at(letter, row)}: {expected}, found an empty cell.")
        if text in marks:
            return "", text
        if isinstance(value, bool) or (isinstance(value, str) and not _COUNT_TEXT.match(text)):
            raise IngestError(f"{self.at(letter, row)}: {expected}, found the text '{text}'.")
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            raise IngestError(f"{self.at(letter, row)}: {expected}, found '{text}'.") from None
        if number < 0 or not number.is_integer():
            raise IngestError(f"{self.at(letter, row)}: {expected}, found {text}.")
        return str(int(number)), ""

    def rate(self, letter: str, row: int, what: str, marks: frozenset[str]) -> tuple[str, str]:
        """Read a printed rate: ``(text with its decimals, '')`` or ``('', mark)``.

        A number that equals its own rounding to one decimal place is written with one decimal (5 is printed ``5.0``);
        any other keeps every digit that the workbook holds. Raises IngestError as :meth:`count` does.
        """
        value = self.value(letter, row)
        text = self.text(letter, row)
        expected = f"expected {what} (a number, not negative)"
        if text == "":
            if BLANK_MARK in marks:
                return "", BLANK_MARK
            raise IngestError(f"{self.at(letter, row)}: {expected}, found an empty cell.")
        if text in marks:
            return "", text
        if isinstance(value, str):
            if not _RATE_TEXT.match(text):
                raise IngestError(f"{self.at(letter, row)}: {expected}, found the text '{text}'.")
            return text, ""
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise IngestError(f"{self.at(letter, row)}: {expected}, found '{text}'.")
        one_decimal = f"{value:.1f}"
        return (one_decimal if float(one_decimal) == value else repr(float(value))), ""


class Workbook:
    """An opened .xls or .xlsx file."""

    def __init__(self, folder: Path, file: str):
        """Open ``file`` in ``folder``; raises IngestError when it is missing or no workbook."""
        self.file = file
        path = folder / file
        if not path.is_file():
            raise IngestError(f"{file}: expected this workbook in {folder}, found no such file.")
        try:
            self._book = CalamineWorkbook.from_path(str(path))
        except Exception as error:  # calamine raises several unrelated types for a damaged file
            raise IngestError(f"{file}: expected an Excel workbook, but it cannot be read ({error}).") from error

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by its exact name; raises IngestError when there is none."""
        if name not in self._book.sheet_names:
            names = ", ".join(f"'{other}'" for other in self._book.sheet_names)
            raise IngestError(f"{at(self.file)}: expected a sheet named '{name}', found only {names}.")
        return Sheet(self.file, name, self._book.get_sheet_by_name(name).to_python(skip_empty_area=False))
