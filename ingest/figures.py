"""One figure of one table, as it goes into a seed."""

from dataclasses import dataclass

SEED_COLUMNS = (
    "publication",
    "data_year",
    "source_table",
    "area_code",
    "area_name_printed",
    "item",
    "count_value",
    "count_mark",
    "printed_rate",
    "printed_rate_mark",
    "reliability_mark",
)
# Indicators print the limits of their rates too.
INDICATOR_COLUMNS = (*SEED_COLUMNS, "printed_lower_95", "printed_upper_95")


@dataclass
class Figure:
    """A count and, where the table prints one, the rate that belongs to it.

    ``count_value`` is integer text, ``printed_rate`` the rate per 1,000 as printed; each is '' with the mark beside it
    where the publication printed a mark instead. ``printed_lower_95`` and ``printed_upper_95`` are the 95 % limits of
    that rate as printed, '' where there are none. A row may hold a rate alone, with its counts in other rows.
    ``count_at`` and ``rate_at`` name the cells of count and rate for error sentences and are not written.
    """

    publication: str
    data_year: int
    source_table: str
    area_code: str
    area_name_printed: str
    item: str
    count_value: str = ""
    count_mark: str = ""
    printed_rate: str = ""
    printed_rate_mark: str = ""
    reliability_mark: str = ""
    printed_lower_95: str = ""
    printed_upper_95: str = ""
    count_at: str = ""
    rate_at: str = ""

    @property
    def key(self) -> tuple[str, int, str, str, str]:
        """What makes a figure unique, and the order of the rows in a seed."""
        return (self.publication, self.data_year, self.source_table, self.area_code, self.item)
