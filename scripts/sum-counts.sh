#!/usr/bin/env bash
# sum-counts.sh FOLDER: adds up every *.counts file in FOLDER (each "PASSED FAILED SKIPPED") and prints
# "N passed, N failed, N skipped". Exits 1 when nothing passed, anything failed, or a file is not of that form.
set -euo pipefail
shopt -s nullglob
passed=0 failed=0 skipped=0

for file in "$1"/*.counts; do
  read -r p f s rest <"$file" || true
  if [[ ! "${p-} ${f-} ${s-} ${rest-}" =~ ^[0-9]+\ [0-9]+\ [0-9]+\ $ ]]; then
    echo "sum-counts: $file does not hold three numbers" >&2
    p=0 f=1 s=0
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
