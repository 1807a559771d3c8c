#!/usr/bin/env bash
# sim-mutants.sh [SEEDS]: whether the simulator finds rules that are broken on purpose.
#
# Each patch in scripts/mutants is applied to a copy of the source, which is built in a folder of its own (kept for the
# next time) and run until a seed fails. Prints that seed for each; exits 1 when a mutant survives SEEDS seeds (1,000), a
# patch does not apply or a mutant does not build.
set -euo pipefail
cd "$(dirname "$0")/.."
seeds=${1-1000}
copy=$PWD/.build-mutants
mkdir -p "$copy"
survived=0 found=0

fresh() {
  rm -rf "$copy/Sources"
  cp -R Sources "$copy/Sources"
  # Only what the package needs to be read; tests are left out of the copy, and of its description.
  sed '/^    \/\/ Tests$/,/^  ]$/{/^  ]$/!d}' Package.swift >"$copy/Package.swift"
  # A checkout in which nothing was built has none; the description names exact versions.
  [ ! -f Package.resolved ] || cp Package.resolved "$copy/"
}

# The same bytes under an older date would not be built again, and the other way round.
build() { (cd "$copy" && swift build --configuration release --product taizhang-sim >build.log 2>&1); }

fresh
echo "sim-mutants: building the source as it is"
build || { tail -n 20 "$copy/build.log"; exit 1; }
(cd "$copy" && .build/release/taizhang-sim --count 20 --from 1 >run.log) || { cat "$copy/run.log"; exit 1; }

for patch in scripts/mutants/*.patch; do
  name=$(basename "$patch" .patch)
  if ! (cd "$copy" && patch --quiet --strip 1 --fuzz 0 --no-backup-if-mismatch --dry-run <"$OLDPWD/$patch" >/dev/null); then
    echo "$name: its patch does not apply any more"
    survived=$((survived + 1))
    continue
  fi
  (cd "$copy" && patch --quiet --strip 1 --fuzz 0 --no-backup-if-mismatch <"$OLDPWD/$patch")
  if ! build; then
    echo "$name: does not build"
    tail -n 5 "$copy/build.log"
    survived=$((survived + 1))
  elif (cd "$copy" && .build/release/taizhang-sim --count "$seeds" --from 1 --fail-fast >run.log); then
    echo "$name: SURVIVED $seeds seeds"
    survived=$((survived + 1))
  else
    echo "$name: $(grep -m 1 '^FAILED' "$copy/run.log")"
    found=$((found + 1))
  fi
  (cd "$copy" && patch --quiet --strip 1 --fuzz 0 --no-backup-if-mismatch --reverse <"$OLDPWD/$patch")
done
echo "$found mutants found, $survived not"
[ "$survived" -eq 0 ]
