#!/usr/bin/env bash
# Regenerates everything that is generated and committed, and fails when that
# changes a file. It works in place: what it changed is the fix.
set -euo pipefail
cd "$(dirname "$0")/.."

sums() {
  find views static -name '*_templ.go' -o -path static/css/app.css | LC_ALL=C sort | xargs -r sha256sum
}

before=$(sums)
make --no-print-directory generate css
after=$(sums)
if [ "$before" != "$after" ]; then
  diff <(echo "$before") <(echo "$after") || true
  echo 'verify: generated files were stale; they are current now, commit them.' >&2
  exit 1
fi

go mod tidy -diff
go -C tools mod verify >/dev/null
go mod verify >/dev/null

# Vendored scripts must be what their packages hold, byte for byte.
same() {
  cmp "node_modules/$1" "$2" || {
    echo "verify: $2 differs from the package; run: cp node_modules/$1 $2" >&2
    exit 1
  }
}
same htmx.org/dist/htmx.min.js static/js/vendor/htmx.min.js
same axe-core/axe.min.js e2e/testdata/axe.min.js

# A lock that names a registry's host works at one place only.
if grep -q '"resolved"' package-lock.json; then
  echo 'verify: package-lock.json names a registry; remove it and run npm install.' >&2
  exit 1
fi
echo 'verify: generated files, modules and vendored scripts are current.'
