"""The pages of dossiers: the list, one dossier, its documents, and what is decided on it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from pydantic import NaiveDatetime
from starlette.exceptions import HTTPException

from channels.desk import audit
from channels.desk.access import require
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.dossier_views import TO_EXAMINE, changes_since, show
from channels.desk.instruct import (
    REASON_LABELS,
    DoubtError,
    Instruction,
    RefusedError,
)
from channels.desk.rendering import PRIVATE, page, redirect
from dossiers import recap
from dossiers.ledger import UnknownDossierError
from dossiers.pieces import UnknownPieceError
from dossiers.states import FINAL, TEXTS, Register, State
from dossiers.views import DossierView

PAGE = 50
# Frames: a PDF is shown in place, in a frame where nothing runs.
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A document is shown, and does nothing: no script, no form, no link, an origin of its own.
DOCUMENT_HEADERS = PRIVATE | {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}
DONE = {
    "accepted": "La pièce est acceptée.",
    "refused": "La pièce est refusée, et demandée de nouveau.",
    "asked": "Votre demande est enregistrée.",
    "moved": "L'état du dossier a changé.",
    "received": "Vous examinez ce dossier.",
    "filled": "La réponse est enregistrée.",
}
TOLD = {"1": "La personne en est informée.", "0": "La personne le lira en reprenant son dossier."}


@dataclass(frozen=True)
class ListView:
    """A way to look at the list: the states it keeps, and where the dossiers are filed."""

    label: str
    states: tuple[State, ...] = ()
    register: Register | None = None


VIEWS = {
    "a_examiner": ListView("À examiner ici", TO_EXAMINE, "interne"),
    "attente": ListView(
        "Attendent la personne", (State.ATTENTE_INFORMATION, State.ATTENTE_TELEDECLARANT)
    ),
    "pretes": ListView("Prêts à déposer", (State.PRETE_A_DEPOSER,)),
    "preparation": ListView("En préparation", (State.EN_PREPARATION,)),
    "clos": ListView("Clos", tuple(FINAL)),
    "tous": ListView("Tous"),
}

TheAgent = Annotated[Agent, require("instruct")]
Number = Annotated[str, Path(pattern=r"^RP-[0-9A-Z]{4}-[0-9A-Z]{4}$")]
PieceId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
Text = Annotated[str, Form(max_length=4000)]


@dataclass(frozen=True)
class Sight:
    """What the agent saw when deciding: the dossier's last change, how many events it had."""

    seen: NaiveDatetime
    events: int


def _sight(seen: Annotated[NaiveDatetime, Form()], events: Annotated[int, Form(ge=0)] = 0) -> Sight:
    return Sight(seen, events)


Saw = Annotated[Sight, Depends(_sight)]

router = APIRouter(prefix="/desk/dossiers", include_in_schema=False)


