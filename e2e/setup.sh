#!/usr/bin/env bash
# Gets what the tests of this folder need: Node.js 18 or newer with npm, Chromium, Python 3.8 or newer with venv, PHP 8 or
# newer, the npm packages of package-lock.json and the Python packages of python/requirements.txt. As root on a
# Debian-like system it installs what is missing; elsewhere it says how to.
set -euo pipefail
cd "$(dirname "$0")"

# what earlier runs have proven counts no longer
rm -f target/proven.tsv

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

python_is_there() {
  command -v python3 > /dev/null &&
    python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))' 2> /dev/null
}

php_is_there() {
  command -v php > /dev/null && php -r 'exit(PHP_MAJOR_VERSION >= 8 ? 0 : 1);' 2> /dev/null
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
python_is_there || missing+=(python3 python3-venv)
php_is_there || missing+=(php-cli)
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
node_is_there || { echo "e2e: Node.js 18 or newer with npm is needed, got $(node --version 2>&1)" >&2; exit 1; }

python_is_there || { echo "e2e: Python 3.8 or newer with venv is needed, got $(python3 --version 2>&1)" >&2; exit 1; }
php_is_there || { echo "e2e: PHP 8 or newer is needed, got $(php --version 2>&1 | head -n 1)" >&2; exit 1; }

# The command, three times if need be.
retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    echo "e2e: $1 failed, attempt $attempt of 3" >&2
  done
  exit 1
}

npm_packages() {
  npm ci --no-audit --no-fund --loglevel=error
}

python_packages() {
  python3 -m venv --clear python/.venv &&
    python/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r python/requirements.txt
}

# Whether the folder was filled by this very list of packages.
up_to_date() {
  [ "${CI:-}" != true ] && [ "$(cat "$1/.installed" 2> /dev/null)" = "$2" ]
}

wanted=$(cat package.json package-lock.json | cksum)
up_to_date node_modules "$wanted" || { retry npm_packages && echo "$wanted" > node_modules/.installed; }
wanted=$(cksum < python/requirements.txt)
up_to_date python/.venv "$wanted" || { retry python_packages && echo "$wanted" > python/.venv/.installed; }
