"""What a dossier waits for next: one function of the dossier and of the conversation about it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.actions.flow.flux import Flux
from dossiers.views import DossierView, PieceView
from knowledge.conditions import fields_of
from knowledge.schema import Champ, Obstacle


class Stage(StrEnum):
    OBSTACLE = "obstacle"
    FIELD = "field"
    PIECE = "piece"
    RECAP = "recap"
    CLU = "clu"
    PAYMENT = "payment"
    READY = "ready"


@dataclass(frozen=True)
class Next:
    """The stage, with what it is about."""

    stage: Stage
    champ: Champ | None = None
    obstacle: Obstacle | None = None
    piece: PieceView | None = None

    @property
    def in_own_words(self) -> bool:
        """Whether what is asked is told in one's own words: any text may be the answer."""
        return self.champ is not None and self.champ.kind == "text"


def next_of(dossier: DossierView, flux: Flux, today: date) -> Next:
    """What is to be asked now."""
    now = dossier.progress(today)
    editing = dossier.form.field(flux.editing) if flux.editing else None
    if editing is not None:
        return Next(Stage.FIELD, champ=editing)
    if now.obstacles:
        obstacle = now.obstacles[0]
        return Next(Stage.OBSTACLE, champ=_field_of(obstacle, dossier), obstacle=obstacle)
    if now.next is not None:
        return Next(Stage.FIELD, champ=now.next)
    waiting = ("missing", "doubtful", "refused")
    piece = next((p for p in dossier.pieces(today) if p.state in waiting), None)
    if piece is not None:
        return Next(Stage.PIECE, piece=piece)
    if not flux.validated:
        return Next(Stage.RECAP)
    if not dossier.clu_accepted:
        return Next(Stage.CLU)
    if now.pays and not flux.payment_known:
        return Next(Stage.PAYMENT)
    return Next(Stage.READY)


def answered(dossier: DossierView, today: date) -> list[Champ]:
    """The fields that apply and were answered, in the form's order."""
    return [f for f in dossier.progress(today).applicable if dossier.values.get(f.id)]


def _field_of(obstacle: Obstacle, dossier: DossierView) -> Champ | None:
    """The field whose answer raised an obstacle."""
    read = fields_of(obstacle.when)
    return next((f for f in dossier.form.flow.fields if f.id in read), None)
