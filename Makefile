# The commands of the README. Each is a plain call of dbt, pytest or python, shown there for people without make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help build test lint lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

$(VENV)/.runtime: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m compileall -q $(VENV)/lib || true
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

build: $(VENV)/.runtime  ## Set up and build every table
	$(BIN)/dbt build --quiet --warn-error-options '{"error": "all"}'

test: $(VENV)/.development  ## Set up and run all tests: dbt's on the data, pytest's on the rest
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest

lint: $(VENV)/.development  ## Check the style of SQL and Python
	$(BIN)/sqlfluff lint models tests/dbt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lock: $(VENV)/.development  ## Pin requirements*.in anew, with hashes (needs uv)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade requirements.in -c requirements-dev.txt -o requirements.txt

clean:  ## Remove what was built; the published database and the seeds stay
	rm -rf build target logs $(VENV)

# --- Publishing: the documentation beside the data, and the legs that need more than the default tests (docs/publishing.md) ---
.PHONY: docs test-clients test-superset test-postgres test-while-running test-kill lock-heavy
HEAVY := superset postgres duckdb-1.4 duckdb-2.0

docs: $(VENV)/.runtime  ## Write dbt's documentation as one page: build/docs/index.html
	$(BIN)/dbt docs generate --static --quiet
	mkdir -p build/docs
	cp target/static_index.html build/docs/index.html

.venv-%/.installed: requirements-%.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

test-clients: $(VENV)/.development .venv-duckdb-1.4/.installed .venv-duckdb-2.0/.installed  ## Read the published file with DuckDB 1.4, 2.0 and the CLI
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest tests/heavy/test_client_versions.py

test-superset: $(VENV)/.development .venv-superset/.installed  ## Read it with Apache Superset, chart and screenshot (needs chromium)
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium"; exit 1; }
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest tests/heavy/test_superset.py

test-postgres: $(VENV)/.runtime .venv-postgres/.installed  ## Build in PostgreSQL and compare every row through ODBC (needs postgresql-15, odbc-postgresql)
	$(BIN)/dbt build --quiet
	.venv-postgres/bin/python -m pytest -s tests/heavy/test_postgres.py

test-while-running: $(VENV)/.development  ## Read while 20 builds publish; prints its counts
	$(BIN)/python -m pytest -s tests/heavy/test_while_running.py

test-kill: $(VENV)/.development  ## Kill builds and publishers at 100 random moments; prints its counts
	$(BIN)/python -m pytest -s tests/heavy/test_kill.py

lock-heavy: $(VENV)/.development  ## Pin the lists of the heavy legs anew, with hashes (needs uv)
	for list in $(HEAVY); do uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade requirements-$$list.in -o requirements-$$list.txt; done
