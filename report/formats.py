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
STATUSES = {
    "ok": "published",
    "suppressed": "withheld by the publisher",
    "missing": "not published",
    "no_births": "no births",
    "invalid": "not a possible figure",
}
BASES = {
    "registration": "year of registration",
    "occurrence": "year of death",
}
RANKING_LEVELS = {
    "upper_tier": "Upper-tier local authorities",
    "lower_tier": "Lower-tier local authorities",
    "region": "Regions",
}
AREA_LEVELS = {
    "united_kingdom": "United Kingdom",
    "england_and_wales": "England and Wales",
    "country": "Country",
    "region": "Region",
    "county": "County",
    "metropolitan_county": "Metropolitan county",
    "inner_outer_london": "Part of London",
    "unitary_authority": "Unitary authority",
    "metropolitan_district": "Metropolitan district",
    "london_borough": "London borough",
    "non_metropolitan_district": "Non-metropolitan district",
    "welsh_unitary_authority": "Welsh unitary authority",
    "welsh_health_board": "Welsh health board",
    "scottish_council_area": "Scottish council area",
    "northern_ireland_district": "Northern Ireland district",
    "former_district": "Former district",
    "deprivation_decile": "Deprivation decile",
    "outside_england_and_wales": "Outside England and Wales",
    "clinical_commissioning_group": "Clinical commissioning group",
}


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


def probability(value, absent=EN_DASH):
    """A probability as text: three decimal places, and `under 0.001` rather than a rounded zero."""
    exact = _decimal(value)
    if exact is None:
        return absent
    if exact < Decimal("0.001"):
        return "under 0.001"
    return number(value, 3)


def percent(value, decimals=0, absent=EN_DASH):
    """A share between 0 and 1 as a percentage; `under 1 %` rather than a rounded zero."""
    exact = _decimal(value)
    if exact is None:
        return absent
    if 0 < exact < Decimal("0.01") and decimals == 0:
        return "under 1 %"
    return f"{number(exact * 100, decimals)} %"


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
    if units > abs(value) * 10**places and str(units).rstrip("0").endswith("5"):
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


def measure_noun(measure_name):
    """A measure's name in the middle of a sentence: its first letter small."""
    return measure_name[:1].lower() + measure_name[1:]
