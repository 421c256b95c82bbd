# Commands of Refinery. Setup installs only missing packages (refinery/stack/setup.py).
PYTHON ?= python3
BIN := .venv/bin
T ?= tests
N ?= 3
# Tests of the adapters start child processes and take minutes.
UNIT ?= tests/unit tests/architecture tests/workflows/test_replay.py tests/workflows/test_histories.py --ignore=tests/unit/ingestion/adapters
PYTEST = REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/pytest
XDIST = --dist=loadfile --no-loadscope-reorder
# The coverage minimum applies to the whole suite: a selection of tests is run without coverage.
COVERAGE = $(if $(filter-out tests,$(T)),,--cov --cov-report=)
# Many processes are started, so let them cache bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test suite check lint style types contracts unit openapi reference bench s3-server screenshots reset lock setup setup-test

run: setup ## run the whole program until Ctrl-C
	@exec $(BIN)/python -m refinery.stack

test: setup-test ## lint and every test with coverage, N files at a time; T=tests/web selects some
	@$(MAKE) --no-print-directory --jobs=2 suite lint

suite: setup-test
	@$(PYTEST) --numprocesses=$(N) $(XDIST) $(COVERAGE) $(T)

check: setup-test ## lint and unit tests in parallel, in less than three minutes on two cores
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

unit: setup-test ## the quick tests: rules, architecture, recorded workflows; UNIT=tests/unit/quality selects some
	@$(PYTEST) --quiet $(UNIT)

openapi: setup-test ## regenerate docs/reference/openapi.json
	@REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/python manage.py openapi --settings=refinery.settings.test

reference: setup-test ## regenerate the other pages of docs/reference
	@REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/python manage.py write_reference --settings=refinery.settings.test

bench: setup-test ## run every benchmark and write benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

s3-server: setup-test ## build an S3 server with Go for the tests of the file store, about three minutes, once
	@$(BIN)/python -m tests.support.s3_servers

screenshots: setup-test ## regenerate the README's screenshots from the running program
	@$(BIN)/python -m tests.e2e.screenshots

reset: setup ## delete all data of the embedded default
	@$(BIN)/python -m refinery.stack.reset

lock: setup-test ## pin requirements/*.in again; UPGRADE=--upgrade selects the newest versions
	@PATH="$(CURDIR)/.cache/uv/bin:$$PATH" requirements/compile.sh $(UPGRADE)

setup:
	@$(PYTHON) -m refinery.stack.setup run

setup-test:
	@$(PYTHON) -m refinery.stack.setup test
