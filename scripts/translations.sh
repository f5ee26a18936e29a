#!/bin/sh
# Collect the product's own words and merge them into each catalogue.
set -eu
bin=.venv/bin
template=app/translations/messages.pot
$bin/pybabel --quiet extract --mapping-file babel.cfg --keyword N_ --no-location --omit-header --sort-output --output-file $template .
$bin/pybabel --quiet update --ignore-pot-creation-date --no-fuzzy-matching --input-file $template --output-dir app/translations
