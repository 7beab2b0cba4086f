"""The stages of a talk: what the guide waits for, one function of the talk and of its dossier."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.dialogue.state import Talk
from dossiers.states import State
from dossiers.views import DossierView, PieceView
from knowledge.conditions import fields_of
from knowledge.schema import Champ, Obstacle

WAITING_PIECES = ("missing", "doubtful", "refused")


class Stage(StrEnum):
    IDLE = "idle"
    FIELD = "field"
    DOUBT = "doubt"
    OBSTACLE = "obstacle"
    PIECE = "piece"
    RECAP = "recap"
    LINE = "line"
    CONDITIONS = "conditions"
    PAYMENT = "payment"
    CONFIRM = "confirm"
    ABANDON = "abandon"
    READY = "ready"
    FILED = "filed"
    NUMBER = "number"
    STATUS = "status"
    REPLY = "reply"


# The stages at which a dossier is being filled.
FILLING = frozenset(
    {
        Stage.FIELD,
        Stage.DOUBT,
        Stage.OBSTACLE,
        Stage.PIECE,
        Stage.RECAP,
        Stage.LINE,
        Stage.CONDITIONS,
        Stage.PAYMENT,
        Stage.ABANDON,
    }
)
_OF_WAITING = {
    "abandon": Stage.ABANDON,
    "line": Stage.LINE,
    "number": Stage.NUMBER,
    "status": Stage.STATUS,
    "reply": Stage.REPLY,
    "confirm": Stage.CONFIRM,
}
# How the model of acts calls the stage of a field, by its kind.
_OF_KIND = {
    "choice": "choice",
    "plate": "plate",
    "name": "name",
    "address": "address",
    "date": "date",
    "birth_date": "date",
    "code_cession": "code",
    "formule": "code",
    "file_code": "code",
    "email": "contact",
    "phone": "contact",
    "text": "text",
}
_LEARNT = {
    Stage.LINE: "which_line",
    Stage.ABANDON: "cancelling",
    Stage.CONFIRM: "choice",
    Stage.NUMBER: "filed",
    Stage.STATUS: "filed",
}


@dataclass(frozen=True)
class Now:
    """The stage, with what it is about."""

    stage: Stage
    champ: Champ | None = None
    obstacle: Obstacle | None = None
    piece: PieceView | None = None

    @property
    def learnt(self) -> str:
        """The stage as the examples of acts name it."""
        if self.stage is Stage.FIELD and self.champ is not None:
            return _OF_KIND[self.champ.kind]
        return _LEARNT.get(self.stage, str(self.stage))


def now_of(talk: Talk, dossier: DossierView | None, today: date) -> Now:
    """What the guide waits for now. ``dossier``: the talk's own, or the one that it follows."""
    if talk.waiting:
        asked = _asked_of(talk, dossier, today)
        return Now(_OF_WAITING[talk.waiting], asked.champ, asked.obstacle, asked.piece)
    if dossier is None:
        return Now(Stage.IDLE)
    if not talk.dossier:
        ready = dossier.state is State.PRETE_A_DEPOSER
        return Now(Stage.READY if ready else Stage.FILED)
    return _asked_of(talk, dossier, today)


def _asked_of(talk: Talk, dossier: DossierView | None, today: date) -> Now:
    """What the dossier under way waits for, whatever else was asked meanwhile."""
    if dossier is None or not talk.dossier:
        return Now(Stage.IDLE)
    doubted = dossier.form.field(talk.doubted) if talk.doubt else None
    if doubted is not None:
        return Now(Stage.DOUBT, champ=doubted)
    editing = dossier.form.field(talk.editing) if talk.editing else None
    if editing is not None:
        return Now(Stage.FIELD, champ=editing)
    progress = dossier.progress(today)
    if progress.obstacles:
        obstacle = progress.obstacles[0]
        return Now(Stage.OBSTACLE, champ=_field_of(obstacle, dossier), obstacle=obstacle)
    if progress.next is not None:
        return Now(Stage.FIELD, champ=progress.next)
    piece = next((p for p in dossier.pieces(today) if p.state in WAITING_PIECES), None)
    if piece is not None:
        return Now(Stage.PIECE, piece=piece)
    if not talk.validated:
        return Now(Stage.RECAP)
    if not dossier.clu_accepted:
        return Now(Stage.CONDITIONS)
    if progress.pays and not talk.payment_known:
        return Now(Stage.PAYMENT)
    return Now(Stage.READY)


def answered(dossier: DossierView, today: date) -> list[Champ]:
    """The fields that apply and were answered, in the form's order."""
    return [f for f in dossier.progress(today).applicable if dossier.values.get(f.id)]


def followed(dossier: DossierView) -> bool:
    """Whether there is something to report of the dossier: it is ready, or filed and open."""
    return dossier.state is State.PRETE_A_DEPOSER or (
        dossier.register is not None and not dossier.closed
    )


def _field_of(obstacle: Obstacle, dossier: DossierView) -> Champ | None:
    """The field whose answer raised an obstacle."""
    read = fields_of(obstacle.when)
    return next((f for f in dossier.form.flow.fields if f.id in read), None)
