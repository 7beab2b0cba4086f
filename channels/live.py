"""News of conversations as they happen: messages, who answers, who is writing.

One task looks at all the conversations that are followed, in one query: when woken, and every
second, since other processes write too. Who follows reads only when something of theirs changed, a
few at a time: waiting holds no thread and no database connection.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Literal

import anyio.to_thread
import structlog
from anyio import CapacityLimiter
from sqlalchemy import Engine as Database
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from channels.models import Conversation, StoredMessage, now, public

log = structlog.get_logger()

POLL_SECONDS = 1.0
READERS = 4
IDS_IN_A_QUERY = 400
MESSAGES_IN_A_READ = 200


@dataclass(frozen=True)
class Change:
    """Something new: a message (come, or delivered), another owner, someone who writes or stops."""

    kind: Literal["message", "owner", "typing", "delivered"]
    data: dict[str, Any]
    seq: int | None = None


@dataclass(frozen=True)
class _State:
    """What is compared to know whether something changed."""

    last_seq: int
    owner: str
    agent: str | None
    agent_writes: bool
    person_writes: bool
    delivered: int

    def changes_since(self, before: "_State | None") -> list[Change]:
        """What changed besides the messages; the first time, what is not as one would expect."""
        changes = []
        if before is None or (self.owner, self.agent) != (before.owner, before.agent):
            name = {"name": self.agent} if self.owner == "agent" and self.agent else {}
            changes.append(Change("owner", {"owner": self.owner, **name}))
        if self.agent_writes != bool(before and before.agent_writes):
            changes.append(Change("typing", {"author": "agent", "typing": self.agent_writes}))
        if self.person_writes != bool(before and before.person_writes):
            changes.append(Change("typing", {"author": "user", "typing": self.person_writes}))
        if self.delivered != (before.delivered if before else 0):
            changes.append(Change("delivered", {"seq": self.delivered}))
        return changes


class _Followed:
    """A conversation that is followed: its last known state, for all who follow it."""

    def __init__(self) -> None:
        self.followers = 0
        self._state: _State | None = None
        self._ended = False
        self._changed = asyncio.Event()

    def becomes(self, state: _State) -> None:
        if state != self._state:
            self._state = state
            self._tell()

    def end(self) -> None:
        self._ended = True
        self._tell()

    async def other_than(self, seen: _State | None) -> _State | None:
        """The state once it is no longer the one seen; None when there will be no more."""
        while self._state == seen and not self._ended:
            await self._changed.wait()
        return None if self._ended else self._state

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()


class Live:
    """The changes of the conversations kept in a database, whatever process makes them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._followed: dict[str, _Followed] = {}
        self._due: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def wake(self, conversation: str) -> None:
        """Something of this conversation changed; may be called from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended with who followed
                self._loop.call_soon_threadsafe(self._look_soon, conversation)

    async def changes(self, conversation: str, after: int) -> AsyncGenerator[Change]:
        """The messages after a seq, who answers, then what happens, until the conversation ends."""
        followed = self._follow(conversation)
        seen: _State | None = None
        try:
            while (state := await followed.other_than(seen)) is not None:
                while state.last_seq > after:
                    messages = await self._in_thread(self._messages, conversation, after)
                    if not messages:
                        break
                    for message in messages:
                        after = message["seq"]
                        yield Change("message", message, after)
                for change in state.changes_since(seen):
                    yield change
                seen = state
        finally:
            self._leave(conversation, followed)

    @property
    def closed(self) -> bool:
        """Whether the server stops: what follows by itself ends too."""
        return self._closed

    def close(self) -> None:
        """End every ``changes`` under way: the server stops."""
        self._closed = True
        for followed in self._followed.values():
            followed.end()

    def _follow(self, conversation: str) -> _Followed:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._woken, self._readers = loop, asyncio.Event(), CapacityLimiter(READERS)
        followed = self._followed.setdefault(conversation, _Followed())
        followed.followers += 1
        if self._closed:
            followed.end()
        elif self._task is None or self._task.done():
            self._task = loop.create_task(self._look())
        self._look_soon(conversation)
        return followed

    def _leave(self, conversation: str, followed: _Followed) -> None:
        followed.followers -= 1
        if not followed.followers and self._followed.get(conversation) is followed:
            del self._followed[conversation]

    def _look_soon(self, conversation: str) -> None:
        if conversation in self._followed:
            self._due.add(conversation)
            self._woken.set()

    async def _look(self) -> None:
        """Look at what is due, and every second at all, as long as someone follows."""
        all_at = time.monotonic() + POLL_SECONDS
        while self._followed and not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.0, all_at - time.monotonic()))
            self._woken.clear()
            due, self._due = self._due, set()
            if time.monotonic() >= all_at:
                due = set(self._followed)
                all_at = time.monotonic() + POLL_SECONDS
            try:
                await self._look_at(due)
            except SQLAlchemyError as error:
                log.warning("live_look_failed", error=type(error).__name__)

    async def _look_at(self, conversations: set[str]) -> None:
        for ids in batched(conversations, IDS_IN_A_QUERY):
            states = await self._in_thread(self._states, ids)
            for conversation in ids:
                followed, state = self._followed.get(conversation), states.get(conversation)
                if followed is not None and state is not None:
                    followed.becomes(state)
                elif followed is not None:
                    followed.end()
                    del self._followed[conversation]

    async def _in_thread(self, read: Any, *args: Any) -> Any:
        """A read in a thread; a few at a time, so that other requests keep theirs."""
        return await anyio.to_thread.run_sync(read, *args, limiter=self._readers)

    def _states(self, conversations: Iterable[str]) -> dict[str, _State]:
        row = Conversation
        query = select(
            row.id,
            row.last_seq,
            row.owner,
            row.agent_name,
            row.agent_typing_until,
            row.person_typing_until,
            row.delivered_seq,
        ).where(row.id.in_(conversations))
        moment = now()
        with Session(self._database) as db:
            return {
                id_: _State(seq, owner, name, _later(agent, moment), _later(person, moment), got)
                for id_, seq, owner, name, agent, person, got in db.execute(query)
            }

    def _messages(self, conversation: str, after: int) -> list[dict[str, Any]]:
        query = (
            select(StoredMessage)
            .where(StoredMessage.conversation_id == conversation, StoredMessage.seq > after)
            .order_by(StoredMessage.seq)
            .limit(MESSAGES_IN_A_READ)
        )
        with Session(self._database) as db:
            return [public(message) for message in db.scalars(query)]


def _later(until: datetime | None, moment: datetime) -> bool:
    return until is not None and until > moment
