# The two commands: `make run` starts everything, `make test` proves it. Both set up what is missing first.

# The first Python that is new enough, python3 before all others.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& { echo $$name; break; }; done)
ENVIRONMENT := .venv/bin
CHECKED := convosphere tests deploy bench alembic rxconfig.py

# What Python compiles is kept, whatever the shell says: else each process of the product compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: run test setup setup-test pages lint format lock messages bench clean help

run: setup ## Start ConvoSphere and print its address
	@exec $(ENVIRONMENT)/python -m convosphere run

test: ## Lint, types, contracts and the pages' build side by side, then all tests
	@$(MAKE) --no-print-directory --jobs=2 lint pages
	@exec $(ENVIRONMENT)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(TESTS)

setup: # The virtual environment with what the product needs
	@$(or $(PYTHON),python3) deploy/setup.py

setup-test: # And with what its tests need
	@$(or $(PYTHON),python3) deploy/setup.py --test

pages: setup-test # The bundle that the tests look at
	@$(ENVIRONMENT)/python -m convosphere build

lint: setup-test ## Style, types and the directions between packages
	@$(ENVIRONMENT)/ruff check --quiet $(CHECKED)
	@$(ENVIRONMENT)/ruff format --quiet --check $(CHECKED)
	@$(ENVIRONMENT)/basedpyright
	@$(ENVIRONMENT)/lint-imports --no-cache

format: setup-test ## Put the source into its standard form
	@$(ENVIRONMENT)/ruff check --quiet --fix $(CHECKED)
	@$(ENVIRONMENT)/ruff format $(CHECKED)

lock: setup-test ## Compile the locks from pyproject.toml and from what the pages import
	@PYTHONPATH=. $(ENVIRONMENT)/python deploy/lock.py

messages: setup ## Collect the words on screen, merge them into the catalogues and compile those
	@$(ENVIRONMENT)/python -m convosphere messages update
	@$(ENVIRONMENT)/python -m convosphere messages compile

bench: setup-test ## Measure, and print the figures with the machine's load
	@$(ENVIRONMENT)/python -m bench

clean: ## Remove what can be made again; data/ stays
	rm -rf .venv .web .build .pytest_cache .ruff_cache .import_linter_cache assets/catalogues assets/external
	find convosphere tests alembic locales \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
