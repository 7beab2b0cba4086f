"""When the guide hands over to a person: asked for, repeated failures, distress, a sheet's word."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.book import say
from bot.messages import AnswerCard, Card, DeclineCard, HandoffCard, Message
from bot.questions.speech import waiting
from channels import ownership
from channels.desk.presence import someone_available
from channels.models import Conversation, StoredMessage
from french.plain import fold

WORDS = Path(__file__).with_suffix(".yml")
FAILURES_IN_A_ROW = 3

Said = list[Message]


def hand_over(db: Session, row: Conversation, text: str, said: Said) -> Said:
    """The guide's messages, once the conversation is put in the queue if there is cause.

    ``row`` is locked; ``text`` is what the person wrote. Only the queue knows the place and
    whether someone is there: it writes the message that says so.
    """
    asked = any(_asks(message.card) for message in said)
    if row.channel == "desk":
        here = Message(say("person_here"))
        return [here if _asks(m.card) else m for m in said] if asked else said
    kind = distress(text)
    reason = _reason(db, row, kind, said, asked)
    if reason is None or (row.owner == ownership.QUEUE and not asked):
        return said
    place = ownership.queue(db, row, reason)
    message = waiting(place, someone_available(db), _lead(kind, reason))
    if asked:
        return [message if _asks(m.card) else m for m in said]
    return [*said, message]


def distress(text: str) -> str | None:
    """danger, despair or anger when the text says so; the gravest first."""
    words = f" {_normal(text)} "
    return next((kind for kind, pattern in _patterns() if pattern.search(words)), None)


def _reason(
    db: Session, row: Conversation, kind: str | None, said: Said, asked: bool
) -> str | None:
    if kind is not None:
        return "distress"
    if asked:
        return "asked"
    if any(isinstance(m.card, AnswerCard) and m.card.hand_over for m in said):
        return "sheet"
    if (
        any(_is_failure(m.card) for m in said)
        and _failures_before(db, row.id) >= FAILURES_IN_A_ROW - 1
    ):
        return "failures"
    return None


def _failures_before(db: Session, conversation: str) -> int:
    """The turns in a row, before this one, whose answer was that nothing was understood."""
    query = (
        select(StoredMessage.reply_to, StoredMessage.card)
        .where(
            StoredMessage.conversation_id == conversation,
            StoredMessage.author == "bot",
            StoredMessage.reply_to.is_not(None),
        )
        .order_by(StoredMessage.seq.desc())
        .limit(4 * FAILURES_IN_A_ROW)
    )
    turns: dict[int | None, list[dict[str, Any] | None]] = {}
    for turn, card in db.execute(query):
        turns.setdefault(turn, []).append(card)
    count = 0
    for cards in turns.values():
        if not _failed(cards):
            break
        count += 1
    return count


def _failed(cards: Sequence[dict[str, Any] | None]) -> bool:
    return any((card or {}).get("reason") == "not_understood" for card in cards)


def _is_failure(card: Card | None) -> bool:
    return isinstance(card, DeclineCard) and card.reason == "not_understood"


def _asks(card: Card | None) -> bool:
    return isinstance(card, HandoffCard) and card.state == "queued"


def _lead(kind: str | None, reason: str) -> str:
    if kind is not None:
        return str(_data()[kind]["lead"])
    return "Je ne vous comprends pas bien, désolé." if reason == "failures" else ""


@cache
def _data() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(WORDS.read_text(encoding="utf-8")))


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    def one(kind: str) -> re.Pattern[str]:
        listed = (re.escape(w).replace(r"\*", r"\w*") for w in _data()[kind]["words"])
        return re.compile(rf" (?:{'|'.join(listed)}) ")

    return [(kind, one(kind)) for kind in _data()]


def _normal(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
