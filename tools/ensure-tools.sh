#!/usr/bin/env bash
# Makes sure that the named tools (chromium, firefox, webkit, postgresql, node) are here.
# As root on Debian it installs what is missing; elsewhere it names the one
# command to run and fails.
set -euo pipefail

have() {
  case "$1" in
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    firefox) command -v firefox-esr ;;
    webkit) command -v WebKitWebDriver && command -v Xvfb ;;
    postgresql) command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' ;;
    node) command -v node && command -v npm ;;
    *) echo "ensure-tools: unknown tool $1" >&2; exit 2 ;;
  esac >/dev/null
}

packages_of() {
  case "$1" in
    # A browser without fonts draws boxes; these cover the names in our tests.
    chromium) echo chromium fonts-dejavu-core ;;
    firefox) echo firefox-esr ;;
    webkit) echo webkit2gtk-driver xvfb ;; # it has no mode without a display
    postgresql) echo postgresql ;;
    node) echo nodejs; command -v npm >/dev/null || { have_node_with_npm || echo npm; } ;;
  esac
}

# Some nodejs packages bring npm along and conflict with Debian's own.
have_node_with_npm() {
  command -v apt-cache >/dev/null && apt-cache show nodejs 2>/dev/null | grep -q '^Provides:.*npm\|^Conflicts:.*npm'
}

missing=()
for tool in "$@"; do
  have "$tool" || missing+=("$tool")
done
[ ${#missing[@]} -eq 0 ] && exit 0

can_install=false
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  can_install=true
  apt-get update -q >/dev/null || true
fi

packages=()
for tool in "${missing[@]}"; do
  read -ra names <<<"$(packages_of "$tool" | tr '\n' ' ')"
  packages+=("${names[@]}")
done
install="apt-get install -y --no-install-recommends ${packages[*]}"
if ! $can_install; then
  echo "Missing: ${missing[*]}. Install with: sudo $install" >&2
  exit 1
fi
echo "Installing ${packages[*]}"
DEBIAN_FRONTEND=noninteractive $install >/dev/null
for tool in "${missing[@]}"; do
  have "$tool" || { echo "$tool is still missing after: $install" >&2; exit 1; }
done
