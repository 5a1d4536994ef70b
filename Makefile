# Everything here works in a directory whose path has a space: only relative paths, and programs run as modules.
PYTHON ?= python3
PY := .venv/bin/python
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev

# Python compiles what is imported, when it is; to compile all that is installed takes longer than to install it.
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes

# Where it is set, each of the many processes of a demo or a test would compile anew all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup tools browser demo test explore lint server stop worker console bench texts lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## Virtual environment with exactly what requirements.lock names

$(STAMP): requirements.lock
	@command -v "$(PYTHON)" > /dev/null || { echo "There is no $(PYTHON) on PATH. Name a Python 3.11 or newer: make setup PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11. Name a newer one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up the virtual environment (about a minute) ..."
	@"$(PYTHON)" -m venv --clear .venv
	@$(INSTALL) -r requirements.lock
	@touch $(STAMP)

tools: $(DEV_STAMP) ## Add what tests and checks need: requirements-dev.lock

$(DEV_STAMP): $(STAMP) requirements-dev.lock
	@echo "Adding what tests and checks need (half a minute) ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $(DEV_STAMP)

demo: setup ## Seven placements and two learning paths at high speed on a real server; KEEP=1 leaves it all running
	@$(PY) starter.py demo $(if $(KEEP),--keep)

marked = $$(grep -rl --include='test_*.py' 'mark\.$(1)\b' tests)

# Side by side, because many tests wait for something: each process has a Temporal server and a PostgreSQL of its own. But of the
# longest only two: more of them ask so much of a slow machine that steps of workflows take longer than the server waits.
# To read all tests takes each process ten seconds: where a few files have what a phase runs, only they are named.
test: tools browser lint ## Checks and tests
	$(PY) -m pytest -n 2 --maxschedchunk 1 -m "long and not alone" $(call marked,long)
	$(PY) -m pytest -n 3 --maxschedchunk 1 -m "not long and not alone"
	$(PY) -m pytest -m alone $(call marked,alone)

# Where there is none, and Debian's can be installed (as root), it is.
browser: tools ## Find or install the Chromium that tests look at pages with
	@$(PY) -m tests.browser

explore: tools ## Try the properties on ten times as many inputs, others each time; for a night, not for a landing
	$(PY) -m pytest -n 2 -m hypothesis --hypothesis-profile=explore --timeout=3600

lint: tools ## Style, types and the direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

server: setup ## Start a Temporal server and its UI in the background
	@$(PY) -m engine.devserver up

stop: setup ## Stop that server, and what a demo with KEEP=1 left up; all state is kept
	@$(PY) -m demo.stop
	@$(PY) -m engine.devserver down

worker: setup ## Run a worker until Ctrl-C
	@$(PY) worker.py

console: setup ## Run the console, http://localhost:8080, until Ctrl-C
	@$(PY) console.py

bench: tools ## Measure what a placement costs, programs, pages, an import of O*NET's size, a matching, and a cohort file
	@$(PY) -m bench.lifecycles --cases 4 --seconds-per-day 0.1
	@$(PY) -m bench.programs --cases 2000
	@$(PY) -m bench.console --cases 1000 --rounds 5 --running 0
	@$(PY) -m bench.placement_cost
	@$(PY) -m bench.onet_import
	@$(PY) -m bench.matching
	@$(PY) -m bench.cohort_file

texts: setup ## Bring the translations up to what people read now, and list what is not translated
	@$(PY) -m activities.core.texts

# Both from pyproject.toml: what runs Waymark, and that with the tools to develop it, of the same versions. uv asks the index
# that pip is configured with. UPGRADE=1 takes the newest of everything.
lock: setup ## Pin every dependency anew in requirements.lock and requirements-dev.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@index=$$($(PY) -m pip config get global.index-url 2> /dev/null || true); \
	compile() { \
		$${index:+env UV_DEFAULT_INDEX="$$index"} $(PY) -m uv pip compile pyproject.toml --universal --generate-hashes \
			--no-emit-index-url --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade) "$$@"; \
	}; \
	compile -o requirements.lock && compile --group dev --constraints requirements.lock -o requirements-dev.lock

clean: ## Remove the virtual environment and caches; data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
