#!/usr/bin/env bash
# A development server that follows every change: Tailwind rewrites the style
# sheet, templ regenerates pages, and the server restarts.
set -euo pipefail
cd "$(dirname "$0")/.."

node_modules/.bin/tailwindcss -i static/css/input.css -o static/css/app.css --minify --watch=always &
css=$!
trap 'kill "$css" 2>/dev/null || true' EXIT

go tool templ generate --watch \
  --watch-pattern='(.+\.go$)|(.+\.templ$)|(.+_templ\.txt$)|(static/css/app\.css$)|(static/js/.+\.js$)' \
  --cmd='go run ./cmd/muster serve --dev --demo'
