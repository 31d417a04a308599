"""What each sheet of the workbook holds: the export that it is made of, its columns, and their order.

A column has the name it has in its mart. What it is, with its unit, is told by its comment in the database, which the
Parquet exports carry: none of it is written here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One sheet made of one export.

    Attributes:
        title: its name in the workbook.
        about: what a row is, in a sentence of the first sheet.
        export: the name of the Parquet export, without its ending.
        columns: the columns shown, as they are named there.
        order: columns to order by, as SQL.
        rows: which rows are shown, as SQL.
        also_described_in: exports whose column of the same name describes one that has no comment of its own.
        frozen_columns: how many columns stay in sight.
    """

    title: str
    about: str
    export: str
    columns: tuple[str, ...]
    order: str
    rows: str = "true"
    also_described_in: tuple[str, ...] = ()
    frozen_columns: int = 2


_AREA = ("area_code", "area_name")
_KEY = (*_AREA, "measure", "basis", "period", "period_end_year")
_FIGURES = ("numerator", "denominator", "rate_per_1000", "lower_95", "upper_95")
_WIDER = ("lower_99_8", "upper_99_8", "reliability_flag", "status")
_PLACE = ("rank_highest_first", "areas_ranked", "rank_lower_95", "rank_upper_95", "probability_worst_tenth")

SHEETS = (
    Sheet(
        title="Latest figures",
        about="One row per area and measure: the latest figures with their interval, the rank and its range, the "
        "verdict beside the benchmark, and all of it in a few sentences.",
        export="fct_area_summaries",
        columns=(
            *("area_code", "area_name", "area_level", "region_name", "measure", "measure_name", "basis", "period"),
            *(*_FIGURES, "reliability_flag", "status", "ranking_level", *_PLACE),
            *("benchmark_rate_per_1000", "probability_above_benchmark", "verdict", "recent_trend"),
            *("pooled_period", "pooled_deaths", "pooled_expected_deaths", "summary", "reason"),
        ),
        order="area_name, area_code, display_order",
    ),
    Sheet(
        title="Rates over time",
        about="One row per area, measure, basis and year for which anything was published.",
        export="fct_rates",
        columns=(*_KEY, *_FIGURES, *_WIDER),
        order="area_name, area_code, measure, basis desc, period",
        rows="status <> 'missing'",
    ),
    Sheet(
        title="Three-year rates",
        about="One row per area, measure, basis and run of three years that is complete. Runs that share years are "
        "not independent of each other.",
        export="fct_rolling_rates",
        columns=(*_KEY, *_FIGURES, *_WIDER, "is_non_overlapping"),
        order="area_name, area_code, measure, basis desc, period",
        rows="years_in_period = 3 and is_complete",
    ),
    Sheet(
        title="Rankings",
        about="One row per area, level, measure, basis and period: rank with its range, verdict beside the benchmark "
        "and its probability, stabilised rate; at the end what strict readers ask for: exact test, Fingertips, funnel.",
        export="fct_rankings",
        columns=(
            *(*_AREA, "ranking_level", "measure", "basis", "period", "period_end_year", "years_in_period"),
            *(*_FIGURES, "reliability_flag", "status", *_PLACE),
            *("benchmark_rate_per_1000", "probability_above_benchmark", "verdict", "expected_rank"),
            *("stabilised_rate_per_1000", "stabilised_lower_95", "stabilised_upper_95"),
            *("exact_p_value", "fdr_q_value", "fingertips_comparison", "funnel_position", "funnel_position_adjusted"),
            "reason",
        ),
        order="ranking_level, measure, basis desc, years_in_period, period desc, rank_highest_first, area_code",
        rows="status <> 'missing'",
    ),
    Sheet(
        title="The article",
        about="One row per statement in print that is checked: what was printed, what the published counts give, and "
        "the verdict with its reasons.",
        export="fct_claim_checks",
        columns=(
            *("claim_code", "source", "claim", "published_value", "unit", "recomputed_value", "recomputed_what"),
            *("verdict", "certainty", "is_as_worded", "explanation", "numerator", "denominator", "period"),
        ),
        order="claim_order, claim_code",
        frozen_columns=1,
    ),
    Sheet(
        title="Coverage",
        about="One row per level, measure, basis and period: of how many areas there are figures.",
        export="fct_coverage",
        columns=(
            *("ranking_level", "measure", "basis", "period", "years_in_period", "areas_in_level", "areas_with_rate"),
            *("areas_withheld", "areas_ranked", "areas_compared"),
        ),
        order="ranking_level, measure, basis desc, years_in_period, period",
    ),
)
