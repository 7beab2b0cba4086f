"""The engine as the channels see it: one turn in, the bot's messages out."""

from dataclasses import dataclass
from typing import Any

import httpx


class EngineUnavailableError(Exception):
    """The engine did not answer in time, or answered with nothing usable."""


@dataclass
class Engine:
    """A client of Rasa's server (address, shared secret, seconds to wait)."""

    url: str
    secret: str
    timeout: float

    def __post_init__(self) -> None:
        self._client = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.secret}"},
            timeout=httpx.Timeout(self.timeout, connect=min(2.0, self.timeout)),
            trust_env=False,
        )

    async def turn(
        self, conversation: str, text: str, metadata: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The bot's messages (``{"text", "card"}``) for a text or a payload of the server's own."""
        body = {"conversation": conversation, "text": text, "metadata": metadata or {}}
        try:
            answer = await self._client.post("/webhooks/repere/turn", json=body)
            answer.raise_for_status()
            messages = answer.json()["messages"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise EngineUnavailableError(type(error).__name__) from error
        if not messages:
            raise EngineUnavailableError("empty answer")
        return list(messages)

    async def forget(self, conversation: str) -> None:
        """Erase what the engine keeps of a conversation."""
        try:
            answer = await self._client.delete(f"/webhooks/repere/conversations/{conversation}")
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise EngineUnavailableError(type(error).__name__) from error

    async def parse(self, text: str, stage: str = "idle", slot: str = "") -> dict[str, Any]:
        """What the engine understands of a text said at a stage, of a field, alone."""
        try:
            answer = await self._client.post(
                "/webhooks/repere/parse", json={"text": text, "stage": stage, "slot": slot}
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise EngineUnavailableError(type(error).__name__) from error
        return dict(answer.json())

    async def is_ready(self) -> bool:
        """Whether the engine is up with a model loaded."""
        try:
            answer = await self._client.get("/status", params={"token": self.secret}, timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and bool(answer.json().get("model_file"))

    async def close(self) -> None:
        await self._client.aclose()
