#!/usr/bin/env bash
# Gets what the tests of this folder need: Node.js 18 or newer with npm, Chromium, and the npm packages of
# package-lock.json. As root on a Debian-like system it installs what is missing; elsewhere it says how to.
set -euo pipefail
cd "$(dirname "$0")"

node_is_there() {
  command -v npm > /dev/null && command -v node > /dev/null &&
    node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'
}

chromium_is_there() {
  local name
  [ -n "${CHROMIUM:-}" ] && return
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null && return
  done
  return 1
}

install() {
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    echo "e2e: missing: $*. On Debian or Ubuntu this installs it: sudo apt-get update && sudo apt-get install -y $*" >&2
    exit 1
  fi
  echo "e2e: installing $*" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o Acquire::Retries=3 update
  apt-get -qq -o Acquire::Retries=3 install -y --no-install-recommends "$@" > /dev/null
}

missing=()
if ! node_is_there; then
  missing+=(nodejs)
  # the nodejs of NodeSource has an npm of its own and conflicts with Debian's
  command -v npm > /dev/null || missing+=(npm)
fi
chromium_is_there || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
node_is_there || { echo "e2e: Node.js 18 or newer with npm is needed, got $(node --version 2>&1)" >&2; exit 1; }

wanted=$(cat package.json package-lock.json | cksum)
if [ "${CI:-}" != true ] && [ "$(cat node_modules/.installed 2> /dev/null)" = "$wanted" ]; then
  exit 0
fi
for attempt in 1 2 3; do
  if npm ci --no-audit --no-fund --loglevel=error; then
    echo "$wanted" > node_modules/.installed
    exit 0
  fi
  echo "e2e: npm ci failed, attempt $attempt of 3" >&2
done
exit 1
