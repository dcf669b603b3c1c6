# Everything a developer does here. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
UV_PIP := $(BIN)/uv pip
export UV_HTTP_TIMEOUT ?= 120

# A uv found on the machine makes the environment; else Python's own venv does, and pip fetches the pinned uv into it.
# Either way the pinned uv inside the environment installs everything else.
$(STAMP): pyproject.toml requirements/dev.txt requirements/uv.txt
	@tools/make-environment "$(PYTHON)"
	@$(UV_PIP) sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(UV_PIP) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Spark in an environment of its own: it is large, and holds others back from their newest versions.
SPARK := .venv-spark/bin
SPARK_STAMP := .venv-spark/.installed
$(SPARK_STAMP): $(STAMP) requirements/spark.txt
	@$(BIN)/uv venv --quiet --no-config --clear --python $(BIN)/python .venv-spark
	@$(UV_PIP) sync --quiet --python $(SPARK)/python --require-hashes requirements/spark.txt
	@$(UV_PIP) install --quiet --python $(SPARK)/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: install
install: $(STAMP) browser ## make .venv with everything, pinned and hash-checked

.PHONY: browser
browser:
	@tools/find-browser

.PHONY: demo
demo: $(STAMP) ## evaluate the two shipped markets and name their reports
	@$(BIN)/evenhand demo

# The tests in three parts of about the same length, of which each can run beside any other: as many at once as there are
# processors. What a part says comes whole when it is done; one that fails stops none of the others and fails all.
.PHONY: test
test: install lint $(SPARK_STAMP) ## everything the build holds: lint, types, import order, tests, branch coverage of the story
	@$(MAKE) --no-print-directory --jobs=$(shell nproc) --keep-going --output-sync=target test-story test-spark test-rest

# Those that reach every branch of the story; measuring that costs a sixth of their time, so that the rest goes without.
STORY := story oracle conformance journeys
.PHONY: test-story
test-story: $(STAMP) ## tests of the story and of its engines and stores, with branch coverage
	@$(BIN)/pytest -q --durations=10 --cov --cov-report=term $(STORY:%=tests/%)

.PHONY: test-spark
test-spark: $(SPARK_STAMP) ## a small set of markets and statements on Spark, against the reference and DuckDB
	@$(SPARK)/pytest -q tests/spark tests/conformance/test_later.py tests/house/test_doctests.py

.PHONY: test-rest
test-rest: $(STAMP) ## all other tests: the commands, the report page, the house
	@$(BIN)/pytest -q --durations=10 $(STORY:%=--ignore=tests/%)

.PHONY: check-long
check-long: install $(SPARK_STAMP) ## simulations that take minutes: validity, definitions of the field, many markets on Spark
	$(BIN)/pytest -m long --durations=0
	$(SPARK)/pytest -m long --durations=0 tests/spark

.PHONY: lint
lint: $(STAMP) ## ruff, mypy --strict, import order
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

.PHONY: format
format: $(STAMP) ## let ruff lay out the code and mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: docs
docs: $(STAMP) ## build the site into site/
	$(BIN)/zensical build --clean --strict

.PHONY: bench
bench: bench-decisions bench-evidence bench-contacts $(STAMP) ## all benchmarks; the long one is 1 to 100 million proposals against their floor (20 minutes)
	$(BIN)/python -m benchmarks.evaluate

# Peers never enter the project's own environment; of one of them an older release is compared as well.
BENCH := .venv-bench
BENCH_STAMP := $(BENCH)/.installed
$(BENCH_STAMP): $(STAMP) requirements/run.txt requirements/bench.txt requirements/bench-zen.txt
	@$(BIN)/uv venv --quiet --clear --no-config --python $(BIN)/python $(BENCH)
	@$(UV_PIP) sync --quiet --python $(BENCH)/bin/python --require-hashes requirements/bench.txt
	@$(UV_PIP) install --quiet --python $(BENCH)/bin/python --require-hashes --target $(BENCH)/zen-0.37.1 -r requirements/bench-zen.txt
	@touch $@

.PHONY: bench-decisions
bench-decisions: $(BENCH_STAMP) ## decisions per CPU-second beside other rule engines
	PYTHONPATH=src $(BENCH)/bin/python -m benchmarks.decisions

.PHONY: bench-evidence
bench-evidence: $(BENCH_STAMP) ## units of evidence per CPU-second beside an e-value package
	PYTHONPATH=src $(BENCH)/bin/python -m benchmarks.e_values

.PHONY: bench-contacts
bench-contacts: $(STAMP) ## messages per CPU-second through the detectors of contact details
	$(BIN)/python -m benchmarks.contacts

# ezrules asks for a later Python than the project's own.
EZRULES := .venv-ezrules
EZRULES_PYTHON ?= python3.13
EZRULES_STAMP := $(EZRULES)/.installed
$(EZRULES_STAMP): $(STAMP) requirements/bench-ezrules.txt
	@$(BIN)/uv venv --quiet --clear --no-config --python $(EZRULES_PYTHON) $(EZRULES)
	@$(UV_PIP) sync --quiet --python $(EZRULES)/bin/python --require-hashes requirements/bench-ezrules.txt
	@touch $@

.PHONY: bench-store
bench-store: $(EZRULES_STAMP) ## durable decisions beside ezrules, on one PostgreSQL
	$(BIN)/python -m benchmarks.store --ezrules $(EZRULES)/bin/python

# The one place that asks the registry what is newest; everything else installs what these files say.
COMPILE := $(UV_PIP) compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11
GROUPS := --group build --group test --group lint --group docs
.PHONY: pins
pins: ## resolve the versions anew (add UPGRADE=--upgrade for the newest)
	$(COMPILE) $(UPGRADE) requirements/uv.in --output-file requirements/uv.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra postgresql $(GROUPS) --output-file requirements/dev.txt
	$(COMPILE) pyproject.toml --constraint requirements/dev.txt --output-file requirements/run.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra spark --extra java --group build --group test --constraint requirements/dev.txt --output-file requirements/spark.txt
	$(COMPILE) $(UPGRADE) pyproject.toml requirements/bench.in --constraint requirements/dev.txt --output-file requirements/bench.txt
	$(COMPILE) $(UPGRADE) requirements/bench-ezrules.in --python-version 3.13 --output-file requirements/bench-ezrules.txt
	$(COMPILE) $(UPGRADE) requirements/bench-zen.in --output-file requirements/bench-zen.txt

.PHONY: clean
clean: ## remove what was built, not .venv
	rm -rf site dist out .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
