"""Dossiers and figures over HTTP, for another helpdesk's console: the same acts as the pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime
from starlette.exceptions import HTTPException

from channels.desk import audit
from channels.desk.access import API, require
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.dossier_views import EventLine, show
from channels.desk.figure_pages import Au, Du, counted, period_of
from channels.desk.figures import Figures, Unanswered
from channels.desk.instruct import Done, DoubtError, Instruction, RefusedError
from channels.desk.rendering import PRIVATE
from channels.web.problems import problem, problems
from dossiers.ledger import UnknownDossierError
from dossiers.states import TEXTS, Register, State
from dossiers.views import DossierView, Summary

MOST = 200
Instructor = Annotated[Agent, require("instruct")]
Supervisor = Annotated[Agent, require("figures")]
Number = Annotated[str, Path(pattern=r"^RP-[0-9A-Z]{4}-[0-9A-Z]{4}$")]
Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
Text = Annotated[str, Field(max_length=2000)]
Decide = Callable[[Instruction, DossierView], Done]
REFUSALS = problems(400, 401, 403, 404, 409, 413, 422)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Decision(Body):
    """``seen`` is the dossier's ``updated_at`` as you read it: if it has changed, it is a 409."""

    seen: NaiveDatetime


class Refusal(Decision):
    """``reason``: illisible, incomplete, perimee, mauvais_document, or empty with a ``text``."""

    reason: str = Field("", max_length=40)
    text: Text = ""


class Question(Decision):
    text: Text


class Status(Decision):
    state: State
    text: Text = ""


class Value(Decision):
    """``sure``: keep the value although it looks wrong."""

    value: Text
    sure: bool = False


class View(BaseModel):
    """Read from what the desk's pages show."""

    model_config = ConfigDict(from_attributes=True)


class Listed(View):
    number: str
    demarche: str
    title: str
    state: State
    state_title: str
    filed: Register | None
    ants_number: str | None
    conversation: str | None
    created_at: datetime
    updated_at: datetime


class Document(View):
    id: str
    media_type: str
    state: str
    sent_at: datetime
    warnings: list[str]


class PieceOf(View):
    """``waits``: an agent may accept or refuse it now."""

    id: str
    label: str
    state: str
    reason: str
    waits: bool
    files: list[Document]


class FieldOf(View):
    slot: str
    label: str
    value: str | None
    shown: str
    doubt: bool


class Dossier(Listed):
    """A dossier; ``states`` are those that may be set now."""

    next: str
    fields: list[FieldOf]
    pieces: list[PieceOf]
    events: list[EventLine]
    states: list[State]


class Decided(BaseModel):
    """``told``: the person is told in her conversation; otherwise when she resumes the dossier."""

    dossier: Dossier
    told: bool


class Counted(BaseModel):
    """Counts by day over the period, and totals; no personal data."""

    first: str
    last: str
    conversations: dict[str, list[int]]
    messages: dict[str, list[int]]
    useful: int
    useless: int
    handovers: int
    unanswered_handovers: int
    median_wait_minutes: float | None
    demarches: list[dict[str, Any]]
    not_covered: list[dict[str, Any]]
    unanswered: list[Unanswered]


router = APIRouter(prefix=API, tags=["desk"])


