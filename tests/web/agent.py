"""An agent of the helpdesk, in another process than the one that serves the page."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from channels.live import Live
from channels.models import now
from channels.ownership import Ownership
from repere.database import open_database
from repere.running import Running

ID, NAME = "a1", "Claire"


def conversation_of(page: Page) -> str:
    """The id of the conversation that the page keeps."""
    kept = "Object.entries(localStorage).find(([key]) => key.startsWith('repere:'))[1]"
    return str(page.evaluate(f"JSON.parse({kept}).conversation"))


class Agent:
    """Claire, who takes conversations, writes in them and leaves them."""

    def __init__(self, ownership: Ownership, thread: ThreadPoolExecutor) -> None:
        self._ownership = ownership
        self._thread = thread  # the test's own runs the browser's loop

    def take(self, conversation: str) -> None:
        self._do(self._ownership.take(conversation, ID, NAME))

    def say(self, conversation: str, text: str) -> None:
        self._do(self._ownership.say(conversation, ID, NAME, text))

    def types(self, conversation: str, seconds: float) -> None:
        self._do(self._ownership.typing(conversation, ID, now() + timedelta(seconds=seconds)))

    def close(self, conversation: str) -> None:
        self._do(self._ownership.close(conversation, ID))

    def _do(self, act: Coroutine[Any, Any, Any]) -> None:
        self._thread.submit(lambda: asyncio.run(act)).result()


@contextmanager
def agent_of(running: Running) -> Iterator[Agent]:
    database = open_database(f"sqlite:///{running.var / 'repere.db'}")
    with ThreadPoolExecutor(1) as thread:
        yield Agent(Ownership(database, Live(database)), thread)
    database.dispose()
