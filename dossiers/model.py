"""Tables of dossiers. Times are in UTC without their zone; secrets and values are never in clear.

A dossier has no foreign key to its conversation: a dossier outlives the conversation in which it
was begun, and may be gone on with in another one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class DossierRow(Base):
    """A dossier. ``form`` is the form as it was when the dossier began (see ``form.Form``)."""

    __tablename__ = "dossier"
    __table_args__ = (Index("ix_dossier_state", "state", "updated_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(128))
    conversation_id: Mapped[str | None] = mapped_column(String(32), index=True)
    demarche: Mapped[str] = mapped_column(String(64))
    form_revision: Mapped[str] = mapped_column(String(16))
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(24))
    # Where it was filed: "ants" (by the person, on the site) or "interne" (this organisation).
    register: Mapped[str | None] = mapped_column(String(16), default=None)
    ants_number: Mapped[str | None] = mapped_column(String(40), default=None)
    # Pièces that the person has and will send herself on the site.
    at_hand: Mapped[list[str]] = mapped_column(JSON, default=list)
    clu_accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    filed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)


class FieldValueRow(Base):
    """The answer to a field, encrypted; ``doubt``: accepted although it looked wrong."""

    __tablename__ = "field_value"

    dossier_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    doubt: Mapped[bool]
    at: Mapped[datetime]


class AttachmentRow(Base):
    """A file sent for a pièce. State: doubtful (hard to read), sent, refused, accepted."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("dossier.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    piece: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    warnings: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class EventRow(Base):
    """What happened to a dossier: who, when, what. ``detail`` never holds a value.

    ``text`` is the encrypted message of an exchange between the person and who examines.
    """

    __tablename__ = "dossier_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("dossier.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    text: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)


class TurnRow(Base):
    """What a turn of conversation did and said about a dossier, encrypted (see ``turns``)."""

    __tablename__ = "dossier_turn"
    __table_args__ = (UniqueConstraint("conversation_id", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int | None]
    dossier_id: Mapped[str] = mapped_column(String(32), index=True)
    outcome: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class KeyRow(Base):
    """A known text under the current key, to notice at once that the key is another one."""

    __tablename__ = "dossier_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    probe: Mapped[bytes] = mapped_column(LargeBinary)
