# Set-up and chores. Needs Python 3.11 or newer, git and make, and nothing else; everything is installed into .venv/.
# On Windows run it in git-bash or WSL. Another Python: make scorecard PYTHON=/path/to/python3

PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3 python
UV ?= uv
RUNS ?= 20
JOBS ?= 2
FUZZED := tests/hostile/test_any_bytes.py tests/judge/test_better_figures.py $(addprefix tests/test_,laws.py \
	import_laws.py figures.py fmt_made.py human_period.py human_value.py period.py reader_agreement.py merges.py chart_laws.py targets_picture.py)
FUZZED_ONCE := tests/judge tests/hostile/test_workbooks.py $(addprefix tests/test_,cache.py cli_lint_since.py cost.py edit.py explain.py export.py \
	fixes.py fmt.py markdown.py outputs_hostile.py pages.py pages_changes.py quantity.py reporter_github.py reporter_markdown.py \
	reporter_sarif.py reporters.py rules_texts.py schema.py shapes.py site_pages.py tables.py text.py)

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
PY := $(BIN)/python.exe
else
BIN := .venv/bin
PY := $(BIN)/python
endif

# Stamps: a second run installs nothing while these files are unchanged.
RUN := .venv/run.stamp
TEST := .venv/test.stamp
EXTERNAL := .venv/external.stamp
SITE := .venv/site.stamp
MUTANTS := .venv/mutants.stamp
NPM ?= npm
# Python keeps what it has compiled, whatever the surroundings say: half of what collecting the tests takes.
TESTED := PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input

.DELETE_ON_ERROR:
.PHONY: help scorecard site zensical quick test test-external bench fuzz mutants check program install lint check-pages check-code \
	check-style check-types check-workflows pins clean FORCE

help: ## Say what there is (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

scorecard: lint ## Check the figures and write the scorecard's pages
	@$(BIN)/kpi build
	@echo "The scorecard is in docs/scorecard/README.md"

test: $(TEST) ## Run the tests
	@$(TESTED) --dist worksteal

check: lint check-pages check-code ## Check everything that CI checks beside the tests

# With FILES_AT=https://github.com/OWNER/NAME/edit/main the links "Change a figure" lead there; else the files are copied.
# With SITE_AT=https://OWNER.github.io/NAME the feed's links are whole.
SCORECARDS ?= . docs/examples/hospital
site: zensical ## Make a website of the scorecards, in site/public/, with a search and a feed
	@$(BIN)/kpi site --output site $(addprefix --files-at ,$(FILES_AT)) $(addprefix --site-at ,$(SITE_AT)) $(SCORECARDS)
	@cd site && ../$(BIN)/zensical build --strict

zensical: $(SITE) ## Install Zensical, which makes the website

QUICK := tests/judge $(wildcard tests/test_rule*.py tests/test_truth*.py) \
	$(addprefix tests/test_,pages_golden.py pages_reading.py headline.py architecture.py)

quick: $(TEST) ## Run the tests that a change to a rule, a judge or a page needs first (20 s)
	@$(TESTED) --quiet --dist loadfile $(QUICK)

test-external: $(EXTERNAL) ## Run the tests of other programs (GitHub's workflows, editors, checkers, browsers, Word)
	@$(PY) -m pytest -m "external and not long" -n auto --dist loadfile

bench: $(TEST) ## Measure how fast the program is, and its peers on the same files (ten minutes)
	@cd tests && ../$(PY) -m bench $(BENCH)

# Without CI's own settings each run of these tests makes up other inputs.
fuzz: $(EXTERNAL) ## Try made-up inputs RUNS times (20), more than make test does, and run the long tests
	@$(PY) -m pytest --quiet -m long
	@FUZZ=1 $(PY) -m pytest --quiet $(FUZZED_ONCE)
	@for run in $$(seq $(RUNS)); do FUZZ=1 $(PY) -m pytest --quiet --hypothesis-profile=default $(FUZZED) || exit 1; done

# mutmut knows a module by its path below src/, so it works in a folder where src is tools/. With ONLY='kpi.judge.bound*'
# it tries those again and keeps the other results; `cd .venv/mutants && ../bin/mutmut show NAME` shows what was changed.
mutants: $(MUTANTS) ## Change the program in small ways, and say which changes no test notices (half an hour)
	@$(if $(ONLY),,rm -rf .venv/mutants)
	@mkdir -p .venv/mutants && ln -sfn ../../tools .venv/mutants/src
	@for one in docs kpis schema tests pyproject.toml; do ln -sfn ../../$$one .venv/mutants/$$one; done
	@cd .venv/mutants && ../bin/mutmut run --max-children $(JOBS) $(if $(ONLY),'$(ONLY)')
	@cd tests && ../$(PY) -m mutation

