"""Bring the names that ONS prints to one form, so that a name can be looked up."""

import re

# Characters that stand for another one in the workbooks: U+201A (low comma) for a comma, U+00AD (soft hyphen) for a
# hyphen, no-break spaces, and typographic apostrophes and dashes.
_CHARACTERS = str.maketrans(
    {
        "\u201a": ",",
        "\u00ad": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2019": "'",
        "\u2018": "'",
        "\u00a0": " ",
        "\u202f": " ",
    }
)

# Footnote digits ("County Durham UA 5", "SCOTLAND 1,4"), the provisional mark ("AntrimP", "UNITED KINGDOMP") and the
# words for the kind of area ("Darlington UA") follow the name; they may follow each other, so each is tried until
# none is left. "(Met County)" is kept: it alone tells the West Midlands county from the West Midlands region.
_SUFFIXES = (
    re.compile(r"[\s,\d]*\d[\s,]*$"),
    re.compile(r"\s+UA$"),
    re.compile(r"(?<=[a-z])P$"),
    # Of names in capitals only those of countries carry the mark: MENDIP is a name.
    re.compile(r"(?:(?<=KINGDOM)|(?<=ENGLAND)|(?<=WALES)|(?<=SCOTLAND)|(?<=IRELAND))P$"),
)


def tidy_text(value: object) -> str:
    """Return a cell's text with stand-in characters replaced and white space collapsed."""
    return " ".join(str(value).translate(_CHARACTERS).split())


def printed_text(value: object) -> str:
    """Return a cell's text as printed, with padding and line breaks collapsed to single spaces."""
    return " ".join(str(value).split())


def clean_name(value: object) -> str:
    """Return an area's name without padding, footnote digits, provisional mark and ``UA``, in its printed case."""
    name = tidy_text(value)
    while True:
        shorter = name
        for suffix in _SUFFIXES:
            shorter = suffix.sub("", shorter).strip()
        if shorter == name:
            return name
        name = shorter


def name_key(value: object) -> str:
    """Return the form under which a name is looked up: cleaned, lower case, ``&`` written as ``and``.

    The function is idempotent: the key of a key is the key itself.
    """
    return " ".join(clean_name(value).replace("&", " and ").casefold().split())


def header_key(value: object) -> str:
    """Return a header's text for comparison: tidy, lower case, no note references, no footnote digits.

    ``Rates2,3`` and ``Stillbirths2`` become ``rates`` and ``stillbirths``; ``1 week`` keeps its number because only
    digits that follow a letter or a closing bracket are footnotes.
    """
    text = tidy_text(value).casefold()
    text = re.sub(r"\[note \d+\]", "", text)
    text = re.sub(r"(?<=[a-z)])\d+(,\d+)*(?=\s|$)", "", text)
    return " ".join(text.split())
