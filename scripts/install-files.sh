#!/usr/bin/env bash
# install-files.sh BUILD DESTDIR PREFIX: copies the stripped programs, the systemd unit, the example configuration and the
# settings for sshd.
# It starts nothing and makes no user: a package or an administrator does that (deploy/ says how).
# The unit file names /usr/local/bin; with another PREFIX its ExecStart is rewritten to it, and so are the settings.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
destination=$2
prefix=$3

for program in taizhangd taizhang taizhang-bench; do
  bash scripts/check-libraries.sh "$build/$program"
  install -D --strip --mode=755 "$build/$program" "$destination$prefix/bin/$program"
done
# Under this name it is the login shell of those who come in by ssh.
ln -sfn taizhang "$destination$prefix/bin/taizhang-login"

unit=$destination$prefix/lib/systemd/system/taizhangd.service
install -D --mode=644 deploy/taizhangd.service "$unit"
sed -i "s|/usr/local/bin/|$prefix/bin/|g" "$unit"
install -D --mode=644 deploy/taizhang.sysusers "$destination$prefix/lib/sysusers.d/taizhang.conf"
install -D --mode=644 deploy/README.md "$destination$prefix/share/taizhang/README.md"
install -D --mode=644 deploy/taizhangd.toml.example "$destination$prefix/share/taizhang/taizhangd.toml.example"
install -D --mode=644 deploy/sshd-taizhang.conf "$destination$prefix/share/taizhang/sshd-taizhang.conf"
sed -i "s|/usr/local/bin/|$prefix/bin/|g" "$destination$prefix/share/taizhang/sshd-taizhang.conf"
echo "installed in $destination$prefix"
