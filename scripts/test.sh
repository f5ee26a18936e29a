#!/bin/sh
# The checks, then every test; arguments go to pytest.
set -eu
if [ $# -eq 0 ]; then
  scripts/check.sh
fi
if chromium=$(scripts/chromium.sh); then
  export CHROMIUM="$chromium"
elif [ -n "${CI:-}" ]; then
  exit 1
fi
exec .venv/bin/pytest --numprocesses "${TEST_WORKERS:-2}" --dist worksteal "$@"
