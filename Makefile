# Everything goes through make: it finds the Swift toolchain, installs the Debian packages that are missing, builds.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DATA ?= data
PORT ?= 8080
LISTEN ?= 127.0.0.1:$(PORT)
SAMPLE_COMMANDS ?= 20000
JOBS ?=
SECONDS ?=

swift := .ci/swift
jobs := $(if $(JOBS),--jobs $(JOBS))
martlet := .build/release/martlet
# The Swift libraries go into the program: one file to copy, and it starts in half the time.
release := -c release --static-swift-stdlib --product martlet
linted := Sources Tests Benchmarks/append Benchmarks/calls Package.swift

.PHONY: help
help: ## show this list
	@echo "make TARGET [NAME=value ...]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  DATA=$(DATA)    the data directory that run serves"
	@echo "  PORT=$(PORT)    the port that run listens on; LISTEN=$(LISTEN) to name an address too"
	@echo "  SAMPLE_COMMANDS=$(SAMPLE_COMMANDS)    how large a community run makes in an empty data directory"
	@echo "  BENCH=    options for bench, as Benchmarks/martlet-bench --help lists them"
	@echo "  SWIFT=    the swift program to use; without it PATH and the usual places are searched"

.PHONY: packages
packages:
	@.ci/packages

.PHONY: build
build: packages ## build the program: .build/release/martlet
	$(swift) build $(jobs) $(release)

.PHONY: run
run: build ## serve DATA on PORT; an empty DATA is first filled with a sample community
	@.ci/sample $(martlet) "$(DATA)" "$(SAMPLE_COMMANDS)"
	@echo
	@echo "Open http://$(LISTEN)/docs, or try:"
	@echo "    curl -s -H 'api-key: test' 'http://$(LISTEN)/api/users/me'"
	@echo "    curl -s -H 'api-key: test' 'http://$(LISTEN)/api/tweets?limit=3&sort=newest'"
	@echo "    curl -s -H 'api-key: test' --json '{\"tweet_data\": \"Hello from the nest\"}' 'http://$(LISTEN)/api/tweets'"
	@echo
	@exec $(martlet) serve --data "$(DATA)" --listen "$(LISTEN)"

.PHONY: test
test: packages ## run every check: unit tests, thread sanitizer, format, benchmark programs, contract
	@.ci/test $(jobs)

.PHONY: check
check: packages ## what CI runs: test, allocations of calls, then a short time of fuzzing and of attack, and nginx; 45 minutes
	@.ci/check $(jobs)

.PHONY: fuzz
fuzz: packages ## let libFuzzer try each parser for SECONDS (20)
	@.ci/fuzz $(or $(SECONDS),20)

.PHONY: attack
attack: build ## attack a fresh server in every known way for SECONDS (600)
	@.ci/attack $(martlet) $(or $(SECONDS),600)

.PHONY: lint
lint: ## check the format of the sources
	$(swift) format lint --strict -r $(linted)

.PHONY: format
format: ## bring the sources into format
	$(swift) format -i -r $(linted)

.PHONY: bench
bench: packages ## measure all, beside C and other systems: docs/benchmarks/<date>
	Benchmarks/martlet-bench $(BENCH)

.PHONY: bench-quick
bench-quick: packages ## the same on 100,000 events, in few variants
	Benchmarks/martlet-bench --quick $(BENCH)

.PHONY: clean
clean: ## remove what was built; never a data directory
	rm -rf .build
