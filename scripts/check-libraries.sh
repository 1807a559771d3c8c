#!/usr/bin/env bash
# check-libraries.sh PROGRAM: refuses a program that needs a shared library which a bare Debian with libsqlite3-0 and
# zlib1g does not have.
set -euo pipefail
program=$1
allowed='^(libc|libm|libstdc\+\+|libgcc_s|libdl|libpthread|librt|libutil|ld-linux[a-z0-9-]*|libsqlite3|libz)\.so(\.[0-9]+)?$'

needed=$(readelf --dynamic --wide "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
if [ -z "$needed" ]; then
  echo "check-libraries: readelf found no needed library in $program; it should at least need libc" >&2
  exit 1
fi
if strange=$(grep -vE "$allowed" <<<"$needed"); then
  echo "check-libraries: $program also needs:" "$strange" >&2
  exit 1
fi
