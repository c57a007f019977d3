# `make test` and `make run` set up all they need on a fresh machine; `make help` tells more.
.POSIX:
.SUFFIXES:

BIN = .venv/bin
ARGS =
WORKERS = 4

help: # print this
	@sed -n 's/^\([a-z-]*\):.*# \(.*\)/make \1	\2/p' Makefile
	@echo 'ARGS=... goes on to pytest (test, unit), the demonstration (run) and the contest (bench).'
	@echo 'WORKERS=... is how many processes test at once.'
	@echo 'PYTHON=... is the python to make .venv with.'

setup: # make .venv with emit and every tool in it
	@tools/setup

run: setup # the main job: fetch a real file in parallel ranges inside a stock Alpine
	@integration/docker-up
	@$(BIN)/python -m integration.demo $(ARGS)

test: setup # all tests: unit, the built wheel, real Alpine containers
	@integration/docker-up
	@integration/programs-up
	@$(BIN)/pytest tests integration -n $(WORKERS) --dist worksteal $(ARGS)

unit: setup # the tests that need neither network nor Docker
	@$(BIN)/pytest tests $(ARGS)

bench: setup # downloads side by side: rget.sh, wget, curl, aria2c, axel; ten minutes
	@integration/docker-up
	@$(BIN)/python -m bench.download $(ARGS)

lint: setup # ruff, mypy --strict, shellcheck and checkbashisms on every script
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	tools/lint-shell

bench-cache: setup # what hits on a second machine, and what that saves (20 minutes)
	@integration/docker-up
	@$(BIN)/python -m bench.cache -o bench/cache.md $(ARGS)

clean: # remove what the targets above made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: help setup run test unit lint bench bench-cache clean
