#!/bin/sh
# DuckDB reads the first of two columns of one name, without a word; PostgreSQL calls the name ambiguous.
#
# A formula that adds a step to a table writes select *, … as deaths. Where the table has a column of that name
# already, one would guess an error, or the newer column. DuckDB keeps both, calls the second deaths_1 where the
# columns are listed, and reads the first one in the next step: the formula goes on with the wrong numbers. Only
# two tables joined, each with such a column, give the error.
#
# Seen 2026-11-29 with duckdb 1.5.5. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==1.5.5
cd "$folder"
cat > try.py <<'PYTHON'
import duckdb
step = "with step as (select *, 23 as deaths from (select 'Kirklees' as area, 7 as deaths) as given) "
for query in ("select deaths from step", "select * from step"):
    answer = duckdb.execute(step + query)
    print(query + ":", [column[0] for column in answer.description], answer.fetchone())
try:
    duckdb.execute(step + "select deaths from step cross join step as again")
except duckdb.Error as error:
    print("joined:", str(error).partition(" (")[0])
PYTHON
venv/bin/python try.py > seen.txt

cat > expected.txt <<'EXPECTED'
select deaths from step: ['deaths'] (7,)
select * from step: ['area', 'deaths', 'deaths_1'] ('Kirklees', 7, 23)
joined: Binder Error: Ambiguous reference to column name "deaths"
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
