"""Publishing: what a whole, tested `dbt build` hands to readers, replaced in one step.

`plugin` is the dbt-duckdb plugin that the on-run-end hook calls, `publisher` writes the database and the exports aside,
`placing` puts both in their place, `errors` holds the one error that all of them raise.
"""
