"""Names that SQLFluff's Jinja templater finds in the models: the project's macros, and what dbt would provide.

So the linter needs no database and no start of dbt. It reports nothing inside what a macro writes, so the few macros
that write a long formula many times over stand in short forms here: parsing them took longer than all else together.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
from sql_macros import project_macros


def columns_added(*columns: str):
    """Stand-in for a macro that selects all of a relation with columns worked out from it."""

    def select(relation: str, *_) -> str:
        return f"select *, {', '.join(f'0.5 as {column}' for column in columns)} from {relation}"

    return select


globals().update(
    project_macros(
        {
            "adapter": SimpleNamespace(quote='"{}"'.format, get_columns_in_relation=lambda _: []),
            "beta_tails": columns_added("lower_tail", "upper_tail", "is_below_mean"),
            "config": lambda **_: "",
            "count_marks": lambda: {"nil": ["-"], "suppressed": ["[c]"], "missing": [":"]},
            "dbt": SimpleNamespace(
                listagg=lambda measure, *_: f"listagg({measure}, ', ')",
                datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
                type_string=lambda: "varchar",
            ),
            "changed_record_files": lambda *_: None,
            "gamma_posteriors": lambda rates, spreads, key: (
                f"select rates.{key}, 0.5 as posterior_shape, 0.5 as posterior_rate, 0.5 as root_of_mean, "
                "0.5 as cube_root_mean, 0.5 as cube_root_deviation "
                f"from {rates} as rates inner join {spreads} as spreads on rates.ranking_id = spreads.ranking_id"
            ),
            "gamma_quantiles": columns_added("gamma_quantile"),
            "gamma_tails": columns_added("lower_tail", "upper_tail", "is_below_mean"),
            "flags": SimpleNamespace(WHICH=""),
            "filled_template": lambda template, texts: f"concat({template}, {', '.join(texts.values())})",
            "from_files": lambda model, columns, fields=(): (
                f"select {', '.join([*columns, *(f'{field}_text' for field in fields)])} from {model}"
            ),
            "rank_ranges": lambda own, levels, key, left_out=None, **_: (
                f"select own.{key}, 1 as rank_lower_95, 1 as rank_upper_95 from {own} as own "
                f"inner join {left_out or own} as left_out on own.{key} = left_out.{key} "
                f"inner join {levels} as levels on own.ranking_id = levels.ranking_id"
            ),
            "rate_limits": lambda relation, *arguments: columns_added(*arguments[-2:])(relation),
            "ref": lambda model: model,
            "counted_records": lambda step: step,
            "record_areas": lambda: "select area_code from areas",
            "codes_as_text": "any_value({})".format,
            "record_columns": lambda: ["birth_id", "birth_date"],
            "record_files": lambda columns: f"select {', '.join(columns)} from files",
            "run_started_at": datetime.now(UTC),
            "record_lines": lambda _: "select '' as file_path",
            "record_number_is_up_to": lambda *_: "record_number <= 1000",
            "record_rows": "select * from {}".format,
            "record_settings": lambda: "",
            "this": "this",
            "two_sided_tails": columns_added("far_tail", "point_probability", "is_at_or_above_mean"),
        }
    )
)
