"""How figures are written out: rounding half up for display, thousands separators, plain words for the marts' codes.

Nothing here computes a rate, a rank, an interval or a verdict; it only turns a mart's value into text.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

EN_DASH = "\u2013"
MINUS = "\u2212"

CLAIM_VERDICTS = {
    "reproduced": ("\u2713", "Reproduced"),
    "consistent": ("\u2248", "Consistent"),
    "contradicted": ("\u2715", "Contradicted"),
    "not_checkable": ("?", "Not checkable"),
}
# What a code of a mart's column is called on a page; the mark beside a word is its second, colourless sign.
WORDS = {
    "basis": {"registration": "year of registration", "occurrence": "year of death"},
    "status": {
        "suppressed": "withheld by the publisher",
        "missing": "not published",
        "no_births": "no births",
        "invalid": "not a possible figure",
    },
    "verdict": {
        "lower": "\u25bc very likely lower",
        "similar": "\u25cf not clearly different",
        "higher": "\u25b2 very likely higher",
    },
    "control_position": {
        "within": "\u25cf within",
        "high": "\u25b2 above",
        "low": "\u25bc below",
    },
    "funnel_position": {
        "within": "\u25cf within limits",
        "high_95": "\u25b3 above 95 % limit",
        "high_99_8": "\u25b2 above 99.8 % limit",
        "low_95": "\u25bd below 95 % limit",
        "low_99_8": "\u25bc below 99.8 % limit",
    },
}
# Kinds of areas whose name is not their code with spaces.
AREA_LEVELS = {
    "united_kingdom": "United Kingdom",
    "england_and_wales": "England and Wales",
    "outside_england_and_wales": "Outside England and Wales",
    "inner_outer_london": "Part of London",
    "non_metropolitan_district": "Non-metropolitan district",
    "northern_ireland_district": "Northern Ireland district",
}
# The City is counted among the boroughs of London and is none.
OF_ITS_OWN_KIND = {"E09000001": "City corporation"}


def _decimal(value):
    """The exact decimal that a number's shortest text stands for; None for None and for what is no finite number."""
    if value is None:
        return None
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number(value, decimals=0, absent=EN_DASH):
    """A number as text: rounded half up to `decimals` places, commas between thousands, a true minus sign."""
    exact = _decimal(value)
    if exact is None:
        return absent
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    return MINUS + text if rounded < 0 else text


def interval(lower, upper, decimals=1, absent=EN_DASH):
    """Two limits as `3.1 to 5.2`; the dash where either is absent."""
    if _decimal(lower) is None or _decimal(upper) is None:
        return absent
    return f"{number(lower, decimals)} to {number(upper, decimals)}"


def ordinal(value):
    """A whole number as a place in a list: 1st, 2nd, 3rd, 11th, 22nd."""
    if value is None:
        return EN_DASH
    if 10 <= value % 100 <= 20:
        return f"{value:,}th"
    return f"{value:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th') }"


def from_highest(rank):
    """A rank as it is told: `highest`, `2nd highest`."""
    return "highest" if rank == 1 else f"{ordinal(rank)} highest"


def probability(value, absent=EN_DASH):
    """A probability as text: three decimal places, and `under 0.001` or `over 0.999` rather than a rounded 0 or 1."""
    exact = _decimal(value)
    if exact is None:
        return absent
    if exact < Decimal("0.001"):
        return "under 0.001"
    if exact > Decimal("0.999"):
        return "over 0.999"
    return number(value, 3)


# A chance as one character of a page's data: its place here is the percentage shown, 0 for under 1 %, 100 for over
# 99 %. Ten more are 5.1 to 5.5 % and 94.5 to 94.9 %, which would be rounded to limits that they do not reach, and the
# last is not known. None of them has a meaning in JSON or HTML.
CHANCES = "".join(chr(code) for code in [*range(0x20, 0x7F), *range(0xC0, 0xD6)] if chr(code) not in '"\\<>&')
NEARLY_5, NEARLY_95, UNKNOWN = 101, 106, 111


def chance(probability):
    """A probability as its character of CHANCES; None is the last one."""
    if probability is None:
        return CHANCES[UNKNOWN]
    if not 0.01 <= probability <= 0.99:
        return CHANCES[0 if probability < 0.5 else 100]
    exact = _decimal(probability)
    percentage, tenths = (int((exact * parts).quantize(Decimal(1), rounding=ROUND_HALF_UP)) for parts in (100, 1000))
    if 0.945 <= probability < 0.95:
        percentage = NEARLY_95 + min(tenths, 949) - 945
    if 0.05 < probability < 0.055:
        percentage = NEARLY_5 + max(tenths, 51) - 51
    return CHANCES[percentage]


def period(value):
    """A period as printed: `2014`, or the years of a window joined by an en dash."""
    return (value or "").replace("-", EN_DASH)


def compact(value, places=4):
    """A number cut for a page's data: `places` decimals, whole numbers without a point; None stays None.

    Cutting must not change what is shown later with fewer decimals, rounded half up: 5.44996 cut to 5.450 would be
    shown as 5.5. Where cutting up lands on such a half, the last place is taken one lower.
    """
    if value is None:
        return None
    value = float(value)
    units = round(abs(value) * 10**places)
    if places and units > abs(value) * 10**places and str(units).rstrip("0").endswith("5"):
        units -= 1
    if units % 10**places == 0:
        whole = units // 10**places
        return whole if value >= 0 else -whole
    return units / 10**places if value >= 0 else -units / 10**places


def slug(code):
    """An area code as a file name: letters, digits and hyphens only (`E09000012+E09000001` gives a hyphen)."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", code).strip("-") or "area"


def slugs(codes):
    """A distinct file name for every code, in a dict; codes that would share one get a number."""
    taken, names = set(), {}
    for code in codes:
        name, base, again = slug(code), slug(code), 2
        while name.lower() in taken:
            name, again = f"{base}-{again}", again + 1
        taken.add(name.lower())
        names[code] = name
    return names


def kind(area):
    """What kind of area an area is, in words: that of its level, but where it alone is of another kind."""
    level = area["area_level"]
    return OF_ITS_OWN_KIND.get(area["area_code"]) or AREA_LEVELS.get(level, level.replace("_", " ").capitalize())


def possessive(name):
    """A name as an owner: `Leeds\u2019`, `England\u2019s`."""
    return f"{name}\u2019" if name.endswith("s") else f"{name}\u2019s"


PROPER = ("England", "London", "Northern Ireland", "Scottish", "United Kingdom", "Welsh")


def in_sentence(name):
    """A name as it stands within a sentence: its first letter small, unless it begins with a country or city."""
    return name if name.startswith(PROPER) else name[:1].lower() + name[1:]