program: $(RUN) ## Install the program alone into .venv/

install: $(TEST) ## Install everything into .venv/ without running it
	@echo "Everything is installed in .venv/"

lint: $(RUN) ## Check the figures under kpis/
	@$(BIN)/kpi lint

check-pages: $(RUN) ## Say whether the pages of the scorecard and of the example are current
	@$(BIN)/kpi build --check
	@$(BIN)/kpi --root docs/examples/hospital build --check

check-code: check-style check-types check-workflows ## Check style, types, workflows and shell

check-style: $(TEST)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

check-types: $(TEST)
	@$(PY) -m mypy

check-workflows: $(TEST)
	@$(BIN)/zizmor --offline --no-progress --persona auditor .github
	@$(BIN)/shellcheck .ci/run .github/actions/show .github/actions/kpi

pins: $(PY) ## Renew the pinned versions in requirements/ (needs uv)
	@command -v "$(UV)" >/dev/null || { echo "Install uv (pip install uv), then run make pins again." >&2; exit 1; }
	@$(PY) -c '$(BUILD_REQUIRES)' | $(COMPILE) - -o requirements/build.txt
	@$(COMPILE) pyproject.toml -o requirements/run.txt
	@$(COMPILE) pyproject.toml --group test -c requirements/run.txt -c requirements/build.txt -o requirements/test.txt
	@$(COMPILE) pyproject.toml --group external -c requirements/test.txt -o requirements/external.txt
	@$(COMPILE) pyproject.toml --group site -c requirements/external.txt -o requirements/site.txt
	@$(COMPILE) pyproject.toml --group mutants -c requirements/test.txt -o requirements/mutants.txt

clean: ## Remove .venv/, site/, caches and built packages; the figures and pages stay
	@rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	@find tools tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One set of pins for Linux, macOS and Windows and for every Python from 3.11 on, each with the hashes of all its files.
# The versions are the newest that the ranges in pyproject.toml allow. No index is named: pip asks the one it is set to.
COMPILE = "$(UV)" --no-config pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make pins"
BUILD_REQUIRES = import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")

# In each candidate: says "ready", or "bare" where venv is missing (Debian packs it apart); nothing where it is too old.
PROBE = import sys; from importlib.util import find_spec as has; \
	sys.version_info >= (3, 11) and print("ready" if has("venv") and has("ensurepip") else "bare")

$(PY):
	@found=; bare=; \
	for candidate in $(PYTHON); do \
		case "$$("$$candidate" -c '$(PROBE)' 2>/dev/null)" in \
			ready*) found=$$candidate; break ;; \
			bare*) bare=$$candidate ;; \
		esac; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
		echo "Install python3-venv, then run make again: $$bare can't make .venv without it." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "Install Python 3.11 or newer, then run make again (looked for: $(strip $(PYTHON)))." >&2; exit 1; \
	fi; \
	echo "Installing into .venv with $$found; this takes up to a minute, once." >&2; \
	"$$found" -m venv --clear .venv || { rm -rf .venv; exit 1; }

# An install remembers where it stands, so a checkout that was moved or copied installs itself again.
ifneq ("$(CURDIR)","$(shell cat $(RUN) 2>/dev/null)")
$(RUN): FORCE
endif

# Where a package has no ready-made file (ruamel.yaml.clib on Windows for ARM), pip builds it and needs a C compiler.
$(RUN): requirements/run.txt requirements/build.txt pyproject.toml tools/kpi/__init__.py | $(PY)
	@$(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@printf '%s' "$(CURDIR)" >$@

$(TEST): requirements/test.txt $(RUN)
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

# The programs from npm go into .venv/npm/, with the versions and hashes of the lock file; it names no registry.
# Without npm their tests are skipped, and say so.
$(EXTERNAL): requirements/external.txt tests/external/package.json tests/external/package-lock.json $(TEST) $(SITE)
	@$(PIP) --require-hashes -r requirements/external.txt
	@rm -rf .venv/npm && mkdir -p .venv/npm && cp tests/external/package*.json .venv/npm/
	@if command -v $(NPM) >/dev/null; then \
		cd .venv/npm && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 && touch ../external.stamp; \
	else \
		echo "npm is missing, so the tests that need it are skipped. Install Node.js 20 or newer to run them." >&2; \
	fi

$(SITE): requirements/site.txt $(RUN)
	@$(PIP) --require-hashes -r requirements/site.txt
	@touch $@

$(MUTANTS): requirements/mutants.txt $(TEST)
	@$(PIP) --require-hashes -r requirements/mutants.txt
	@touch $@

FORCE:
