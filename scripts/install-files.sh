#!/usr/bin/env bash
# install-files.sh BUILD DESTDIR PREFIX: copies the stripped programs, the systemd unit and the example configuration.
# It starts nothing and makes no user: a package or an administrator does that (deploy/ says how).
# The unit file names /usr/local/bin; with another PREFIX its ExecStart is rewritten to it.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
destination=$2
prefix=$3

for program in taizhangd taizhang taizhang-bench; do
  bash scripts/check-libraries.sh "$build/$program"
  install -D --strip --mode=755 "$build/$program" "$destination$prefix/bin/$program"
done

unit=$destination$prefix/lib/systemd/system/taizhangd.service
install -D --mode=644 deploy/taizhangd.service "$unit"
sed -i "s|/usr/local/bin/|$prefix/bin/|g" "$unit"
install -D --mode=644 deploy/taizhang.sysusers "$destination$prefix/lib/sysusers.d/taizhang.conf"
install -D --mode=644 deploy/README.md "$destination$prefix/share/taizhang/README.md"
install -D --mode=644 deploy/taizhangd.toml.example "$destination$prefix/share/taizhang/taizhangd.toml.example"
echo "installed in $destination$prefix"
