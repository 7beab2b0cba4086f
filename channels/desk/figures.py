"""Figures of the guide and of the desk, counted in the database: numbers, never what was said."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from channels.desk.guide.questions import Weigh, common_words, grouped, missed
from channels.models import Conversation, Feedback, Handover, StoredMessage
from dossiers.calendar import Calendar
from dossiers.model import DossierRow, EventRow
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.views import DossierView

CHANNELS = {"web": "web", "phone": "téléphone", "desk": "guichet"}
OUTCOMES = {
    "answer": "réponses données",
    "clarify": "questions de précision",
    "decline": "refus de répondre",
    "handoff": "passages à une personne",
}
# Nothing that fewer conversations than this said is shown, and only the words they share.
FEWEST = 3
MOST_GROUPS = 10
WITHOUT_ANSWER = frozenset({"not_understood", "not_covered", "out_of_scope"})
# Untouched for so long, an unfinished dossier has stopped.
STOPPED_AFTER = timedelta(days=1)
COMPLETE, PIECES, CONDITIONS = "complet", "pièces à fournir", "récapitulatif à valider"


@dataclass(frozen=True)
class Period:
    """Days, first and last included, in the organisation's time."""

    first: date
    last: date
    calendar: Calendar

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=rank) for rank in range(count)]

    @property
    def start(self) -> datetime:
        """Its beginning as the tables hold it."""
        return self.calendar.start_of(self.first)

    @property
    def end(self) -> datetime:
        return self.calendar.start_of(self.last + timedelta(days=1))


@dataclass(frozen=True)
class Begun:
    """The démarches of one kind: begun, complete (ready to file), and where the others stopped."""

    title: str
    begun: int
    complete: int
    stops: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unanswered:
    """Questions alike without answer: only the words that several conversations share."""

    words: str
    conversations: int


@dataclass(frozen=True)
class Figures:
    period: Period
    conversations: dict[str, list[int]]
    outcomes: dict[str, list[int]]
    useful: int
    useless: int
    waits: list[float]
    handovers: int
    unanswered_handovers: int
    demarches: list[Begun]
    unanswered: list[Unanswered]
    not_covered: list[tuple[str, int]]

    @property
    def median_wait(self) -> float | None:
        """Half of the people who asked for someone waited less, in minutes."""
        return median(self.waits) if self.waits else None

    @property
    def long_wait(self) -> float | None:
        """Nine people in ten waited less."""
        return sorted(self.waits)[int(0.9 * (len(self.waits) - 1))] if self.waits else None


def figures(database: Engine, dossiers: Dossiers, weigh: Weigh, period: Period) -> Figures:
    """Everything counted over a period; ``weigh``: how much a stem of a question tells."""
    with Session(database) as db:
        waits, handovers = _waits(db, period)
        return Figures(
            period=period,
            conversations=_conversations(db, period),
            outcomes=_outcomes(db, period),
            useful=_rated(db, period, True),
            useless=_rated(db, period, False),
            waits=waits,
            handovers=handovers,
            unanswered_handovers=handovers - len(waits),
            demarches=_demarches(db, dossiers, period),
            unanswered=_unanswered(database, weigh, period),
            not_covered=_not_covered(db, period),
        )


def _conversations(db: Session, period: Period) -> dict[str, list[int]]:
    rows = db.execute(
        select(Conversation.channel, Conversation.created_at).where(
            Conversation.created_at >= period.start, Conversation.created_at < period.end
        )
    )
    return _by_day(((channel, at) for channel, at in rows), CHANNELS, period)


def _outcomes(db: Session, period: Period) -> dict[str, list[int]]:
    kind = StoredMessage.card["kind"].as_string()
    rows = db.execute(
        select(kind, StoredMessage.at).where(
            StoredMessage.at >= period.start,
            StoredMessage.at < period.end,
            StoredMessage.author == "bot",
            kind.in_(("answer", "clarify", "decline")),
        )
    )
    found = [(kind, at) for kind, at in rows]
    asked = db.scalars(
        select(Handover.asked_at).where(
            Handover.asked_at >= period.start, Handover.asked_at < period.end
        )
    )
    return _by_day([*found, *(("handoff", at) for at in asked)], OUTCOMES, period)


