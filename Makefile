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

.PHONY: install
install: $(STAMP) browser ## make .venv with everything, pinned and hash-checked

.PHONY: browser
browser:
	@tools/find-browser

.PHONY: demo
demo: $(STAMP) ## evaluate the two shipped markets and name their reports
	@$(BIN)/evenhand demo

.PHONY: test
test: install lint ## everything the build holds: lint, types, import order, tests, branch coverage of the story
	@$(BIN)/pytest -q --durations=10 --cov --cov-report=term

.PHONY: check-long
check-long: install ## simulations that take minutes: validity, definitions of the field
	$(BIN)/pytest -m long --durations=0

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
bench: $(STAMP) ## the speed bar: 20 million proposals against the floor of one plain statement
	$(BIN)/python -m benchmarks.evaluate

# The one place that asks the registry what is newest; everything else installs what these files say.
COMPILE := $(UV_PIP) compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11
GROUPS := --group build --group test --group lint --group docs
.PHONY: pins
pins: ## resolve the versions anew (add UPGRADE=--upgrade for the newest)
	$(COMPILE) $(UPGRADE) requirements/uv.in --output-file requirements/uv.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra postgresql $(GROUPS) --output-file requirements/dev.txt
	$(COMPILE) pyproject.toml --constraint requirements/dev.txt --output-file requirements/run.txt

.PHONY: clean
clean: ## remove what was built, not .venv
	rm -rf site dist out .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
