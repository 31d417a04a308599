#!/bin/sh
# read_xlsx, pandas and polars read the first sheet of a workbook, though it is hidden.
#
# Who opens the file in Excel or LibreOffice sees the second sheet alone. One would guess that the reader's
# default is the first sheet that a person sees. All three take the hidden one (drafts, look-ups, last year's
# figures), without a word.
#
# Seen 2026-11-29 with duckdb 1.5.5, duckdb-extension-excel 1.5.5, pandas 2.3.3, polars 2.1.0 with fastexcel 0.21.0. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-extension-excel==1.5.5 pandas==2.3.3 polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5
cd "$folder"
cat > try.py <<'PYTHON'
import pathlib, duckdb, duckdb_extension_excel
folder = pathlib.Path(duckdb_extension_excel.__file__).parent
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
connection.execute(f"load '{next(folder.rglob('*.duckdb_extension'))}'")

import openpyxl, pandas, polars
book = openpyxl.Workbook()
draft = book.active
draft.title = "Draft"
shown = book.create_sheet("Table 1")
for sheet, deaths in ((draft, 99), (shown, 23)):
    sheet.append(["area", "deaths"])
    sheet.append(["Kirklees", deaths])
draft.sheet_state = "hidden"
book.active = 1
book.save("areas.xlsx")
print("read_xlsx:", connection.execute("select deaths::int from read_xlsx('areas.xlsx')").fetchone()[0])
print("pandas:", pandas.read_excel("areas.xlsx").deaths[0])
print("polars:", polars.read_excel("areas.xlsx")["deaths"][0])
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
read_xlsx: 99
pandas: 99
polars: 99
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
