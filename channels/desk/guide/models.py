"""Tables of the proposals that make the guide better."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from channels.models import Base, now


class ProposalRow(Base):
    """A change of the guide that an editor proposes.

    ``examples``: new questions by topic. ``path`` and ``content``: a sheet, new or corrected
    (``base``: hash of the file that was corrected). State: open, approved, refused. A check is
    valid for one content: ``check_hash``.
    """

    __tablename__ = "guide_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text, default="")
    examples: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    path: Mapped[str | None] = mapped_column(String(160), default=None)
    content: Mapped[str | None] = mapped_column(Text, default=None)
    base: Mapped[str | None] = mapped_column(String(64), default=None)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    author_id: Mapped[str] = mapped_column(String(32))
    author_name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    reviewer_id: Mapped[str | None] = mapped_column(String(32), default=None)
    reviewer_name: Mapped[str | None] = mapped_column(String(80), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)
    review: Mapped[str] = mapped_column(Text, default="")
    # running, passed or failed; a running check says every few seconds that it is alive.
    check_state: Mapped[str] = mapped_column(String(12), default="")
    check_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    check_beat: Mapped[datetime | None] = mapped_column(default=None)
    check_report: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)


class HandledRow(Base):
    """A message that the guide failed on and that an editor has dealt with; gone with it."""

    __tablename__ = "guide_handled"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    proposal_id: Mapped[int | None] = mapped_column(
        ForeignKey("guide_proposal.id", ondelete="SET NULL"), default=None
    )
    agent_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=now)
