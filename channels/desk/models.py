"""Tables of the desk: agents and how they sign in, the audit log, what they keep and are told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.models import Base, now


class AgentRow(Base):
    """Someone who works at the desk. ``name`` is what citizens see."""

    __tablename__ = "agent"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    # A temporary password: nothing else can be done before it is changed.
    must_change: Mapped[bool] = mapped_column(default=True)
    # The secret of one-time codes, encrypted, and the last time step used: a code works once.
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    totp_step: Mapped[int] = mapped_column(default=0)
    disabled: Mapped[bool] = mapped_column(default=False)
    # Takes conversations, as long as the page that says so is open.
    available: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)


class SessionRow(Base):
    """A browser signed in, found by the hash of its cookie. ``stage``: what is still to do."""

    __tablename__ = "agent_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("agent.id", ondelete="CASCADE"), index=True
    )
    stage: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class TryRow(Base):
    """Failed tries of a login, or from an address: a keyed hash of either, never in clear."""

    __tablename__ = "sign_in_try"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime]


class TokenRow(Base):
    """A key of the API: acts as its agent, within its scopes."""

    __tablename__ = "agent_token"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(32), ForeignKey("agent.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class AuditRow(Base):
    """What an agent read or did. The database refuses that a line be changed or erased."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    agent_id: Mapped[str | None] = mapped_column(String(32), default=None)
    agent: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)

    @property
    def told(self) -> str:
        """The detail in one line."""
        detail = self.detail or {}
        return ", ".join(f"{name} : {_in_words(value)}" for name, value in detail.items())


class NoteRow(Base):
    """What agents tell each other about a conversation; the person never sees it."""

    __tablename__ = "conversation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    agent_id: Mapped[str] = mapped_column(String(32))
    agent_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)


class MentionRow(Base):
    """A colleague named in a note, who has not read it yet."""

    __tablename__ = "note_mention"
    __table_args__ = (UniqueConstraint("note_id", "agent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("conversation_note.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("agent.id", ondelete="CASCADE"), index=True
    )
    seen_at: Mapped[datetime | None] = mapped_column(default=None)


class ReplyRow(Base):
    """A reply that an agent keeps at hand, besides those of everyone."""

    __tablename__ = "agent_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("agent.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
