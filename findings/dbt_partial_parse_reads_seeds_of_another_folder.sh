#!/bin/sh
# dbt reads the seeds of another folder where target/partial_parse.msgpack was copied from there.
#
# To save the first parse, caches of continuous integration and copies of a project bring along
# target/partial_parse.msgpack. One would guess that a project reads its own files. The parse file names the
# folder of each seed. A seed that is equal in both folders when dbt starts keeps that name, and its rows are
# then read from the other folder, as they stand there at that moment. Here the other folder's seed is changed
# while the first one's stays; dbt seed in the first one loads the change.
#
# Seen 2026-11-29 with dbt-core 1.11.16, dbt-duckdb 1.11.1, duckdb 1.5.5. Exit code 0: it is still so; 1: it has changed. Needs python3 (3.11 to 3.13) and a package index.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5
cd "$folder"
export DBT_SEND_ANONYMOUS_USAGE_STATS=false
mkdir -p other/seeds other/models
cat > other/dbt_project.yml <<'PROJECT'
name: tried
profile: tried
PROJECT
cat > other/profiles.yml <<'PROFILE'
tried: {target: here, outputs: {here: {type: duckdb, path: tried.duckdb}}}
PROFILE
printf 'area,deaths\nKirklees,23\n' > other/seeds/counts.csv
(cd other && ../venv/bin/dbt seed --quiet)
mkdir -p own/target
cp -r other/dbt_project.yml other/profiles.yml other/seeds other/models own/
cp other/target/partial_parse.msgpack own/target/
printf 'area,deaths\nKirklees,99\n' > other/seeds/counts.csv
(cd own && ../venv/bin/dbt seed --quiet)
{
    echo "own file: $(tail -1 own/seeds/counts.csv)"
    echo "loaded: $(cd own && ../venv/bin/python -c "import duckdb; print(*duckdb.connect('tried.duckdb').execute('from counts').fetchone(), sep=',')")"
} > seen.txt

cat > expected.txt <<'EXPECTED'
own file: Kirklees,23
loaded: Kirklees,99
EXPECTED
cat seen.txt
if diff expected.txt seen.txt > difference.txt; then
    echo "As described."
else
    echo "It has changed:"
    cat difference.txt
    exit 1
fi
