"""Which agents are there: those who say so, on a page that is still open."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from channels.desk.models import AgentRow
from channels.models import now

# The page says it is open every twenty seconds.
GONE_AFTER = timedelta(seconds=70)


def someone_available(db: Session) -> bool:
    """Whether at least one agent takes conversations now."""
    return db.scalar(select(AgentRow.id).where(_available()).limit(1)) is not None


def available(db: Session) -> list[AgentRow]:
    """The agents who take conversations now, by name."""
    return list(db.scalars(select(AgentRow).where(_available()).order_by(AgentRow.name)))


def seen(db: Session, agent_id: str) -> None:
    """The agent's page is open."""
    db.execute(update(AgentRow).where(AgentRow.id == agent_id).values(seen_at=now()))


def set_available(db: Session, agent_id: str, is_available: bool) -> None:
    """The agent takes conversations, or no longer does."""
    db.execute(
        update(AgentRow)
        .where(AgentRow.id == agent_id)
        .values(available=is_available, seen_at=now())
    )


def _available() -> ColumnElement[bool]:
    return and_(AgentRow.available, ~AgentRow.disabled, AgentRow.seen_at > now() - GONE_AFTER)
