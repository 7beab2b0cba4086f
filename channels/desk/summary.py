"""What an agent needs to know of a conversation before answering, and no more."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.desk.context import Desk
from channels.models import Conversation, Handover, StoredMessage
from channels.transcript import existing
from dossiers.states import TEXTS
from dossiers.views import DossierView

REASONS = {
    "asked": "demande une personne",
    "failures": "le guide ne comprend pas",
    "distress": "en difficulté",
    "sheet": "la fiche le demande",
    "phone": "appel à reprendre",
    "taken": "pris par un agent",
}
CHANNELS = {"web": "site", "phone": "téléphone", "desk": "guichet"}
MOST_FAILED, MOST_LAST = 4, 6
MOST_LOOKED_BACK = 40
MOST_CHARS = 160


@dataclass(frozen=True)
class DossierSummary:
    number: str
    title: str
    state: str
    done: int
    total: int
    # The names of what is answered and of what is missing: the values stay in the dossier.
    answered: list[str]
    missing: list[str]


@dataclass(frozen=True)
class Line:
    author: str
    text: str


@dataclass(frozen=True)
class Summary:
    """``wants``: in the person's words; ``topic``: what the guide last answered about."""

    conversation: str
    channel: str
    reason: str
    asked_at: datetime | None
    wants: str
    topic: str
    dossier: DossierSummary | None
    failed: list[str] = field(default_factory=list)
    last: list[Line] = field(default_factory=list)


def summary(desk: Desk, conversation: str) -> Summary:
    """Raises UnknownConversationError."""
    with Session(desk.database) as db:
        row = existing(db, conversation)
        return _summary(desk, db, row)


def wants(db: Session, conversation: str) -> str:
    """The last thing asked, in the person's words, apart from asking for a person.

    The queue asks it of every conversation listed, at each change: only the end is read.
    """
    latest = (
        select(StoredMessage)
        .where(StoredMessage.conversation_id == conversation)
        .order_by(StoredMessage.seq.desc())
        .limit(MOST_LOOKED_BACK)
    )
    return _wants(list(reversed(db.scalars(latest).all())))


def reason_of(handover: Handover | None) -> str:
    return REASONS.get(handover.reason, handover.reason) if handover else ""


def last_handover(db: Session, conversation: str) -> Handover | None:
    of_conversation = select(Handover).where(Handover.conversation_id == conversation)
    return db.scalar(of_conversation.order_by(Handover.id.desc()).limit(1))


def _summary(desk: Desk, db: Session, row: Conversation) -> Summary:
    messages = _messages(db, row.id)
    handover = last_handover(db, row.id)
    own = desk.dossiers.of_conversation(row.id)
    topic = next((t for m in reversed(messages) if (t := _topic(m))), "")
    return Summary(
        conversation=row.id,
        channel=row.channel,
        reason=reason_of(handover),
        asked_at=handover.asked_at if handover else None,
        wants=_wants(messages),
        topic=desk.base.title_of(topic) if topic and desk.base.covers(topic) else "",
        dossier=_of_dossier(own[0], desk.dossiers.today()) if own else None,
        failed=_failed(messages),
        last=[Line(m.author, _cut(m.text)) for m in messages[-MOST_LAST:]],
    )


def _of_dossier(dossier: DossierView, today: date) -> DossierSummary:
    progress = dossier.progress(today)
    answered = [f.label for f in progress.applicable if dossier.values.get(f.id)]
    return DossierSummary(
        number=dossier.number,
        title=dossier.form.title,
        state=TEXTS[dossier.state].title,
        done=progress.done,
        total=progress.total,
        answered=answered,
        missing=[f.label for f in progress.missing],
    )


def _messages(db: Session, conversation: str) -> list[StoredMessage]:
    query = select(StoredMessage).where(StoredMessage.conversation_id == conversation)
    return list(db.scalars(query.order_by(StoredMessage.seq)))


def _wants(messages: list[StoredMessage]) -> str:
    """The last message that was not answered by handing over first; else the last one."""
    replies = _replies(messages)
    for message in reversed(messages):
        if message.author == "user" and not _only_asks_a_person(replies.get(message.seq, [])):
            return _cut(message.text)
    return next((_cut(m.text) for m in reversed(messages) if m.author == "user"), "")


def _failed(messages: list[StoredMessage]) -> list[str]:
    """What the person wrote and the guide could not answer."""
    replies = _replies(messages)
    failed = [
        _cut(message.text)
        for message in messages
        if message.author == "user"
        and any((card or {}).get("kind") == "decline" for card in replies.get(message.seq, []))
    ]
    return failed[-MOST_FAILED:]


def _replies(messages: list[StoredMessage]) -> dict[int, list[dict[str, Any] | None]]:
    found: dict[int, list[dict[str, Any] | None]] = {}
    for message in messages:
        if message.reply_to is not None:
            found.setdefault(message.reply_to, []).append(message.card)
    return found


def _only_asks_a_person(cards: list[dict[str, Any] | None]) -> bool:
    return bool(cards) and (cards[0] or {}).get("kind") == "handoff"


def _topic(message: StoredMessage) -> str:
    return str((message.card or {}).get("topic") or "")


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_CHARS else flat[:MOST_CHARS].rsplit(" ", 1)[0] + "…"
