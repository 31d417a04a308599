"""Rows of a query by the names of their columns."""

import duckdb


def records(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[dict]:
    """The rows of a query, each as a dict from column to value."""
    found = connection.execute(query, list(parameters))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
