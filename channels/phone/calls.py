"""The calls in the database: any process takes the next turn, and no turn is taken twice."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.models import now
from channels.phone.memory import Memory
from channels.phone.models import PhoneCall, PhoneTurn
from channels.phone.turn import Kind, Reply, TurnIn
from dossiers.vault import Vault

# Longer than any turn: a process that died holds a call no longer than this.
LEASE = timedelta(seconds=20)
POLL_SECONDS = 0.03
# A turn older than the last one by this much was delayed on its way: the call has moved on. By
# more than the longest delay, the platform's clock is wrong, and says nothing.
LATE = timedelta(seconds=30)
LONGEST_DELAY = timedelta(days=1)
# Replies are kept for requests made again; calls, to know that they are over.
REPLIES_KEPT = timedelta(days=1)
CALLS_KEPT = timedelta(days=30)


class UnknownCallError(Exception):
    """There is no such call, or it is over."""


class BusyCallError(Exception):
    """Another turn of the call lasts too long."""


@dataclass
class Call:
    """A call during one of its turns; the memory and the conversation are saved after it."""

    id: int
    conversation: str | None
    memory: Memory

    def turn_key(self, turn_id: str) -> str:
        """The id of a turn's message in the conversation: a turn made again asks nothing twice."""
        return hashlib.sha256(f"{self.id}:{turn_id}".encode()).hexdigest()[:40]


Answer = Callable[[Call], Awaitable[Reply]]


