"""Tables of calls and of what was answered to each of their turns.

What was said may hold a resume code: it is encrypted, and erased when the call ends.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.models import Base, now


class PhoneCall(Base):
    """A call: its conversation and what the dialogue remembers (``state``).

    ``caller`` is a keyed hash: two calls of one number can be told to be so, and no more.
    """

    __tablename__ = "phone_call"
    __table_args__ = (UniqueConstraint("provider", "call_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    call_id: Mapped[str] = mapped_column(String(128))
    conversation_id: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("conversation.id", ondelete="CASCADE"), index=True, default=None
    )
    caller: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[bytes]
    # A turn is under way until then: no other process starts one, nor waits for a dead one.
    busy_until: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    heard_at: Mapped[datetime] = mapped_column(default=now, index=True)
    # The platform's time of the last turn: a turn older than it came late.
    turn_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class PhoneTurn(Base):
    """What was answered to one turn: a request made again gets it again."""

    __tablename__ = "phone_turn"

    call: Mapped[int] = mapped_column(
        ForeignKey("phone_call.id", ondelete="CASCADE"), primary_key=True
    )
    turn_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    reply: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(default=now)
