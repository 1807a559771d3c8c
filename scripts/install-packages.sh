#!/usr/bin/env bash
# Installs what is missing of scripts/apt-packages.txt: prints the apt line and runs it as root or with sudo.
# Where neither is possible it says so and exits 1. It asks nothing, so it may run without a terminal.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dpkg-query >/dev/null; then
  echo "packages: this is no Debian or Ubuntu; make sure that these are installed:" \
    "$(grep -v '^#' scripts/apt-packages.txt | xargs)"
  exit 0
fi

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
while read -r package; do
  case $package in '' | '#'*) continue ;; esac
  is_installed "$package" || missing+=("$package")
done <scripts/apt-packages.txt

if [ ${#missing[@]} -eq 0 ]; then
  echo "packages: nothing is missing"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  # With a terminal sudo may ask for the password; without one it must not wait for an answer that cannot come.
  as_root=(sudo)
  [ -t 0 ] || as_root+=(--non-interactive)
  if ! command -v sudo >/dev/null; then
    echo "packages: these are missing and only root can install them; run this as root, then try again:" >&2
    echo "  apt-get install --yes --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi

apt() {
  echo "+ ${as_root[*]:+${as_root[*]} }env DEBIAN_FRONTEND=noninteractive apt-get $*"
  # A freshly installed server must not start a daemon of its own here: nothing but the tests starts one.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null
}

apt install --yes --no-install-recommends "${missing[@]}" && exit 0
echo "packages: trying again with fresh package lists"
if ! { apt update --quiet && apt install --yes --no-install-recommends "${missing[@]}"; }; then
  echo "packages: could not install ${missing[*]}; install them by hand, then try again" >&2
  exit 1
fi