@router.get("/dossiers", responses=problems(401, 403, 422))
def list_dossiers(
    desk: TheDesk,
    agent: Instructor,
    state: Annotated[list[State] | None, Query()] = None,
    demarche: Annotated[str, Query(max_length=64)] = "",
    register: Register | None = None,
    number: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[Listed]:
    """Dossiers, those that wait longest first."""
    found = desk.dossiers.listing(
        state or (), demarche or None, register, limit, offset, text=number
    )
    audit.record(desk.database, agent, "dossiers.read")
    return [_listed(one) for one in found]


@router.get("/dossiers/{number}", responses=REFUSALS)
def show_dossier(desk: TheDesk, agent: Instructor, number: Number) -> Dossier:
    """A dossier: answers, pièces, events, and what may be decided."""
    dossier = _numbered(desk, number)
    audit.record(desk.database, agent, "dossier.read", f"dossier:{number}")
    return _dossier(desk, agent, dossier)


@router.post("/dossiers/{number}/pieces/{piece}/accept", response_model=Decided, responses=REFUSALS)
def accept(desk: TheDesk, agent: Instructor, number: Number, piece: Id, body: Decision) -> Any:
    """Accept a pièce."""
    return _decided(desk, agent, number, lambda i, d: i.accept(d, piece, body.seen))


@router.post("/dossiers/{number}/pieces/{piece}/refuse", response_model=Decided, responses=REFUSALS)
def refuse(desk: TheDesk, agent: Instructor, number: Number, piece: Id, body: Refusal) -> Any:
    """Refuse a pièce, saying why: it is asked for again."""
    return _decided(
        desk, agent, number, lambda i, d: i.refuse(d, piece, body.reason, body.text, body.seen)
    )


@router.post("/dossiers/{number}/ask", response_model=Decided, responses=REFUSALS)
def ask(desk: TheDesk, agent: Instructor, number: Number, body: Question) -> Any:
    """Ask the person for an information."""
    return _decided(desk, agent, number, lambda i, d: i.ask(d, body.text, body.seen))


@router.post("/dossiers/{number}/state", response_model=Decided, responses=REFUSALS)
def set_state(desk: TheDesk, agent: Instructor, number: Number, body: Status) -> Any:
    """Set the status, among those that the dossier's state allows."""
    return _decided(desk, agent, number, lambda i, d: i.move(d, body.state, body.text, body.seen))


@router.post("/dossiers/{number}/receive", response_model=Decided, responses=REFUSALS)
def receive(desk: TheDesk, agent: Instructor, number: Number, body: Decision) -> Any:
    """Take a dossier up; one that is ready is filed here first."""
    return _decided(desk, agent, number, lambda i, d: i.receive(d, body.seen))


@router.put("/dossiers/{number}/fields/{slot}", response_model=Dossier, responses=REFUSALS)
def fill(desk: TheDesk, agent: Instructor, number: Number, slot: Id, body: Value) -> Any:
    """Answer a field for the person, before the dossier is filed."""
    dossier = _numbered(desk, number)
    try:
        after = Instruction(desk, agent).fill(dossier, slot, body.value, body.sure, body.seen)
    except DoubtError as error:
        return problem(422, error.doubt, PRIVATE)
    except RefusedError as error:
        return problem(409 if error.changed else 422, error.reason, PRIVATE)
    return _dossier(desk, agent, after)


@router.get("/figures", responses=problems(401, 403, 422))
def show_figures(desk: TheDesk, agent: Supervisor, first: Du = None, last: Au = None) -> Counted:
    """The figures of a period (``du``, ``au``; the last thirty days by default)."""
    found = counted(desk, period_of(desk.dossiers.calendar, first, last))
    audit.record(desk.database, agent, "figures.read")
    return _counted(found)


def _decided(desk: Desk, agent: Agent, number: str, decide: Decide) -> Response | Decided:
    dossier = _numbered(desk, number)
    try:
        done = decide(Instruction(desk, agent), dossier)
    except RefusedError as error:
        return problem(409 if error.changed else 422, error.reason, PRIVATE)
    return Decided(dossier=_dossier(desk, agent, done.dossier), told=done.told)


def _numbered(desk: Desk, number: str) -> DossierView:
    try:
        return desk.dossiers.numbered(number)
    except UnknownDossierError as error:
        raise HTTPException(404) from error


def _listed(one: Summary) -> Listed:
    return Listed.model_validate(
        vars(one)
        | {
            "state_title": TEXTS[one.state].title,
            "filed": one.register,
            "conversation": one.conversation_id,
        }
    )


def _dossier(desk: Desk, agent: Agent, dossier: DossierView) -> Dossier:
    shown = show(desk, agent, dossier)
    return Dossier.model_validate(
        vars(shown)
        | {
            "filed": dossier.register,
            "ants_number": dossier.ants_number,
            "states": [state for state, _ in shown.states],
        }
    )


def _counted(found: Figures) -> Counted:
    return Counted(
        first=found.period.first.isoformat(),
        last=found.period.last.isoformat(),
        conversations=found.conversations,
        messages=found.outcomes,
        useful=found.useful,
        useless=found.useless,
        handovers=found.handovers,
        unanswered_handovers=found.unanswered_handovers,
        median_wait_minutes=found.median_wait,
        demarches=[
            {"title": d.title, "begun": d.begun, "complete": d.complete, "stops": dict(d.stops)}
            for d in found.demarches
        ],
        not_covered=[{"text": text, "count": count} for text, count in found.not_covered],
        unanswered=found.unanswered,
    )
