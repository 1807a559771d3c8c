# Every command a person needs. `make help` lists them; .ci/run is `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run clean-run test quick bench sim sim-mutants build release format lint install dist clean

PREFIX ?= /usr/local
DESTDIR ?=

# One set of flags for run, bench, sim, install and dist, so that they share one release build folder.
# The Swift runtime is linked in: the programs start twice as fast and need no toolchain where they run.
RELEASE_FLAGS := --configuration release --static-swift-stdlib
RELEASE_DIR := .build/release
PROGRAMS := taizhangd taizhang taizhang-bench
SWIFT_SOURCES := Sources Tests Package.swift

# Where `make run` keeps its server and replicas; a second run goes on with them.
RUN_DIR := run

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: release ## a server, six seats and the sample on this machine, shown step by step; ends in the live board
	@bash scripts/run-demo.sh $(RELEASE_DIR) $(RUN_DIR)

clean-run: ## removes what `make run` left
	rm -rf -- $(RUN_DIR)

test: ## everything that .ci/run runs
	@bash scripts/gates.sh all

quick: ## the subset to run before each commit: format, build, tidy and unit tests
	@bash scripts/gates.sh quick

bench: release ## the load driver's table, beside redis-server and, where installed, PostgreSQL
	@bash scripts/bench.sh $(RELEASE_DIR) $(BENCH_FLAGS)

# How many seeds `make sim` runs.
SIM_SEEDS ?= 10000

sim: packages ## 10,000 seeds of the simulator (SIM_SEEDS=…); see docs/simulator.md
	swift build $(RELEASE_FLAGS) --product taizhang-sim
	$(RELEASE_DIR)/taizhang-sim --count $(SIM_SEEDS)

sim-mutants: packages ## rules broken on purpose, each of which the simulator has to find
	@bash scripts/sim-mutants.sh

build: packages ## debug build of everything
	swift build --build-tests --explicit-target-dependency-import-check error

release: packages ## the three programs, optimised
	@for program in $(PROGRAMS); do swift build $(RELEASE_FLAGS) --product $$program || exit 1; done

.PHONY: packages
packages:
	@bash scripts/install-packages.sh

format: ## rewrites the sources in house format
	swift format --in-place --recursive $(SWIFT_SOURCES)

lint: ## says where the sources are not in house format
	swift format lint --strict --recursive $(SWIFT_SOURCES)

install: release ## programs, unit file and example configuration into DESTDIR and PREFIX
	@bash scripts/install-files.sh $(RELEASE_DIR) "$(DESTDIR)" "$(PREFIX)"

dist: release ## dist/taizhang-VERSION-MACHINE.tar.gz: stripped programs that need only Debian's libsqlite3-0 and zlib1g
	@bash scripts/make-dist.sh $(RELEASE_DIR)

clean: ## removes everything that was built
	rm -rf -- .build .build-tsan .build-mutants dist
