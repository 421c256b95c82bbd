# Refinery's commands. Set-up installs what is missing and only that (refinery/stack/setup.py).
PYTHON ?= python3
BIN := .venv/bin
T ?= tests
N ?= 2
# Many processes are started: let them keep what they compile.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint bench screenshots reset lock setup setup-test

run: setup ## the whole program, until Ctrl-C
	@exec $(BIN)/python -m refinery.stack

test: setup-test lint ## lint, then every test, N files at a time; T=tests/web chooses some
	@REFINERY_VAR=$(CURDIR)/.cache/test-var $(BIN)/pytest --numprocesses=$(N) --dist=loadfile --no-loadscope-reorder $(T)

lint: setup-test ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports

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
