#!/usr/bin/env bash
# run-demo.sh BUILD_DIR RUN_DIR: the whole line on this machine, shown step by step (make run).
#
# A server on a free loopback port, the sample imported by the office, six seats with a replica each, a clash of two
# offline edits, the sample brought to every stage; then the live board, or, without a terminal, what happened.
# Exits 1 when a step does not give what it states. A second run goes on with the folder of the first.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
mkdir -p "$2"
run=$(cd "$2" && pwd)
data=$run/data
ledger=liuquan-2023
log=$run/taizhangd.log
export TAIZHANG_HOME=

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR-}" ] || say() { printf '\n%s\n' "$*"; }
has_said=
fail() {
  printf '\nmake run: %s\n' "$*" >&2
  printf 'The server'"'"'s log is %s; make clean-run begins anew.\n' "$log" >&2
  has_said=yes
  exit 1
}

# taizhang as a seat; taizhangd on the run's data.
as() { local seat=$1; shift; "$build/taizhang" --home "$run/$seat" --lang "$lang" "$@"; }
admin() { "$build/taizhangd" "$@" --data "$data"; }
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) lang=zh ;; *) lang=en ;; esac

# json SEAT KEY COMMAND...: one top-level value of a command's JSON.
json() {
  local seat=$1 key=$2
  shift 2
  as "$seat" --json "$@" | grep -o "\"$key\":[^,}]*" | head -n 1 | cut -d: -f2- | tr -d '"'
}

server=
start_server() {
  rm -f "$data/port"
  "$build/taizhangd" serve --data "$data" --listen 127.0.0.1:0 --listen-tls "127.0.0.1:${1:-0}" >>"$log" 2>&1 &
  server=$!
  local left=300
  until grep -qs '^tls ' "$data/port"; do
    kill -0 "$server" 2>/dev/null || fail "taizhangd did not start: $(tail -n 1 "$log")"
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "taizhangd was not ready after 30 seconds"
    sleep 0.1
  done
}
stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
# Whatever a step ended with, the run ends with 1 and says so.
end_run() {
  local status=$?
  stop_server
  [ "$status" -eq 0 ] && return
  [ -n "$has_said" ] || fail "the step above did not give what it states"
  exit 1
}
trap end_run EXIT

# Seats: name, role, place (- for none).
seats="bangongshi round_owner -
liushuwan village_clerk 柳树湾村
dangjian town_office 党建工作办公室
fenguan line_leader 分管副书记
jiwei discipline -
shuji secretary -"

is_new=no
[ -e "$data/seats.sqlite" ] || is_new=yes

if [ "$is_new" = yes ]; then
  say "1. A server with one ledger, $ledger"
  admin ledger add "$ledger"
  while read -r seat role place; do
    if [ "$place" = - ]; then admin seat add "$seat" --ledger "$ledger" --role "$role"
    else admin seat add "$seat" --ledger "$ledger" --role "$role" --place "$place"; fi
  done <<<"$seats"
  start_server
  sed -n 's/^tls .*://p' "$data/port" >"$run/portnumber"
else
  say "1. The server of the last run, in $run"
  # The devices know this port; when something else has taken it, the folder is of no use for a demonstration.
  start_server "$(cat "$run/portnumber")"
fi
echo "taizhangd takes devices in over TLS on 127.0.0.1:$(cat "$run/portnumber") and keeps everything in $data"

sync_all() { while read -r seat _; do as "$seat" sync >/dev/null || fail "$seat could not sync"; done <<<"$seats"; }

if [ "$is_new" = yes ]; then
  say "2. Six seats, a device each, enrolled with a code that lets one in"
  while read -r seat _; do
    code=$(admin enrol "$seat" --ledger "$ledger") || fail "no code for $seat"
    line=$(head -n 1 <<<"$code")
    as "$seat" enrol "$line" >/dev/null || fail "$seat could not be enrolled"
    if as "$seat-2" enrol "$line" >/dev/null 2>&1; then fail "the code of $seat let a second device in"; fi
    rm -rf "${run:?}/$seat-2"
  done <<<"$seats"
  admin device list

  say "3. 办公室 imports the county's feedback"
  as bangongshi import deploy/sample/report.txt
  again=$(json bangongshi edit_count import deploy/sample/report.txt)
  [ "$again" = 0 ] || fail "a second import of the same report made $again changes, not 0"
  echo "Imported a second time: no change."
  sync_all
fi

say "4. Off line, 柳树湾村 and 办公室 change the same field of the same part"
stop_server
clerk_text="合同已补签,等待验收($(TZ=CST-8 date +%H:%M:%S))"
office_text="请先补齐验收单($(TZ=CST-8 date +%H:%M:%S))"
as liushuwan set 15 progress "$clerk_text"
as bangongshi set 15/柳树湾村 progress "$office_text"
start_server "$(cat "$run/portnumber")"
sync_all
sync_all
as liushuwan history 15 progress
# The village and those who see the whole ledger; 党建工作办公室 and 分管副书记 do not see problem 15.
hashes=
for seat in liushuwan bangongshi jiwei shuji; do
  history=$(as "$seat" history 15/柳树湾村 progress)
  grep -qF "$clerk_text" <<<"$history" || fail "$seat does not show what 柳树湾村 wrote"
  grep -qF "$office_text" <<<"$history" || fail "$seat does not show what 办公室 wrote"
  shown=$(as "$seat" show 15)
  grep -qF "$office_text" <<<"$shown" || fail "$seat does not show the later value, which wins"
  hash=$(json "$seat" state_hash status)
  [ -n "$hash" ] || fail "$seat has no state hash"
  [ "$seat" = liushuwan ] || hashes+="$hash $seat"$'\n'
done
printf '%s' "$hashes"
[ "$(cut -d' ' -f1 <<<"${hashes%$'\n'}" | sort -u | wc -l)" -eq 1 ] || fail "the replicas' states differ"
echo "All four show both values, and the same winner: the later stamp. The three that see everything hold the same."
if as dangjian show 15 >/dev/null 2>&1; then fail "an office sees a problem that does not name it"; fi
all=$(as bangongshi --json list | grep -o '"reference"' | wc -l)
own=$(as liushuwan --json list | grep -o '"reference"' | wc -l)
[ "$own" -gt 0 ] && [ "$own" -lt "$all" ] || fail "柳树湾村 sees $own of $all problems"
echo "柳树湾村 was sent $own of the $all problems: those that name it."

if [ "$is_new" = yes ]; then
  say "5. The sample is brought to every stage"
  . scripts/demo-stages.sh
  sync_all
fi

say "6. What is not a seat's to do is refused on its own machine"
if said=$(as liushuwan set 15 deadline 2030-12-31 2>&1); then fail "a village clerk could set a deadline"; fi
echo "$said"
as liushuwan rights 15

say "7. Where it stands"
as shuji board --text

if [ -t 0 ] && [ -t 1 ]; then
  as shuji board || true
  echo "The board was left; the server stops. make run shows it again, make clean-run removes $run."
else
  echo
  echo "make run: every step gave what it states."
fi
