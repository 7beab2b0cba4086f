"""What is broken comes back: engine killed, engine hung, all killed; Ctrl-C stops it all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from repere.client import Conversation
from repere.running import Running, free_port
from repere.running import running as start
from repere.settings import ROOT

# The engine is given up after 5 s; the rest is for a busy machine.
GIVEN_UP_SECONDS = 6.5
TO_STOP_SECONDS = 20
LOGGED = {"REPERE_LOG_LEVEL": "INFO"}


@dataclass
class Restarted:
    """A Repère killed and started again, and the conversation begun before."""

    now: Running
    conversation: Conversation
    history: list[dict[str, Any]]
    left_by_the_first: list[int]


@pytest.fixture(scope="module")
def restarted(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    """``running`` is asked for so that the model is trained before."""
    var = tmp_path_factory.mktemp("resilience")
    with start(var, LOGGED) as first:
        begun = Conversation(first.url)
        begun.say("De quoi ai-je besoin pour un duplicata ?")
        kept = _history(begun)
        first.process.kill()
        first.process.wait()
        _wait_for(lambda: not _processes_of(var))
        left = _processes_of(var)
    with start(var, LOGGED) as second:
        resumed = _resumed(begun, second.url)
        yield Restarted(second, resumed, kept, left)
        resumed.close()


@pytest.fixture
def conversation(restarted: Restarted) -> Iterator[Conversation]:
    """A new conversation with the Repère of this file."""
    restarted.now.wait_ready()
    begun = Conversation(restarted.now.url)
    yield begun
    begun.close()


def test_killed_whole_it_leaves_no_process(restarted: Restarted) -> None:
    assert restarted.left_by_the_first == []


def test_killed_whole_the_conversation_goes_on(restarted: Restarted) -> None:
    assert _history(restarted.conversation) == restarted.history
    (said,) = restarted.conversation.say("Et pour la cession ?")
    assert said["card"]["topic"] == "elements/cession"


def test_engine_killed_in_a_turn(restarted: Restarted, conversation: Conversation) -> None:
    repere = restarted.now
    (before,) = conversation.say("Quel compte faut-il pour un changement d'adresse ?")
    body = {"text": "Et pour la cession ?", "client_id": "killed"}
    engine = repere.engine_pid()
    os.kill(engine, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(_post, conversation, body)
        time.sleep(0.5)
        os.kill(engine, signal.SIGKILL)
        _is_unavailable(turn.result())
    assert httpx.get(f"{repere.url}/ready").status_code == 503
    assert httpx.get(f"{repere.url}/health").status_code == 200
    assert _users_texts(conversation)[-1] == body["text"]

    repere.wait_ready()
    assert repere.engine_pid() != engine
    (said,) = conversation.send(body)
    assert said["card"]["topic"] == "compte/cession"
    assert before["card"]["topic"] == "compte/changement_adresse"
    assert _users_texts(conversation).count(body["text"]) == 1


def test_engine_hung(restarted: Restarted, conversation: Conversation) -> None:
    repere = restarted.now
    conversation.say("Quel compte faut-il pour un changement d'adresse ?")
    body = {"text": "Et pour le changement de titulaire ?", "client_id": "hung"}
    engine = repere.engine_pid()
    os.kill(engine, signal.SIGSTOP)
    try:
        started = time.monotonic()
        _is_unavailable(_post(conversation, body))
        assert time.monotonic() - started < GIVEN_UP_SECONDS
        assert httpx.get(f"{repere.url}/ready").json()["ready"] is False
        begun = httpx.post(f"{repere.url}/api/conversations", json={})
        assert begun.status_code == 201
    finally:
        os.kill(engine, signal.SIGCONT)
    repere.wait_ready()
    assert repere.engine_pid() == engine
    (said,) = conversation.send(body)
    assert said["card"]["topic"] == "compte/changement_titulaire"
    assert _users_texts(conversation).count(body["text"]) == 1
    assert [m["author"] for m in _history(conversation)].count("bot") == 3


def test_logs_say_what_happened_without_what_was_said(
    restarted: Restarted, conversation: Conversation
) -> None:
    conversation.say("Où est mon xylophone ?")
    logged = restarted.now.log
    assert '"event": "request"' in logged
    assert "/api/conversations/{conversation}/messages" in logged
    assert "xylophone" not in logged
    assert restarted.conversation.id not in logged


def test_ctrl_c_stops_everything(restarted: Restarted) -> None:
    """Even with a hung engine and pages that listen. The last test: this Repère ends here."""
    repere = restarted.now
    followed = restarted.conversation
    events = f"/api/conversations/{followed.id}/events"
    with followed.http.stream("GET", events) as listening:
        assert listening.status_code == 200
        _stop_with_a_hung_engine(repere)
        assert b"event: owner" in listening.read()


def _stop_with_a_hung_engine(repere: Running) -> None:
    assert _processes_of(repere.var)
    os.kill(repere.engine_pid(), signal.SIGSTOP)
    repere.process.send_signal(signal.SIGINT)
    assert repere.process.wait(TO_STOP_SECONDS) == 0
    assert _wait_for(lambda: not _processes_of(repere.var))
    assert "Traceback" not in repere.log


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_starts(stop: signal.Signals, running: Running, tmp_path: Path) -> None:
    with _serve(tmp_path, free_port()) as process:
        assert _wait_for(lambda: len(_processes_of(tmp_path)) > 1)
        process.send_signal(stop)
        process.communicate(timeout=TO_STOP_SECONDS)
    assert _wait_for(lambda: not _processes_of(tmp_path))


def test_busy_port(running: Running, tmp_path: Path) -> None:
    port = urlsplit(running.url).port
    assert port
    with _serve(tmp_path, port) as process:
        _, errors = process.communicate(timeout=TO_STOP_SECONDS)
    assert process.returncode == 1
    (line,) = errors.decode().splitlines()
    assert f"Le port {port}" in line
    assert "REPERE_PORT" in line


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    with _serve(file / "var", free_port()) as process:
        _, errors = process.communicate(timeout=TO_STOP_SECONDS)
    assert process.returncode == 1
    (line,) = errors.decode().splitlines()
    assert "Impossible d'écrire" in line


@contextmanager
def _serve(var: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """``repere serve``, ended in any case."""
    settings = {
        "REPERE_VAR": str(var),
        "REPERE_PORT": str(port),
        "REPERE_MODELS": str(ROOT / "var" / "models"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "repere", "serve"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _post(conversation: Conversation, body: dict[str, str]) -> httpx.Response:
    return conversation.http.post(f"/api/conversations/{conversation.id}/messages", json=body)


def _is_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert "Votre message est gardé" in answer.json()["detail"]


def _history(conversation: Conversation) -> list[dict[str, Any]]:
    answer = conversation.http.get(f"/api/conversations/{conversation.id}/messages")
    answer.raise_for_status()
    return list(answer.json()["messages"])


def _users_texts(conversation: Conversation) -> list[str]:
    return [m["text"] for m in _history(conversation) if m["author"] == "user"]


def _resumed(conversation: Conversation, url: str) -> Conversation:
    """The same conversation at another address, as a page that was kept open."""
    conversation.http.base_url = httpx.URL(url)
    return conversation


def _processes_of(var: Path) -> list[int]:
    """The processes, engine included, that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if str(var).encode() in environment and _is_alive(process):
            found.append(int(process.name))
    return found


def _is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for(condition: Callable[[], bool], seconds: float = TO_STOP_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False
