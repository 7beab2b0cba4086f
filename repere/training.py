"""Training the model, only when what it is made from has changed."""

import hashlib
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from rich.console import Console

from repere.settings import ROOT, Settings

ENGINE = ROOT / "bot" / "engine"
ENGINE_PYTHON = ENGINE / ".venv" / "bin" / "python"
_INPUTS = (
    "config.yml",
    "domain.yml",
    "bot/data/**/*.yml",
    "bot/nlu/*.py",
    "bot/nlu/encoder*",
    "bot/engine/*.py",
    "bot/engine/uv.lock",
)
_KEPT_MODELS = 2
_UNFINISHED = "unfinished-"


class TrainingError(Exception):
    """Training failed; the message says where its output is."""


def engine_environment() -> dict[str, str]:
    """The environment of the engine's processes: quiet, with our code on their path."""
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def inputs_hash() -> str:
    """A hash of the contents of everything that the model is made from."""
    digest = hashlib.sha256()
    for pattern in _INPUTS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Where the model of the present inputs is, or will be."""
    return settings.resolved_models / f"{inputs_hash()}.tar.gz"


def fingerprint(model: Path) -> str:
    """A hash of what the model predicts, topics and acts, written at training (docs/nlu.md)."""
    found: list[str] = []
    with tarfile.open(model) as packed:
        for entry in packed:
            if Path(entry.name).name == "fingerprint.txt" and (kept := packed.extractfile(entry)):
                found.append(kept.read().decode("ascii"))
    if not found:
        raise TrainingError(f"Le modèle {model.name} n'a pas d'empreinte.")
    return "-".join(sorted(found))


def train(settings: Settings, *, force: bool = False) -> Path:
    """Train if needed, showing progress; the model's path. Raises TrainingError."""
    target = model_path(settings)
    if target.exists() and not force:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{_UNFINISHED}{os.getpid()}-{target.name}")
    started = time.monotonic()
    settings.var.mkdir(parents=True, exist_ok=True)
    _run_rasa_train(unfinished, settings.var / "training.log")
    unfinished.replace(target)
    told = (
        f"Modèle entraîné en {time.monotonic() - started:.0f} s (empreinte {fingerprint(target)})."
    )
    print(told, file=sys.stderr, flush=True)
    _forget_old_models(target)
    return target


def _run_rasa_train(target: Path, log_path: Path) -> None:
    command = [str(ENGINE_PYTHON), "-m", "bot.engine.train", str(target)]
    environment = engine_environment() | {"REPERE_VECTORS": str(target.parent / "vectors")}
    console = Console(stderr=True)
    with log_path.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        with console.status("Entraînement du modèle (quelques minutes)…"):
            if not console.is_terminal:
                print("Entraînement du modèle (quelques minutes)…", file=sys.stderr, flush=True)
            code = process.wait()
    if code != 0 or not target.exists():
        raise TrainingError(f"L'entraînement a échoué ; voyez {log_path}.")


def _forget_old_models(current: Path) -> None:
    finished = [p for p in current.parent.glob("*.tar.gz") if not p.name.startswith(_UNFINISHED)]
    models = sorted(finished, key=lambda path: path.stat().st_mtime)
    for path in models[:-_KEPT_MODELS]:
        if path != current:
            path.unlink()
