#!/usr/bin/env bash
# count-tests.sh EVENTS COUNTS [FAILURES]: reads the event stream of one `swift test` (one JSON object a line) and writes
# "PASSED FAILED SKIPPED" into COUNTS; prints the name and reason of every skipped test. What failed, with its place and
# what was expected there, goes into FAILURES, a line each, so that it can be told at the very end.
# A test that began and never ended, and a run that never ended, count as failed: a crash must not look like success.
# Exits 1 when anything failed, and when no test ran at all: a filter that fits nothing must not look like success.
set -euo pipefail
events=$1
counts=$2
failures=${3-/dev/null}

[ -f "$events" ] || {
  echo "count-tests: the test run left no event stream at $events" >&2
  echo "0 1 0" >"$counts"
  exit 1
}

awk -v counts="$counts" -v failures="$failures" '
  # The text of the first message, with its symbol; both come from the testing library, keys in alphabetical order.
  function field(name,    start, rest) {
    start = index($0, "\"" name "\":\"")
    if (!start) return ""
    rest = substr($0, start + length(name) + 4)
    match(rest, /^([^"\\]|\\.)*/)
    return substr(rest, 1, RLENGTH)
  }
  /"kind":"runEnded"/ { finished = 1; next }
  /"kind":"issueRecorded"/ {
    # The test, the line of its file, what was found; then every further message, such as the comment.
    place = $0; sub(/.*"_sourceLocation":/, "", place); match(place, /"line":[0-9]+/)
    place = substr(place, RSTART + 7, RLENGTH - 7)
    told = field("testID") " line " place ":"
    rest = $0
    while (match(rest, /"text":"([^"\\]|\\.)*"/)) {
      told = told " " substr(rest, RSTART + 8, RLENGTH - 9)
      rest = substr(rest, RSTART + RLENGTH)
    }
    gsub(/\\"/, "\"", told); gsub(/\\\//, "/", told)
    print told > failures
    next
  }
  /"kind":"(testStarted|testEnded|testSkipped)"/ {
    symbol = field("symbol"); text = field("text")
    if (text !~ /^Test /) next  # suites are not counted, their tests are
    if (/"kind":"testStarted"/) { begun++; open[field("testID")] = text; next }
    if (/"kind":"testEnded"/) { ended++; delete open[field("testID")] }
    if (symbol ~ /^pass/) passed++
    else if (symbol == "skip") { skipped++; gsub(/\\"/, "\"", text); print text }
    else failed++
  }
  END {
    if (begun > ended) {
      failed += begun - ended
      print "count-tests: " begun - ended " tests began and never ended:"
      for (id in open) { print "  " open[id]; print open[id] " It never ended." > failures }
    }
    if (!finished) {
      if (begun <= ended) failed++
      print "count-tests: the test run did not reach its end"
    }
    if (passed + failed + skipped == 0) print "count-tests: no test ran"
    printf "%d %d %d\n", passed, failed, skipped > counts
    exit failed > 0 || passed + skipped == 0
  }
' "$events"
