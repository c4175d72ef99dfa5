# Two commands matter: `make demo` and `make test`. Both set everything up on a machine with Python 3.11+ and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo

.DEFAULT_GOAL := help

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP)  ## virtual environment with the locked dependencies

demo: $(STAMP)  ## the main job on 7,000 invented households, into demo/
	$(BIN)/outreach demo $(DEMO) --fresh

test: $(STAMP)  ## all tests
	$(BIN)/python -m pytest

lint: $(STAMP)  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## figures beside the peers, in one run each
	for bench in tests/bench/bench_*.py; do echo; echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

roster:  $(STAMP)  ## invent the demo's roster and sample accounts again (the same bytes)
	$(BIN)/python campaigns/yingcheng/invent_roster.py
	$(BIN)/python campaigns/yingcheng/invent_accounts.py

layouts: $(STAMP)  ## draw the Word layouts again (the same bytes)
	$(BIN)/python templates/draw_letter_docx.py
	$(BIN)/python templates/draw_radio_docx.py
	$(BIN)/python templates/draw_walk_docx.py
	$(BIN)/python templates/draw_handover_docx.py

pictures: demo  ## draw the README's pictures from a fresh demo (wants Chromium)
	$(BIN)/python docs/draw_pictures.py $(DEMO)

messages: $(STAMP)  ## extract the messages, update the Chinese catalogue, compile it
	$(BIN)/pybabel -q extract --keywords=_ --no-location --sort-output --omit-header --output=outreach/locale/outreach.pot outreach
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --domain=outreach --locale=zh_CN --input-file=outreach/locale/outreach.pot --output-dir=outreach/locale
	$(BIN)/pybabel -q compile --domain=outreach --directory=outreach/locale
	$(BIN)/pybabel -q compile --domain=click --directory=outreach/locale

lock:  ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras --output-file requirements.lock pyproject.toml

clean:  ## remove what was made
	rm -rf $(VENV) $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: help setup demo test lint bench roster layouts pictures messages lock clean
