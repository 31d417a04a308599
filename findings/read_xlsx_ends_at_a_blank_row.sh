#!/bin/sh
# DuckDB's read_xlsx ends at the first blank row and says nothing.
#
# Tables of statistical offices set regions apart by a blank row. One would guess that blank rows are skipped,
# or read as rows of NULL. Without a range, read_xlsx takes the first one for the end of the table
# (stop_at_empty is true then): every area below it is missing, without error or warning. pandas with calamine
# reads on.
#
# Seen 2026-11-29 with duckdb 1.5.5, duckdb-extension-excel 1.5.5, pandas 2.3.3, python-calamine 0.9.1. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-extension-excel==1.5.5 pandas==2.3.3 python-calamine==0.9.1 openpyxl==3.1.5
cd "$folder"
cat > try.py <<'PYTHON'
import pathlib, duckdb, duckdb_extension_excel
folder = pathlib.Path(duckdb_extension_excel.__file__).parent
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
connection.execute(f"load '{next(folder.rglob('*.duckdb_extension'))}'")

import openpyxl, pandas
book = openpyxl.Workbook()
for row in (["area", "deaths"], ["Darlington", 4], ["Durham", 9], [None, None], ["Kirklees", 23]):
    book.active.append(row)
book.save("areas.xlsx")
print("read_xlsx:", connection.execute("from read_xlsx('areas.xlsx')").fetchall())
print("with stop_at_empty = false:", connection.execute("from read_xlsx('areas.xlsx', stop_at_empty = false)").fetchall())
print("pandas, calamine:", pandas.read_excel("areas.xlsx", engine="calamine").dropna().values.tolist())
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
read_xlsx: [('Darlington', 4.0), ('Durham', 9.0)]
with stop_at_empty = false: [('Darlington', 4.0), ('Durham', 9.0), (None, None), ('Kirklees', 23.0)]
pandas, calamine: [['Darlington', 4.0], ['Durham', 9.0], ['Kirklees', 23.0]]
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
