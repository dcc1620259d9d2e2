# Everything starts here. A fresh machine needs git, make and python3 (3.11 or later, with venv); nothing else.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
STAMPS := .venv/stamps
FRONTEND := $(shell find frontend/src -type f 2>/dev/null) frontend/build.mjs frontend/package.json frontend/package-lock.json
PO := $(wildcard locale/*/LC_MESSAGES/*.po locale/wagtail/*/LC_MESSAGES/*.po)
# pytest-xdist: one process a core.
JOBS ?= auto

.PHONY: help setup run test e2e e2e-full screenshots check check-style check-types check-layers check-migrations check-messages bench bench-uncached bench-first-load bench-many bench-unsubscribe bench-results bench-sending bench-feeds bench-register bench-imports bench-registrations bench-duplicates bench-network bench-desk bench-report bench-reach murder posts feeds crowd flood format messages clean

help:
	@echo "make run     start Kantama with its demo on this machine"
	@echo "make test    run the tests"
	@echo "make e2e     run the tests in a browser (Debian's chromium; for HTML its default-jre-headless)"
	@echo "make e2e-full  the same, each page in every language, width and scheme"
	@echo "make screenshots  takes the pictures of docs/screens.md"
	@echo "make murder  the mail ledger while workers, connections and the mail server are killed"
	@echo "make posts   10,000 posts to four networks that fail, while workers are killed, beside the networks' own logs"
	@echo "make crowd   seats and the waiting list while people come, cancel and change, and workers are killed"
	@echo "make flood   10,000 scripted sign-ups from 1,000 addresses, beside the mail server's own log"
	@echo "make check   lint, format, types, layers, migrations"
	@echo "make bench   the front page beside the same bytes behind nginx; bench-uncached: articles past the page cache;"
	@echo "                bench-first-load: articles as a telephone; bench-many: lists of 10,000 pages; bench-sending: a mailing;"
	@echo "                bench-unsubscribe: one-click unsubscribe while an issue is on its way;"
	@echo "                bench-results: the results screen of an issue with 200,000 copies; bench-feeds: a feed of 500 events, a calendar of 2,000;"
	@echo "                bench-register: a register of 100,000 people; bench-duplicates: who stands in it twice;"
	@echo "                bench-imports: a file of 100,000 people, beside COPY and pandas;"
	@echo "                bench-network: the metrics of a network of 100,000 people, beside networkx;"
	@echo "                bench-report: a report of 40 pages with 30 charts, beside the typesetter alone;"
	@echo "                bench-desk: the desk of 40 goals and 2,000,000 touches, beside raw SQL;"
	@echo "                bench-reach: beacons of readers beside a loaded server and beside one INSERT each, and the screen over 10,000,000;"
	@echo "                bench-registrations: 2,000 people who register, beside pretix"
	@echo "make feeds   feeds under 1,000 random sequences of changes: no wrong 304"

setup: $(STAMPS)/frontend $(STAMPS)/messages $(STAMPS)/lemmas

$(STAMPS)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: $(STAMPS)/uv pyproject.toml uv.lock
	$(UV) sync --quiet --locked --no-install-project --compile-bytecode
	@touch $@

$(STAMPS)/frontend: $(STAMPS)/python $(FRONTEND)
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" node build.mjs
	@touch $@

$(STAMPS)/messages: $(STAMPS)/python $(PO)
	$(BIN)/python manage.py messages --compile
	@touch $@

$(STAMPS)/lemmas: $(STAMPS)/python
	$(BIN)/python manage.py rebuild_search --dictionaries
	@touch $@

# Without its scripts: the one of the HTML checker would fetch a Java of its own.
$(STAMPS)/e2e: $(STAMPS)/python tests/e2e/package.json tests/e2e/package-lock.json
	cd tests/e2e && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

run: setup
	$(BIN)/python manage.py serve

test: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

e2e: setup $(STAMPS)/e2e
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal tests/e2e

# Each page in every language, width and scheme, where `e2e` lets every two of them meet.
e2e-full: setup $(STAMPS)/e2e
	E2E_FULL=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal tests/e2e

# The pictures of docs/screens.md.
screenshots: setup
	$(BIN)/python manage.py shell --no-imports -c "from tests.e2e.screenshots import take_all; take_all()"

# Each on a core of its own, as far as there are any.
check: setup
	@$(MAKE) --no-print-directory --output-sync --jobs check-style check-types check-layers check-migrations check-messages

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet .

check-types:
	$(BIN)/mypy

check-layers:
	PYTHONPATH=.:site $(BIN)/lint-imports

check-migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run

check-messages:
	$(BIN)/python manage.py messages --check

# Never part of the tests. BENCH takes its options, such as BENCH="--json --rounds 11".
bench: setup
	@$(BIN)/python -m bench.front_page $(BENCH)

bench-uncached: setup
	@$(BIN)/python -m bench.uncached $(BENCH)

bench-first-load: setup
	@$(BIN)/python -m bench.first_load $(BENCH)

bench-many: setup
	@$(BIN)/python -m bench.many_pages $(BENCH)

bench-unsubscribe: setup
	@$(BIN)/python -m bench.unsubscribe $(BENCH)

bench-results: setup
	@$(BIN)/python -m bench.results $(BENCH)

bench-sending: setup
	@$(BIN)/python -m bench.sending $(BENCH)

bench-feeds: setup
	@$(BIN)/python -m bench.feeds $(BENCH)

bench-register: setup
	@$(BIN)/python -m bench.register $(BENCH)

bench-imports: setup
	@$(BIN)/python -m bench.imports $(BENCH)

bench-duplicates: setup
	@$(BIN)/python -m bench.duplicates $(BENCH)

bench-report: setup
	@$(BIN)/python -m bench.report $(BENCH)

bench-desk: setup
	@$(BIN)/python -m bench.desk $(BENCH)

bench-network: setup
	@$(BIN)/python -m bench.network $(BENCH)

bench-reach: setup
	@$(BIN)/python -m bench.reach $(BENCH)

bench-registrations: setup
	@$(BIN)/python -m bench.registrations $(BENCH)

# No wrong 304, over 1,000 random sequences of changes.
feeds: setup
	FEED_EXAMPLES=1000 $(BIN)/python -m pytest -p no:xdist tests/events/test_feeds.py

# The ledger under murder, in full: MURDER="--seed 7". On DATABASE_URL's server in a database of its own, else on SQLite.
murder: setup
	@PYTHONPATH=.:site $(BIN)/python -m tests.mail.murder $(MURDER)

# The outbox of posts in full: POSTS="--posts 1000 --seed 7". On DATABASE_URL's server in a database of its own, else on SQLite.
posts: setup
	@PYTHONPATH=.:site $(BIN)/python -m tests.social.murder $(POSTS)

# Seats and the waiting list in full: CROWD="--runs 5 --seed 7". On DATABASE_URL's server in a database of its own, else on SQLite.
crowd: setup
	@PYTHONPATH=.:site $(BIN)/python -m tests.events.crowd $(CROWD)

# Scripted sign-ups in full: FLOOD="--signups 2000 --seed 7". On DATABASE_URL's server in a database of its own, else on SQLite.
flood: setup
	@PYTHONPATH=.:site $(BIN)/python -m tests.events.flood $(FLOOD)

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup
	$(BIN)/python manage.py messages --update

clean:
	rm -rf .venv var frontend/node_modules tests/e2e/node_modules site/base/static/kantama
