"""Who answers a conversation: the guide, the queue of those who wait, or an agent.

Every change is one transaction under the conversation's lock: of two agents who take it at once,
one wins and the other is told.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine as Database
from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.messages import HandoffCard, Message
from channels import outbox, transcript
from channels.incoming import printable
from channels.live import Live
from channels.models import Conversation, Handover, now, public
from channels.redaction import mask
from french.phrasing import ended

BOT, QUEUE, AGENT = "bot", "queue", "agent"
MAX_AGENT_TEXT = 4000


class TakenError(Exception):
    """The conversation is another's; ``name`` is the agent who has it, if any has."""

    def __init__(self, name: str | None) -> None:
        super().__init__(name or "nobody")
        self.name = name


class EmptyTextError(Exception):
    """Nothing to send, or far too much; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Ownership:
    """The changes of owner of the conversations in a database; who follows them is woken."""

    def __init__(self, database: Database, live: Live) -> None:
        self._database = database
        self._live = live

    async def request(self, conversation: str, reason: str) -> int:
        """Put a conversation in the queue, if it is not there yet; its place (1 = next).

        ``reason``: asked, failures, distress, sheet or phone. 0 when an agent already has it.
        """
        return await self._change(conversation, lambda db, row: queue(db, row, reason))

    async def take(self, conversation: str, agent_id: str, agent_name: str) -> None:
        """An agent takes a conversation, from the queue or from the guide. Raises TakenError."""
        await self._change(conversation, lambda db, row: _take(db, row, agent_id, agent_name))

    async def give_back(self, conversation: str, agent_id: str) -> None:
        """The guide answers again. Raises TakenError when the agent does not have it."""

        def change(db: Session, row: Conversation) -> None:
            _must_own(row, agent_id)
            text = f"{row.agent_name} vous laisse avec Repère, le guide. Je reprends la suite."
            _release(db, row, text)

        await self._change(conversation, change)

    async def close(self, conversation: str, agent_id: str) -> None:
        """The agent has finished; the guide answers if the person writes again."""

        def change(db: Session, row: Conversation) -> None:
            _must_own(row, agent_id)
            text = (
                f"{row.agent_name} a terminé cet échange. "
                "Si vous avez une autre question, écrivez-la : le guide vous répond."
            )
            _release(db, row, text)

        await self._change(conversation, change)

    async def leave(self, conversation: str, text: str) -> None:
        """The person has gone (a call ended): who waited waits no more; an agent is told."""

        def change(db: Session, row: Conversation) -> None:
            if row.owner == QUEUE:
                _release(db, row, text)
            elif row.owner == AGENT:
                transcript.add(db, row, "system", Message(text))

        await self._change(conversation, change)

    async def transfer(self, conversation: str, agent_id: str, to_id: str, to_name: str) -> None:
        """Another agent goes on. Raises TakenError when the first does not have it."""

        def change(db: Session, row: Conversation) -> None:
            _must_own(row, agent_id)
            row.agent_id, row.agent_name, row.agent_typing_until = to_id, to_name, None
            _handover(db, row).agent_id = to_id
            text = f"{to_name} prend la suite et voit vos échanges."
            _tell(db, row, text, "agent")
            outbox.publish(db, "conversation.taken", {"conversation": row.id, "agent": to_name})

        await self._change(conversation, change)

    async def say(
        self,
        conversation: str,
        agent_id: str,
        agent_name: str,
        text: str,
        client_id: str | None = None,
    ) -> dict[str, Any]:
        """An agent's message; the same client id sent again is answered with the stored message.

        Raises TakenError, EmptyTextError.
        """
        cleaned = clean(text)

        def change(db: Session, row: Conversation) -> dict[str, Any]:
            _must_own(row, agent_id)
            known = transcript.with_client_id(db, row.id, _own(client_id))
            if known is not None:
                return public(known)
            stored = transcript.add(db, row, "agent", Message(cleaned))
            stored.sender, stored.client_id = agent_name, _own(client_id)
            row.agent_typing_until = None
            handover = _handover(db, row)
            handover.answered_at = handover.answered_at or stored.at
            db.flush()
            told = {"conversation": row.id, "seq": stored.seq, "author": "agent"}
            outbox.publish(db, "message.created", told)
            return public(stored)

        return await self._change(conversation, change)

    async def typing(self, conversation: str, agent_id: str, until: datetime | None) -> None:
        """The agent who has the conversation is writing until then, or no more."""

        def change(_: Session, row: Conversation) -> None:
            _must_own(row, agent_id)
            row.agent_typing_until = until

        await self._change(conversation, change)

    async def _change[T](
        self, conversation: str, change: Callable[[Session, Conversation], T]
    ) -> T:
        def run() -> T:
            with Session(self._database) as db, db.begin():
                return change(db, transcript.locked(db, conversation))

        result = await run_in_threadpool(run)
        self._live.wake(conversation)
        return result


def queue(db: Session, row: Conversation, reason: str) -> int:
    """Put a locked conversation in the queue; its place. 0 when an agent already has it."""
    if row.owner == AGENT:
        return 0
    if row.owner == BOT:
        row.owner, row.queued_at = QUEUE, now()
        db.add(Handover(conversation_id=row.id, channel=row.channel, reason=reason))
        db.flush()
        outbox.publish(db, "conversation.queued", {"conversation": row.id, "reason": reason})
    return place(db, row)


def place(db: Session, row: Conversation) -> int:
    """The place of a waiting conversation (1 = next): distress first, then the longest wait."""
    under_way = and_(Handover.conversation_id == Conversation.id, Handover.ended_at.is_(None))
    waiting = (
        select(Conversation.id)
        .join(Handover, under_way)
        .where(Conversation.owner == QUEUE)
        .order_by(Handover.reason != "distress", Conversation.queued_at, Conversation.id)
    )
    return list(db.scalars(waiting)).index(row.id) + 1


def clean(text: str) -> str:
    """An agent's text without control characters, card numbers masked. Raises EmptyTextError."""
    cleaned = printable(text)
    if not cleaned:
        raise EmptyTextError("Votre message est vide.")
    if len(cleaned) > MAX_AGENT_TEXT:
        raise EmptyTextError(f"Votre message dépasse {MAX_AGENT_TEXT} caractères : coupez-le.")
    return mask(cleaned)


