"""What the desk's pages are told as it happens: the queue and, on its page, a conversation.

The news ends with the session that asked for them: a page left open does not say for ever that
its agent is there.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

from fastapi.sse import ServerSentEvent
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.desk import presence
from channels.desk.context import Desk
from channels.desk.queue import Queue, queue_of, stamp
from channels.live import Change

LOOK_SECONDS = 1.0
SEEN_SECONDS = 20.0

Open = Callable[[], bool]


async def news(desk: Desk, agent_id: str, is_open: Open) -> AsyncGenerator[ServerSentEvent]:
    """The queue, each time that it changes; being listened to says that the page is open."""
    watch = _QueueWatch(desk, agent_id, is_open)
    while not desk.live.closed:
        event = await watch.look()
        if watch.ended:
            return
        if event is not None:
            yield event
        await asyncio.sleep(LOOK_SECONDS)


async def news_of(
    desk: Desk, agent_id: str, is_open: Open, conversation: str, after: int
) -> AsyncGenerator[ServerSentEvent]:
    """The same, and what happens in a conversation: one connection a page, browsers have few."""
    watch = _QueueWatch(desk, agent_id, is_open)
    changes = desk.live.changes(conversation, after)
    coming = asyncio.ensure_future(anext(changes, None))
    look_at = 0.0
    try:
        while not desk.live.closed:
            await asyncio.wait({coming}, timeout=max(0.0, look_at - time.monotonic()))
            if coming.done():
                change = coming.result()
                if change is None:
                    return
                yield _told(change)
                coming = asyncio.ensure_future(anext(changes, None))
            if time.monotonic() >= look_at:
                event = await watch.look()
                if watch.ended:
                    return
                if event is not None:
                    yield event
                look_at = time.monotonic() + LOOK_SECONDS
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
        await changes.aclose()


class _QueueWatch:
    """Looks at the queue for one agent; ``ended`` once their session is."""

    def __init__(self, desk: Desk, agent_id: str, is_open: Open) -> None:
        self._desk = desk
        self._agent_id = agent_id
        self._is_open = is_open
        self._known: object = None
        self._seen_at = float("-inf")
        self.ended = False

    async def look(self) -> ServerSentEvent | None:
        """The queue's event if something changed."""
        return await run_in_threadpool(self._look)

    def _look(self) -> ServerSentEvent | None:
        if time.monotonic() - self._seen_at > SEEN_SECONDS:
            if not self._is_open():
                self.ended = True
                return None
            with Session(self._desk.database) as db, db.begin():
                presence.seen(db, self._agent_id)
            self._seen_at = time.monotonic()
        present = stamp(self._desk, self._agent_id)
        if present == self._known:
            return None
        self._known = present
        return ServerSentEvent(event="queue", data=_counts(queue_of(self._desk, self._agent_id)))


def _told(change: Change) -> ServerSentEvent:
    """A message is told by its seq alone: the page asks for it as it shows it."""
    data = {"seq": change.seq} if change.kind == "message" else change.data
    return ServerSentEvent(event=change.kind, data=data)


def _counts(queue: Queue) -> dict[str, object]:
    return {
        "waiting": len(queue.waiting),
        "unanswered": sum(entry.unanswered for entry in queue.mine),
        "mentions": len(queue.mentions),
    }
