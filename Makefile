# Everything behind these is the `stafett` command; see `make help`.
.DEFAULT_GOAL := help
.PHONY: help setup run fleet test lint train bench soak simulate races fuzz faults environments
MAKEFLAGS += --no-print-directory

bin := .venv/bin
# A runtime is checked as soon as it exists: `bot` and `actions` against Rasa's own environment.
modern := $(patsubst %/__init__.py,%,$(wildcard handoff/__init__.py demo/__init__.py))
rasa := $(patsubst %/__init__.py,%,$(wildcard bot/__init__.py actions/__init__.py))

help:
	@echo 'make run      set up what is missing, start everything, print the addresses; Ctrl-C stops it'
	@echo 'make fleet    the same with three handoff processes and two Rasas behind nginx'
	@echo 'make test     lint, then every test, with real Rasa and a real browser'
	@echo 'make lint     style, strict types, and which module may import which'
	@echo 'make setup    both environments; afterwards .venv/bin/stafett is the command'
	@echo 'make train    train the model if none fits the present data'
	@echo 'make bench    the measurements of benchmarks/'
	@echo 'make soak     an hour of chats that come and go; memory and descriptors stay flat'
	@echo 'make simulate random schedules through the service, as docs/reliability.md tells'
	@echo 'make races    many agents reach for the same customer, as docs/reliability.md tells'
	@echo 'make fuzz     bent frames into the codec, as docs/reliability.md tells'
	@echo 'make faults   kill and cut off everything under load, as docs/reliability.md tells'
	@echo 'make help     this list'
	@echo
	@echo 'Options: make test ARGS="-k launcher", make PYTHON=/path/to/python3.11 run'

setup:
	@sh scripts/python.sh -m scripts.setup

environments:
	@sh scripts/python.sh -m scripts.setup --quiet

run: environments
	@$(bin)/stafett up --with-parent

fleet: environments
	@$(bin)/stafett up --fleet --with-parent

train: environments
	@$(bin)/stafett train

bench: environments
	@$(bin)/python -m benchmarks $(ARGS)

soak: environments
	@$(bin)/python -m benchmarks.soak $(ARGS)

simulate: environments
	@$(bin)/python -m tests.simulation $(ARGS)

races: environments
	@$(bin)/python -m tests.races $(ARGS)

fuzz: environments
	@$(bin)/python -m tests.fuzz $(ARGS)

faults: environments
	@sh scripts/chromium.sh
	@KILLS=$(KILLS) SEED=$(SEED) $(bin)/python -m tests.faults $(ARGS)

lint: environments
	@$(bin)/ruff check --quiet .
	@$(bin)/ruff format --check --quiet . || { echo 'Run .venv/bin/ruff format . to mend this.'; exit 1; }
	@$(bin)/mypy $(modern) scripts
	@$(if $(rasa),$(bin)/mypy --python-executable bot/.venv/bin/python --python-version 3.10 $(rasa))
	@mkdir -p .import_linter_cache; $(bin)/lint-imports > .import_linter_cache/report || { cat .import_linter_cache/report; exit 1; }

test: lint
	@sh scripts/chromium.sh
	@$(bin)/python -m pytest --numprocesses 2 $(ARGS)
