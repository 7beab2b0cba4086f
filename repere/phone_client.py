"""A call as a telephony platform makes it, over the AudioCodes Bot API."""

import re
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

PATH = "/phone/audiocodes"
_MARKUP = re.compile(r"<[^>]+>")

Activity = dict[str, Any]


class Heard(list[Activity]):
    """The activities that answer one turn."""

    @property
    def lines(self) -> list[str]:
        """The sentences said, without markup."""
        return [_MARKUP.sub("", act["text"]) for act in self if "text" in act]

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def events(self) -> set[str]:
        return {act["name"] for act in self if "name" in act}


class PhoneCall:
    """One call. ``http`` leads to the process that takes the next turn; ``seconds`` are the times
    that the platform waited for its turns."""

    def __init__(self, http: httpx.Client, token: str, caller: str = "") -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {token}"}
        self.id = str(uuid4())
        self.over = False
        self.seconds: list[float] = []
        made = self.request(PATH, {"id": str(uuid4()), "timestamp": _now()})
        made.raise_for_status()
        self.urls: dict[str, Any] = made.json()
        parameters = {"caller": caller or "anonymous", "callee": "repere"}
        self.welcome = self.event("start", language="fr-FR", parameters=parameters)

    def say(
        self, text: str, confidence: float | None = None, others: tuple[str, ...] = ()
    ) -> Heard:
        """Say something; ``others`` are less likely transcripts of it."""
        parameters: dict[str, Any] = {"recognitions": [{"text": other} for other in others]}
        if confidence is not None:
            parameters["confidence"] = confidence
        return self.send({"type": "message", "text": text, "parameters": parameters})

    def press(self, keys: str) -> Heard:
        return self.event("DTMF", value=keys)

    def silence(self) -> Heard:
        return self.event("noUserInput", value=1)

    def event(self, name: str, **more: Any) -> Heard:
        return self.send({"type": "event", "name": name, **more})

    def send(self, activity: Activity) -> Heard:
        """Post an activity, which must succeed; what comes back."""
        began = time.perf_counter()
        answer = self.post({"id": str(uuid4()), "timestamp": _now(), **activity})
        self.seconds.append(time.perf_counter() - began)
        answer.raise_for_status()
        heard = Heard(answer.json()["activities"])
        self.over = self.over or bool(heard.events & {"hangup", "transfer"})
        return heard

    def post(self, *activities: Activity) -> httpx.Response:
        return self.request(self.urls["activitiesURL"], {"activities": list(activities)})

    def hang_up(self) -> httpx.Response:
        return self.request(self.urls["disconnectURL"], {"reason": "Client Disconnected"})

    def request(self, url: str, body: dict[str, Any]) -> httpx.Response:
        path = httpx.URL(url).raw_path.decode()
        return self.http.post(path, json={"conversation": self.id, **body}, headers=self.headers)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
