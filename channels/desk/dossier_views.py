"""A dossier as the desk shows it: everything that its page, its panel and the API say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.desk.accounts import Agent
from channels.desk.context import Desk
from channels.desk.instruct import Instruction
from channels.desk.models import AgentRow
from dossiers.legibility import TEXTS as LEGIBILITY
from dossiers.recap import next_step, shown
from dossiers.states import TEXTS, State
from dossiers.views import EVENTS, PIECE_STATES, DossierView, Event, PieceView
from knowledge.schema import Champ

REGISTERS = {"ants": "sur le site de l'ANTS", "interne": "ici", None: "pas encore déposé"}
PEOPLE = {"citizen": "la personne", "system": "le système"}
# The decision that a state waits for is the agent's.
TO_EXAMINE = (State.DEPOSEE, State.MISE_EN_ATTENTE, State.EN_COURS_ANALYSE)
OURS = {**PIECE_STATES, "filled": "donnée dans les réponses"}


@dataclass(frozen=True)
class FieldLine:
    """A question of this case and its answer; ``options`` when it is a closed one."""

    slot: str
    label: str
    question: str
    value: str | None
    shown: str
    doubt: bool
    optional: bool
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileLine:
    """A document sent."""

    id: str
    media_type: str
    sent_at: datetime
    kilobytes: int
    state: str
    reason: str
    warnings: tuple[str, ...]
    waits: bool


@dataclass(frozen=True)
class PieceLine:
    """A pièce of this case; ``waits``: an agent may decide on it now."""

    id: str
    label: str
    note: str
    state: str
    state_text: str
    reason: str
    waits: bool
    files: tuple[FileLine, ...]


@dataclass(frozen=True)
class EventLine:
    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True)
class Shown:
    """A dossier on the desk. ``seen`` goes with every decision taken on what is shown."""

    number: str
    title: str
    demarche: str
    state: State
    state_title: str
    next: str
    register: str
    ants_number: str
    conversation: str | None
    created_at: datetime
    updated_at: datetime
    seen: str
    done: int
    total: int
    editable: bool
    closed: bool
    receivable: bool
    obstacles: tuple[str, ...]
    fields: tuple[FieldLine, ...]
    pieces: tuple[PieceLine, ...]
    events: tuple[EventLine, ...]
    states: tuple[tuple[str, str], ...]


def show(desk: Desk, agent: Agent, dossier: DossierView) -> Shown:
    """Everything of a dossier, for an agent who instructs it."""
    today = desk.dossiers.today()
    now = dossier.progress(today)
    names = agent_names(desk)
    ours = dossier.register != "ants" and not dossier.closed
    return Shown(
        number=dossier.number,
        title=dossier.form.title,
        demarche=dossier.demarche,
        state=dossier.state,
        state_title=TEXTS[dossier.state].title,
        next=next_step(dossier, today),
        register=REGISTERS[dossier.register],
        ants_number=dossier.ants_number or "",
        conversation=dossier.conversation_id,
        created_at=dossier.created_at,
        updated_at=dossier.updated_at,
        seen=dossier.updated_at.isoformat(),
        done=now.done,
        total=now.total,
        editable=dossier.editable,
        closed=dossier.closed,
        receivable=_receivable(dossier),
        obstacles=tuple(obstacle.text for obstacle in now.obstacles),
        fields=tuple(_field(dossier, champ) for champ in now.applicable),
        pieces=tuple(_piece(view, ours) for view in dossier.pieces(today)),
        events=tuple(
            _event(dossier, event, names) for event in reversed(desk.dossiers.events(dossier.id))
        ),
        states=tuple(
            (str(state), TEXTS[state].title)
            for state in Instruction(desk, agent).reachable(dossier)
        ),
    )


def panel(desk: Desk, agent: Agent, conversation: str) -> list[Shown]:
    """The dossiers of a conversation, for the page where an agent answers it."""
    return [show(desk, agent, dossier) for dossier in desk.dossiers.of_conversation(conversation)]


def changes_since(shown: Shown, known: int) -> list[str]:
    """What happened after an agent looked, when there were so many events; latest first."""
    new = shown.events[: max(0, len(shown.events) - known)]
    return [f"{event.who} : {event.what}" for event in new]


def agent_names(desk: Desk) -> Mapping[str, str]:
    with Session(desk.database) as db:
        rows = db.execute(select(AgentRow.id, AgentRow.name)).all()
    return {row.id: row.name for row in rows}


def _receivable(dossier: DossierView) -> bool:
    if dossier.register == "ants":
        return False
    examined = (State.DEPOSEE, State.MISE_EN_ATTENTE)
    waits = dossier.register == "interne" and dossier.state in examined
    return waits or dossier.state is State.PRETE_A_DEPOSER


def _field(dossier: DossierView, champ: Champ) -> FieldLine:
    value = dossier.values.get(champ.id)
    return FieldLine(
        slot=champ.id,
        label=champ.label,
        question=champ.question,
        value=value,
        shown="" if value is None else shown(champ, value),
        doubt=champ.id in dossier.doubts,
        optional=champ.optional,
        options=tuple((choice.value, choice.label) for choice in champ.choices),
    )


def _piece(view: PieceView, ours: bool) -> PieceLine:
    files = tuple(
        FileLine(
            id=file.id,
            media_type=file.media_type,
            sent_at=file.at,
            kilobytes=max(1, file.size // 1024),
            state=OURS[file.state],
            reason=file.reason,
            warnings=tuple(text for key, text in LEGIBILITY.items() if key in file.warnings),
            waits=file.state in ("sent", "doubtful"),
        )
        for file in reversed(view.files)
    )
    return PieceLine(
        id=view.piece.id,
        label=view.piece.label,
        note=view.piece.note,
        state=view.state,
        state_text=OURS[view.state],
        reason=view.reason,
        waits=ours and any(file.state == "sent" for file in view.files),
        files=files,
    )


def _event(dossier: DossierView, event: Event, names: Mapping[str, str]) -> EventLine:
    kind, _, agent = event.who.partition(":")
    who = names.get(agent, "un agent") if kind == "agent" else PEOPLE.get(kind, kind)
    return EventLine(event.at, who, _what(dossier, event), event.text or "")


def _what(dossier: DossierView, event: Event) -> str:
    what = EVENTS.get(event.kind, event.kind)
    about: Sequence[str] = ()
    if event.kind == "moved":
        states = [State(str(event.detail[end])) for end in ("from", "to")]
        return f"{what} : de « {TEXTS[states[0]].title} » à « {TEXTS[states[1]].title} »"
    if "piece" in event.detail:
        piece = dossier.form.piece(str(event.detail["piece"]))
        about = [piece.label] if piece else []
    elif "slot" in event.detail:
        field = dossier.form.field(str(event.detail["slot"]))
        about = [field.label] if field else []
    return f"{what} : {', '.join(about)}" if about else what
