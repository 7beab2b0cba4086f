"""A dossier as the rest of Repère sees it: read-only, values in clear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from dossiers.form import Form
from dossiers.progress import Progress, progress
from dossiers.states import FINAL, Facts, Register, State
from knowledge.schema import Piece

AttachmentState = Literal["doubtful", "sent", "refused", "accepted"]
# missing; filled: an answer (an e-mail, the photo's code), not a file; at_hand: the person has it
# and will send it herself; doubtful: sent, but hard to read.
PieceState = Literal["missing", "filled", "at_hand", "doubtful", "sent", "refused", "accepted"]

PIECE_STATES: dict[PieceState, str] = {
    "missing": "à fournir",
    "filled": "donnée dans vos réponses",
    "at_hand": "prête, à envoyer sur le site",
    "doubtful": "peu lisible, à confirmer",
    "sent": "envoyée",
    "refused": "refusée",
    "accepted": "acceptée",
}

# What happened, by kind of event.
EVENTS = {
    "begun": "dossier commencé",
    "resumed": "dossier repris",
    "wrong_secret": "code de reprise faux",
    "new_secret": "code de reprise donné",
    "clu_accepted": "conditions acceptées",
    "clu_withdrawn": "accord aux conditions repris",
    "paid": "paiement noté",
    "unpaid": "paiement noté par erreur",
    "message": "message",
    "ants_number": "numéro de la démarche donné",
    "moved": "état changé",
    "value": "réponse donnée",
    "dropped": "réponses devenues inutiles",
    "attached": "fichier envoyé",
    "used_anyway": "fichier peu lisible gardé",
    "at_hand": "pièce prête",
    "not_at_hand": "pièce finalement absente",
    "removed": "fichier retiré",
    "piece_accepted": "pièce acceptée",
    "piece_refused": "pièce refusée",
}


@dataclass(frozen=True)
class AttachmentView:
    """A file of a dossier. ``size`` in bytes; ``warnings`` are keys of ``legibility.TEXTS``."""

    id: str
    piece: str
    media_type: str
    size: int
    sha256: str
    warnings: tuple[str, ...]
    state: AttachmentState
    reason: str
    at: datetime


@dataclass(frozen=True)
class PieceView:
    """A pièce of this case: its state, its files, and why it was refused."""

    piece: Piece
    state: PieceState
    files: tuple[AttachmentView, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Event:
    """What happened; ``text`` is the message of an exchange, in clear."""

    at: datetime
    who: str
    kind: str
    detail: Mapping[str, object]
    text: str | None = None


@dataclass(frozen=True)
class Summary:
    """A dossier in a list: nothing of what the person answered."""

    id: str
    number: str
    demarche: str
    title: str
    state: State
    register: Register | None
    ants_number: str | None
    conversation_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class DossierView:
    id: str
    number: str
    conversation_id: str | None
    form: Form = field(repr=False)
    state: State
    register: Register | None
    ants_number: str | None
    values: Mapping[str, str] = field(repr=False)
    doubts: frozenset[str]
    attachments: tuple[AttachmentView, ...]
    at_hand: frozenset[str]
    clu_accepted: bool
    paid: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None

    @property
    def demarche(self) -> str:
        return self.form.demarche

    @property
    def closed(self) -> bool:
        return self.state in FINAL

    @property
    def editable(self) -> bool:
        """Whether its answers may still change."""
        return self.register is None and not self.closed

    def progress(self, today: date) -> Progress:
        return progress(self.form, self.values, today)

    def pieces(self, today: date) -> tuple[PieceView, ...]:
        """The pièces that this case asks for, with their state."""
        return tuple(self.piece(entry) for entry in self.progress(today).pieces)

    def piece(self, entry: Piece) -> PieceView:
        """The state of a pièce: that of the last files sent for it."""
        files = tuple(file for file in self.attachments if file.piece == entry.id)
        settled = [file for file in files if file.state != "doubtful"]
        if settled:
            return PieceView(entry, settled[-1].state, files, settled[-1].reason)
        if files:
            return PieceView(entry, "doubtful", files)
        if self.values.get(entry.id):
            return PieceView(entry, "filled")
        return PieceView(entry, "at_hand" if entry.id in self.at_hand else "missing")

    def facts(self, today: date) -> Facts:
        """What the guards of the transitions look at."""
        now = self.progress(today)
        states = [(self.piece(entry).state, entry.label) for entry in now.pieces]

        def of(*wanted: PieceState) -> tuple[str, ...]:
            return tuple(label for state, label in states if state in wanted)

        absent: tuple[PieceState, ...] = ("missing", "doubtful")
        if self.register == "interne":
            absent = (*absent, "at_hand")
        return Facts(
            missing_fields=tuple(entry.label for entry in now.missing),
            obstacles=tuple(entry.text for entry in now.obstacles),
            missing_pieces=of(*absent, "refused"),
            refused_pieces=of("refused"),
            unaccepted_pieces=of(*absent, "refused", "sent"),
            clu_accepted=self.clu_accepted,
            register=self.register,
            pays=now.pays,
            control=now.control,
            paid=self.paid,
        )
