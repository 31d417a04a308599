"""Reading the published database: what the report needs of it, and one clear sentence where it is not there."""

from pathlib import Path

import duckdb

from report.errors import ReportError

RATES = (
    "area_code period years_in_period measure basis numerator denominator rate_per_1000 lower_95 upper_95 rate_display "
    "reliability_flag status is_like_for_like"
)
# Every column that a page shows or is chosen by, by table of schema marts. What is not named here the report does not
# read.
REQUIRED = {
    "dim_area": (
        "area_code area_name area_level is_lower_tier first_ranking_level benchmark_area_code county_code region_code "
        "country_code last_year deprivation_decile longitude latitude"
    ),
    "dim_ranking_level": "ranking_level ranking_level_name areas_in_words benchmark_area_code display_order areas",
    "dim_measure": (
        "measure measure_name numerator_definition denominator_definition numerator_lies_within_denominator "
        "outcome_singular outcome_plural display_order"
    ),
    "fct_rates": RATES,
    "fct_rolling_rates": f"{RATES} is_complete",
    "fct_rankings": (
        "ranking_level measure basis period years_in_period area_code numerator denominator rate_per_1000 lower_95 "
        "upper_95 rate_display reliability_flag status rank_highest_first quintile rank_lower_95 rank_upper_95 "
        "areas_ranked areas_in_level probability_worst_tenth benchmark_rate_per_1000 probability_above_benchmark "
        "verdict funnel_position funnel_position_adjusted posterior_shape posterior_rate stabilised_rate_per_1000 "
        "stabilised_lower_95 stabilised_upper_95 reason"
    ),
    "dim_area_lineage": "predecessor_code successor_code",
    "fct_area_comparisons": (
        "area_code ranking_level measure kind period basis compared_area_code probability_higher distance_km "
        "deprivation_index deprivation_score compared_deprivation_score"
    ),
    "fct_coverage": (
        "ranking_level measure basis period years_in_period areas_with_rate areas_withheld areas_not_published"
    ),
    "fct_funnel_limits": (
        "ranking_level measure basis period births target_per_1000 overdispersion_phi overdispersion_phi_rescaled "
        "normal_lower_95 normal_upper_95 normal_lower_99_8 normal_upper_99_8 "
        "adjusted_lower_95 adjusted_upper_95 adjusted_lower_99_8 adjusted_upper_99_8"
    ),
    "fct_trends": (
        "area_code measure basis last_period recent_trend annual_percent_change annual_percent_change_lower_95 "
        "annual_percent_change_upper_95 trend_p_value trend_shape trend_first_year break_year "
        "annual_percent_change_before annual_percent_change_before_lower_95 annual_percent_change_before_upper_95 "
        "annual_percent_change_after annual_percent_change_after_lower_95 annual_percent_change_after_upper_95"
    ),
    "fct_rate_changes": (
        "area_code from_period to_period years_in_period measure basis from_rate_per_1000 to_rate_per_1000 "
        "difference_per_1000 difference_lower_95 difference_upper_95"
    ),
    "fct_persistence": (
        "area_code ranking_level measure basis first_year last_year years_present years_above_benchmark "
        "chance_probability observed_deaths expected_deaths observed_over_expected observed_over_expected_lower_99_8 "
        "observed_over_expected_upper_99_8 excess_deaths excess_deaths_lower_95 excess_deaths_upper_95"
    ),
    "fct_detectability": (
        "area_code ranking_level measure basis rate_ratio births_year births_per_year fewest_deaths_of_verdict "
        "chance_of_verdict"
    ),
    "fct_forecasts": (
        "area_code ranking_level measure basis forecast_year window_period expected_deaths lower_95 upper_95 "
        "observed_deaths is_inside expected_rate_per_1000 lower_95_per_1000 upper_95_per_1000"
    ),
    "fct_combined_area_rankings": (
        "group_code group_name ranking_level measure basis period years_in_period numerator denominator rate_per_1000 "
        "lower_95 upper_95 reliability_flag rank_highest_first areas_ranked rank_lower_95 rank_upper_95 "
        "members reveals_small_number"
    ),
    "fct_control_limits": (
        "area_code measure basis period period_end_year level_per_1000 lower_99_8 upper_99_8 false_alarm_probability "
        "control_position adjusted_lower_99_8 adjusted_upper_99_8 control_position_adjusted rate_over_level "
        "lower_99_8_over_level upper_99_8_over_level adjusted_lower_99_8_over_level adjusted_upper_99_8_over_level"
    ),
    "dim_definition_change": "area_code measure change_code change_date first_year_after label fact source",
    "fct_deprivation_gradient": (
        "measure period years_in_period deprivation_index worst_best_ratio worst_best_ratio_lower_95 "
        "worst_best_ratio_upper_95 slope_index slope_index_lower_95 slope_index_upper_95 relative_index"
    ),
    "fct_published_rate_checks": "outcome is_known_exception exception_reason",
    "fct_claim_checks": (
        "claim_code claim_order source claim published_value unit relation recomputed_display recomputed_what verdict "
        "is_as_worded answer explanation is_from_article"
    ),
    "fct_claim_evidence": (
        "claim_code line value_code what area_code period measure basis source_table lower_95 upper_95 probability "
        "value_in_words assumption_code assumption_name assumptions"
    ),
    "fct_claim_solutions": "claim_code assumption_code numerator denominator",
    "fct_area_summaries": "area_code measure period basis summary",
}


