# Refinery's commands. Set-up installs what is missing and only that (refinery/stack/setup.py).
PYTHON ?= python3
BIN := .venv/bin
T ?= tests
N ?= 2
UNIT ?= tests/unit tests/architecture tests/workflows/test_replay.py tests/workflows/test_histories.py
PYTEST = REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/pytest
XDIST = --dist=loadfile --no-loadscope-reorder
# The floor holds for the whole suite: a part of the tests is run without coverage.
COVERAGE = $(if $(filter-out tests,$(T)),,--cov --cov-report=)
# Many processes are started: let them keep what they compile.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint style types contracts unit openapi bench screenshots reset lock setup setup-test

run: setup ## the whole program, until Ctrl-C
	@exec $(BIN)/python -m refinery.stack

test: setup-test lint ## lint, then every test with coverage, N files at a time; T=tests/web chooses some
	@$(PYTEST) --numprocesses=$(N) $(XDIST) $(COVERAGE) $(T)

check: setup-test ## the fast lane: lint and the unit tests side by side, below three minutes on two cores
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types unit style contracts

lint: style contracts types ## style, spelling, the direction of imports and types

style: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: setup-test
	$(BIN)/mypy .

contracts: setup-test
	$(BIN)/lint-imports

unit: setup-test ## the tests that need no server; UNIT=tests/unit/quality chooses some
	@$(PYTEST) --quiet $(UNIT)

openapi: setup-test ## write docs/reference/openapi.json anew
	@REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/python manage.py openapi --settings=refinery.settings.test

bench: setup-test ## every benchmark; the results go to benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

screenshots: setup-test ## the pictures of the README, anew from the running program
	@$(BIN)/python -m tests.e2e.screenshots

reset: setup ## forget all data of the embedded default
	@$(BIN)/python -m refinery.stack.reset

lock: setup-test ## pin requirements/*.in anew; UPGRADE=--upgrade asks for the newest
	@PATH="$(CURDIR)/.cache/uv/bin:$$PATH" requirements/compile.sh $(UPGRADE)

setup:
	@$(PYTHON) -m refinery.stack.setup run

setup-test:
	@$(PYTHON) -m refinery.stack.setup test