class Calls:
    """The calls kept in a database; ``key`` hashes numbers, ``vault`` encrypts the rest."""

    def __init__(self, database: Database, key: str, vault: Vault) -> None:
        self._database = database
        self._key = key.encode()
        self._vault = vault

    async def open(self, provider: str, call_id: str, caller: str = "") -> None:
        """Note that a call begins; nothing happens if it has already."""
        await run_in_threadpool(self._open, provider, call_id, caller)

    async def is_open(self, provider: str, call_id: str) -> bool:
        return await run_in_threadpool(self._is_open, provider, call_id)

    async def turn(self, turn: TurnIn, answer: Answer) -> Reply:
        """The reply to a turn: the stored one when there is one, else what ``answer`` says.

        Raises UnknownCallError, BusyCallError, and what ``answer`` raises.
        """
        call_id = await self._take_lease(turn)
        try:
            known = await run_in_threadpool(self._known_reply, call_id, turn)
            if known is not None:
                return known
            call = await run_in_threadpool(self._load, call_id)
            call.memory.turns += 1
            reply = await answer(call)
            await run_in_threadpool(self._save, call, turn, reply)
            return reply
        finally:
            await run_in_threadpool(self._release_lease, call_id)

    async def last_reply(self, provider: str, call_id: str) -> Reply | None:
        """What was last answered in a call, over or not."""
        return await run_in_threadpool(self._last_reply, provider, call_id)

    def hashed(self, number: str) -> str:
        """A caller's number, unreadable without the key; "" for a withheld one."""
        digits = "".join(char for char in number if char.isdigit())
        if not digits:
            return ""
        return hmac.new(self._key, digits.encode(), hashlib.sha256).hexdigest()[:32]

    def _open(self, provider: str, call_id: str, caller: str) -> None:
        try:
            with Session(self._database) as db, db.begin():
                row = _found(db, provider, call_id)
                if row is None:
                    row = PhoneCall(provider=provider, call_id=call_id, caller="")
                    row.state = self._closed(Memory().to_json())
                    db.add(row)
                row.caller = row.caller or self.hashed(caller)
        except IntegrityError:
            return  # another process noted it at the same moment
        self._forget_old()

    def _forget_old(self) -> None:
        moment = now()
        with Session(self._database) as db, db.begin():
            db.execute(delete(PhoneTurn).where(PhoneTurn.at < moment - REPLIES_KEPT))
            db.execute(delete(PhoneCall).where(PhoneCall.heard_at < moment - CALLS_KEPT))

    def _is_open(self, provider: str, call_id: str) -> bool:
        with Session(self._database) as db:
            row = _found(db, provider, call_id)
            return row is not None and row.ended_at is None

    async def _take_lease(self, turn: TurnIn) -> int:
        deadline = now() + LEASE
        while (taken := await run_in_threadpool(self._try_lease, turn)) is None:
            if now() > deadline:
                raise BusyCallError
            await asyncio.sleep(POLL_SECONDS)
        return taken

    def _try_lease(self, turn: TurnIn) -> int | None:
        moment = now()
        free = or_(PhoneCall.busy_until.is_(None), PhoneCall.busy_until < moment)
        with Session(self._database) as db, db.begin():
            found = db.execute(
                update(PhoneCall)
                .where(PhoneCall.provider == turn.provider, PhoneCall.call_id == turn.call_id, free)
                .values(busy_until=moment + LEASE, heard_at=moment)
                .returning(PhoneCall.id)
            ).scalar()
            if found is None and _found(db, turn.provider, turn.call_id) is None:
                raise UnknownCallError
            return found

    def _release_lease(self, call_id: int) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(update(PhoneCall).where(PhoneCall.id == call_id).values(busy_until=None))

    def _known_reply(self, call_id: int, turn: TurnIn) -> Reply | None:
        """The reply stored for this turn; for one that comes late, the last that was made.

        Raises UnknownCallError for a new turn of a call that is over.
        """
        with Session(self._database) as db:
            row = db.get_one(PhoneCall, call_id)
            stored = db.get(PhoneTurn, (call_id, _key_of(turn)))
            if stored is None and row.ended_at is not None:
                raise UnknownCallError
            if stored is None and _is_late(turn, row):
                stored = _last_turn(db, call_id)
            return Reply.from_json(self._opened(stored.reply)) if stored else None

    def _last_reply(self, provider: str, call_id: str) -> Reply | None:
        with Session(self._database) as db:
            row = _found(db, provider, call_id)
            stored = _last_turn(db, row.id) if row else None
            return Reply.from_json(self._opened(stored.reply)) if stored else None

    def _load(self, call_id: int) -> Call:
        with Session(self._database) as db:
            row = db.get_one(PhoneCall, call_id)
            return Call(row.id, row.conversation_id, Memory.from_json(self._opened(row.state)))

    def _save(self, call: Call, turn: TurnIn, reply: Reply) -> None:
        with Session(self._database) as db, db.begin():
            row = db.get(PhoneCall, call.id)
            if row is None:
                return  # the conversation was erased meanwhile, and the call with it
            row.conversation_id = call.conversation
            row.state = self._closed(call.memory.to_json())
            row.turn_at = max(filter(None, (row.turn_at, turn.at)), default=None)
            if turn.kind is Kind.HANGUP:
                row.ended_at, row.state = now(), self._closed({})
                db.execute(delete(PhoneTurn).where(PhoneTurn.call == call.id))
            kept = self._closed(reply.to_json())
            db.add(PhoneTurn(call=call.id, turn_id=_key_of(turn), reply=kept))

    def _closed(self, data: dict[str, Any]) -> bytes:
        return self._vault.close(json.dumps(data, ensure_ascii=False))

    def _opened(self, kept: bytes) -> dict[str, Any]:
        return dict(json.loads(self._vault.open(kept)))


def _found(db: Session, provider: str, call_id: str) -> PhoneCall | None:
    return db.scalar(
        select(PhoneCall).where(PhoneCall.provider == provider, PhoneCall.call_id == call_id)
    )


def _is_late(turn: TurnIn, row: PhoneCall) -> bool:
    if turn.at is None or row.turn_at is None:
        return False
    return LATE < row.turn_at - turn.at < LONGEST_DELAY


def _last_turn(db: Session, call_id: int) -> PhoneTurn | None:
    turns = select(PhoneTurn).where(PhoneTurn.call == call_id)
    return db.scalar(turns.order_by(PhoneTurn.at.desc()).limit(1))


def _key_of(turn: TurnIn) -> str:
    """The turn's id in the table, whatever its length."""
    return hashlib.sha256(turn.turn_id.encode()).hexdigest()
