# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help run test check lint types contracts unit bench screenshot clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run: pyproject.toml
	@echo "Setting up lambdatui in $(VENV), once: some ten seconds …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev: pyproject.toml
	@echo "Setting up lambdatui and its tools in $(VENV), once: a minute or less …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/run

# AWS's own runtime interface emulator, as it ships inside the SAM CLI's wheel: the local runner is compared with it.
RIE := .cache/rie/aws-lambda-rie
$(RIE): | $(VENV)/dev
	@mkdir -p .cache/rie
	@$(BIN)/python -m pip download -q --disable-pip-version-check --no-deps -d .cache/rie aws-sam-cli==1.170.0
	@$(BIN)/python -m tests.fixtures.rie .cache/rie $@

# A server that stands in for AWS and runs functions without Docker; in a venv of its own, as it pins another botocore.
MINISTACK_VERSION := 1.5.33
MINISTACK := .venv-ministack/$(MINISTACK_VERSION)
$(MINISTACK):
	@echo "Setting up MiniStack in .venv-ministack, once: some ten seconds …"
	@test -x .venv-ministack/bin/python || $(PYTHON) -m venv .venv-ministack
	@.venv-ministack/bin/python -m pip install -q --disable-pip-version-check ministack==$(MINISTACK_VERSION)
	@touch $@

run: $(VENV)/run ## open the workbench on the example functions; no AWS needed
	@$(BIN)/lambdatui --demo

lint: $(VENV)/dev ## ruff: lint and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev ## mypy --strict
	@$(BIN)/mypy

contracts: $(VENV)/dev ## import-linter: the layers hold
	@$(BIN)/lint-imports --no-logo

unit: $(VENV)/dev $(RIE) $(MINISTACK) ## the tests, with coverage
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

check: lint types contracts ## everything but the tests

test: check unit ## everything

bench: $(VENV)/dev $(RIE) ## speed, beside the peers
	@$(BIN)/python -m benchmarks

screenshot: $(VENV)/run ## the picture in the README, made by the program itself
	@$(BIN)/python -m benchmarks.screenshot

clean: ## remove what was built here
	@rm -rf $(VENV) .venv-ministack .cache dist build
