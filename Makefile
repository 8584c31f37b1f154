# Persuadable. `make run` serves the app, `make test` runs every test; `make help` lists the rest.
# Only a Python of 3.11 or later and make are needed; everything else is installed into .venv, versions and
# hashes pinned by the lock files.

.DEFAULT_GOAL := help
.PHONY: help setup run test check lock screenshots bench bench-peers clean browser dev
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Options for the command behind `run` and `test`: make run ARGS="--port 8051", make test ARGS="tests/core"
ARGS :=

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(VENV)/.installed ## Install the locked dependencies and the project into .venv

run: setup ## Serve the app on http://127.0.0.1:8050; the first start prepares the example campaign
	@$(BIN)/python -m core.cli serve --prepare-example $(ARGS)

test: dev browser ## Install what the tests need, Chromium included, and run every test
	$(BIN)/python -m pytest $(ARGS)

check: dev ## Lint, format, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: dev ## Run the benchmarks; fails where a promised ratio is not kept
	@failed=0; for file in benchmarks/*.py; do \
	  echo "== $$file"; $(BIN)/python $$file || [ $$? = 2 ] || failed=1; done; exit $$failed

bench-peers: dev ## The learners beside causalml, EconML and scikit-uplift, as far as they are installed
	$(BIN)/python benchmarks/learners.py --peers

screenshots: dev browser ## Photograph every page of the running example; renews the README's pictures
	$(BIN)/python docs/screenshots.py

lock: ## Renew the lock files from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: python3 -m pip install uv"; exit 1; }
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove .venv and the caches; artifacts stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# --- how the environment is made -------------------------------------------------------------------------

# The project itself is installed editable by the locked build backend: nothing unpinned is fetched.
INSTALL_PROJECT = $(PIP) install --no-deps --no-build-isolation --editable .

$(BIN)/python:
	@$(FIND_PYTHON); echo "Creating $(VENV) with $$found"; \
	rm -rf $(VENV) && "$$found" -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies (the first time takes a few minutes)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests and checks need"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

dev: $(VENV)/.installed-dev

# A Python of 3.11 or later, or a sentence on what to do. Debian ships venv's pip in a package of its own.
define FIND_PYTHON
found=; for name in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
    found=$$(command -v "$$name"); break; fi; done; \
if [ -z "$$found" ]; then \
  echo "Persuadable needs Python 3.11 or later, and none was found."; \
  echo "Install one from https://www.python.org/downloads/, or name it: make setup PYTHON=/path/to/python"; \
  exit 1; fi; \
if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
  package=python$$("$$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv; \
  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo "Installing $$package"; \
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" >/dev/null || exit 1; \
  else echo "$$found cannot make virtual environments. Install the package $$package."; exit 1; fi; fi
endef

# The browser tests drive a real Chromium.
browser:
	@have() { command -v "$$1" >/dev/null 2>&1; }; \
	if { have chromium || have chromium-browser || have google-chrome; } && have chromedriver && have curl; then \
	  exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && have apt-get; then \
	  echo "Installing Chromium, its driver and curl"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    chromium chromium-driver curl >/dev/null || exit 1; \
	else \
	  echo "The tests need Chromium (or Chrome), chromedriver and curl on the PATH."; \
	  echo "Debian, Ubuntu:  sudo apt-get install chromium chromium-driver curl"; \
	  echo "Fedora:          sudo dnf install chromium chromedriver curl"; \
	  echo "macOS:           brew install --cask chromium && brew install chromedriver"; \
	  exit 1; fi
