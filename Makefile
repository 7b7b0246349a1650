# Sets Backchannel up, runs it and tests it. Every set-up step leaves a stamp, so only what changed is done again.

PORT ?= 8000
DATA_DIR ?= ./data

BIN := .venv/bin
STAMPS := .venv/stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NODE := sh scripts/node.sh
TAPE := $(wildcard engine/tape/build.py engine/tape/*.c engine/tape/*.h)
TYPED := $(wildcard app engine tests benchmarks scripts hatch_build.py)

.DELETE_ON_ERROR:
.PHONY: run test test-all lint format lock wheel clean

run: $(STAMPS)/product static/vendor/manifest.json
	$(BIN)/backchannel serve --host 127.0.0.1 --port $(PORT) --data-dir "$(DATA_DIR)"

test: SELECTION := -m "not slow"
test test-all: lint $(STAMPS)/product
	$(NODE) node --test --test-timeout=30000 tests/js/*.test.js
	$(NODE) $(BIN)/python scripts/browser.py
	$(NODE) $(BIN)/pytest -n 2 --dist loadfile -r s $(SELECTION)

lint: $(STAMPS)/tools static/vendor/manifest.json
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(TYPED)
	$(NODE) node_modules/.bin/biome check --error-on-warnings
	$(NODE) node_modules/.bin/tsc

format: $(STAMPS)/tools node_modules/.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NODE) node_modules/.bin/biome check --write

lock: $(STAMPS)/packages
	sh scripts/lock.sh

wheel: $(STAMPS)/packages static/vendor/manifest.json
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf .venv node_modules static/vendor build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -f engine/tape/*.so engine/tape/*.dylib

# The set-up, from the ground up.

$(BIN)/python:
	@echo "Making a Python environment in .venv"
	@python=$$(sh scripts/python.sh) && "$$python" -m venv --clear .venv

$(STAMPS)/packages: requirements.lock | $(BIN)/python
	@echo "Installing the Python packages that Backchannel needs"
	@$(PIP) --require-hashes -r requirements.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/tools: requirements-dev.lock $(STAMPS)/packages
	@echo "Installing the Python packages that its tests need"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/product: pyproject.toml hatch_build.py $(TAPE) $(STAMPS)/packages
	@echo "Installing Backchannel itself"
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.stamp: package.json package-lock.json | $(BIN)/python
	@echo "Installing the npm packages"
	@$(NODE) npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

static/vendor/manifest.json: scripts/vendor.mjs node_modules/.stamp
	@echo "Packing the npm packages into static/vendor"
	@$(NODE) node scripts/vendor.mjs
