"""Private notes on a conversation; a colleague named in one (@login) is told."""

import re

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.desk.accounts import Agent
from channels.desk.models import AgentRow, MentionRow, NoteRow
from channels.models import now
from channels.ownership import clean
from channels.transcript import existing

_NAMED = re.compile(r"@([a-z0-9][a-z0-9._-]{1,63})", re.IGNORECASE)


def add(db: Session, conversation: str, agent: Agent, text: str) -> NoteRow:
    """Raises EmptyTextError, UnknownConversationError."""
    existing(db, conversation)
    note = NoteRow(
        conversation_id=conversation, agent_id=agent.id, agent_name=agent.name, text=clean(text)
    )
    db.add(note)
    db.flush()
    logins = {found.lower().rstrip(".-") for found in _NAMED.findall(note.text)}
    named = select(AgentRow.id).where(AgentRow.login.in_(logins), ~AgentRow.disabled)
    db.add_all(MentionRow(note_id=note.id, agent_id=found) for found in db.scalars(named))
    return note


def of_conversation(db: Session, conversation: str) -> list[NoteRow]:
    query = select(NoteRow).where(NoteRow.conversation_id == conversation)
    return list(db.scalars(query.order_by(NoteRow.id)))


def seen(db: Session, conversation: str, agent_id: str) -> None:
    """The agent has the conversation's notes before their eyes."""
    notes = select(NoteRow.id).where(NoteRow.conversation_id == conversation)
    db.execute(
        update(MentionRow)
        .where(
            MentionRow.agent_id == agent_id,
            MentionRow.note_id.in_(notes),
            MentionRow.seen_at.is_(None),
        )
        .values(seen_at=now())
    )
