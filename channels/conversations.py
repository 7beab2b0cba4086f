"""Conversations: who owns them, their turns one at a time, their history.

What a person writes is stored before the engine sees it; a repeated client id is answered with the
stored reply; a turn that fails leaves its message unanswered, to be answered by the next try.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import Engine as Database
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.actions.messages import DOCUMENT_PAYLOAD, Message, choice_payload, welcome
from channels.engine import Engine
from channels.models import Conversation, StoredMessage, now
from channels.redaction import mask
from dossiers import retention
from dossiers.register import Dossiers

log = structlog.get_logger()

MAX_TEXT = 500
# Longer than any turn (engine time-out and storing included), shorter than a person's patience.
TURN_LEASE = timedelta(seconds=15)
TURN_POLL_SECONDS = 0.05


class UnknownConversationError(Exception):
    """There is no such conversation (or it was erased)."""


class RefusedMessageError(Exception):
    """A message that cannot be taken; ``reason`` is French, for the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BusyError(Exception):
    """Another turn of the conversation lasts too long."""


@dataclass(frozen=True)
class Incoming:
    """What a person sends: a text, or the value of a choice that the bot offered."""

    text: str | None = None
    choice: str | None = None
    client_id: str | None = None


@dataclass(frozen=True)
class _Turn:
    """A stored user message and what the engine is to be told of it."""

    seq: int
    payload: str
    stored_reply: list[dict[str, Any]] | None = None


