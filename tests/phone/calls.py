"""A caller behind a telephony platform, and what the database holds of calls."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

TRANSFER_TARGET = "tel:+33102030405"
PATH = "/phone/audiocodes"

Json = dict[str, Any]


class AudioCodesCall:
    """One call over the AudioCodes Bot API; ``client`` is the process that takes the next turn."""

    def __init__(self, client: httpx.Client, token: str, caller: str, call_id: str = "") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.id = call_id or str(uuid4())
        made = self.request(PATH, {"id": str(uuid4()), "timestamp": stamp()})
        made.raise_for_status()
        self.urls: Json = made.json()
        self.welcome = self.event("start", language="fr-FR", parameters={"caller": caller})

    def say(self, text: str, confidence: float | None = None) -> list[Json]:
        measure = {} if confidence is None else {"confidence": confidence}
        return self.send({"type": "message", "text": text, "parameters": measure})

    def press(self, keys: str) -> list[Json]:
        return self.event("DTMF", value=keys)

    def silence(self) -> list[Json]:
        return self.event("noUserInput", value=1)

    def event(self, name: str, **more: Any) -> list[Json]:
        return self.send({"type": "event", "name": name, **more})

    def send(self, activity: Json) -> list[Json]:
        """Post an activity; what comes back."""
        answer = self.post({"id": str(uuid4()), "timestamp": stamp(), **activity})
        answer.raise_for_status()
        return list(answer.json()["activities"])

    def post(self, *activities: Json) -> httpx.Response:
        return self.request(self.urls["activitiesURL"], {"activities": list(activities)})

    def hang_up(self) -> httpx.Response:
        return self.request(self.urls["disconnectURL"], {"reason": "Client Disconnected"})

    def request(self, url: str, body: Json) -> httpx.Response:
        path = httpx.URL(url).raw_path.decode()
        return self.client.post(path, json={"conversation": self.id, **body}, headers=self.headers)


Calling = Callable[..., AudioCodesCall]


class Records:
    """The database, read by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        database = sqlite3.connect(self._path, timeout=10)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def conversation(self, call_id: str) -> str:
        query = "SELECT conversation_id FROM phone_call WHERE call_id = ?"
        return str(self.rows(query, call_id)[0][0])

    def said_by_caller(self, call_id: str) -> list[str]:
        query = (
            "SELECT text FROM message WHERE conversation_id = ? AND author = 'user' ORDER BY seq"
        )
        return [row[0] for row in self.rows(query, self.conversation(call_id))]

    def owner(self, call_id: str) -> str:
        query = "SELECT owner FROM conversation WHERE id = ?"
        return str(self.rows(query, self.conversation(call_id))[0][0])

    def dossiers(self, call_id: str) -> list[tuple[str, str]]:
        query = "SELECT number, state FROM dossier WHERE conversation_id = ?"
        return [(str(a), str(b)) for a, b in self.rows(query, self.conversation(call_id))]


def text_of(activities: list[Json]) -> str:
    """Everything said, without markup."""
    return " ".join(re.sub(r"<[^>]+>", "", a["text"]) for a in activities if "text" in a)


def names_of(activities: list[Json]) -> set[str]:
    return {activity["name"] for activity in activities if "name" in activity}


def session_of(activities: list[Json]) -> Json:
    """The session parameters that a reply sets."""
    set_by = [a["sessionParams"] for a in activities if a.get("name") == "config"]
    return dict(set_by[-1])


def stamp(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Post = tuple[str, bytes, dict[str, str]]


async def posted(app: FastAPI, *requests: Post) -> list[httpx.Response]:
    """Answers of an application of one's own to posts of (path, body, headers), one by one."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://repere.test") as client:
        return [await client.post(path, content=body, headers=h) for path, body, h in requests]
