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
