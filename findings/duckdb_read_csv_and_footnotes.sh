#!/bin/sh
# DuckDB reads a tab-separated download with footnotes as one column of whole lines.
#
# CDC WONDER's downloads are tab-separated, and end in a line of dashes and footnotes. One would guess an error,
# or the table with a few odd rows, as pandas and polars give. read_csv looks for a separator that fits all
# lines, finds none, and gives one column without a warning. Naming the separator alone leads to an error at the
# footnotes; null_padding = true reads the table, and the footnotes as rows. polars reads the county code
# "01001" as 1001, though it stands in quotes.
#
# Seen 2026-11-29 with duckdb 1.5.5, polars 2.1.0. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5 polars==2.1.0
cd "$folder"
cat > try.py <<'PYTHON'
import duckdb, polars
lines = [
    '"Notes"\t"County"\t"County Code"\t"Deaths"\t"Births"',
    '\t"Autauga County, AL"\t"01001"\t14\t650',
    '\t"Baldwin County, AL"\t"01003"\tSuppressed\t900',
    '"Total"\t\t\t40\t1550',
    '"---"',
    '"Dataset: Linked Birth / Infant Death Records"',
]
with open("wonder.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
relation = duckdb.sql("from read_csv('wonder.txt')")
print("read_csv: columns", len(relation.columns), "rows", len(relation.fetchall()))
padded = duckdb.sql("from read_csv('wonder.txt', null_padding = true)")
print("with null_padding: columns", len(padded.columns), "rows", len(padded.fetchall()))
table = polars.read_csv("wonder.txt", separator="\t")
print("polars: columns", table.width, "rows", table.height, "county code", table["County Code"][0])
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
read_csv: columns 1 rows 5
with null_padding: columns 5 rows 5
polars: columns 5 rows 5 county code 1001
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
