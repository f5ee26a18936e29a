#!/bin/sh
# Everything that can be said about the house without running it.
set -eu
bin=.venv/bin
step() { echo "== $1"; shift; "$@"; }

# Types take as long as everything else together: beside it, on the second core.
said=$(mktemp)
$bin/mypy > "$said" 2>&1 &
types=$!
trap 'kill $types 2> /dev/null || true; rm -f "$said"' EXIT

step "ruff: lint" $bin/ruff check --quiet .
step "ruff: format" $bin/ruff format --quiet --check .
step "import-linter: storeys" $bin/lint-imports --no-cache
step "bpmnlint: diagrams" npm run --silent lint:bpmn
step "houtai check: diagrams and decisions" $bin/houtai check processes/*/*.bpmn processes/*/*.dmn
step "layout: diagrams drawn to be read" $bin/python scripts/layout_check.py processes
step "djlint: templates" $bin/djlint --quiet --lint app/web/templates app/web/forms/templates
typed() { wait $types || { cat "$said"; return 1; }; }
step "mypy: types" typed
