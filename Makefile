# `make` alone lists the targets. Every target first installs what it needs.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

BIN := node_modules/.bin
NODE := $(BIN)/node
SERVER_SOURCES := $(shell find src -type d -o -type f -name '*.ts' ! -name '*.test.ts') tsconfig.json tsconfig.build.json
WEB_SOURCES := $(shell find web -path web/dist -prune -o -path web/node_modules -prune -o -print) $(shell find src/client src/core -type d -o -type f -name '*.ts' ! -name '*.test.ts')

.PHONY: help install run dev build test test-peers check check-static bench docs-check

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: node_modules/.installed ## Install the packages of package-lock.json, when it has changed

run: build ## Build what changed and start the runtime (ARGS="--port 8081" is passed on)
	@exec $(NODE) dist/main.js serve $(ARGS)

dev: install ## Start from the sources; restart on every change, rebuild the page on every change
	@scripts/dev $(ARGS)

build: dist/main.js web/dist/index.html ## Compile the server to dist/ and the page to web/dist/, when they changed

test: build ## Run the tests (ARGS="src/config" runs some of them)
	@npm run --silent test -- $(ARGS)

test-peers: build ## Run the tests that need Postgres, Chromium and strace, and the long ones
	@scripts/test-peers $(ARGS)

check: check-static test ## Everything: format, lint, types, layers, unused code, docs, tests

check-static: build ## What `make check` does besides the tests
	@scripts/check-static

bench: build ## Measure; writes bench/latest.json and prints ratios
	@npm run --silent bench -- $(ARGS)

docs-check: install ## Check that the docs match the code, their style and their links
	@npm run --silent check:docs

# The stamp is a copy of the lockfile, so that a new checkout of the same lockfile installs nothing.
node_modules/.installed: package-lock.json
	@if cmp -s package-lock.json $@; then touch $@; else scripts/install $@; fi

dist/main.js: node_modules/.installed $(SERVER_SOURCES)
	@echo "Building the server ..."
	@npm run --silent build:server
	@touch $@

web/dist/index.html: node_modules/.installed $(WEB_SOURCES)
	@echo "Building the page ..."
	@npm run --silent build:web
	@touch $@
