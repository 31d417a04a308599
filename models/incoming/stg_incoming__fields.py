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
            "stg_ons__figures": dbt.ref("stg_ons__figures"),
        }
    )
    return fields_of_files(session, Path(dbt.config.meta_get("incoming_folder")), lists)
