"""Replies kept at hand: everyone's, from a file, and each agent's own."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels.desk.models import ReplyRow
from channels.incoming import printable
from channels.ownership import EmptyTextError, clean
from channels.redaction import mask

COMMON = Path(__file__).with_suffix(".yml")
MAX_TITLE = 80


@dataclass(frozen=True)
class Reply:
    """``id`` is None for everyone's."""

    id: int | None
    title: str
    text: str


def for_agent(db: Session, agent_id: str) -> list[Reply]:
    """The agent's own replies, then everyone's."""
    query = select(ReplyRow).where(ReplyRow.agent_id == agent_id).order_by(ReplyRow.title)
    own = [Reply(row.id, row.title, row.text) for row in db.scalars(query)]
    return [*own, *_common()]


def add(db: Session, agent_id: str, title: str, text: str) -> None:
    """Raises EmptyTextError."""
    title = mask(" ".join(printable(title).split()))
    if not 1 <= len(title) <= MAX_TITLE:
        raise EmptyTextError(f"Donnez un titre de {MAX_TITLE} caractères au plus.")
    db.add(ReplyRow(agent_id=agent_id, title=title, text=clean(text)))


def remove(db: Session, agent_id: str, reply_id: int) -> None:
    """Remove one of the agent's own replies; nothing happens if it is another's."""
    db.execute(delete(ReplyRow).where(ReplyRow.id == reply_id, ReplyRow.agent_id == agent_id))


@cache
def _common() -> list[Reply]:
    entries = yaml.safe_load(COMMON.read_text(encoding="utf-8"))
    return [Reply(None, entry["title"], " ".join(entry["text"].split())) for entry in entries]
