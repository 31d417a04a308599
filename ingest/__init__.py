"""Read the Office for National Statistics workbooks and write the project's seed CSVs.

Run as ``python -m ingest --from DIR --to seeds/``. The package only copies figures: every count, printed rate and
mark goes into a seed as ONS printed it. Rates, ranks and verdicts are computed in SQL, never here.
"""
