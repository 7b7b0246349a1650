#!/bin/sh
# Runs a command with Node 20 or newer on PATH: the machine's own where it has npm too, else one from PyPI in .venv.

cd "$(dirname "$0")/.." || exit 1

machine_has_node() {
  npm --version && node --eval 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)'
}

if ! machine_has_node >/dev/null 2>&1; then
  if [ ! -x .venv/bin/npm ]; then
    echo "This machine has no Node 20 with npm; installing one into .venv." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
      --require-hashes -r requirements-node.lock >&2 || exit 1
  fi
  PATH="$PWD/.venv/bin:$PATH"
  export PATH
fi

# Playwright brings a Node of its own, which needs a library that a bare machine lacks.
PLAYWRIGHT_NODEJS_PATH=$(command -v node)
export PLAYWRIGHT_NODEJS_PATH

exec "$@"
