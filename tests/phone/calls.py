"""A caller behind a telephony platform, and what the database holds of calls."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from repere.phone_client import PhoneCall

TRANSFER_TARGET = "tel:+33102030405"

Json = dict[str, Any]


BEGIN = "je voudrais faire un duplicata de carte grise avec vous"
QUESTION = "j'ai perdu ma carte grise que faire"


def at_plate(call: PhoneCall) -> str:
    """Go as far as the question of the plate."""
    for text in (BEGIN, "elle est perdue", "pour moi", "compte certifié"):
        heard = call.say(text).text
    assert "immatriculation" in heard
    return heard


Calling = Callable[..., PhoneCall]


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
