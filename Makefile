# Everything a developer does with Muster. `make help` lists it.
# run and build need Go and a C compiler (SQLite is C); css, generate's check
# and dev also need Node for the style sheet.

GO       ?= go
TOOLS    := $(GO) tool -modfile=tools/go.mod
CSS_IN   := static/css/input.css
CSS_OUT  := static/css/app.css
NODE_OK  := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help run dev build test lint verify generate css bench bench-quick screenshots vulncheck

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start a development server with sample data on http://127.0.0.1:8080
	$(GO) run ./cmd/muster serve --dev --demo

dev: $(NODE_OK) ## The same, reloading pages, styles and server on every change
	tools/dev.sh

build: ## Build bin/muster for production
	CGO_ENABLED=1 $(GO) build -trimpath -ldflags '-s -w' -o bin/muster ./cmd/muster

test: $(NODE_OK) ## Run every test under the race detector
	tools/ensure-tools.sh chromium firefox webkit postgresql node
	$(TOOLS) gotestsum --format pkgname --post-run-command tools/count-tests.sh -- -race -timeout 45m ./...

lint: ## Check style, import directions and templates
	test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these files' >&2; exit 1; }
	$(TOOLS) golangci-lint run --timeout 20m ./...
	$(GO) test -count=1 ./internal/test/house

verify: ## Check that generated files, modules and vendored scripts are current
	tools/ensure-tools.sh node
	tools/verify.sh
	tools/vulncheck.sh

vulncheck: ## Look for known vulnerabilities
	tools/vulncheck.sh

generate: ## Regenerate Go code from templates
	$(GO) tool templ generate
	gofmt -w $$(git ls-files '*_templ.go')

css: $(NODE_OK) ## Build the style sheet
	node_modules/.bin/tailwindcss -i $(CSS_IN) -o $(CSS_OUT) --minify

bench: ## Measure the served product beside a naive server, over HTTP: redeem, refresh, introspect
	tools/ensure-tools.sh postgresql
	$(GO) run ./bench

bench-quick: ## The same with fewer rounds, in under three minutes
	tools/ensure-tools.sh postgresql
	$(GO) run ./bench -quick

screenshots: ## Photograph every page and gallery state into tmp/, the README's and the guides' into docs/images
	$(GO) run ./e2e/screenshots -out tmp/screenshots
	$(GO) run ./e2e/screenshots -gallery -out tmp/gallery
	$(GO) run ./e2e/screenshots -readme -out docs/images
	$(GO) run ./e2e/screenshots -guides -out docs/images

$(NODE_OK): package.json package-lock.json .npmrc
	npm ci --no-audit
	@touch $(NODE_OK)
