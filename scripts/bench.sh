#!/usr/bin/env bash
# bench.sh BUILD_DIR [ARGUMENT...]: starts taizhangd and, where they are installed, redis-server and PostgreSQL on free
# loopback ports in a folder of their own, makes the devices, runs taizhang-bench with the arguments, stops everything.
#
# Every server writes to the same disk, one after the other, so the ratios hold on any machine.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
shift

folder=$(mktemp -d "${TMPDIR:-/tmp}/taizhang-bench.XXXXXX")
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf -- "$folder"
}
trap cleanup EXIT
ulimit -n "$(ulimit -Hn)"

say() { echo "$*" >&2; }

# wait_for SECONDS COMMAND...: until the command succeeds; fails after that many seconds.
wait_for() {
  local left=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.1
  done
}

# A port that nobody listens on, below the range that outgoing connections take theirs from.
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

server="$build/taizhangd"
data="$folder/data"
for ledger in durable fan catch; do "$server" ledger add "$ledger" --data "$data" >/dev/null; done
# Thousands of watchers are one device here, and a writer writes as fast as it can.
cat >"$folder/taizhangd.toml" <<CONFIG
device_connections = 100000
seat_connections = 100000
edits_per_second = 100000000
edit_burst = 100000000
CONFIG
"$server" serve --config "$folder/taizhangd.toml" --data "$data" --listen 127.0.0.1:0 --listen-tls 127.0.0.1:0 >"$folder/taizhangd.log" 2>&1 &
pids+=($!)
server_pid=$!
wait_for 30 test -s "$data/port" || { say "taizhangd did not start:"; cat "$folder/taizhangd.log" >&2; exit 1; }

# device LEDGER SEAT NAME: a seat of its own and its device file.
device() {
  "$server" seat add "$2" --ledger "$1" --role round_owner --data "$data" >/dev/null
  mkdir -p "$folder/$1"
  "$server" device add "$2" --ledger "$1" --out "$folder/$1/$3.device" --data "$data" >/dev/null
}
for number in $(seq -w 1 50); do device durable "durable$number" "$number"; done
device fan fanwriter writer
device fan fanwatcher watcher
device catch catch catch

# Devices that come in over TLS, each with a key of its own: the bench enrols them with these lines.
for number in $(seq -w 1 50); do
  "$server" seat add "tls$number" --ledger durable --role round_owner --data "$data" >/dev/null
  "$server" enrol "tls$number" --ledger durable --data "$data" | grep -o 'taizhang://[^ ]*' >>"$folder/tls.lines"
done
"$server" ledger add idle --data "$data" >/dev/null
"$server" seat add tlsidle --ledger idle --role round_owner --data "$data" >/dev/null
"$server" enrol tlsidle --ledger idle --data "$data" | grep -o 'taizhang://[^ ]*' >"$folder/tls-idle.lines"

arguments=(--devices "$folder" --server-pid "$server_pid")

if command -v redis-server >/dev/null; then
  port=$(free_port)
  redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --appendonly yes --appendfsync always --save '' \
    --maxclients 12000 --daemonize no >"$folder/redis.log" &
  pids+=($!)
  redis_pid=$!
  wait_for 30 redis-cli -p "$port" ping || { say "redis-server did not start"; exit 1; }
  arguments+=(--redis "127.0.0.1:$port" --redis-pid "$redis_pid")
else
  say "redis-server is not installed: the figures have no peer (apt-get install redis-server)"
fi

# PostgreSQL: one INSERT a transaction, 50 clients, what `pgbench` says itself. initdb refuses to run as root.
postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1 || true)
if [ -n "$postgres_bin" ] && [ -x "$postgres_bin/pgbench" ]; then
  as_user=()
  if [ "$(id -u)" -eq 0 ]; then
    as_user=(setpriv --reuid postgres --regid postgres --clear-groups)
    mkdir "$folder/pg" && chown postgres "$folder/pg" && chmod 755 "$folder"
  else
    mkdir "$folder/pg"
  fi
  port=$(free_port)
  say "PostgreSQL: 50 clients, one INSERT a transaction"
  "${as_user[@]}" "$postgres_bin/initdb" -D "$folder/pg/data" -A trust -U postgres >/dev/null
  "${as_user[@]}" "$postgres_bin/postgres" -D "$folder/pg/data" -p "$port" -k "$folder/pg" -c listen_addresses= \
    >"$folder/pg.log" 2>&1 &
  pids+=($!)
  wait_for 30 "$postgres_bin/pg_isready" -h "$folder/pg" -p "$port"
  "$postgres_bin/psql" -q -h "$folder/pg" -p "$port" -U postgres \
    -c 'create table history(seq bigserial primary key, line text not null)'
  echo "insert into history(line) values ('p15 progress bench');" >"$folder/insert.sql"
  tps=$("$postgres_bin/pgbench" -n -h "$folder/pg" -p "$port" -U postgres -M prepared -c 50 -j 2 -T 5 \
    -f "$folder/insert.sql" postgres 2>/dev/null | awk '/^tps/ { print $3 }')
  arguments+=(--figure "postgresql.50x1.inserts=$tps=/s")
fi

"$build/taizhang-bench" "${arguments[@]}" "$@"

# The client's own figure: a first sync and `list` with 10,000 problems.
if [ -x "$build/taizhang" ] && [ $# -eq 0 ]; then
  home="$folder/home"
  "$build/taizhang" --home "$home" init "$folder/catch/catch.device" >/dev/null
  "$build/taizhang" --home "$home" sync >/dev/null
  for _ in 1 2 3; do
    start=$(date +%s%N)
    "$build/taizhang" --home "$home" list >/dev/null
    echo "list of 10,000 problems: $((($(date +%s%N) - start) / 1000000)) ms (whole process)"
  done
fi
