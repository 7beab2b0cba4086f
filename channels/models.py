"""Tables of conversations and their messages."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def now() -> datetime:
    """The present, in UTC, without its zone: what the tables hold."""
    return datetime.now(UTC).replace(tzinfo=None)


class Base(DeclarativeBase):
    pass


class Conversation(Base):
    """A conversation on one channel (web, phone, desk). ``owner``: bot, queue or agent."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(8), default="bot")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seq: Mapped[int] = mapped_column(default=0)
    # A turn is under way until then: no other process starts one, nor waits for a dead one.
    busy_until: Mapped[datetime | None] = mapped_column(default=None)
    # The person's message that the engine was last given; a late answer to another one is ignored.
    playing: Mapped[int | None] = mapped_column(default=None)
    # Who answers in place of the guide (an agent's id and the name people see), since when asked.
    agent_id: Mapped[str | None] = mapped_column(String(32), default=None)
    agent_name: Mapped[str | None] = mapped_column(String(80), default=None)
    queued_at: Mapped[datetime | None] = mapped_column(default=None)
    # Either side is writing, until then.
    agent_typing_until: Mapped[datetime | None] = mapped_column(default=None)
    person_typing_until: Mapped[datetime | None] = mapped_column(default=None)
    # The last message known to have reached the person.
    delivered_seq: Mapped[int] = mapped_column(default=0)


class StoredMessage(Base):
    """A message of a conversation; ``reply_to`` is the seq of the message it answers."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_message_reply", "conversation_id", "reply_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("conversation.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(8))
    # The name of the agent who wrote it, as people see it.
    sender: Mapped[str | None] = mapped_column(String(80), default=None)
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    choice: Mapped[str | None] = mapped_column(String(120), default=None)
    client_id: Mapped[str | None] = mapped_column(String(64), default=None)
    reply_to: Mapped[int | None] = mapped_column(default=None)
    answered: Mapped[bool] = mapped_column(default=False)


class Handover(Base):
    """A conversation handed over to agents, from the request to the end; it outlives the text."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    channel: Mapped[str] = mapped_column(String(16))
    # asked, failures, distress, sheet, phone, or taken when an agent came without being asked.
    reason: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    agent_id: Mapped[str | None] = mapped_column(String(32), default=None)


class Webhook(Base):
    """An address to be told of events; its secret, encrypted, signs what it is sent."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(Base):
    """An event to send to a webhook, written with the change that it tells; kept until sent."""

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("webhook.id", ondelete="CASCADE")
    )
    event_id: Mapped[str] = mapped_column(String(32))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    error: Mapped[str | None] = mapped_column(String(120), default=None)


class Feedback(Base):
    """What a person thinks of one of the guide's messages: the last word counts."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("conversation.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    useful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(500), default=None)
    at: Mapped[datetime] = mapped_column(default=now)


def public(message: StoredMessage) -> dict[str, Any]:
    """A message as every channel receives it (design's contract)."""
    client_id = message.client_id if message.author == "user" else None
    known = {"client_id": client_id, "sender": message.sender}
    return {
        "seq": message.seq,
        "author": message.author,
        "at": f"{message.at.isoformat(timespec='milliseconds')}Z",
        "text": message.text,
        "card": message.card,
        **{name: value for name, value in known.items() if value is not None},
    }
