#!/bin/sh
# DuckDB's round() and format() print two rates for the same count; pandas and polars side with format().
#
# 7 deaths of 1,120 births are 6.25 per 1,000, which the Office for National Statistics prints as 6.3. DuckDB's
# round() goes half up (6.3), its own format() and printf() go half to even (6.2), and so do pandas, numpy and
# polars. A table rounded in one tool does not agree with a label formatted in another, and printed rates seem
# not to reproduce.
#
# Seen 2026-11-29 with duckdb 1.5.5, pandas 2.3.3, polars 2.1.0. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5 pandas==2.3.3 polars==2.1.0
cd "$folder"
cat > try.py <<'PYTHON'
import duckdb, pandas, polars
rate = 1000 * 7 / 1120
print("rate:", rate)
print("duckdb round, format, printf:", *duckdb.execute(
    "select round($1::double, 1), format('{:.1f}', $1::double), printf('%.1f', $1::double)", [rate]
).fetchone())
print("pandas round:", pandas.Series([rate]).round(1)[0])
print("polars round:", polars.Series([rate]).round(1)[0])
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
rate: 6.25
duckdb round, format, printf: 6.3 6.2 6.2
pandas round: 6.2
polars round: 6.2
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
