"""A real Repère, started for a command, a measurement or a test run, and stopped with it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from repere.settings import ROOT, Settings
from repere.training import train

START_SECONDS = 180


@dataclass
class Running:
    """A running Repère: its address, its process, its folder."""

    url: str
    process: subprocess.Popen[bytes]
    var: Path
    engine_url: str = ""

    def understood(self, text: str, stage: str = "idle", slot: str = "") -> dict[str, Any]:
        """What the engine understands of a text said at a stage, of a field, alone."""
        secret = Settings(var=self.var).resolved_engine_secret
        answer = httpx.post(
            f"{self.engine_url}/webhooks/repere/parse",
            json={"text": text, "stage": stage, "slot": slot},
            headers={"Authorization": f"Bearer {secret}"},
            timeout=30,
        )
        answer.raise_for_status()
        return dict(answer.json())

    @property
    def log(self) -> str:
        return (self.var / "serve.log").read_text(encoding="utf-8", errors="replace")

    def engine_pid(self) -> int:
        """The engine's process id (child of the supervisor)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text(encoding="ascii").split()[0])

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until /ready says yes; raises with the server's output when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if is_ready(self.url):
                return
            time.sleep(0.2)
        raise RuntimeError(f"Repère is not ready:\n{self.log[-4000:]}")


@contextmanager
def running(
    var: Path, environment: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[Running]:
    """Start ``repere serve`` with its data under ``var``, on any free port by default; stop it."""
    var.mkdir(parents=True, exist_ok=True)
    port, engine_port = port or free_port(), free_port()
    settings = {
        "REPERE_ENGINE_PORT": str(engine_port),
        "REPERE_PORT": str(port),
        "REPERE_VAR": str(var),
        "REPERE_MODELS": str(ROOT / "var" / "models"),
        "REPERE_LOG_LEVEL": "WARNING",
    }
    with (var / "serve.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "repere", "serve"],
            cwd=ROOT,
            env=os.environ | settings | dict(environment or {}),
            stdout=output,
            stderr=output,
        )
    engine_url = f"http://127.0.0.1:{engine_port}"
    started = Running(f"http://127.0.0.1:{port}", process, var, engine_url)
    try:
        started.wait_ready()
        yield started
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def for_the_occasion(
    settings: Settings, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A Repère that a command starts for itself, with nothing in it, when none runs here."""
    train(settings)
    print("Démarrage de Repère (une trentaine de secondes)…", file=sys.stderr, flush=True)
    models = {"REPERE_MODELS": str(settings.resolved_models)}
    with (
        tempfile.TemporaryDirectory(prefix="repere-") as folder,
        running(Path(folder), models | dict(environment or {})) as started,
    ):
        yield started


def is_ready(url: str) -> bool:
    """Whether a Repère at this address is able to answer."""
    try:
        return httpx.get(f"{url}/ready", timeout=5).json().get("ready") is True
    except (httpx.HTTPError, ValueError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
