# The commands of the README. Each is a plain call of dbt, pytest or python, shown there for people without make.
PYTHON ?= python3
# In words that any Python understands. Where it does not fit, uv finds one that does, or fetches it.
KNOWN_PYTHON := import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit('Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is ' \
	+ sys.version.split()[0] + '. Name another, such as make build PYTHON=python3.12, or install uv, which finds or fetches one.')
MAKE_VENV = if command -v uv >/dev/null && ! $(PYTHON) -c "$(KNOWN_PYTHON)" 2>/dev/null; \
	then uv venv --quiet --seed --python '>=3.11,<3.14' $(1); else $(PYTHON) -c "$(KNOWN_PYTHON)" && $(PYTHON) -m venv $(1); fi
VENV := .venv
# In quotes, for a place that the user names may hold spaces.
PUBLISHED := "$${INFANT_MORTALITY_DB:-infant_mortality.duckdb}"
DESCRIPTION := "$$(dirname $(PUBLISHED))/$$(basename $(PUBLISHED) .duckdb)_docs.html"
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes
UV_COMPILE := uv pip compile --quiet --generate-hashes --no-strip-extras --no-emit-index-url --no-header --python-version 3.11 --upgrade
# The tests of a file share what they need, so a file goes to one worker whole; the longest come first (conftest.py).
WORKERS := 2
IN_WORKERS := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
# Legs with an environment of their own, so that their many packages stay out of the default one.
HEAVY := superset postgres duckdb-1.4 duckdb-2.0 duckdb-2.0-build dbt-1.12 spark spark-4 peers

.DEFAULT_GOAL := help
.PRECIOUS: .venv-python-%/.installed
.PHONY: help build report csv workbook docs test test-unit lint chromium bench lock clean \
	test-report test-clients test-superset test-workbook test-postgres test-spark test-while-running test-kill test-changed-seeds test-dbt-1.12 test-duckdb-2.0 peers

help:  ## Show this list
	@grep -hE '^[a-z0-9.%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

# --- Set-up: once, and again when a list of packages changes ---