def _take(db: Session, row: Conversation, agent_id: str, agent_name: str) -> None:
    if row.owner == AGENT:
        if row.agent_id == agent_id:
            return
        raise TakenError(row.agent_name)
    if row.owner == BOT:
        db.add(Handover(conversation_id=row.id, channel=row.channel, reason="taken"))
        db.flush()
    row.owner, row.agent_id, row.agent_name, row.queued_at = AGENT, agent_id, agent_name, None
    handover = _handover(db, row)
    handover.taken_at, handover.agent_id = now(), agent_id
    _tell(db, row, ended(f"Vous êtes maintenant en relation avec {agent_name}"), "agent")
    outbox.publish(db, "conversation.taken", {"conversation": row.id, "agent": agent_name})


def _release(db: Session, row: Conversation, text: str) -> None:
    _handover(db, row).ended_at = now()
    row.owner, row.agent_id, row.agent_name = BOT, None, None
    row.queued_at = row.agent_typing_until = None
    _tell(db, row, text, "closed")
    outbox.publish(db, "conversation.released", {"conversation": row.id})


def _tell(db: Session, row: Conversation, text: str, state: Literal["agent", "closed"]) -> None:
    transcript.add(db, row, "system", Message(text, HandoffCard(state=state)))


def _must_own(row: Conversation, agent_id: str) -> None:
    if row.owner != AGENT or row.agent_id != agent_id:
        raise TakenError(row.agent_name if row.owner == AGENT else None)


def _handover(db: Session, row: Conversation) -> Handover:
    """The handover under way: the conversation's last."""
    of_conversation = select(Handover).where(Handover.conversation_id == row.id)
    found = db.scalar(of_conversation.order_by(Handover.id.desc()).limit(1))
    if found is None:
        raise LookupError(f"no handover of {row.id}")
    return found


def _own(client_id: str | None) -> str | None:
    """An agent's client id, apart from the person's of the same conversation (printable ASCII)."""
    return None if client_id is None else f"§{client_id}"
