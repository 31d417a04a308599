#!/bin/sh
# PHStatsMethods leaves out every row whose group is missing, and its totals with them.
#
# Births whose area is not known have an empty area code. One would guess a group of their own, or a warning.
# ph_rate and ph_proportion drop them: of 59 deaths 29 remain, and nothing says so.
#
# Seen 2026-11-29 with PHStatsMethods 0.1.16. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PHStatsMethods==0.1.16 pandas==2.3.3
cd "$folder"
cat > try.py <<'PYTHON'
import pandas
from PHStatsMethods import ph_proportion, ph_rate
counts = pandas.DataFrame(
    {"area": ["Kirklees", "Kirklees", None, "Rutland"], "deaths": [10, 12, 30, 7], "births": [2000, 2100, 2900, 900]}
)
print("deaths given:", counts.deaths.sum())
for function in (ph_rate, ph_proportion):
    print(function.__name__, function(counts, "deaths", "births", group_cols=["area"])[["area", "deaths"]].values.tolist())
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
deaths given: 59
ph_rate [['Kirklees', 22], ['Rutland', 7]]
ph_proportion [['Kirklees', 22], ['Rutland', 7]]
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
