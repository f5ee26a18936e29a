# `make run` and `make test` are all a newcomer needs; the rest are their parts.

PYTHON ?= python3
BIN := .venv/bin
PAGES := $(shell find app/web/assets scripts/build_front_end.mjs -type f 2>/dev/null)
CATALOGUES := $(shell find app/translations -name '*.po' 2>/dev/null)
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: run test check bench photos lock translations clean

run: .venv/run.stamp app/web/static/.built app/translations/.compiled  ## A server with the demo company
	@HOUTAI_DEMO=$(if $(DATABASE_URL),0,1) $(BIN)/houtai serve --practice-ahead

test: .venv/dev.stamp app/web/static/.built app/translations/.compiled  ## Everything that must hold
	@scripts/test.sh $(ARGS)

check: .venv/dev.stamp node_modules/.installed  ## What can be said without running the product
	@scripts/check.sh

bench: .venv/dev.stamp app/web/static/.built app/translations/.compiled  ## Speed, as ratios within one run
	@$(BIN)/python -m bench $(ARGS)

photos: .venv/dev.stamp app/web/static/.built app/translations/.compiled  ## Pictures of ten pages at both widths
	@CHROMIUM=$$(scripts/chromium.sh) $(BIN)/python scripts/photos.py $(ARGS)

lock: .venv/dev.stamp  ## Pin what pyproject.toml asks for, with hashes and without addresses
	@scripts/lock.sh

translations: .venv/dev.stamp  ## Collect the product's words and merge them into the catalogues
	@scripts/translations.sh

clean:  ## Remove what was built; `var/` with the data stays
	rm -rf .venv node_modules app/web/fonts app/web/static app/translations/.compiled

.venv/made.stamp:
	@scripts/need.sh $(PYTHON)
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: locks/build.txt locks/run.txt pyproject.toml | .venv/made.stamp
	@echo "Installing what Houtai runs on ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r locks/build.txt -r locks/run.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: locks/dev.txt .venv/run.stamp
	@echo "Installing what Houtai is tested with ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r locks/dev.txt
	@touch $@

.venv/node.stamp: locks/node.txt | .venv/made.stamp
	@command -v npm > /dev/null || $(BIN)/pip install --quiet --require-hashes --no-deps -r locks/node.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/node.stamp
	@echo "Installing what the pages are made of ..."
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

app/web/static/.built: node_modules/.installed $(PAGES)
	@node scripts/build_front_end.mjs
	@touch $@

app/translations/.compiled: $(CATALOGUES) | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile --directory app/translations
	@touch $@
