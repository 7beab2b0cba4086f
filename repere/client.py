"""A client of the public API, as small as a citizen's page."""

from typing import Any

import httpx


class Conversation:
    """One conversation over the public API; every call must succeed."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        answer = self.http.post("/api/conversations", json={})
        answer.raise_for_status()
        started = answer.json()
        self.id: str = started["conversation"]
        self.token: str = started["token"]
        self.first: list[dict[str, Any]] = started["messages"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a text; the bot's messages."""
        return self.send({"text": text})

    def choose(self, value: str) -> list[dict[str, Any]]:
        """Take up a choice by its value."""
        return self.send({"choice": value})

    def send(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.http.post(f"/api/conversations/{self.id}/messages", json=body)
        answer.raise_for_status()
        return list(answer.json()["messages"])

    def close(self) -> None:
        self.http.close()