class Conversations:
    """The conversations kept in a database, answered by an engine."""

    def __init__(
        self, database: Database, engine: Engine, dossiers: Dossiers, *, log_texts: bool = False
    ) -> None:
        self._database = database
        self._engine = engine
        self._dossiers = dossiers
        self._log_texts = log_texts
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self, channel: str) -> tuple[str, list[dict[str, Any]]]:
        """Begin a conversation: its id and the guide's first message."""
        return await run_in_threadpool(self._start, channel)

    async def turn(self, conversation: str, incoming: Incoming) -> list[dict[str, Any]]:
        """The bot's messages in answer to one message of the person.

        Raises RefusedMessageError, UnknownConversationError, BusyError, EngineUnavailableError.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            await self._take_lease(conversation)
            try:
                turn = await run_in_threadpool(self._store_incoming, conversation, incoming)
                if turn.stored_reply is not None:
                    return turn.stored_reply
                said = await self._engine.turn(conversation, turn.payload)
                self._log_turn(turn.payload, said)
                return await run_in_threadpool(self._store_reply, conversation, turn.seq, said)
            finally:
                await run_in_threadpool(self._release_lease, conversation)

    def _log_turn(self, payload: str, said: list[dict[str, Any]]) -> None:
        """What happened, without who and, unless asked for, without what was written."""
        kinds = [(message.get("card") or {}).get("kind") for message in said]
        texts = {"text": payload} if self._log_texts else {}
        log.info("turn", said=kinds, **texts)

    async def document_received(self, conversation: str) -> list[dict[str, Any]]:
        """The bot's messages once a document has been received for its dossier."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            await self._take_lease(conversation)
            try:
                said = await self._engine.turn(conversation, DOCUMENT_PAYLOAD)
                return await run_in_threadpool(self._store_reply, conversation, None, said)
            finally:
                await run_in_threadpool(self._release_lease, conversation)

    async def history(self, conversation: str, after: int) -> tuple[str, list[dict[str, Any]]]:
        """The owner and the messages whose seq is greater than ``after``."""
        return await run_in_threadpool(self._history, conversation, after)

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

    def _start(self, channel: str) -> tuple[str, list[dict[str, Any]]]:
        with Session(self._database) as db, db.begin():
            row = Conversation(id=secrets.token_hex(16), channel=channel)
            db.add(row)
            db.flush()
            first = _add(db, row, "bot", welcome())
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
            _existing(db, conversation)
            return False

    def _release_lease(self, conversation: str) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(
                update(Conversation).where(Conversation.id == conversation).values(busy_until=None)
            )

    def _store_incoming(self, conversation: str, incoming: Incoming) -> _Turn:
        with Session(self._database) as db, db.begin():
            row = _existing(db, conversation)
            known = _by_client_id(db, conversation, incoming.client_id)
            if known is not None and known.answered:
                replies = _replies(db, conversation, known.seq)
                return _Turn(known.seq, "", [public(message) for message in replies])
            if known is not None:
                return _Turn(known.seq, _payload(known.text, known.choice))
            text, choice = _checked(db, row, incoming)
            stored = _add(db, row, "user", Message(text))
            stored.choice, stored.client_id = choice, incoming.client_id
            return _Turn(stored.seq, _payload(text, choice))

    def _store_reply(
        self, conversation: str, seq: int | None, said: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        with Session(self._database) as db, db.begin():
            row = _existing(db, conversation)
            stored = [
                _add(db, row, "bot", Message(m["text"], m.get("card")), reply_to=seq) for m in said
            ]
            db.execute(
                update(StoredMessage)
                .where(StoredMessage.conversation_id == conversation, StoredMessage.seq == seq)
                .values(answered=True)
            )
            return [public(message) for message in stored]

    def _history(self, conversation: str, after: int) -> tuple[str, list[dict[str, Any]]]:
        with Session(self._database) as db:
            row = _existing(db, conversation)
            found = db.scalars(
                select(StoredMessage)
                .where(StoredMessage.conversation_id == conversation, StoredMessage.seq > after)
                .order_by(StoredMessage.seq)
            )
            return row.owner, [public(message) for message in found]

    def _erase(self, conversation: str) -> None:
        for dossier in self._dossiers.of_conversation(conversation):
            retention.erase(self._dossiers, dossier.id)
        with Session(self._database) as db, db.begin():
            _existing(db, conversation)
            db.execute(delete(StoredMessage).where(StoredMessage.conversation_id == conversation))
            db.execute(delete(Conversation).where(Conversation.id == conversation))


def public(message: StoredMessage) -> dict[str, Any]:
    """A message as every channel receives it (design's contract)."""
    return {
        "seq": message.seq,
        "author": message.author,
        "at": f"{message.at.isoformat(timespec='milliseconds')}Z",
        "text": message.text,
        "card": message.card,
    }


def _existing(db: Session, conversation: str) -> Conversation:
    row = db.get(Conversation, conversation)
    if row is None:
        raise UnknownConversationError(conversation)
    return row


def _add(
    db: Session, row: Conversation, author: str, said: Message, reply_to: int | None = None
) -> StoredMessage:
    row.last_seq += 1
    message = StoredMessage(
        conversation_id=row.id,
        seq=row.last_seq,
        author=author,
        text=said.text,
        card=said.card,
        reply_to=reply_to,
        at=now(),
    )
    db.add(message)
    db.flush()
    return message


def _by_client_id(db: Session, conversation: str, client_id: str | None) -> StoredMessage | None:
    if client_id is None:
        return None
    return db.scalar(
        select(StoredMessage).where(
            StoredMessage.conversation_id == conversation, StoredMessage.client_id == client_id
        )
    )


def _replies(db: Session, conversation: str, seq: int) -> list[StoredMessage]:
    query = select(StoredMessage).where(
        StoredMessage.conversation_id == conversation, StoredMessage.reply_to == seq
    )
    return list(db.scalars(query.order_by(StoredMessage.seq)))


def _checked(db: Session, row: Conversation, incoming: Incoming) -> tuple[str, str | None]:
    """The text to store and the choice's value; refuses what cannot be taken."""
    if (incoming.text is None) == (incoming.choice is None):
        raise RefusedMessageError("Envoyez soit un texte, soit un choix.")
    if incoming.choice is not None:
        label = _offered_label(db, row.id, incoming.choice)
        if label is None:
            raise RefusedMessageError("Ce choix n'a pas été proposé dans cette conversation.")
        return label, incoming.choice
    return clean_text(incoming.text or ""), None


def clean_text(text: str) -> str:
    """A typed text made harmless: no control characters, no payload, card numbers masked.

    Raises RefusedMessageError when it is empty or over 500 characters.
    """
    printable = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text).strip()
    if not printable:
        raise RefusedMessageError("Votre message est vide. Écrivez votre question, puis envoyez.")
    if len(printable) > MAX_TEXT:
        raise RefusedMessageError(
            f"Votre message est trop long ({len(printable)} caractères). "
            f"Résumez votre question en {MAX_TEXT} caractères au plus."
        )
    return mask(printable)


def _offered_label(db: Session, conversation: str, value: str) -> str | None:
    """The label of a choice among those offered, latest first; None when it never was."""
    cards = db.scalars(
        select(StoredMessage.card)
        .where(StoredMessage.conversation_id == conversation, StoredMessage.author == "bot")
        .order_by(StoredMessage.seq.desc())
    )
    for card in cards:
        for choice in (card or {}).get("choices", []):
            if choice["value"] == value:
                return str(choice["label"])
    return None


def _payload(text: str, choice: str | None) -> str:
    """What the engine is told: a payload for a choice, else the text, never read as a payload."""
    if choice is not None:
        return choice_payload(choice)
    harmless = text.lstrip("/ \t\n")
    return harmless or "?"