@router.get("")
def show_list(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    vue: Annotated[str, Query(max_length=20)] = "a_examiner",
    demarche: Annotated[str, Query(max_length=64)] = "",
    q: Annotated[str, Query(max_length=40)] = "",
    p: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The dossiers, those that wait longest first."""
    view = VIEWS.get(vue, VIEWS["tous"]) if not q else VIEWS["tous"]
    found = desk.dossiers.listing(
        view.states, demarche or None, view.register, PAGE + 1, PAGE * (p - 1), text=q
    )
    audit.record(desk.database, agent, "dossiers.read")
    return page(
        request,
        "dossiers.html",
        agent,
        dossiers=found[:PAGE],
        more=len(found) > PAGE,
        views=VIEWS,
        vue=vue,
        demarches={s.id: s.title for s in desk.base.contents.sheets if s.flow is not None},
        demarche=demarche,
        q=q,
        p=p,
        titles={state: text.title for state, text in TEXTS.items()},
    )


@router.get("/{number}")
def show_dossier(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    fait: Annotated[str, Query(max_length=12)] = "",
    dit: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """One dossier: answers, pièces, events, decisions."""
    dossier = _numbered(desk, number)
    audit.record(desk.database, agent, "dossier.read", f"dossier:{number}")
    done = " ".join(part for part in (DONE.get(fait, ""), TOLD.get(dit, "")) if part)
    return _page(request, desk, agent, dossier, done=done)


@router.get("/{number}/files/{file}")
def show_file(
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    file: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")],
) -> Response:
    """A document of the dossier, to be looked at in place: images are those written again."""
    dossier = _numbered(desk, number)
    try:
        media_type, content = desk.dossiers.pieces.read(dossier.id, file)
    except (UnknownPieceError, OSError) as error:
        raise HTTPException(404) from error
    audit.record(desk.database, agent, "piece.read", f"dossier:{number}", {"file": file})
    return Response(content, media_type=media_type, headers=DOCUMENT_HEADERS)


@router.get("/{number}/recapitulatif.pdf")
def download_recap(desk: TheDesk, agent: TheAgent, number: Number) -> Response:
    """The récapitulatif, as the person gets it."""
    dossier = _numbered(desk, number)
    content = recap.pdf(recap.recap_of(dossier, date.today()))
    audit.record(desk.database, agent, "recap.read", f"dossier:{number}")
    name = f'attachment; filename="recapitulatif-{number}.pdf"'
    headers = PRIVATE | {"Content-Disposition": name}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/{number}/pieces/{piece}/accept")
def accept(
    request: Request, desk: TheDesk, agent: TheAgent, number: Number, piece: PieceId, saw: Saw
) -> Response:
    dossier = _numbered(desk, number)
    try:
        done = Instruction(desk, agent).accept(dossier, piece, saw.seen)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw)
    return _next(number, "accepted", done.told)


@router.post("/{number}/pieces/{piece}/refuse")
def refuse(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    piece: PieceId,
    saw: Saw,
    reason: Text = "",
    text: Text = "",
) -> Response:
    dossier = _numbered(desk, number)
    try:
        done = Instruction(desk, agent).refuse(dossier, piece, reason, text, saw.seen)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw, {f"refuse:{piece}": text})
    return _next(number, "refused", done.told)


@router.post("/{number}/ask")
def ask(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    saw: Saw,
    text: Text = "",
) -> Response:
    dossier = _numbered(desk, number)
    try:
        done = Instruction(desk, agent).ask(dossier, text, saw.seen)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw, {"ask": text})
    return _next(number, "asked", done.told)


@router.post("/{number}/state")
def set_state(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    saw: Saw,
    state: Annotated[State, Form()],
    text: Text = "",
) -> Response:
    dossier = _numbered(desk, number)
    try:
        done = Instruction(desk, agent).move(dossier, state, text, saw.seen)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw, {"state": text})
    return _next(number, "moved", done.told)


@router.post("/{number}/receive")
def receive(request: Request, desk: TheDesk, agent: TheAgent, number: Number, saw: Saw) -> Response:
    dossier = _numbered(desk, number)
    try:
        done = Instruction(desk, agent).receive(dossier, saw.seen)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw)
    return _next(number, "received", done.told)


@router.post("/{number}/fields/{slot}")
def fill(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    slot: PieceId,
    saw: Saw,
    value: Text = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    dossier = _numbered(desk, number)
    kept = {f"field:{slot}": value}
    try:
        Instruction(desk, agent).fill(dossier, slot, value, sure, saw.seen)
    except DoubtError as error:
        doubt = {"slot": slot, "text": error.doubt}
        return _page(request, desk, agent, dossier, status=422, kept=kept, doubt=doubt)
    except RefusedError as error:
        return _refused(request, desk, agent, number, error, saw, kept)
    return _next(number, "filled", None)


def _numbered(desk: Desk, number: str) -> DossierView:
    try:
        return desk.dossiers.numbered(number)
    except UnknownDossierError as error:
        raise HTTPException(404) from error


def _next(number: str, done: str, told: bool | None) -> Response:
    said = "" if told is None else f"&dit={int(told)}"
    return redirect(f"/desk/dossiers/{number}?fait={done}{said}")


def _refused(
    request: Request,
    desk: Desk,
    agent: Agent,
    number: str,
    error: RefusedError,
    saw: Sight,
    kept: dict[str, str] | None = None,
) -> Response:
    """The dossier as it now is, why nothing was done, and what the agent had written."""
    dossier = _numbered(desk, number)
    changed = changes_since(show(desk, agent, dossier), saw.events) if error.changed else []
    return _page(
        request,
        desk,
        agent,
        dossier,
        status=409 if error.changed else 422,
        problem=error.reason,
        changed=changed,
        kept=kept or {},
    )


def _page(
    request: Request,
    desk: Desk,
    agent: Agent,
    dossier: DossierView,
    *,
    status: int = 200,
    done: str = "",
    problem: str = "",
    changed: list[str] | None = None,
    kept: dict[str, str] | None = None,
    doubt: dict[str, str] | None = None,
) -> Response:
    response = page(
        request,
        "dossier.html",
        agent,
        status,
        dossier=show(desk, agent, dossier),
        reasons=REASON_LABELS,
        done=done,
        problem=problem,
        changed=changed or [],
        kept=kept or {},
        doubt=doubt,
    )
    response.headers["Content-Security-Policy"] = PAGE_CSP
    return response
