"""Where dossiers are filed: one small interface, so that a real connection can take its place.

Repère has no access to ANTS. Without a connection the person files herself and reports
(``Dossiers.report``). ``EmbeddedRegister`` is this organisation's own register: its agents play
the instructeur.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dossiers.ledger import NotNowError
from dossiers.register import Dossiers
from dossiers.states import State, TransitionError
from dossiers.views import DossierView


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

    def refuse_piece(self, dossier_id: str, piece: str, message: str, agent: str) -> DossierView:
        """Refuse a pièce, and ask for it again with a message (« illisible »)."""
        self._must_be_examined(dossier_id)
        self._dossiers.pieces.refuse(dossier_id, piece, message, agent)
        return self._dossiers.move(dossier_id, State.ATTENTE_INFORMATION, agent, message)

    def accept_piece(self, dossier_id: str, piece: str, agent: str) -> DossierView:
        """Accept a pièce; when all are, the person may pay and finish."""
        self._must_be_examined(dossier_id)
        self._dossiers.pieces.accept(dossier_id, piece, agent)
        dossier = self._dossiers.get(dossier_id)
        facts = dossier.facts(self._today)
        if facts.unaccepted_pieces or not facts.pays:
            return dossier
        return self._dossiers.move(dossier_id, State.ATTENTE_TELEDECLARANT, agent)

    def ask(self, dossier_id: str, message: str, agent: str) -> DossierView:
        """Ask the person for something else than a pièce."""
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
        return self._dossiers.ledger.clock().date()

    def _must_be_examined(self, dossier_id: str) -> None:
        dossier = self._dossiers.get(dossier_id)
        examined = (State.DEPOSEE, State.MISE_EN_ATTENTE, State.EN_COURS_ANALYSE)
        if dossier.register != "interne" or dossier.state not in examined:
            raise NotNowError("Ce dossier n'est pas à examiner pour le moment.")
