"""Where dossiers are filed: one small interface, so that a real connection can take its place.

Repère has no access to ANTS. Without a connection the person files herself and reports
(``Dossiers.report``). ``EmbeddedRegister`` is this organisation's own register: its agents play
the instructeur.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dossiers.ledger import NotNowError
from dossiers.model import DossierRow
from dossiers.register import Dossiers
from dossiers.states import State, TransitionError
from dossiers.views import DossierView

_EXAMINED = (
    State.DEPOSEE,
    State.MISE_EN_ATTENTE,
    State.EN_COURS_ANALYSE,
    State.ATTENTE_INFORMATION,
)


@dataclass(frozen=True)
class Status:
    """Where a filed dossier is; ``message`` is the last word of who examines it."""

    state: State
    message: str
    at: datetime


class Teleservice(Protocol):
    """A service that takes complete dossiers, says where they are, and takes answers."""

    def file(self, dossier_id: str, who: str) -> DossierView:
        """Send a ready dossier. Raises TransitionError when it is not."""

    def status(self, dossier_id: str) -> Status:
        """Where the dossier is. Raises UnknownDossierError."""

    def answer(self, dossier_id: str, text: str, who: str) -> DossierView:
        """Answer what was asked, once the pièces asked for are attached again."""


class EmbeddedRegister:
    """The organisation's register. ``agent`` is « agent:<id> »; the person is « citizen »."""

    def __init__(self, dossiers: Dossiers) -> None:
        self._dossiers = dossiers

    def file(self, dossier_id: str, who: str) -> DossierView:
        """File here. Under control it waits for an agent; otherwise it waits for the payment."""
        filed = self._dossiers.file(dossier_id, "interne", who)
        now = filed.progress(self._today)
        if now.control:
            return self._dossiers.move(dossier_id, State.MISE_EN_ATTENTE, "system")
        if now.pays:
            return self._dossiers.move(dossier_id, State.ATTENTE_TELEDECLARANT, "system")
        return filed

    def status(self, dossier_id: str) -> Status:
        dossier = self._dossiers.get(dossier_id)
        said = [
            event.text
            for event in self._dossiers.events(dossier_id)
            if event.text and not event.who.startswith("citizen")
        ]
        return Status(dossier.state, said[-1] if said else "", dossier.updated_at)

    def answer(self, dossier_id: str, text: str, who: str = "citizen") -> DossierView:
        """The dossier goes back to analysis. Raises TransitionError when a pièce still lacks."""
        dossier = self._dossiers.move(dossier_id, State.EN_COURS_ANALYSE, who)
        if text.strip():
            self._dossiers.write(dossier_id, text, who)
        return dossier

    def examine(self, dossier_id: str, agent: str) -> DossierView:
        """An agent takes the dossier up."""
        return self._dossiers.move(dossier_id, State.EN_COURS_ANALYSE, agent)

    def refuse_piece(
        self,
        dossier_id: str,
        piece: str,
        message: str,
        agent: str,
        seen: datetime | None = None,
    ) -> DossierView:
        """Refuse a pièce, and ask for it again with a message (« illisible »)."""
        ledger = self._dossiers.ledger
        with ledger.changing(dossier_id, seen) as (db, row):
            _must_be_examined(row)
            self._dossiers.pieces.decide(db, row, piece, "refused", message, agent)
            ledger.move(db, row, State.ATTENTE_INFORMATION, agent, message)
            db.flush()
            return ledger.view(db, row)

    def accept_piece(
        self, dossier_id: str, piece: str, agent: str, seen: datetime | None = None
    ) -> DossierView:
        """Accept a pièce; when all are, the person may pay and finish."""
        ledger = self._dossiers.ledger
        with ledger.changing(dossier_id, seen) as (db, row):
            _must_be_examined(row)
            self._dossiers.pieces.decide(db, row, piece, "accepted", "", agent)
            facts = ledger.view(db, row).facts(self._today)
            if facts.pays and not facts.unaccepted_pieces:
                ledger.move(db, row, State.ATTENTE_TELEDECLARANT, agent)
                db.flush()
            return ledger.view(db, row)

    def ask(self, dossier_id: str, message: str, agent: str) -> DossierView:
        """Ask the person for something else than a pièce, or for one thing more."""
        if self._dossiers.get(dossier_id).state is State.ATTENTE_INFORMATION:
            self._dossiers.write(dossier_id, message, agent)
        return self._dossiers.move(dossier_id, State.ATTENTE_INFORMATION, agent, message)

    def reject(self, dossier_id: str, message: str, agent: str) -> DossierView:
        return self._dossiers.move(dossier_id, State.REJETEE, agent, message)

    def pay(self, dossier_id: str, who: str = "citizen") -> None:
        """The payment is made and recorded (outside Repère: no card data comes here)."""
        dossier = self._dossiers.get(dossier_id)
        if dossier.state is not State.ATTENTE_TELEDECLARANT:
            raise TransitionError("Il n'y a rien à payer pour le moment.")
        self._dossiers.record_payment(dossier_id, who)

    def finish(self, dossier_id: str, who: str) -> DossierView:
        """The request is finished. Raises TransitionError (a pièce, the payment)."""
        return self._dossiers.move(dossier_id, State.TERMINEE, who)

    @property
    def _today(self) -> date:
        return self._dossiers.today()


def _must_be_examined(row: DossierRow) -> None:
    """Pièces are decided one after the other: the first one refused does not stop the others."""
    if row.register != "interne" or row.state not in _EXAMINED:
        raise NotNowError("Ce dossier n'est pas à examiner pour le moment.")
