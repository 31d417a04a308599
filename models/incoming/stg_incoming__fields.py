"""Opens the files that users supply and names the fields of their lines, with the code in incoming/."""

from pathlib import Path

from incoming.layouts import fields_of_files, lists_of


def model(dbt, session):
    """One row per line of each file and count that it tells of, and one without a line per thing in the folder."""
    lists = lists_of(
        {
            "incoming_layouts": dbt.ref("incoming_layouts"),
            "incoming_layout_columns": dbt.ref("incoming_layout_columns"),
            "incoming_headings": dbt.ref("incoming_headings"),
            "incoming_known_tables": dbt.ref("incoming_known_tables"),
            "items": dbt.ref("items"),
            "live_births_by_area": dbt.ref("live_births_by_area"),
            "deaths_registered_by_area": dbt.ref("deaths_registered_by_area"),
        }
    )
    return fields_of_files(session, Path(dbt.config.meta_get("incoming_folder")), lists)
