#!/bin/sh
# Everything that can be said about the house without running it.
set -eu
bin=.venv/bin
step() { echo "== $1"; shift; "$@"; }

step "ruff: lint" $bin/ruff check --quiet .
step "ruff: format" $bin/ruff format --quiet --check .
step "mypy: types" $bin/mypy
step "import-linter: storeys" $bin/lint-imports --no-cache
step "bpmnlint: diagrams" npm run --silent lint:bpmn
step "houtai check: diagrams and decisions" $bin/houtai check processes/*/*.bpmn processes/*/*.dmn
step "layout: diagrams drawn to be read" $bin/python scripts/layout_check.py processes
step "djlint: templates" $bin/djlint --quiet --lint app/web/templates app/web/forms/templates
