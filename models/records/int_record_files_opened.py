"""Looks at the files in the folder of records of births, with the code in incoming/."""

from pathlib import Path

from incoming.files import FOLDER_OF_RECORDS
from incoming.records import files_of_records


def model(dbt, session):
    """One row per thing in the folder of records; none where Spark counts them, which lists the files itself."""
    folder = Path(dbt.config.meta_get("incoming_folder")) / FOLDER_OF_RECORDS
    is_ours = dbt.config.meta_get("records_engine") == "duckdb"
    return files_of_records(session, folder if is_ours else None, str(dbt.this))
