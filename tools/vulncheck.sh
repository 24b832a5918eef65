#!/usr/bin/env bash
# Looks for known vulnerabilities in what Muster calls. MUSTER_VULNDB names an
# unpacked Go vulnerability database, or a .tgz of one; else vulndb.tgz in the
# neighbouring folder shared/ is used, else the public database. A database
# that cannot be reached is said loudly and is never a pass.
set -euo pipefail
cd "$(dirname "$0")/.."

source_of_db=${MUSTER_VULNDB:-}
if [ -z "$source_of_db" ] && [ -f ../shared/vulndb.tgz ]; then
  source_of_db=../shared/vulndb.tgz
fi

args=()
if [ -f "$source_of_db" ]; then
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  tar -xzf "$source_of_db" -C "$unpacked"
  source_of_db=$(dirname "$(find "$unpacked" -type d -name ID | head -n 1)")
fi
if [ -n "$source_of_db" ]; then
  if [ ! -d "$source_of_db/index" ] && [ ! -d "$source_of_db/ID" ]; then
    echo "vulncheck: NOT CHECKED: $source_of_db holds no vulnerability database." >&2
    exit 1
  fi
  args=(-db "file://$(cd "$source_of_db" && pwd)")
fi

status=0
go tool -modfile=tools/go.mod govulncheck "${args[@]}" ./... || status=$?
case $status in
  0) echo 'vulncheck: nothing known.' ;;
  3) echo 'vulncheck: vulnerabilities found, see above.' >&2 ;;
  *) echo 'vulncheck: NOT CHECKED: no answer from the check or its database, see above. This is not a pass.' >&2 ;;
esac
exit "$status"
