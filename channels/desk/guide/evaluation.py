"""Checking and evaluating a proposal in the background, in a copy of the project.

The guide in use is not touched: the copy trains its own model and answers on a port of its own.
One evaluation at a time: it takes minutes of a processor, at the lowest priority.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from channels.desk.guide import checks
from channels.desk.guide.changes import Change, DraftError, changes_of, digest
from channels.desk.guide.proposals import Proposals, draft_of

log = structlog.get_logger()

_TREE = (
    "bench", "bot", "channels", "dossiers", "french", "knowledge", "repere", "tests/evaluation",
    "config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "pyproject.toml",
)  # fmt: skip
_ENGINE_ENVIRONMENT = Path("bot/engine/.venv")
# Where a Repère started for a measurement looks for its model.
MODELS = Path("var/models")
_POLL_SECONDS = 2.0
_MOST_SECONDS = 45 * 60

CHECKING, EVALUATING = "Vérification des fiches et des exemples", "Entraînement et évaluation"


@dataclass
class Evaluations:
    """The checks of proposals. ``root``: the project; ``models``: the trained models in use."""

    proposals: Proposals
    root: Path
    models: Path
    _process: subprocess.Popen[bytes] | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self, proposal: int) -> bool:
        """Check a proposal in the background; False when a check is already under way."""
        if not self.proposals.claim_check(proposal):
            return False
        threading.Thread(target=self._run, args=(proposal,), daemon=True).start()
        return True

    def stop(self) -> None:
        """End the evaluation under way, with the application."""
        self._stopped.set()
        process = self._process
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)

    def _run(self, proposal: int) -> None:
        try:
            self._check(proposal)
        except DraftError as error:
            self._finish(proposal, "", [error.reason])
        except Exception:
            log.exception("guide_check_failed", proposal=proposal)
            self._finish(proposal, "", ["La vérification s'est arrêtée sur une erreur."])

    def _check(self, proposal: int) -> None:
        draft = draft_of(self.proposals.get(proposal))
        changes = changes_of(draft, self.root)
        content = digest(draft, changes)
        self.proposals.beat(proposal, {"stage": CHECKING})
        found = [*self.proposals.stale(proposal, self.root)]
        found += checks.problems(draft, changes, self.root)
        if found:
            self._finish(proposal, content, found)
            return
        if not (self.root / "bench").is_dir() or not (self.root / checks.EVALUATION).is_dir():
            self._finish(proposal, content, ["Le jeu d'évaluation n'est pas installé ici."])
            return
        with TemporaryDirectory(prefix="repere-evaluation-") as made:
            report, reached = self._evaluate(proposal, changes, Path(made))
        failed = [] if reached else [_failure(report)]
        self._finish(proposal, content, failed, report)

    def _evaluate(
        self, proposal: int, changes: Sequence[Change], copy: Path
    ) -> tuple[dict[str, Any], bool]:
        self._copy_into(copy)
        checks.write(changes, copy)
        told = copy / "evaluation.json"
        kept = {name: v for name, v in os.environ.items() if not name.startswith("REPERE_")}
        places = {"REPERE_VAR": str(copy / "var"), "REPERE_MODELS": str(copy / MODELS)}
        command = ["nice", "-n", "19", sys.executable, "-m", "bench.evaluate", "--json", str(told)]
        with (copy / "output.log").open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=copy,
                env=kept | places,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            code = self._follow(proposal, self._process, told)
            self._process = None
        if code != 0:
            last = (copy / "output.log").read_text(encoding="utf-8", errors="replace")[-2000:]
            log.warning("guide_evaluation_failed", proposal=proposal, code=code, output=last)
        return _read(told), code == 0

    def _follow(self, proposal: int, process: subprocess.Popen[bytes], told: Path) -> int:
        deadline = time.monotonic() + _MOST_SECONDS
        while process.poll() is None:
            if time.monotonic() > deadline or self._stopped.is_set():
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
                break
            progress = _read(told)
            stage = {"stage": EVALUATING, "done": progress.get("done"), "of": progress.get("of")}
            self.proposals.beat(proposal, stage)
            time.sleep(_POLL_SECONDS)
        return process.returncode

    def _copy_into(self, copy: Path) -> None:
        ignored = shutil.ignore_patterns(".venv", "__pycache__", "*.pyc")
        for name in _TREE:
            origin, target = self.root / name, copy / name
            if origin.is_dir():
                shutil.copytree(origin, target, ignore=ignored)
            elif origin.is_file():
                shutil.copyfile(origin, target)
        (copy / _ENGINE_ENVIRONMENT).symlink_to(self.root / _ENGINE_ENVIRONMENT)
        # A proposal that teaches nothing new needs no training: the models in use will do.
        (copy / MODELS).mkdir(parents=True)
        for model in self.models.glob("*.tar.gz"):
            (copy / MODELS / model.name).symlink_to(model.resolve())

    def _finish(
        self, proposal: int, content: str, found: list[str], report: dict[str, Any] | None = None
    ) -> None:
        figures = {k: v for k, v in (report or {}).items() if k in ("figures", "floors")}
        self.proposals.finish_check(proposal, content, {"problems": found, **figures})


def _failure(report: dict[str, Any]) -> str:
    over = report.get("over") or []
    if over:
        return f"Des questions changent de réponse à tort : {'; '.join(over)}."
    if report.get("figures"):
        return "L'évaluation passe sous un seuil : voyez les chiffres."
    return "L'évaluation n'a pas pu aller à son terme (entraînement ou démarrage impossible)."


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