def names(table, *without):
    """The columns that are read of a table, without some."""
    return [name for name in REQUIRED[table].split() if name not in without]


def columns(table, alias=None):
    """The columns that are read of a table, as they stand in a select from it or from its `alias`."""
    return ", ".join(f"{alias or table}.{name}" for name in names(table))


def _one_line(error):
    """The first line of an error's text, which is where DuckDB says what is wrong."""
    return str(error).strip().splitlines()[0].rstrip(".")


class Marts:
    """The published database, opened read-only.

    `path` is the file. Raises ReportError with one sentence when the file is absent, is no DuckDB database, is being
    written by another process, or lacks a table or column of REQUIRED.
    """

    def __init__(self, path):
        """Open the database and check that it holds what is read of it."""
        self.path = Path(path)
        if not self.path.is_file():
            raise ReportError(
                f"There is no database at {self.path}: run `dbt build` first, or name another with --database or "
                "INFANT_MORTALITY_DB."
            )
        try:
            self.connection = duckdb.connect(str(self.path), read_only=True)
        except duckdb.Error as error:
            raise ReportError(f"{self.path} cannot be opened as a DuckDB database: {_one_line(error)}.") from None
        self._check()

    def _check(self):
        """Compare what the database holds with REQUIRED; name all that is missing in one sentence."""
        present = {}
        for table, column in self.connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
        ).fetchall():
            present.setdefault(table, set()).add(column)
        missing = []
        for table, required in REQUIRED.items():
            if table not in present:
                missing.append(f"table marts.{table}")
                continue
            absent = [column for column in required.split() if column not in present[table]]
            if absent:
                missing.append(f"column{'s' * (len(absent) > 1)} {', '.join(absent)} of marts.{table}")
        if not self.rows("select 1 from duckdb_functions() where function_name = 'probability_above' limit 1"):
            missing.append("macro probability_above")
        if missing:
            self.close()
            raise ReportError(
                f"{self.path} does not hold what the report shows (missing: {'; '.join(missing)}): it was built by an "
                "older version of the project or not to its end; run `dbt build` and try again."
            )

    def close(self):
        """Let go of the file."""
        self.connection.close()

    def rows(self, query):
        """The result of `query` as a list of tuples."""
        return self.connection.execute(query).fetchall()

    def records(self, query, parameters=()):
        """The result of `query` as a list of dicts, column name to value."""
        result = self.connection.execute(query, list(parameters))
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
