#!/bin/sh
# DuckDB reads the first records of a Parquet file alone, until a second condition stands beside their number.
#
# A view over records of births numbers them from 1, as people do (file_row_number + 1), and says which are faulty. To
# ask for the first thousand reads a thousand rows. To ask for the faulty among the first thousand, one would guess,
# reads no more: it reads the whole file, for then both conditions are tried after the reading. With the number as
# DuckDB gives it, from 0, the same question reads no more than it asks for.
#
# Seen 2026-11-30 with duckdb 1.5.5. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5
cd "$folder"
cat > try.py <<'PYTHON'
import json

import duckdb

duckdb.execute(
    "copy (select range as birth_id, 18 + range % 30 as weeks from range(1000000)) to 'births.parquet' "
    "(format parquet, row_group_size 100000)"
)


def rows_read(step):
    """Rows that come out of the scan, in a query's plan and below."""
    below = sum(rows_read(child) for child in step["children"])
    return below + (step["operator_cardinality"] if "PARQUET" in step.get("operator_name", "") else 0)


for number in ("file_row_number + 1", "file_row_number"):
    duckdb.execute(
        f"create or replace view births as select {number} as number, weeks < 20 or weeks > 45 as is_faulty "
        "from read_parquet('births.parquet', file_row_number = true)"
    )
    for asked in ("number <= 1000", "number <= 1000 and is_faulty"):
        plan = duckdb.execute(f"explain (analyze, format json) select count(*) from births where {asked}")
        rows = rows_read(json.loads(plan.fetchone()[1]))
        print(f"{number}, where {asked}: {rows:,} rows read")
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
file_row_number + 1, where number <= 1000: 1,000 rows read
file_row_number + 1, where number <= 1000 and is_faulty: 1,000,000 rows read
file_row_number, where number <= 1000: 1,001 rows read
file_row_number, where number <= 1000 and is_faulty: 1,001 rows read
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
