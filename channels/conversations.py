"""Conversations: who owns them, their turns one at a time, their history.

What a person writes is stored before the engine sees it; a repeated client id is answered with the
stored reply; a turn that fails leaves its message unanswered, to be answered by the next try.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import Engine as Database
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.dialogue.turn import Dialogue
from bot.messages import DOCUMENT_PAYLOAD, Message
from bot.questions.speech import welcome
from channels import outbox, resume_codes, transcript
from channels.engine import Engine
from channels.handover import hand_over
from channels.incoming import Incoming, checked, clean_text, metadata, payload_of
from channels.live import Live
from channels.models import Conversation, StoredMessage, now, public
from channels.ownership import AGENT
from channels.resume_codes import ResumeCodes
from channels.transcript import UnknownConversationError as UnknownConversationError
from channels.transcript import existing
from dossiers import retention
from dossiers.register import Dossiers

log = structlog.get_logger()

# Longer than any turn (engine time-out and storing included), shorter than a person's patience.
TURN_LEASE = timedelta(seconds=8)
TURN_POLL_SECONDS = 0.05
# Someone who is writing is said to, this long after the last sign of it.
TYPING = timedelta(seconds=6)


class BusyError(Exception):
    """Another turn of the conversation lasts too long."""


@dataclass(frozen=True)
class _Turn:
    """A stored user message and what the engine is to be told of it."""

    seq: int
    text: str
    payload: str
    stored_reply: list[dict[str, Any]] | None = None
    # Whether nothing followed the stored reply: what is told once may then be told again.
    latest: bool = False


class Conversations:
    """The conversations kept in a database, answered by an engine."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        dossiers: Dossiers,
        live: Live,
        dialogue: Dialogue,
        *,
        log_texts: bool = False,
    ) -> None:
        self._database = database
        self._engine = engine
        self._dossiers = dossiers
        self._live = live
        self._dialogue = dialogue
        self._codes = ResumeCodes(dossiers)
        self._log_texts = log_texts
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(
        self, channel: str, first: Message | None = None
    ) -> tuple[str, list[dict[str, Any]]]:
        """Begin a conversation: its id and its first message, the guide's welcome by default."""
        return await run_in_threadpool(self._start, channel, first or welcome())

    async def turn(self, conversation: str, incoming: Incoming) -> list[dict[str, Any]]:
        """The bot's messages in answer to one message of the person.

        Raises RefusedMessageError, UnknownConversationError, BusyError, EngineUnavailableError.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            await self._take_lease(conversation)
            try:
                turn = await run_in_threadpool(self._store_incoming, conversation, incoming)
                self._live.wake(conversation)
                if turn.stored_reply is not None and not turn.latest:
                    return turn.stored_reply
                if turn.stored_reply is not None:
                    return await run_in_threadpool(
                        self._codes.told, conversation, turn.stored_reply
                    )
                said = await self._answer(conversation, turn, metadata(turn.seq, incoming))
                self._log_turn(turn.payload, said)
                stored = await run_in_threadpool(self._store_reply, conversation, turn, said)
                return await run_in_threadpool(self._codes.told, conversation, stored)
            finally:
                await run_in_threadpool(self._release_lease, conversation)
                self._live.wake(conversation)

    async def _answer(
        self, conversation: str, turn: _Turn, told: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The engine's answer, or what was said of this turn before something died."""
        played = await run_in_threadpool(self._dossiers.turns.outcome, conversation, turn.seq)
        if played is not None and played["messages"]:
            return list(played["messages"])
        place = await run_in_threadpool(self._dialogue.place_of, conversation)
        return await self._engine.turn(conversation, turn.payload, told | place)

    def _log_turn(self, payload: str, said: list[dict[str, Any]]) -> None:
        """What happened, without who and, unless asked for, without what was written."""
        kinds = [(message.get("card") or {}).get("kind") for message in said]
        texts = {"text": payload} if self._log_texts else {}
        log.info("turn", said=kinds, **texts)

    async def with_agent(self, conversation: str) -> bool:
        """Whether an agent answers this conversation."""

        def run() -> bool:
            with Session(self._database) as db:
                return existing(db, conversation).owner == AGENT

        return await run_in_threadpool(run)

    async def document_received(self, conversation: str, label: str) -> list[dict[str, Any]]:
        """What is said of a document received: by the guide or, to an agent, that it is there."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            await self._take_lease(conversation)
            try:
                told = await run_in_threadpool(self._tell_agent, conversation, label)
                if told:
                    return told
                turn = await run_in_threadpool(self._next_without_message, conversation)
                said = await self._engine.turn(conversation, DOCUMENT_PAYLOAD, {"turn": turn})
                return await run_in_threadpool(self._store_reply, conversation, None, said)
            finally:
                await run_in_threadpool(self._release_lease, conversation)
                self._live.wake(conversation)

    def _tell_agent(self, conversation: str, label: str) -> list[dict[str, Any]]:
        """Say in a conversation that an agent answers that a document is there; else nothing."""
        with Session(self._database) as db, db.begin():
            row = transcript.locked(db, conversation)
            if row.owner != AGENT:
                return []
            said = Message(f"Document envoyé : {label}. L’agent va le regarder.")
            return [public(transcript.add(db, row, "system", said))]

    async def history(self, conversation: str, after: int) -> tuple[str, list[dict[str, Any]]]:
        """The owner and the messages whose seq is greater than ``after``."""
        return await run_in_threadpool(self._history, conversation, after)

    async def delivered(self, conversation: str, seq: int) -> None:
        """The person has received the messages up to this one."""
        if await run_in_threadpool(self._delivered, conversation, seq):
            self._live.wake(conversation)

    async def person_types(self, conversation: str) -> None:
        """The person is writing, for some seconds."""
        await run_in_threadpool(self._person_types, conversation)
        self._live.wake(conversation)

    async def erase(self, conversation: str) -> None:
        """Erase a conversation: the engine's memory of it first, its dossiers, its messages.

        Raises EngineUnavailableError when the engine cannot forget: nothing is erased then.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            await self._take_lease(conversation)
            try:
                await self._engine.forget(conversation)
                await run_in_threadpool(self._erase, conversation)
            finally:
                await run_in_threadpool(self._release_lease, conversation)
                self._live.wake(conversation)

    def _start(self, channel: str, said: Message) -> tuple[str, list[dict[str, Any]]]:
        with Session(self._database) as db, db.begin():
            row = Conversation(id=secrets.token_hex(16), channel=channel)
            db.add(row)
            db.flush()
            first = transcript.add(db, row, "bot", said)
            return row.id, [public(first)]

    async def _take_lease(self, conversation: str) -> None:
        deadline = now() + TURN_LEASE
        while not await run_in_threadpool(self._try_lease, conversation):
            if now() > deadline:
                raise BusyError
            await asyncio.sleep(TURN_POLL_SECONDS)

    def _try_lease(self, conversation: str) -> bool:
        moment = now()
        free = or_(Conversation.busy_until.is_(None), Conversation.busy_until < moment)
        with Session(self._database) as db, db.begin():
            taken = db.execute(
                update(Conversation)
                .where(Conversation.id == conversation, free)
                .values(busy_until=moment + TURN_LEASE)
            )
            if taken.rowcount:  # type: ignore[attr-defined]
                return True
            existing(db, conversation)
            return False

    def free_leases(self) -> None:
        """End the turns of a process that was killed, when this one alone takes turns."""
        with Session(self._database) as db, db.begin():
            db.execute(update(Conversation).values(busy_until=None))

    def _release_lease(self, conversation: str) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(
                update(Conversation).where(Conversation.id == conversation).values(busy_until=None)
            )

    def _store_incoming(self, conversation: str, incoming: Incoming) -> _Turn:
        with Session(self._database) as db, db.begin():
            row = transcript.locked(db, conversation)
            known = transcript.with_client_id(db, conversation, incoming.client_id)
            known = known or _sent_again(db, row, incoming)
            if known is not None and known.answered:
                replies = [public(message) for message in _replies(db, conversation, known.seq)]
                latest = bool(replies) and replies[-1]["seq"] == row.last_seq
                return _Turn(known.seq, "", "", replies, latest)
            stored = known or _stored(db, row, incoming)
            row.playing = stored.seq
            if row.owner == AGENT:
                stored.answered = True  # the guide is silent: the agent answers
                return _Turn(stored.seq, "", "", [])
            return _Turn(stored.seq, stored.text, payload_of(stored.text, stored.choice))

    def _next_without_message(self, conversation: str) -> int:
        """The number of a turn that answers no message: the last message's, never a person's."""
        with Session(self._database) as db, db.begin():
            row = transcript.locked(db, conversation)
            row.playing = row.last_seq
            return row.last_seq

    def _store_reply(
        self, conversation: str, turn: _Turn | None, said: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        with Session(self._database) as db, db.begin():
            row = transcript.locked(db, conversation)
            seq = turn.seq if turn else None
            db.execute(
                update(StoredMessage)
                .where(StoredMessage.conversation_id == conversation, StoredMessage.seq == seq)
                .values(answered=True)
            )
            if row.owner == AGENT:
                return []  # taken over during the turn
            messages = [resume_codes.kept(Message.from_dict(m)) for m in said]
            messages = hand_over(db, row, turn.text if turn else "", messages)
            stored = [transcript.add(db, row, "bot", m, reply_to=seq) for m in messages]
            return [public(message) for message in stored]

    def _history(self, conversation: str, after: int) -> tuple[str, list[dict[str, Any]]]:
        with Session(self._database) as db:
            row = existing(db, conversation)
            found = db.scalars(
                select(StoredMessage)
                .where(StoredMessage.conversation_id == conversation, StoredMessage.seq > after)
                .order_by(StoredMessage.seq)
            )
            return row.owner, [public(message) for message in found]

    def _delivered(self, conversation: str, seq: int) -> bool:
        further = update(Conversation).where(
            Conversation.id == conversation,
            Conversation.delivered_seq < seq,
            Conversation.last_seq >= seq,
        )
        with Session(self._database) as db, db.begin():
            moved = db.execute(further.values(delivered_seq=seq).returning(Conversation.id)).first()
        return moved is not None

    def _person_types(self, conversation: str) -> None:
        with Session(self._database) as db, db.begin():
            existing(db, conversation).person_typing_until = now() + TYPING

    def _erase(self, conversation: str) -> None:
        for dossier in self._dossiers.of_conversation(conversation):
            retention.erase(self._dossiers, dossier.id)
        self._dossiers.turns.forget(conversation)
        with Session(self._database) as db, db.begin():
            existing(db, conversation)
            db.execute(delete(StoredMessage).where(StoredMessage.conversation_id == conversation))
            db.execute(delete(Conversation).where(Conversation.id == conversation))


def _stored(db: Session, row: Conversation, incoming: Incoming) -> StoredMessage:
    """The person's message, kept before anything else is done with it."""
    text, choice = checked(db, row, incoming)
    stored = transcript.add(db, row, "user", Message(text))
    stored.choice, stored.client_id = choice, incoming.client_id
    db.flush()
    told = {"conversation": row.id, "seq": stored.seq, "author": "user"}
    outbox.publish(db, "message.created", told)
    return stored


def _sent_again(db: Session, row: Conversation, incoming: Incoming) -> StoredMessage | None:
    """The last message, when it has no answer and the same comes again without a client id."""
    last = db.scalar(
        select(StoredMessage).where(
            StoredMessage.conversation_id == row.id, StoredMessage.seq == row.last_seq
        )
    )
    if last is None or last.author != "user" or last.answered or incoming.client_id is not None:
        return None
    same = last.choice == incoming.choice and (
        incoming.choice is not None or last.text == clean_text(incoming.text or "")
    )
    return last if same else None


def _replies(db: Session, conversation: str, seq: int) -> list[StoredMessage]:
    query = select(StoredMessage).where(
        StoredMessage.conversation_id == conversation, StoredMessage.reply_to == seq
    )
    return list(db.scalars(query.order_by(StoredMessage.seq)))


def playing_in(database: Database) -> Callable[[str, int], bool]:
    """Tells whether a turn is the one that its conversation waits for, and not one given up."""

    def playing(conversation: str, turn: int) -> bool:
        with Session(database) as db:
            waited = select(Conversation.playing).where(Conversation.id == conversation)
            return db.scalar(waited) == turn

    return playing
