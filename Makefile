# The three commands of a user: make demo, make test, make clean. Each begins with `make install`.

.PHONY: install view docs demo test test-slurm coverage lint format clean
.DEFAULT_GOAL := help

BIN := .venv/bin

# Another interpreter may be named: make install PYTHON=/opt/python3.12/bin/python3
PYTHON ?=

help:
	@echo "make demo     set up and run the first experiment (two minutes)"
	@echo "make test     set up and run the tests"
	@echo "make test-slurm sweep on a Slurm of two nodes, of which one dies (root on Debian; installs Slurm)"
	@echo "make coverage measure what tests reach of the code (half an hour; keeps the counts for docs/reliability.md)"
	@echo "make lint     check style, types and the direction of imports"
	@echo "make install  set up .venv; the command is then $(BIN)/galleria"
	@echo "make docs     build the pages as a site in build/site (installs what that needs)"
	@echo "make view     add what Mesa's page in the browser needs"
	@echo "make clean    remove .venv and caches (results in outputs/ stay)"

install: $(BIN)/.installed

$(BIN)/.installed: requirements/dev.txt pyproject.toml find-python.sh
	@set -e; \
	if ! $(BIN)/python -c "import pip" >/dev/null 2>&1; then \
	    python=$$(PYTHON="$(PYTHON)" sh ./find-python.sh); \
	    echo "Setting up .venv with $$("$$python" --version) ..."; \
	    "$$python" -m venv --clear .venv; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	ln -sfn ../agents galleria/agents && ln -sfn ../models galleria/models && ln -sfn ../experiments galleria/experiments
	@echo "Compiling kernels and building the default city's travel tables ..."
	@$(BIN)/python -m galleria.experiments.warm_up
	@touch $@

view: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/view.txt

docs: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	$(BIN)/python -m sphinx -b html -q -W --keep-going -c docs . build/site
	@echo "Open build/site/index.html"

demo: install
	$(BIN)/galleria sweep experiment=driver_supply_x_opt_in

test: install
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-slurm: install
	command -v slurmctld munged >/dev/null || apt-get install -y -qq slurm-wlm munge
	GALLERIA_SLURM=1 $(BIN)/python -m pytest -q -rs tests/clusters

# Kernels are measured a second time as plain Python, as what is compiled cannot be watched; their hashes wrap round.
coverage: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/coverage.txt
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 tests --ignore tests/fuzz --ignore tests/faults --ignore tests/mutants
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -q -W "ignore:overflow:RuntimeWarning" tests/unit/agents \
	    tests/unit/models/traffic tests/unit/models/demand tests/unit/models/measures tests/unit/experiments/view/test_paths.py
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage json --quiet -o build/coverage/report.json
	$(BIN)/python -m tests.coverage.record build/coverage/report.json

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
