#!/bin/sh
# polars.read_excel makes a mark for a hidden count NULL where it first stands below row 1,000.
#
# A column of counts holds [c] where a count was hidden. In one of the first thousand rows that makes the column
# text; one would guess the same, or an error, further below (DuckDB's read_xlsx stops there). polars settles
# the type by the first rows and gives NULL for every later mark: hidden and not published can no longer be told
# apart, and nothing says that there was a mark.
#
# Seen 2026-11-29 with polars 2.1.0 with fastexcel 0.21.0, pandas 2.3.3. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 fastexcel==0.21.0 pandas==2.3.3 openpyxl==3.1.5
cd "$folder"
cat > try.py <<'PYTHON'
import openpyxl, pandas, polars
def workbook(counts_before):
    book = openpyxl.Workbook()
    book.active.append(["area", "deaths"])
    for number in range(counts_before):
        book.active.append([f"A{number}", 5])
    book.active.append(["hidden", "[c]"])
    book.save("areas.xlsx")
for counts_before in (10, 1200):
    workbook(counts_before)
    column = polars.read_excel("areas.xlsx")["deaths"]
    print(f"polars, after {counts_before} counts:", column.dtype, repr(column[-1]))
print("pandas, after 1200 counts:", repr(pandas.read_excel("areas.xlsx").deaths.iloc[-1]))
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
polars, after 10 counts: String '[c]'
polars, after 1200 counts: Int64 None
pandas, after 1200 counts: '[c]'
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
