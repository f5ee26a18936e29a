#!/bin/sh
# Say what is missing on this machine, with the package that brings it.
python="$1"
fail() { echo "Houtai needs $1. On Debian and Ubuntu: apt-get install $2" >&2; exit 1; }

command -v "$python" > /dev/null || fail "Python 3.11 or newer" "python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "Python 3.11 or newer (this is $("$python" --version)); or name one: make PYTHON=python3.12" "python3"
"$python" -c 'import ensurepip, venv' 2> /dev/null || fail "Python's venv module" "python3-venv"
command -v git > /dev/null || fail "git" "git"
