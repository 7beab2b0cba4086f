"""The queue: who waits, what I have, what colleagues have, who named me in a note."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from channels.desk import presence
from channels.desk.context import Desk
from channels.desk.models import AgentRow, MentionRow, NoteRow
from channels.desk.summary import last_handover, reason_of, wants
from channels.models import Conversation, StoredMessage
from channels.ownership import AGENT, QUEUE

MOST_LISTED = 200


@dataclass(frozen=True)
class Entry:
    """A conversation in the queue. ``unanswered``: the person wrote last."""

    id: str
    channel: str
    owner: str
    agent_id: str | None
    agent_name: str | None
    reason: str
    urgent: bool
    since: datetime
    wants: str
    unanswered: bool


@dataclass(frozen=True)
class Mention:
    id: int
    conversation: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Queue:
    waiting: list[Entry]
    mine: list[Entry]
    others: list[Entry]
    mentions: list[Mention]
    colleagues: list[AgentRow]
    available: bool


def queue_of(desk: Desk, agent_id: str) -> Queue:
    """The queue as an agent sees it: those who wait longest first, distress before."""
    query = select(Conversation).where(_listed(agent_id))
    query = query.order_by(Conversation.queued_at, Conversation.id)
    with Session(desk.database) as db:
        entries = [_entry(db, row) for row in db.scalars(query.limit(MOST_LISTED))]
        me = db.get(AgentRow, agent_id)
        return Queue(
            waiting=sorted(
                (e for e in entries if e.owner == QUEUE), key=lambda e: (not e.urgent, e.since)
            ),
            mine=[e for e in entries if e.owner != QUEUE and e.agent_id == agent_id],
            others=[e for e in entries if e.owner == AGENT and e.agent_id != agent_id],
            mentions=_mentions(db, agent_id),
            colleagues=presence.available(db),
            available=bool(me and me.available),
        )


def stamp(desk: Desk, agent_id: str) -> object:
    """What is no longer equal once something that the queue shows has changed."""
    row = Conversation
    rows = select(row.id, row.owner, row.agent_id, row.last_seq).where(_listed(agent_id))
    with Session(desk.database) as db:
        there = [colleague.id for colleague in presence.available(db)]
        mentions = db.scalar(
            select(func.count())
            .select_from(MentionRow)
            .where(MentionRow.agent_id == agent_id, MentionRow.seen_at.is_(None))
        )
        return [tuple(found) for found in db.execute(rows.order_by(row.id))], there, mentions


def _listed(agent_id: str) -> ColumnElement[bool]:
    at_my_counter = and_(Conversation.channel == "desk", Conversation.agent_id == agent_id)
    return or_(Conversation.owner.in_((QUEUE, AGENT)), at_my_counter)


def _entry(db: Session, row: Conversation) -> Entry:
    handover = last_handover(db, row.id)
    last = db.scalar(
        select(StoredMessage.author)
        .where(StoredMessage.conversation_id == row.id, StoredMessage.author != "system")
        .order_by(StoredMessage.seq.desc())
        .limit(1)
    )
    return Entry(
        id=row.id,
        channel=row.channel,
        owner=row.owner,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        reason=reason_of(handover),
        urgent=bool(handover and handover.reason == "distress"),
        since=row.queued_at or (handover.asked_at if handover else row.created_at),
        wants=wants(db, row.id),
        unanswered=row.owner == AGENT and last == "user",
    )


def _mentions(db: Session, agent_id: str) -> list[Mention]:
    query = (
        select(MentionRow.id, NoteRow.conversation_id, NoteRow.agent_name, NoteRow.at)
        .join(NoteRow, NoteRow.id == MentionRow.note_id)
        .where(MentionRow.agent_id == agent_id, MentionRow.seen_at.is_(None))
        .order_by(NoteRow.at)
    )
    return [Mention(*found) for found in db.execute(query)]
