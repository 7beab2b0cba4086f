"""Tables of conversations and their messages."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
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
    # Who answers in place of the guide (an agent's id and the name people see), since when asked.
    agent_id: Mapped[str | None] = mapped_column(String(32), default=None)
    agent_name: Mapped[str | None] = mapped_column(String(80), default=None)
    queued_at: Mapped[datetime | None] = mapped_column(default=None)
    # Either side is writing, until then.
    agent_typing_until: Mapped[datetime | None] = mapped_column(default=None)
    person_typing_until: Mapped[datetime | None] = mapped_column(default=None)


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
