"""A telephony platform of the AudioCodes kind, as Repère's adapter sees it: one call over HTTP."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import httpx


@dataclass
class Heard:
    """What the guide does in one turn."""

    lines: list[str]
    hangs_up: bool = False
    transfers: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass
class PhoneCall:
    """One call. ``seconds`` are the times of its turns, as the platform waits for them."""

    url: str
    token: str
    caller: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self._client = httpx.Client(headers=headers, timeout=30, trust_env=False)
        made = self._post(f"{self.url}/phone/audiocodes", {"id": self.id, "timestamp": _now()})
        self._activities = made["activitiesURL"]
        self._disconnect = made["disconnectURL"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def start(self) -> Heard:
        return self._turn(
            {"type": "event", "name": "start", "language": "fr-FR",
             "parameters": {"caller": self.caller, "callee": "3939"}}
        )  # fmt: skip

    def say(self, text: str, confidence: float = 0.9, others: tuple[str, ...] = ()) -> Heard:
        recognised = [{"text": other, "confidence": confidence - 0.1} for other in others]
        parameters: dict[str, Any] = {"confidence": confidence, "recognitions": recognised}
        return self._turn({"type": "message", "text": text, "parameters": parameters})

    def press(self, keys: str) -> Heard:
        return self._turn({"type": "event", "name": "DTMF", "value": keys})

    def silence(self, count: int = 1) -> Heard:
        return self._turn({"type": "event", "name": "noUserInput", "value": count})

    def hang_up(self) -> None:
        self._post(self._disconnect, {"reason": "Client Side"})

    def _turn(self, activity: dict[str, Any]) -> Heard:
        told = {"id": uuid.uuid4().hex, "timestamp": _now(), **activity}
        began = time.perf_counter()
        answered = self._post(self._activities, {"activities": [told]})["activities"]
        self.seconds.append(time.perf_counter() - began)
        names = {act.get("name") for act in answered}
        lines = [act["text"] for act in answered if act["type"] == "message"]
        return Heard(lines, "hangup" in names, "transfer" in names)

    def _post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(url, json={"conversation": self.id, **body})
        answer.raise_for_status()
        return dict(answer.json())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
