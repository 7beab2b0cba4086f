"""The pages of dossiers: the list, one dossier, its documents, and what is decided on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

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
    Done,
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
class Deciding:
    """An agent who decides, on what they saw: the dossier's last change, its number of events."""

    request: Request
    desk: Desk
    agent: Agent
    number: str
    seen: datetime
    events: int

    @property
    def dossier(self) -> DossierView:
        """The dossier as it now is."""
        return _numbered(self.desk, self.number)

    def page(self, **said: Any) -> Response:
        return _page(self.request, self.desk, self.agent, self.dossier, **said)


def _deciding(
    request: Request,
    desk: TheDesk,
    agent: TheAgent,
    number: Number,
    seen: Annotated[NaiveDatetime, Form()],
    events: Annotated[int, Form(ge=0)] = 0,
) -> Deciding:
    return Deciding(request, desk, agent, number, seen, events)


By = Annotated[Deciding, Depends(_deciding)]
Decide = Callable[[Instruction, DossierView], Done]

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
    content = recap.pdf(recap.recap_of(dossier, desk.dossiers.today()))
    audit.record(desk.database, agent, "recap.read", f"dossier:{number}")
    name = f'attachment; filename="recapitulatif-{number}.pdf"'
    headers = PRIVATE | {"Content-Disposition": name}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/{number}/pieces/{piece}/accept")
def accept(by: By, piece: PieceId) -> Response:
    return _decided(by, "accepted", lambda i, d: i.accept(d, piece, by.seen))


@router.post("/{number}/pieces/{piece}/refuse")
def refuse(by: By, piece: PieceId, reason: Text = "", text: Text = "") -> Response:
    return _decided(
        by,
        "refused",
        lambda i, d: i.refuse(d, piece, reason, text, by.seen),
        {f"refuse:{piece}": text},
    )


@router.post("/{number}/ask")
def ask(by: By, text: Text = "") -> Response:
    return _decided(by, "asked", lambda i, d: i.ask(d, text, by.seen), {"ask": text})


@router.post("/{number}/state")
def set_state(by: By, state: Annotated[State, Form()], text: Text = "") -> Response:
    return _decided(by, "moved", lambda i, d: i.move(d, state, text, by.seen), {"state": text})


@router.post("/{number}/receive")
def receive(by: By) -> Response:
    return _decided(by, "received", lambda i, d: i.receive(d, by.seen))


@router.post("/{number}/fields/{slot}")
def fill(
    by: By, slot: PieceId, value: Text = "", sure: Annotated[bool, Form()] = False
) -> Response:
    kept = {f"field:{slot}": value}
    try:
        Instruction(by.desk, by.agent).fill(by.dossier, slot, value, sure, by.seen)
    except DoubtError as error:
        return by.page(status=422, kept=kept, doubt={"slot": slot, "text": error.doubt})
    except RefusedError as error:
        return _refused(by, error, kept)
    return _next(by.number, "filled", None)


def _decided(
    by: Deciding, done: str, decide: Decide, kept: dict[str, str] | None = None
) -> Response:
    """Decide, and show the dossier as it then is, or why nothing was done.

    ``kept``: what the agent wrote with the decision, shown again when it is refused.
    """
    try:
        decision = decide(Instruction(by.desk, by.agent), by.dossier)
    except RefusedError as error:
        return _refused(by, error, kept)
    return _next(by.number, done, decision.told)


def _refused(by: Deciding, error: RefusedError, kept: dict[str, str] | None) -> Response:
    """The dossier as it now is, why nothing was done, and what the agent had written."""
    status, changed = 422, list[str]()
    if error.changed:
        status, changed = 409, changes_since(show(by.desk, by.agent, by.dossier), by.events)
    return by.page(status=status, problem=error.reason, changed=changed, kept=kept)


def _numbered(desk: Desk, number: str) -> DossierView:
    try:
        return desk.dossiers.numbered(number)
    except UnknownDossierError as error:
        raise HTTPException(404) from error


def _next(number: str, done: str, told: bool | None) -> Response:
    said = "" if told is None else f"&dit={int(told)}"
    return redirect(f"/desk/dossiers/{number}?fait={done}{said}")


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
