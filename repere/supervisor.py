"""`repere serve`: the engine and the application, started together and watched."""

import asyncio
import contextlib
import shutil
import socket
import sys
import time
from pathlib import Path

import structlog
import uvicorn

from channels.engine import Engine
from repere.app import create_app
from repere.running import free_port
from repere.settings import ROOT, Settings
from repere.training import ENGINE_PYTHON, engine_environment, train

FREE_DISK_BYTES = 200 * 1024 * 1024
ENGINE_START_SECONDS = 120
RESTART_PAUSE_SECONDS = 1.0
STOP_SECONDS = 8

log = structlog.get_logger()


class StartError(Exception):
    """Repère cannot start; the message is one clear line."""


class Server(uvicorn.Server):
    """The web server; once asked to stop, it ends the streams that would keep it waiting."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.live.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


class EngineProcess:
    """Rasa's process: started, restarted when it dies, stopped with the rest."""

    def __init__(self, model: Path, port: int, settings: Settings, actions_url: str) -> None:
        self._command = [
            str(ENGINE_PYTHON), "-m", "bot.engine.serve", str(model), str(port)
        ]  # fmt: skip
        self._environment = engine_environment() | {
            "REPERE_ENGINE_SECRET": settings.resolved_engine_secret,
            "REPERE_ACTIONS_URL": actions_url,
            "REPERE_ENGINE_TRACKERS": str(settings.var / "trackers.db"),
        }
        self._log_path = settings.var / "engine.log"
        self._process: asyncio.subprocess.Process | None = None

    async def watch(self) -> None:
        """Keep the engine running until cancelled."""
        try:
            while True:
                process = await self._start()
                code = await process.wait()
                log.warning("engine_died", code=code, see=str(self._log_path))
                await asyncio.sleep(RESTART_PAUSE_SECONDS)
        finally:
            await self._stop()

    async def _start(self) -> asyncio.subprocess.Process:
        with self._log_path.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self._process

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def serve(settings: Settings) -> None:
    """Run Repère until Ctrl-C. Raises StartError when something it needs is missing."""
    _check_place(settings)
    _check_port(settings.host, settings.port)
    _warn_of_the_made_key(settings)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    engine_port = settings.engine_port or free_port()
    engine_url = settings.engine_url or f"http://127.0.0.1:{engine_port}"
    server = Server(
        uvicorn.Config(
            create_app(settings, engine_url),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
        )
    )
    tasks = []
    if not settings.engine_url:
        actions_url = f"http://{_local(settings.host)}:{settings.port}/internal/actions"
        model = await asyncio.to_thread(train, settings)
        engine = EngineProcess(model, engine_port, settings, actions_url)
        tasks.append(asyncio.create_task(engine.watch()))
    # Only now: a first training is longer than an engine may take to answer.
    tasks.append(asyncio.create_task(_announce(settings, engine_url)))
    try:
        await server.serve()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _announce(settings: Settings, engine_url: str) -> None:
    """Print the address once the engine answers; say so when it does not."""
    engine = Engine(engine_url, settings.resolved_engine_secret, settings.engine_timeout)
    started = time.monotonic()
    print("Démarrage du moteur de conversation…", flush=True)
    while not await engine.is_ready():
        if time.monotonic() - started > ENGINE_START_SECONDS:
            print(
                f"Le moteur ne répond pas ; voyez {settings.var / 'engine.log'}.",
                file=sys.stderr,
                flush=True,
            )
            return
        await asyncio.sleep(0.25)
    address = f"http://{_local(settings.host)}:{settings.port}"
    seconds = time.monotonic() - started
    print(f"Repère est prêt : {address} ({seconds:.0f} s). Ctrl-C pour arrêter.", flush=True)
    await engine.close()


def _check_place(settings: Settings) -> None:
    if not settings.engine_url and not ENGINE_PYTHON.exists():
        raise StartError("L'environnement du moteur manque : lancez « make setup ».")
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.var).free
    except OSError as error:
        raise StartError(f"Impossible d'écrire dans {settings.var} : {error.strerror}.") from error
    if free < FREE_DISK_BYTES:
        raise StartError(
            f"Disque presque plein : {free // 2**20} Mo libres dans {settings.var}, "
            f"il en faut {FREE_DISK_BYTES // 2**20}."
        )


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Le port {port} de {host} est déjà pris : arrêtez l'autre programme, "
                "ou choisissez-en un autre avec REPERE_PORT."
            ) from error


def _warn_of_the_made_key(settings: Settings) -> None:
    if not settings.dossiers_key:
        made = settings.var / "dossiers.key"
        print(
            f"Attention : la clef qui chiffre les dossiers est dans {made}. Sans elle, ils sont "
            "illisibles : gardez-en une copie, ou donnez la vôtre avec REPERE_DOSSIERS_KEY.",
            file=sys.stderr,
            flush=True,
        )


def _local(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
