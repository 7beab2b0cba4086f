"""``repere call``: a call in the terminal, through the AudioCodes adapter as a platform would."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from repere.running import running
from repere.settings import Settings
from repere.training import train

TOKEN = "appel-d-essai"  # noqa: S105 - of a Repère started for one call, on this machine
PATH = "/phone/audiocodes"
MARKUP = re.compile(r"<[^>]+>")

Activity = dict[str, Any]


class PhoneOffError(Exception):
    """The Repère that runs here takes no calls; the message says why, in French."""


class PhoneCall:
    """A call over the AudioCodes Bot API; every request must succeed."""

    def __init__(self, url: str, token: str, caller: str = "") -> None:
        self.id = str(uuid4())
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self._urls = self._post(url + PATH, {"id": str(uuid4()), "timestamp": _now()})
        self.over = False
        parameters = {"caller": caller or "anonymous", "callee": "repere"}
        self.welcome = self.event("start", language="fr-FR", parameters=parameters)

    def speak(self, text: str, confidence: float | None = None, **parameters: Any) -> list[str]:
        """Say something; what is said back."""
        measure = {} if confidence is None else {"confidence": confidence}
        return self.send({"type": "message", "text": text, "parameters": measure | parameters})

    def press(self, keys: str) -> list[str]:
        return self.event("DTMF", value=keys)

    def wait(self) -> list[str]:
        """Say nothing until the platform tells it."""
        return self.event("noUserInput", value=1)

    def event(self, name: str, **more: Any) -> list[str]:
        return self.send({"type": "event", "name": name, **more})

    def send(self, activity: Activity) -> list[str]:
        """Post an activity; the sentences said back."""
        return [MARKUP.sub("", act["text"]) for act in self.post(activity) if "text" in act]

    def post(self, activity: Activity) -> list[Activity]:
        """Post an activity; all that comes back."""
        named = {"id": str(uuid4()), "timestamp": _now(), **activity}
        answer = self._post(self._urls["activitiesURL"], {"activities": [named]})
        acts = list(answer["activities"])
        self.over = self.over or any(act.get("name") in ("hangup", "transfer") for act in acts)
        return acts

    def hang_up(self) -> None:
        if self._http.is_closed:
            return
        self._post(self._urls["disconnectURL"], {"reason": "Client Disconnected"})
        self._http.close()

    def _post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(url, json={"conversation": self.id, **body})
        answer.raise_for_status()
        return dict(answer.json())


@contextmanager
def line(settings: Settings) -> Iterator[tuple[str, str]]:
    """The address and the token of the Repère that runs here, or of one started for the call."""
    address = f"http://{settings.host}:{settings.port}"
    token = settings.phone_audiocodes_token
    if _answers(address):
        if not token:
            raise PhoneOffError(
                "Repère fonctionne ici, mais sans téléphone : donnez une valeur à "
                "REPERE_PHONE_AUDIOCODES_TOKEN, puis relancez-le."
            )
        yield address, token
        return
    train(settings)
    print("Démarrage de Repère (une trentaine de secondes)…", file=sys.stderr, flush=True)
    environment = {
        "REPERE_MODELS": str(settings.resolved_models),
        "REPERE_PHONE_AUDIOCODES_TOKEN": TOKEN,
    }
    with (
        tempfile.TemporaryDirectory(prefix="repere-") as folder,
        running(Path(folder), environment) as started,
    ):
        yield started.url, TOKEN


def talk(url: str, token: str, *, aloud: bool) -> None:
    """A call: what is typed is what is said, until either side hangs up."""
    call = PhoneCall(url, token)
    try:
        _hear(call.welcome, aloud=aloud)
        while not call.over:
            try:
                typed = input("vous > ").strip()
            except EOFError:
                break
            if typed.startswith("#"):
                said = call.press(typed[1:])
            else:
                said = call.speak(typed) if typed else call.wait()
            _hear(said, aloud=aloud)
        print("(fin de l'appel)")
    finally:
        call.hang_up()


def can_speak() -> bool:
    return shutil.which("espeak-ng") is not None


def _hear(said: list[str], *, aloud: bool) -> None:
    for sentence in said:
        print(f"repère > {sentence}", flush=True)
    if aloud:
        text = "\n".join(said)
        voice = shutil.which("espeak-ng") or "espeak-ng"
        subprocess.run([voice, "-v", "fr", "-s", "150"], input=text.encode(), check=False)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ready", timeout=2).json().get("ready") is True
    except (httpx.HTTPError, ValueError):
        return False


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
