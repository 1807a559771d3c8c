#!/usr/bin/env bash
# check-gates.sh RESULTS: shows for each gate that is not a test of its own that it can fail, on made-up input.
# (The tidy rules have RuleTests for this.) Leaves RESULTS/gates.counts.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0

# expect NAME WANTED GOT: one case, by text.
expect() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'gates: %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3" >&2
  fi
}

# The verdict of a command, without its output.
verdict() { if "$@" >/dev/null 2>&1; then echo passes; else echo fails; fi; }

event() { # event KIND SYMBOL TEXT [TEST]
  printf '{"kind":"event","payload":{"kind":"%s","messages":[{"symbol":"%s","text":"%s"}],"testID":"%s"},"version":0}\n' \
    "$1" "$2" "$3" "${4-a}"
}
begun=$(event testStarted default 'Test a() started.')
good=$(event testEnded pass 'Test a() passed after 0.001 seconds.')
bad=$(event testEnded fail 'Test a() failed after 0.001 seconds with 1 issue.')
skip=$(event testSkipped skip 'Test b() skipped: \"no report\"')
suite=$(event testEnded fail 'Suite A failed after 0.001 seconds with 1 issue.')
end=$(event runEnded pass 'Test run with 2 tests in 1 suite passed after 0.001 seconds.')

# counted NAME WANTED EVENT...: the verdict and the counts for a made-up run.
counted() {
  local name=$1 wanted=$2 got
  shift 2
  printf '%s\n' "$@" >"$folder/events"
  got=$(verdict bash scripts/count-tests.sh "$folder/events" "$folder/counts")
  expect "$name" "$wanted" "$got $(cat "$folder/counts")"
}
counted "a pass and a skip" "passes 1 0 1" "$begun" "$good" "$skip" "$end"
counted "a failed test" "fails 0 1 0" "$begun" "$bad" "$suite" "$end"
counted "a crash in a test" "fails 0 1 0" "$begun"
counted "a crash after the tests" "fails 1 1 0" "$begun" "$good"
counted "no test ran" "fails 0 0 0" "$end"
printf '%s\n' "$begun" "$(event testStarted default 'Test b() started.' b)" "$good" >"$folder/events"
expect "a test that never ended is named" "  Test b() started." \
  "$(bash scripts/count-tests.sh "$folder/events" "$folder/counts" | grep '^  ')"
issue='{"kind":"event","payload":{"_sourceLocation":{"column":45,"fileID":"ATests\/A.swift","line":7},"kind":"issueRecorded",'
issue+='"messages":[{"symbol":"fail","text":"(n → 2) == \"1\""},{"symbol":"details","text":"why"}],'
issue+='"testID":"ATests.a()\/A.swift:4:2"},"version":0}'
printf '%s\n' "$begun" "$issue" "$bad" "$end" >"$folder/events"
expect "what failed is kept" 'ATests.a()/A.swift:4:2 line 7: (n → 2) == "1" why' \
  "$(bash scripts/count-tests.sh "$folder/events" "$folder/counts" "$folder/failures"; cat "$folder/failures")"
rm -f "$folder/events"
expect "no event stream" fails "$(verdict bash scripts/count-tests.sh "$folder/events" "$folder/counts")"

# summed NAME WANTED COUNTS...: the verdict and the last line for made-up counts.
summed() {
  local name=$1 wanted=$2 number=0 got
  shift 2
  rm -f "$folder"/*.counts
  for counts in "$@"; do
    number=$((number + 1))
    echo "$counts" >"$folder/$number.counts"
  done
  got=$(verdict bash scripts/sum-counts.sh "$folder")
  expect "$name" "$wanted" "$got: $(bash scripts/sum-counts.sh "$folder" 2>/dev/null | tail -n 1)"
}
summed "two runners" "passes: 5 passed, 0 failed, 2 skipped" "2 0 1" "3 0 1"
summed "one failure" "fails: 5 passed, 1 failed, 0 skipped" "5 0 0" "0 1 0"
summed "nothing passed" "fails: 0 passed, 0 failed, 3 skipped" "0 0 3"
summed "no runner" "fails: 0 passed, 0 failed, 0 skipped"
summed "no numbers" "fails: 5 passed, 1 failed, 0 skipped" "5 0 0" "many"

printf 'let a=[1,2]\n' >"$folder/Ugly.swift"
expect "ugly source" fails \
  "$(verdict swift format lint --strict --configuration .swift-format "$folder/Ugly.swift")"

# A target that imports a module it does not name, in a package of its own.
mkdir -p "$folder/package/Sources/Named" "$folder/package/Sources/Unnamed"
cat >"$folder/package/Package.swift" <<'PACKAGE'
// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "made", targets: [.target(name: "Named"), .target(name: "Unnamed")])
PACKAGE
echo 'public let one = 1' >"$folder/package/Sources/Unnamed/Unnamed.swift"
echo 'import Unnamed' >"$folder/package/Sources/Named/Named.swift"
expect "import of a module that is not named" fails \
  "$(verdict swift build --package-path "$folder/package" --explicit-target-dependency-import-check error)"
echo '' >"$folder/package/Sources/Named/Named.swift"
expect "the same without the import" passes \
  "$(verdict swift build --package-path "$folder/package" --explicit-target-dependency-import-check error)"

echo "gates: $passed cases hold, $failed do not"
echo "$passed $failed 0" >"$results/gates.counts"
[ "$failed" -eq 0 ]
