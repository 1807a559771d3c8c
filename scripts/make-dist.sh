#!/usr/bin/env bash
# make-dist.sh BUILD: packs an installed tree into dist/taizhang-VERSION-MACHINE.tar.gz with its checksum beside it.
# The version is git's description of the commit; owners, order and times in the archive depend on the commit only.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

version=$(git describe --tags --always --dirty 2>/dev/null || echo unversioned)
when=$(git log -1 --format=%cI 2>/dev/null || echo 1970-01-01)
name=taizhang-$version-$(uname -m)

rm -rf "dist/$name"
bash scripts/install-files.sh "$build" "$PWD/dist/$name" /usr/local
tar --create --gzip --file "dist/$name.tar.gz" --directory dist \
  --sort=name --owner=0 --group=0 --numeric-owner --mtime="$when" "$name"
rm -rf "dist/$name"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "dist/$name.tar.gz: $(du -h "dist/$name.tar.gz" | cut -f1)"
