"""What the guide failed on: not understood, not covered, badly rated, handed over."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, aliased

from channels.desk.guide.anonymous import anonymous
from channels.desk.guide.models import HandledRow
from channels.models import Feedback, Handover, StoredMessage
from knowledge.search import analyse

Reason = Literal["not_understood", "not_covered", "out_of_scope", "badly_rated", "handed_over"]
REASONS: dict[Reason, str] = {
    "not_understood": "pas comprise",
    "not_covered": "sans réponse dans les documents",
    "out_of_scope": "hors du sujet",
    "badly_rated": "réponse jugée inutile",
    "handed_over": "passée à une personne",
}
MOST = 2000
# The part of what they tell that two questions share to be one.
ALIKE = 0.35
# How much a stem tells: the index of the base knows it, where « carte » tells little.
Weigh = Callable[[str], float]


@dataclass
class Missed:
    """A question that the guide failed on. ``text`` is masked; ``said`` is the guide's answer."""

    message_id: int
    conversation: str
    at: datetime
    text: str
    reasons: set[Reason] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    said: str = ""

    @property
    def stems(self) -> list[str]:
        return sorted(set(analyse(self.text)))


@dataclass
class Group:
    """Questions alike; the first one met stands for them."""

    questions: list[Missed]

    @property
    def key(self) -> int:
        return self.questions[0].message_id

    @property
    def text(self) -> str:
        return self.questions[0].text

    @property
    def conversations(self) -> int:
        return len({question.conversation for question in self.questions})

    @property
    def reasons(self) -> list[tuple[Reason, int]]:
        counts = Counter(reason for question in self.questions for reason in question.reasons)
        return counts.most_common()

    @property
    def last(self) -> datetime:
        return max(question.at for question in self.questions)


def missed(database: Engine, since: datetime, all_of_them: bool = False) -> list[Missed]:
    """The questions that no editor has dealt with yet (or all of them), oldest first."""
    found: dict[int, Missed] = {}
    with Session(database) as db:
        _declined(db, since, found)
        _badly_rated(db, since, found)
        _handed_over(db, since, found)
        handled = set[int]() if all_of_them else set(db.scalars(select(HandledRow.message_id)))
    kept = (question for key, question in found.items() if key not in handled and question.stems)
    return sorted(kept, key=lambda question: question.message_id)[-MOST:]


def grouped(questions: Iterable[Missed], weigh: Weigh) -> list[Group]:
    """Questions alike together, the groups of most conversations first."""
    groups: list[Group] = []
    totals: list[float] = []
    with_stem: dict[str, list[int]] = {}
    for question in questions:
        weights = {stem: weigh(stem) for stem in question.stems}
        total = sum(weights.values())
        shared: dict[int, float] = defaultdict(float)
        for stem, weight in weights.items():
            for rank in with_stem.get(stem, ()):
                shared[rank] += weight
        alike = {rank: 2 * common / (total + totals[rank]) for rank, common in shared.items()}
        best = max(alike, key=lambda rank: (alike[rank], -rank), default=None)
        if best is not None and alike[best] >= ALIKE:
            groups[best].questions.append(question)
            continue
        for stem in weights:
            with_stem.setdefault(stem, []).append(len(groups))
        totals.append(total)
        groups.append(Group([question]))
    return sorted(groups, key=lambda group: (-group.conversations, -group.last.timestamp()))


def common_words(group: Group, fewest: int) -> list[str]:
    """The words that at least so many conversations used: nothing that only one person said."""
    used: dict[str, set[str]] = {}
    shown: dict[str, str] = {}
    for question in group.questions:
        for word in question.text.split():
            plain = word.strip(".,;:!?«»()\"'’").lower()
            for stem in analyse(plain):
                used.setdefault(stem, set()).add(question.conversation)
                shown.setdefault(stem, plain)
    frequent = [stem for stem, by in used.items() if len(by) >= fewest and not stem.isdigit()]
    return [shown[stem] for stem in sorted(frequent, key=lambda stem: -len(used[stem]))]


def _declined(db: Session, since: datetime, found: dict[int, Missed]) -> None:
    reply, asked = aliased(StoredMessage), aliased(StoredMessage)
    rows = db.execute(
        select(asked, reply)
        .join(
            reply,
            (reply.conversation_id == asked.conversation_id) & (reply.reply_to == asked.seq),
        )
        .where(
            reply.at >= since,
            reply.author == "bot",
            reply.card["kind"].as_string() == "decline",
            asked.author == "user",
            asked.choice.is_(None),
        )
    )
    for question, said in rows:
        card = said.card or {}
        _note(found, question, card.get("reason", "not_understood"), said)


def _badly_rated(db: Session, since: datetime, found: dict[int, Missed]) -> None:
    reply, asked = aliased(StoredMessage), aliased(StoredMessage)
    rows = db.execute(
        select(asked, reply, Feedback.reason)
        .join(
            reply,
            (reply.conversation_id == asked.conversation_id) & (reply.reply_to == asked.seq),
        )
        .join(
            Feedback,
            (Feedback.conversation_id == reply.conversation_id) & (Feedback.seq == reply.seq),
        )
        .where(Feedback.at >= since, Feedback.useful.is_(False), asked.author == "user")
    )
    for question, said, comment in rows:
        noted = _note(found, question, "badly_rated", said)
        if comment:
            noted.comments.append(anonymous(comment))


def _handed_over(db: Session, since: datetime, found: dict[int, Missed]) -> None:
    """The last question before a person was asked for; the asking itself is not a question."""
    rows = db.execute(
        select(Handover.conversation_id, Handover.asked_at).where(
            Handover.asked_at >= since,
            Handover.conversation_id.is_not(None),
            Handover.reason != "taken",
        )
    )
    for conversation, asked_at in rows.all():
        messages = db.scalars(
            select(StoredMessage)
            .where(StoredMessage.conversation_id == conversation, StoredMessage.at <= asked_at)
            .order_by(StoredMessage.seq.desc())
            .limit(20)
        ).all()
        question = _last_question(messages)
        if question is not None:
            replies = [m for m in messages if m.reply_to == question.seq]
            _note(found, question, "handed_over", replies[0] if replies else None)


def _last_question(latest_first: Sequence[StoredMessage]) -> StoredMessage | None:
    requests = {
        message.reply_to
        for message in latest_first
        if (message.card or {}).get("kind") == "handoff"
    }
    typed = (m for m in latest_first if m.author == "user" and m.choice is None)
    # The request itself may have been stored just before the handover, without its reply yet.
    answered = {message.reply_to for message in latest_first}
    return next((m for m in typed if m.seq not in requests and m.seq in answered), None)


def _note(
    found: dict[int, Missed], question: StoredMessage, reason: Reason, said: StoredMessage | None
) -> Missed:
    kept = found.setdefault(
        question.id,
        Missed(question.id, question.conversation_id, question.at, anonymous(question.text)),
    )
    kept.reasons.add(reason)
    if said is not None:
        kept.said = kept.said or said.text
        topic = (said.card or {}).get("topic")
        if topic:
            kept.topics.add(topic)
    return kept
