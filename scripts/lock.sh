#!/bin/sh
# Writes the lock files again; pins that still fit are kept. It uses the package indexes that pip and npm are set to.

set -eu
cd "$(dirname "$0")/.."

tools=build/lock
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv
if index=$("$tools/bin/pip" config get global.index-url 2>/dev/null); then
  export UV_DEFAULT_INDEX="$index"
fi

compile() {
  file=$1
  shift
  "$tools/bin/uv" pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
    --generate-hashes --no-header --no-emit-index-url --output-file "$file" "$@"
}

compile requirements.lock pyproject.toml --group build
compile requirements-dev.lock pyproject.toml --group build --group test --constraints requirements.lock
compile requirements-node.lock --group node

sh scripts/node.sh npm install --package-lock-only --ignore-scripts --no-audit --no-fund
