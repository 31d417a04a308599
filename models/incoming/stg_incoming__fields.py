"""Opens the files that users supply and names the fields of their lines, with the code in incoming/."""

from pathlib import Path

from incoming.layouts import fields_of_files, layouts_of


def model(dbt, session):
    """One row per line of each file and area that it tells of, and one without a line per thing in the folder."""
    layouts = layouts_of(dbt.ref("incoming_layouts"), dbt.ref("incoming_layout_columns"))
    return fields_of_files(session, Path(dbt.config.meta_get("incoming_folder")), layouts)
