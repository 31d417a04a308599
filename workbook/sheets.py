"""What each data sheet of the workbook holds: the export that it is made of, its columns, and their order.

Headings are those of bi/column_names.csv, which the dashboard uses too. What a column is, with its unit, comes from its
comment in the database, which the Parquet exports carry. None of it is written here.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

COLUMN_NAMES = Path(__file__).resolve().parents[1] / "bi" / "column_names.csv"
MARK = "mark"
MARK_NOTE = (
    "[u]: 3 to 19 deaths, low reliability. [x]: fewer than 3 deaths, no rate is shown. "
    "[c]: the publisher withheld a count. Empty: none of these."
)
# Columns shown otherwise than the mart has them: SQL that reads the mart's columns.
SHOWN_AS = {
    MARK: "case when rate_display in ('[x]', '[c]') then rate_display when reliability_flag = 'u' then '[u]' end",
    "rate_per_1000": "try_cast(rate_display as double)",
    "verdict": "case verdict when 'higher' then 'very likely higher' when 'lower' then 'very likely lower' "
    "when 'similar' then 'not clearly different' else replace(verdict, '_', ' ') end",
    "ranking_level": "(select ranking_level_name from read_parquet('{folder}/dim_ranking_level.parquet') as levels "
    "where levels.ranking_level = shown.ranking_level)",
    **{
        column: f"replace({column}, '_', ' ')"
        for column in (
            *("area_level", "recent_trend", "fingertips_comparison", "funnel_position", "funnel_position_adjusted"),
            *("status", "trend_reason", "reason"),
        )
    },
}
# Decimals shown, by the end of the column's name: a cell holds no more than it shows.
_DECIMALS = (
    (("p_value", "q_value"), 4),
    (("probability_above_benchmark", "probability_worst_tenth", "probability_higher"), 3),
    (("recomputed_value",), 4),
)
_DECIMALS_OF_OTHERS = 1


@dataclass(frozen=True)
class Sheet:
    """One sheet made of one export.

    Attributes:
        title: its name in the workbook.
        about: what a row is, in a sentence of the sheet "Read me".
        export: the name of the Parquet export, without its ending.
        columns: the columns shown, as they are named there; `mark` is ONS's mark.
        order: columns to order by, as SQL.
        rows: which rows are shown, as SQL; `{folder}` is the folder of the exports.
        key: SQL of the text by which the sheet "Your area" finds a row; in a hidden column at the end.
        frozen_columns: how many columns stay in sight.
    """

    title: str
    about: str
    export: str
    columns: tuple[str, ...]
    order: str
    rows: str = "true"
    key: str | None = None
    frozen_columns: int = 1

    @property
    def area(self) -> str | None:
        """SQL of the area that a row with a key is of."""
        return self.key and "area_code"


def headings() -> dict[str, str]:
    """What people read above a column, by its name in the database."""
    with COLUMN_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["column_name"]: row["heading"] for row in csv.DictReader(file)}


def decimals_of(column: str) -> int:
    """How many decimals a column of unrounded numbers is shown with."""
    return next((shown for endings, shown in _DECIMALS if column.endswith(endings)), _DECIMALS_OF_OTHERS)


_AREA = ("area_name", "area_code")
_FIGURES = ("numerator", "denominator", "rate_per_1000", MARK, "lower_95", "upper_95")
_RANK = ("rank_highest_first", "areas_ranked", "rank_lower_95", "rank_upper_95")
_BESIDE = ("benchmark_rate_per_1000", "verdict", "probability_above_benchmark")

# The same deaths as two other measures, per another number of births: beside them in the latest figures and by year.
TOLD_ONCE = "measure not like '%_per_1000_live_births'"

LATEST = Sheet(
    title="Latest figures",
    about="The latest figures of every area and measure: rate, interval, verdict, rank and a summary in words.",
    export="fct_area_summaries",
    columns=(
        *(*_AREA, "area_level", "region_name", "measure_name", "period", "basis", *_FIGURES, *_BESIDE),
        *(*_RANK, "probability_worst_tenth", "recent_trend", "pooled_period", "pooled_deaths"),
        *("pooled_expected_deaths", "summary", "reason"),
    ),
    order="area_name, area_code, display_order",
    key="area_code || '|' || measure_name",
)
NEIGHBOURS = Sheet(
    title="Neighbours",
    about="Each area beside the five nearest and the five most alike in deprivation and births, in its latest year.",
    export="fct_area_comparisons",
    columns=(
        *("area_name", "measure_name", "period", "kind", "rank", "compared_area_name", "compared_rate_per_1000"),
        *("compared_lower_95", "compared_upper_95", "probability_higher"),
    ),
    order="area_name, area_code, measure, kind desc, rank",
    rows=f"{TOLD_ONCE} and kind in ('nearest', 'alike') and rank <= 5 and (area_code, measure, ranking_level) in "
    "(select (area_code, measure, ranking_level) from read_parquet('{folder}/fct_area_summaries.parquet'))",
    key="area_code || '|' || measure_name || '|' || kind || '|' || rank",
)
RATES = Sheet(
    title="Rates over time",
    about="The rate of every area, measure and year, newest first. Deaths by year of registration and by year of "
    "occurrence are never one series.",
    export="fct_rates",
    columns=(*_AREA, "measure_name", "basis", "period", *_FIGURES),
    order="area_name, area_code, measure, basis, period desc",
    rows="status <> 'missing'",
    key="area_code || '|' || measure_name || '|' || basis || '|' || period",
)
TRENDS = Sheet(
    title="Trends",
    about="How the rate of each area changed: the last five years by Fingertips' rule, and the change a year over all.",
    export="fct_trends",
    columns=(
        *(*_AREA, "measure_name", "basis", "trend_first_year", "last_period", "recent_trend", "years_in_trend"),
        *("annual_percent_change", "annual_percent_change_lower_95", "annual_percent_change_upper_95"),
        *("trend_p_value", "trend_reason"),
    ),
    order="area_name, area_code, measure, basis",
    rows="trend_first_year is not null and (area_code, measure, basis, last_year) in (select (area_code, measure, "
    "basis, max(last_year)) from read_parquet('{folder}/fct_trends.parquet') where trend_first_year is not null "
    "group by area_code, measure, basis)",
    key="area_code || '|' || measure_name || '|' || basis",
)

SHEETS = (
    LATEST,
    NEIGHBOURS,
    RATES,
    TRENDS,
    Sheet(
        title="Three-year rates",
        about="Three years taken together, newest first. Periods that share years are not independent of each other.",
        export="fct_rolling_rates",
        columns=(*_AREA, "measure_name", "basis", "period", *_FIGURES, "is_non_overlapping"),
        order="area_name, area_code, measure, basis, period desc",
        rows=f"{TOLD_ONCE} and years_in_period = 3 and is_complete and status <> 'missing'",
    ),
    Sheet(
        title="Rankings",
        about="Rankings, and how uncertain they are. Of each level and measure the newest complete year and three "
        "years, infant mortality first. Older rankings are in exports/fct_rankings.parquet.",
        export="fct_rankings",
        columns=(
            *(*_AREA, "ranking_level", "measure_name", "basis", "period", "years_in_period", *_FIGURES, *_RANK),
            *(*_BESIDE, "probability_worst_tenth"),
            *("stabilised_rate_per_1000", "exact_p_value", "fdr_q_value"),
            *("fingertips_comparison", "funnel_position_adjusted"),
        ),
        order="areas_ranked < areas_in_level, measure <> 'infant', measure, ranking_level <> 'upper_tier', "
        "ranking_level, period_end_year desc, years_in_period, basis, rank_highest_first, area_code",
        rows=f"{TOLD_ONCE} and areas_ranked is not null and (ranking_level, measure, basis, period) in "
        "(select (ranking_level, measure, basis, arg_max(period, (areas_ranked = areas_in_level, period_end_year))) "
        "from read_parquet('{folder}/fct_rankings.parquet') where areas_ranked is not null "
        "group by ranking_level, measure, basis, years_in_period)",
    ),
    Sheet(
        title="The article",
        about="Each printed statement that was checked: the printed figure, what the published counts give, and why.",
        export="fct_claim_checks",
        columns=(
            *("claim", "source", "published_value", "unit", "recomputed_value", "recomputed_what", "verdict"),
            *("certainty", "is_as_worded", "answer", "explanation", "claim_code"),
        ),
        order="claim_order, claim_code",
    ),
    Sheet(
        title="Coverage",
        about="For how many areas of each level there are figures, newest first.",
        export="fct_coverage",
        columns=(
            *("ranking_level_name", "measure_name", "basis", "period", "years_in_period", "areas_in_level"),
            *("areas_with_rate", "areas_withheld", "areas_ranked", "areas_compared"),
        ),
        order="ranking_level, measure, basis, period_end_year desc, years_in_period",
    ),
)
# What the sheet "Your area" reads.
READ_BY_YOUR_AREA = (LATEST, NEIGHBOURS, RATES, TRENDS)
