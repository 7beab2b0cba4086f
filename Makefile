# Repère: `make run` serves it, `make test` tests it. Both set up what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.8
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
PY312 := $(shell command -v python3.12 2>/dev/null)
PY310 := $(shell command -v python3.10 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help run shell test check format evaluate reproducible kills setup train encoder clean

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: setup ## Set up what is missing, then serve Repère
	@.venv/bin/repere serve

shell: setup ## Talk to Repère in the terminal
	@.venv/bin/repere chat

test: setup browser voice train ## Set up what is missing, then run every test
	@.venv/bin/python -m pytest $(ARGS)

check: setup ## Lint, format, strict types, sheets
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/repere knowledge check

format: setup ## Put the code in its format
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

evaluate: setup ## The held-apart questions: figures, confusions drawn, over-match gate
	@.venv/bin/python -m bench.acts
	@.venv/bin/python -m bench.choices
	@.venv/bin/python -m bench.evaluate

reproducible: setup ## Two whole trainings in different conditions: the same predictions
	@.venv/bin/python -m bench.reproducible

kills: setup ## Kill engine and application 200 times while démarches go on: no answer is lost
	@.venv/bin/python -m bench.kills

train: setup ## Train the model if its data changed
	@.venv/bin/repere train

# Reproducible: fixed seed and order; the threads of the arithmetic are counted.
ENCODER := PYTHONPATH=. OMP_NUM_THREADS=2 PYTHONHASHSEED=0 nice bot/encoder/.venv/bin/python -m bot.encoder
TUNING := var/encoder
APART := --fold 0 --parts 0

encoder: setup bot/encoder/.venv/.synced ## Tune the sentence encoder, measure it, write its file (two hours)
	@$(ENCODER).train $(TUNING)/measured.npz $(APART) --epochs 3
	@$(ENCODER).export $(TUNING)/measured.onnx --tuned $(TUNING)/measured.npz
	@$(ENCODER).export $(TUNING)/published.onnx
	@$(ENCODER).measure published=$(TUNING)/published.onnx tuned=$(TUNING)/measured.onnx $(APART)
	@$(ENCODER).train $(TUNING)/final.npz $(APART) --epochs 1 --after $(TUNING)/measured.npz
	@$(ENCODER).export bot/nlu/encoder.onnx --tuned $(TUNING)/final.npz --hashes bot/nlu/encoder.sha256
	@cat bot/nlu/encoder.sha256

setup: .venv/.synced bot/engine/.venv/.synced ## The two environments

.venv/.synced: pyproject.toml uv.lock | $(UV)
	@echo "Environnement de l'application (Python 3.12)…"
	@$(UV) sync --frozen --quiet --python "$(PY312)"
	@touch $@

bot/engine/.venv/.synced: bot/engine/pyproject.toml bot/engine/uv.lock | $(UV)
	@echo "Environnement du moteur (Python 3.10, environ 2,7 Go)…"
	@$(UV) sync --frozen --quiet --project bot/engine --python "$(PY310)"
	@touch $@

bot/encoder/.venv/.synced: bot/encoder/pyproject.toml bot/encoder/uv.lock | $(UV)
	@echo "Environnement de l'encodeur (Python 3.12, environ 750 Mo)…"
	@$(UV) sync --frozen --quiet --project bot/encoder --python "$(PY312)"
	@touch $@

$(UV): | pythons
	@echo "Installation de uv $(UV_VERSION) dans $(TOOLS)…"
	@"$(PY312)" -m pip install --quiet --target $(TOOLS)/uv uv==$(UV_VERSION) \
	  || { echo "pip manque à Python 3.12 : installez python3.12-venv ou pip, puis recommencez." >&2; exit 1; }

.PHONY: pythons
pythons:
	@for v in 3.12 3.10; do python$$v -c '' 2>/dev/null \
	  || { echo "Python $$v est introuvable : installez-le (pyenv install $$v, ou le paquet du système)." >&2; exit 1; }; done

.PHONY: browser
browser: setup ## The browser of the tests
	@.venv/bin/python -m bench.browser

.PHONY: voice
voice: setup ## The synthesiser of the tests
	@.venv/bin/python -m bench.voice

clean: ## Remove what was installed and made
	rm -rf .venv bot/engine/.venv bot/encoder/.venv $(TOOLS) var
