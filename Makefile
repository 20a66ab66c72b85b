# make run and make test are all a newcomer needs; both set up what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run test check bench screenshots requirements run-environment dev-environment

PYTHON := .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: run-environment ## set up, load the demo company where there is no plan yet, open the app
	@$(PYTHON) -m planning demo
	@$(PYTHON) -m setup.serve

test: dev-environment ## set up, bring a browser and an office, run every test (ARGS="tests/domain -x" for some)
	@$(PYTHON) -m setup.browser
	@$(PYTHON) -m setup.office
	@$(PYTHON) -m pytest --numprocesses auto $(ARGS)

check: dev-environment ## format, lint, types, layers
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo

bench: dev-environment ## run the measurements, each printing one table
	@$(PYTHON) -m bench $(ARGS)

screenshots: dev-environment ## take the pictures of docs/img from the demo company
	@$(PYTHON) -m setup.browser
	@$(PYTHON) -m setup.screenshots

requirements: ## pin the dependencies of pyproject.toml again (needs uv; ARGS=--upgrade for newer ones)
	@sh setup/pin.sh $(ARGS)

run-environment:
	@sh setup/venv.sh run

dev-environment:
	@sh setup/venv.sh dev