def _rated(db: Session, period: Period, useful: bool) -> int:
    rated = select(func.count()).where(
        Feedback.at >= period.start, Feedback.at < period.end, Feedback.useful.is_(useful)
    )
    return db.scalar(rated) or 0


def _waits(db: Session, period: Period) -> tuple[list[float], int]:
    """Minutes until an agent's first words, and how many asked for someone."""
    rows = db.execute(
        select(Handover.asked_at, Handover.answered_at).where(
            Handover.asked_at >= period.start,
            Handover.asked_at < period.end,
            Handover.reason != "taken",
        )
    ).all()
    waits = [(end - begin).total_seconds() / 60 for begin, end in rows if end is not None]
    return waits, len(rows)


def _demarches(db: Session, dossiers: Dossiers, period: Period) -> list[Begun]:
    begun = (DossierRow.created_at >= period.start, DossierRow.created_at < period.end)
    rows = db.scalars(select(DossierRow).where(*begun)).all()
    completed = set(
        db.scalars(
            select(EventRow.dossier_id).where(
                EventRow.kind == "moved",
                EventRow.detail["to"].as_string() == State.PRETE_A_DEPOSER,
                EventRow.dossier_id.in_(select(DossierRow.id).where(*begun)),
            )
        )
    )
    stops: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    limit = dossiers.ledger.clock() - STOPPED_AFTER
    for row in rows:
        title = str(row.form["title"])
        counts[title][0] += 1
        counts[title][1] += row.id in completed
        if row.id not in completed and row.updated_at < limit:
            stops[title][_where(dossiers.get(row.id), dossiers.today())] += 1
    return [
        Begun(title, begun, complete, tuple(stops[title].most_common()))
        for title, (begun, complete) in sorted(counts.items(), key=lambda entry: -entry[1][0])
    ]


def _where(dossier: DossierView, today: date) -> str:
    """The question at which an unfinished dossier stopped."""
    waiting = dossier.progress(today).next
    if waiting is not None:
        return waiting.label
    return PIECES if dossier.facts(today).missing_pieces else CONDITIONS


def _unanswered(database: Engine, weigh: Weigh, period: Period) -> list[Unanswered]:
    questions = missed(database, period.start, all_of_them=True)
    found = [q for q in questions if q.at < period.end and q.reasons & WITHOUT_ANSWER]
    groups = [group for group in grouped(found, weigh) if group.conversations >= FEWEST]
    named = [(common_words(group, FEWEST), group.conversations) for group in groups]
    return [Unanswered(" ".join(words), count) for words, count in named if words][:MOST_GROUPS]


def _not_covered(db: Session, period: Period) -> list[tuple[str, int]]:
    """What the documents don't say, in the guide's own words, with its number of questions."""
    card = StoredMessage.card
    texts = db.scalars(
        select(StoredMessage.text).where(
            StoredMessage.at >= period.start,
            StoredMessage.at < period.end,
            StoredMessage.author == "bot",
            card["kind"].as_string() == "decline",
            card["reason"].as_string() == "not_covered",
        )
    )
    return Counter(text.partition(".")[0] for text in texts).most_common(MOST_GROUPS)


def _by_day(
    found: Iterable[tuple[str, datetime]], names: dict[str, str], period: Period
) -> dict[str, list[int]]:
    counts = Counter((kind, period.calendar.local(at).date()) for kind, at in found)
    kinds = [kind for kind in names if any((kind, day) in counts for day in period.days)]
    return {names[kind]: [counts[kind, day] for day in period.days] for kind in kinds}
