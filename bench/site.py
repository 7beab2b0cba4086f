"""A Repère in two processes, engine and application apart, that are killed and started again."""

import multiprocessing
import os
import subprocess
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal

import httpx

from repere.running import free_port
from repere.settings import ROOT, Settings
from repere.supervisor import serve
from repere.training import ENGINE_PYTHON, engine_environment, train

Part = Literal["engine", "application"]
SECRET = "a-secret-of-the-bench"  # noqa: S105 - of processes on the loop-back interface
START_SECONDS = 300


class Site:
    """Both processes over one folder, on ports that stay the same from start to start.

    The application is forked from a process that has imported it, which spares most of its start.
    The engine ends with the thread that started it: use a site from one thread.
    """

    def __init__(self, var: Path) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self._engine_port = free_port()
        self.settings = Settings(
            var=var,
            port=free_port(),
            engine_url=f"http://127.0.0.1:{self._engine_port}",
            engine_secret=SECRET,
        )
        self.url = f"http://127.0.0.1:{self.settings.port}"
        self._model = train(Settings())
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["repere.supervisor"])
        self._client = httpx.Client(base_url=self.url, timeout=5)
        self._processes: dict[Part, subprocess.Popen[bytes] | ForkServerProcess] = {}

    def start(self, part: Part) -> None:
        self._processes[part] = self._engine() if part == "engine" else self._application()

    def kill(self, part: Part) -> None:
        """SIGKILL: it has no time to end anything."""
        process = self._processes[part]
        process.kill()
        if isinstance(process, ForkServerProcess):
            process.join()
        else:
            process.wait()

    def pid(self, part: Part) -> int:
        return self._processes[part].pid or 0

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self._client.get("/ready").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"Repère is not ready: see {self.settings.var}")

    def stop(self) -> None:
        for part in tuple(self._processes):
            self.kill(part)
        self._client.close()

    def _engine(self) -> subprocess.Popen[bytes]:
        command = [ENGINE_PYTHON, "-m", "bot.engine.serve", self._model, self._engine_port]
        environment = engine_environment() | {
            "REPERE_ENGINE_SECRET": SECRET,
            "REPERE_ACTIONS_URL": f"{self.url}/internal/actions",
            "REPERE_ENGINE_TRACKERS": str(self.settings.var / "trackers.db"),
        }
        with (self.settings.var / "engine.log").open("ab") as output:
            return subprocess.Popen(
                [str(word) for word in command],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )

    def _application(self) -> ForkServerProcess:
        log = self.settings.var / "application.log"
        process = self._forks.Process(target=_serve, args=(self.settings, log))
        process.start()
        return process


def _serve(settings: Settings, log: Path) -> None:
    """The application's process, as ``repere serve`` runs it; it ends with the bench."""
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    serve(settings)
