#!/usr/bin/env bash
# gates.sh [all|quick]: every check of this repository, one step after the other, each with its seconds.
#
# A step is a function below and a line at the end of this file. A step that fails does not stop the later ones,
# except where they would have nothing to run on. A step that runs tests leaves FOLDER/NAME.counts with
# "PASSED FAILED SKIPPED"; a step without counts only succeeds or fails. CONTRIBUTING.md says more.
# The last line printed is the sum of all counts; exits 1 when nothing passed, a test failed or a step failed.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

results=$PWD/.build/gate-results
rm -rf "$results"
mkdir -p "$results"
failed_steps=()

# Failed tests in all counts so far.
failed_tests() { cat "$results"/*.counts /dev/null 2>/dev/null | awk '{ n += $2 } END { print n + 0 }'; }

# step NAME FUNCTION: runs one step, then says its verdict and seconds. It runs as a condition, so `set -e` is off in
# it: a step function is one command, or gathers its status itself.
step() {
  local name=$1 start=$SECONDS failed_before
  failed_before=$(failed_tests)
  echo
  echo "== $name"
  if "$2"; then
    echo "== $name: ok, $((SECONDS - start)) s"
    return 0
  fi
  echo "== $name: FAILED, $((SECONDS - start)) s"
  # A failure that no test stands for (a format error, a build that broke) is one failure in the sum.
  [ "$(failed_tests)" -gt "$failed_before" ] || echo "0 1 0" >"$results/step-${#failed_steps[@]}.counts"
  failed_steps+=("$name")
  return 1
}

# Ends the run: what failed, then the sum of all counts as the last line.
finish() {
  local status=0 total
  total=$(bash scripts/sum-counts.sh "$results") || status=1
  echo
  if [ ${#failed_steps[@]} -gt 0 ]; then
    echo "failed steps: $(printf '%s, ' "${failed_steps[@]}" | sed 's/, $//')"
    status=1
    cat "$results"/*.failures /dev/null 2>/dev/null | cut -c 1-400 | head -n 20 || true
  fi
  echo "whole run: $SECONDS s"
  echo "$total"
  exit "$status"
}

# bounded SECONDS COMMAND...: runs a command, and ends it after so many seconds or when this script is interrupted.
bounded() {
  local pid status=0
  timeout --kill-after=60 "$@" &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  wait "$pid" || status=$?
  trap - INT TERM
  [ "$status" -ne 124 ] || echo "gates: ended after $1 s: ${*:2:2}" >&2
  return "$status"
}

# run_tests NAME ARGUMENT...: one `swift test` with its counts in NAME.counts.
# Everything is Swift Testing (the tidy test holds that), so XCTest's empty run is left out. A run that stands still is ended
# after several times the longest that one takes, so that it is told which tests were in it.
run_tests() {
  local name=$1 status=0 events=$results/$1.events
  shift
  bounded 2400 swift test --disable-xctest --event-stream-version 0 --event-stream-output-path "$events" "$@" || status=$?
  bash scripts/count-tests.sh "$events" "$results/$name.counts" "$results/$name.failures" || status=1
  rm -f "$events"
  return "$status"
}

packages() { bash scripts/install-packages.sh; }

gates_can_fail() { bash scripts/check-gates.sh "$results"; }

format_lint() { swift format lint --strict --recursive Sources Tests Package.swift; }

# The one debug build. Warnings are errors by Package.swift. The import check refuses a module that a target
# does not name among its dependencies.
debug_build() { swift build --build-tests --explicit-target-dependency-import-check error; }

tidy() { run_tests tidy --skip-build --filter '^TidyTests\.'; }

# Floods hold thousands of connections open in the tests' own process. Apart from the rest: Foundation's way of starting a
# process reads past the end of a list of open files that long, which ends whatever test starts one meanwhile.
flooding='(HostileConnectionTests|HostileTLSTests)/'

# So many at once: what a test waits for comes in time only where not all of them want the processors in that moment. One that
# waits for its turn does not use up its time.
tests() {
  run_tests tests --skip-build --experimental-maximum-parallelization-width 16 --skip "^TidyTests\.|$flooding"
}

floods() { run_tests floods --skip-build --filter "$flooding"; }

quick_tests() {
  run_tests tests --skip-build --experimental-maximum-parallelization-width 16 \
    --skip "^(TidyTests|IntegrationTests)\.|$flooding"
}

# The units that share state between threads, under ThreadSanitizer: the one sanitizer build, in a folder of its own and of
# these targets only. What reads damaged files byte by byte does so on one thread, and takes minutes here for nothing.
thread_sanitizer() {
  TAIZHANG_TESTS='LineProtocolTests LedgerStoreTests SessionRulesTests SyncRulesTests' \
    run_tests thread-sanitizer --sanitize thread --scratch-path .build-tsan --skip 'ReplicaRepairTests|CheckedActTests'
}

# The simulator's first seeds, with a release build: a seed takes a seventh of what it does in the debug one
# (docs/simulator.md has the figures). A seed is a test in the sum.
simulator() {
  local status=0 output
  swift build --configuration release --static-swift-stdlib --product taizhang-sim || return 1
  output=$(.build/release/taizhang-sim --count "${SIM_GATE_SEEDS-100}" --from 1) || status=1
  echo "$output"
  grep -i fail <<<"$output" | grep -v ' 0 failed' >"$results/simulator.failures"
  awk '/^[0-9]+ runs/ { for (i = 1; i < NF; i++) if ($(i + 1) ~ /^failed/) failed = $i; print $1 - failed, failed, 0 }' \
    <<<"$output" >"$results/simulator.counts"
  return "$status"
}

mode=${1-all}
step packages packages || finish
step "gates can fail" gates_can_fail || true
step "format lint" format_lint || true
step "debug build, import check" debug_build || finish
step tidy tidy || true
if [ "$mode" = quick ]; then
  step "quick tests" quick_tests || true
  finish
fi
step tests tests || true
step floods floods || true
step "simulator" simulator || true
# A new runner (conformance, a real terminal ...) is one more line here.
step "thread sanitizer" thread_sanitizer || true
finish
