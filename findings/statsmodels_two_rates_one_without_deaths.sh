#!/bin/sh
# statsmodels calls 3 deaths of 500 births against 0 of 700 certain: p = 0, and an interval of one point.
#
# Small areas often have a year without deaths. One would guess a p-value near that of the exact test, 0.07, and an
# interval of the ratio without an upper end. test_poisson_2indep(method="score-log") gives p = 0, and
# confint_poisson_2indep(method="score") the limits 1.0933 and 1.0933, the upper one a hair below the lower.
# Warnings of a division by zero are all that tells. Where neither group has deaths, "exact-cond" and "cond-midp"
# stop with an error about n, "score" gives nan, and "sqrt" 0.88.
#
# Seen 2026-11-29 with statsmodels 0.15.0, scipy 1.17.1. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
cat > try.py <<'PYTHON'
import warnings
from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep
warnings.simplefilter("ignore")
for deaths in (3, 0):
    print(f"{deaths} deaths of 500 births, 0 of 700:")
    for method in ("exact-cond", "cond-midp", "score", "score-log", "sqrt"):
        try:
            print("   p,", method, round(float(test_poisson_2indep(deaths, 500, 0, 700, method=method).pvalue), 4))
        except ValueError as error:
            print("   p,", method, "stops:", error)
lower, upper = confint_poisson_2indep(3, 500, 0, 700, method="score")
print("interval of the ratio, score:", round(float(lower), 4), "to", round(float(upper), 4), "crossed:", bool(upper < lower))
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
3 deaths of 500 births, 0 of 700:
   p, exact-cond 0.0723
   p, cond-midp 0.0362
   p, score 0.0404
   p, score-log 0.0
   p, sqrt 0.0438
0 deaths of 500 births, 0 of 700:
   p, exact-cond stops: n must be an integer not less than 1
   p, cond-midp stops: n must be an integer not less than 1
   p, score nan
   p, score-log nan
   p, sqrt 0.8848
interval of the ratio, score: 1.0933 to 1.0933 crossed: True
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
