#!/bin/sh
# Prints the path of a Python that can set Backchannel up. A name on PATH is not enough, so each is really run.

for name in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11 python; do
  if "$name" -c '
import ensurepip, sys, venv
sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$name" -c 'import sys; print(sys.executable)'
  fi
done

echo "Backchannel needs Python 3.11 or newer with its venv module:" \
  "install one (on Debian: apt-get install python3 python3-venv), or name one with PYTHON=/path/to/python." >&2
exit 1
