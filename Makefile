# Footnote's commands. Each makes the environment first where it is missing or older than what it is made from.
# The same steps without make stand in the README.

PYTHON ?= python3
STAMP = .venv/.installed
PY = .venv/bin/python

# The question reaches the shell through the environment, never through the text of a command, so that quotes, dollar
# signs and backticks in Q arrive as they were typed.
unexport Q
export QUESTION = $(value Q)

help:
	@echo 'make app              the web app (ingests the shipped course first, where there is no index yet)'
	@echo 'make ask Q="..."      an answer on the terminal'
	@echo 'make test             the test suite'
	@echo 'make check            ruff, mypy, import contracts'
	@echo 'make evals            the gate on answers, as CI runs it'
	@echo 'make clean            remove the environment and caches; notes and indexes stay'

app: index
	$(PY) -m tutor app

ask: index
	@$(PY) -m tutor ask "$$QUESTION"

test: $(STAMP)
	$(PY) -m pytest

check: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

evals: $(STAMP)
	$(PY) -m evals check

index: $(STAMP)
	@test -f "$${TUTOR_HOME:-.tutor}/index/CURRENT" || $(PY) -m ingest

$(STAMP): pyproject.toml constraints.txt
	@echo 'Installing into .venv: some minutes the first time.'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install -q -c constraints.txt -e '.[offline,dev]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app.py evals ingest tests tutor -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help app ask test check evals index clean
