#!/bin/sh
# statsmodels' multipletests counts a p-value of NaN as a test, and loses all q-values over it.
#
# Areas whose rate is not shown have no p-value: NaN in a data frame. One would guess that NaN is left out, or
# refused (as scipy's false_discovery_control does). With fdr_bh every corrected value becomes NaN, while reject
# still says True for two; with holm the values come out larger, since the NaN counts among the tests: 0.004
# where three tests give 0.003.
#
# Seen 2026-11-29 with statsmodels 0.15.0, scipy 1.17.1. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
cat > try.py <<'PYTHON'
import numpy
from statsmodels.stats.multitest import multipletests
with_nan, without = [0.001, numpy.nan, 0.01, 0.2], [0.001, 0.01, 0.2]
for method in ("fdr_bh", "holm"):
    for values in (with_nan, without):
        reject, corrected, *_ = multipletests(values, method=method)
        print(method, values, [round(float(value), 4) for value in corrected], reject.tolist())
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
fdr_bh [0.001, nan, 0.01, 0.2] [nan, nan, nan, nan] [True, False, True, False]
fdr_bh [0.001, 0.01, 0.2] [0.003, 0.015, 0.2] [True, True, False]
holm [0.001, nan, 0.01, 0.2] [0.004, nan, 0.03, 0.4] [True, False, True, False]
holm [0.001, 0.01, 0.2] [0.003, 0.02, 0.2] [True, True, False]
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
