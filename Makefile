# The first minute: `make run`, then `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests and benchmarks start hundreds of processes: told so, each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run meeting notebooks test bench mutants lint docs baseline gallery clean

setup: $(VENV)/.ready

# Exact versions come from constraints.txt; the extras say what is installed.
$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kepusim needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[cluster,query,meeting,dev]'
	touch $@

run: setup
	$(BIN)/python -m sim

# Brief, slides, workbook and pictures of a run and its main questions, with an index page.
meeting: setup
	$(BIN)/python -m experiments.meeting

# The notebooks in Jupyter, which is installed with the first call.
notebooks: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[notebooks]'
	$(BIN)/jupyter lab notebooks

test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal

# Wrong rules that no test notices: make mutants SAMPLE=200 SEED=3 ROOMS="model study"
SAMPLE ?= 100
SEED ?= 1
mutants: setup
	$(BIN)/python -m tests.mutants --sample $(SAMPLE) --seed $(SEED) $(if $(ROOMS),--rooms $(ROOMS))

bench: setup
	$(BIN)/python -m benchmarks

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup
	$(BIN)/python -m sim.plan.parameter_register
	$(BIN)/python -m sim.words.glossary

# The pictures of docs/gallery; needs Debian's chromium, libreoffice and poppler-utils.
gallery: setup
	$(BIN)/python -m benchmarks.gallery

baseline: setup
	$(BIN)/python -m tests.update_baseline

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .mutants