$(VENV)/.runtime: requirements.txt
	@$(call MAKE_VENV,$(VENV))
	@echo "Setting up $(VENV) (about a minute, once)"
	@$(BIN)/python $(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "Adding what the tests need to $(VENV) (about a minute, once)"
	@$(BIN)/python $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# dbt-core 1.12 without its parser, which downloads a binary while it is installed; the list has all else that it needs.
.venv-dbt-1.12/.installed: PIP_INSTALL += --no-deps

# The default packages on another Python, which must be installed: pyenv, uv or the system may give it.
.venv-python-%/.installed: requirements.txt
	@echo "Setting up .venv-python-$*"
	@python$* -m venv .venv-python-$*
	@.venv-python-$*/bin/python $(PIP_INSTALL) -r $<
	@touch $@

.venv-%/.installed: requirements/%.txt
	@echo "Setting up .venv-$*"
	@$(call MAKE_VENV,.venv-$*)
	@.venv-$*/bin/python $(PIP_INSTALL) -r $<
	@touch $@

# Where it is missing and we may, it is installed; where we may not, the tests in a browser say so.
chromium:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the tests of the report" \
		&& apt-get update --quiet=2 && apt-get install --yes --quiet=2 chromium >/dev/null; } || true

# --- What people run ---

build: $(VENV)/.runtime  ## Set up, build and test every table, publish infant_mortality.duckdb and exports/
	@$(BIN)/python scripts/build.py

report: $(VENV)/.runtime  ## Make the report site from the published tables: site/index.html
	@test -f $(PUBLISHED) || $(MAKE) --no-print-directory build
	@test ! -f build/infant_mortality.duckdb || test -f $(DESCRIPTION) || $(MAKE) --no-print-directory docs
	@$(BIN)/python -m report

csv: $(VENV)/.runtime  ## Write every published table as CSV into exports/ too
	@test -f $(PUBLISHED) || $(MAKE) --no-print-directory build
	@$(BIN)/python -m publish.csv_files

workbook: $(VENV)/.runtime  ## Make the workbook of the published tables: exports/infant_mortality.xlsx
	@test -f $(PUBLISHED) || $(MAKE) --no-print-directory build
	@$(BIN)/python -m workbook

docs: $(VENV)/.runtime  ## Write the description of every table as one page beside the published database
	@echo "Describing every table on one page"
	@$(BIN)/dbt docs generate --static --quiet
	@cp target/static_index.html $(DESCRIPTION).new && mv $(DESCRIPTION).new $(DESCRIPTION) && echo "Wrote "$(DESCRIPTION)

test: $(VENV)/.development chromium  ## Set up and run all tests: dbt's on data and formulas, pytest's on the rest
	$(BIN)/python benchmarks/statements.py
	$(BIN)/dbt test --quiet --select test_type:unit
	$(BIN)/python -m pytest $(IN_WORKERS)

lint: $(VENV)/.development target/.linted  ## Check the style of SQL (of the files changed since it last passed) and Python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# A file that passed passes again, unless what the linter reads besides has changed: its settings and the macros.
target/.linted: $(shell find models tests/dbt -name '*.sql') .sqlfluff .sqlfluffignore $(shell find macros formulas tests/lint -name '*.sql' -o -name '*.py')
	$(BIN)/sqlfluff lint --processes 2 $(if $(filter-out models/% tests/dbt/%,$?),models tests/dbt,$?)
	@mkdir -p target && touch $@

# --- Legs of the tests that take long or need a server; docs/publishing.md says what each proves ---

test-report: $(VENV)/.development chromium  ## The report in Chromium alone; screenshots in test-output/report
	REPORT_SCREENSHOTS=test-output/report $(BIN)/python -m pytest tests/python/test_report_build.py tests/python/test_report_browser.py

test-changed-seeds: $(VENV)/.development  ## Make 1,000 slips in the seeds, one at a time, and see that a test notices; fills docs/changed_seeds.md
	$(BIN)/dbt build --quiet
	$(BIN)/python tests/python/mutate_seeds.py --changes 1000 --seed 1 --write docs/changed_seeds.md

test-clients: $(VENV)/.development .venv-duckdb-1.4/.installed .venv-duckdb-2.0/.installed  ## Read the published file with DuckDB 1.4, 2.0 and the CLI
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest tests/heavy/test_client_versions.py

test-dbt-1.12: $(VENV)/.development .venv-dbt-1.12/.installed .venv-duckdb-1.4/.installed .venv-duckdb-2.0/.installed  ## Build on dbt-core 1.12; every table and client as on 1.11
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest -s tests/heavy/test_versions.py -k dbt-1.12

test-duckdb-2.0: $(VENV)/.development .venv-duckdb-2.0-build/.installed .venv-duckdb-1.4/.installed .venv-duckdb-2.0/.installed  ## Build on DuckDB 2.0; every table and client as on 1.5
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest -s tests/heavy/test_versions.py -k duckdb-2.0-build

test-python-%: $(VENV)/.development .venv-python-%/.installed .venv-duckdb-1.4/.installed .venv-duckdb-2.0/.installed  ## Build on Python 3.12 or 3.13; every table and client as on 3.11
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest -s tests/heavy/test_versions.py -k python-$*

test-superset: $(VENV)/.development .venv-superset/.installed chromium  ## Read it with Apache Superset; import the dashboard on DuckDB and PostgreSQL, open every chart (needs postgresql-15)
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest tests/heavy/test_superset.py

test-workbook: $(VENV)/.development  ## Open and print the workbook with LibreOffice (needs libreoffice-calc, poppler-utils); pages in test-output/workbook
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest tests/heavy/test_workbook.py

test-postgres: $(VENV)/.runtime .venv-postgres/.installed  ## Build in PostgreSQL, compare every row through ODBC (needs postgresql-15, odbc-postgresql, unixodbc)
	$(BIN)/dbt build --quiet
	.venv-postgres/bin/python -m pytest -s tests/heavy/test_postgres.py

test-spark: $(VENV)/.development .venv-spark/.installed .venv-spark-4/.installed  ## Count records on Spark 3.5 and 4, compare with DuckDB; ten million on two workers (needs openjdk-17)
	$(BIN)/dbt build --quiet
	$(BIN)/python -m pytest -s tests/heavy/test_spark.py

test-while-running: $(VENV)/.development  ## Read while 20 builds publish; prints its counts
	$(BIN)/python -m pytest -s tests/heavy/test_while_running.py

test-kill: $(VENV)/.development  ## Kill builds and publishers at 100 random moments; prints its counts
	$(BIN)/python -m pytest -s tests/heavy/test_kill.py

peers: $(VENV)/.development .venv-peers/.installed  ## Ask PHStatsMethods, statsmodels, esda and R the same questions (R: r-base-core, r-cran-epitools, r-cran-spdep, r-cran-segmented)
	$(BIN)/dbt build --quiet
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/write_results.py

bench: $(VENV)/.development .venv-spark/.installed chromium  ## Time everything against what people use instead (an hour or more; with postgresql-15 and openjdk-17 all of it); benchmarks/RESULTS.md
	$(BIN)/dbt build --quiet
	$(BIN)/python benchmarks/records.py
	$(BIN)/python benchmarks/rates.py
	$(BIN)/python benchmarks/rank_intervals.py
	$(BIN)/python benchmarks/build_time.py
	$(BIN)/python benchmarks/incoming_files.py
	$(BIN)/python benchmarks/many_areas.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/write_results.py

# --- Upkeep ---

lock:  ## Pin every list of packages anew, with hashes (needs uv)
	$(UV_COMPILE) requirements-dev.in -o requirements-dev.txt
	$(UV_COMPILE) requirements.in -c requirements-dev.txt -o requirements.txt
	for list in $(HEAVY); do override=requirements/$$list.override; $(UV_COMPILE) requirements/$$list.in \
		$$(test ! -f $$override || echo --override $$override) -o requirements/$$list.txt; done

clean:  ## Remove what was set up and built; the published database and the seeds stay
	rm -rf build target logs site test-output $(VENV) .venv-*
