"""Instructing dossiers: what an agent decides, what the person is told of it.

Every decision is taken on what the agent saw (``seen``: the dossier's last change): when it has
changed since, nothing is written and the agent is told. What is decided is committed first; then
the person is told, in the conversation or at her return, and the webhooks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.dialogue.acts import Value
from bot.dialogue.values import Unread, read
from channels import notices, outbox
from channels.desk import audit
from channels.desk.accounts import Agent
from channels.desk.context import Desk
from channels.incoming import printable
from channels.redaction import mask
from dossiers.answers import Answer, ValueRefusedError
from dossiers.ledger import ChangedError, NotNowError
from dossiers.pieces import UnknownPieceError
from dossiers.register import MAX_MESSAGE
from dossiers.states import Move, State, TransitionError, reachable
from dossiers.teleservice import EmbeddedRegister
from dossiers.views import DossierView

# Why a pièce is refused, in so many words for the person; the agent may add to them.
REASONS = {
    "illisible": "Le document est illisible : reprenez une photo nette, bien éclairée.",
    "incomplete": "Le document est incomplet : envoyez toutes ses pages, sans rien couper.",
    "perimee": "Le document est périmé : envoyez-en un qui est encore valable.",
    "mauvais_document": "Ce n'est pas le document demandé.",
}
REASON_LABELS = {
    "illisible": "illisible",
    "incomplete": "incomplète",
    "perimee": "périmée",
    "mauvais_document": "mauvais document",
}
CHANGED = "Ce dossier a changé entre-temps : votre décision n'a pas été enregistrée."
NO_FILE = "Cette pièce n'attend pas de décision : rien n'a été envoyé depuis la dernière."


class RefusedError(Exception):
    """What was asked can't be done; ``reason`` is French. ``changed``: by someone, meanwhile."""

    def __init__(self, reason: str, changed: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.changed = changed


class DoubtError(Exception):
    """An answer that looks wrong: it is kept only when the agent says that it is right."""

    def __init__(self, doubt: str) -> None:
        super().__init__(doubt)
        self.doubt = doubt


@dataclass(frozen=True)
class Done:
    """The dossier after a decision; whether the person has a conversation in which to be told."""

    dossier: DossierView
    told: bool


@dataclass(frozen=True)
class Instruction:
    """What one agent decides at the desk."""

    desk: Desk
    agent: Agent

    def accept(self, dossier: DossierView, piece: str, seen: datetime) -> Done:
        """Accept a pièce, here or before the dossier is filed."""

        def decide() -> DossierView:
            self._not_on_site(dossier)
            if dossier.register == "interne":
                return self._register.accept_piece(dossier.id, piece, self._who, seen)
            self.desk.dossiers.pieces.accept(dossier.id, piece, self._who, seen)
            return self.desk.dossiers.get(dossier.id)

        label = _label(dossier, piece)
        return self._done(
            dossier, decide, "piece.accepted", lambda d: notices.piece_accepted(d, label), piece
        )

    def refuse(
        self, dossier: DossierView, piece: str, reason: str, text: str, seen: datetime
    ) -> Done:
        """Refuse a pièce: it is asked for again. ``reason`` is one of REASONS, or empty."""
        said = " ".join(part for part in (REASONS.get(reason, ""), _clean(text)) if part)
        if not said:
            raise RefusedError("Dites pourquoi la pièce est refusée.")

        def decide() -> DossierView:
            self._not_on_site(dossier)
            if dossier.register == "interne":
                return self._register.refuse_piece(dossier.id, piece, said, self._who, seen)
            self.desk.dossiers.pieces.refuse(dossier.id, piece, said, self._who, seen)
            return self.desk.dossiers.get(dossier.id)

        label = _label(dossier, piece)
        return self._done(
            dossier, decide, "piece.refused", lambda d: notices.piece_refused(d, label, said), piece
        )

    def ask(self, dossier: DossierView, text: str, seen: datetime) -> Done:
        """Ask the person for an information; one asked while another is awaited is added."""
        said = _clean(text)
        if not said:
            raise RefusedError("Écrivez ce que vous demandez à la personne.")

        def decide() -> DossierView:
            waits = dossier.register == "interne" and dossier.state is not State.ATTENTE_INFORMATION
            if waits:
                target = State.ATTENTE_INFORMATION
                return self.desk.dossiers.move(dossier.id, target, self._who, said, seen)
            if dossier.closed:
                raise NotNowError("Ce dossier est clos : il n'attend plus rien.")
            self.desk.dossiers.write(dossier.id, said, self._who, seen)
            return self.desk.dossiers.get(dossier.id)

        return self._done(dossier, decide, "dossier.asked", lambda d: notices.asked(d, said))

    def move(self, dossier: DossierView, state: State, text: str, seen: datetime) -> Done:
        """Set the dossier's status, among those that its state allows."""
        said = _clean(text)

        def decide() -> DossierView:
            if dossier.state is state:
                raise NotNowError("Le dossier est déjà dans cet état.")
            return self.desk.dossiers.move(dossier.id, state, self._who, said, seen)

        return self._done(dossier, decide, "dossier.moved", lambda d: notices.moved(d, said))

    def receive(self, dossier: DossierView, seen: datetime) -> Done:
        """Take a dossier up; one that is ready is filed here first."""

        def decide() -> DossierView:
            self._not_on_site(dossier)
            if dossier.state is State.PRETE_A_DEPOSER:
                # Filing is several changes: what the agent saw is claimed first.
                with self.desk.dossiers.ledger.changing(dossier.id, seen):
                    pass
                filed = self._register.file(dossier.id, self._who)
                if filed.state is State.ATTENTE_TELEDECLARANT:
                    return filed  # nothing to examine: the person pays
                return self._register.examine(dossier.id, self._who)
            if dossier.register is None:
                raise NotNowError("Ce dossier n'est pas prêt à être déposé.")
            return self.desk.dossiers.move(dossier.id, State.EN_COURS_ANALYSE, self._who, seen=seen)

        return self._done(dossier, decide, "dossier.received", notices.received)

    def fill(
        self, dossier: DossierView, slot: str, text: str, sure: bool, seen: datetime
    ) -> DossierView:
        """Answer a field for the person. Raises DoubtError when it looks wrong."""
        field = dossier.form.field(slot)
        if field is None:
            raise RefusedError("Ce dossier n'a pas cette question.")
        today = self.desk.dossiers.today()
        if not text.strip() and field.optional:
            given: Value | Unread = Value(slot, "")
        elif field.kind == "choice" and text in {choice.value for choice in field.choices}:
            given = Value(slot, text)
        else:
            given = read(field, text.strip(), today)
        if isinstance(given, Unread):
            raise RefusedError(given.problem)
        if given.doubt and not sure:
            raise DoubtError(given.doubt)
        answer = Answer(slot, given.value, bool(given.doubt))
        with _refusals():
            saved = self.desk.dossiers.save(dossier.id, [answer], self._who, seen)
        self._record("dossier.filled", dossier, {"slot": slot})
        return saved.dossier

    def reachable(self, dossier: DossierView) -> tuple[State, ...]:
        """The states that the agent may give now, filing apart; a reason is asked when needed."""
        facts = dossier.facts(self.desk.dossiers.today())
        found = reachable(dossier.state, Move(self._who, "…", facts))
        return tuple(state for state in found if state is not State.DEPOSEE)

    @property
    def _who(self) -> str:
        return f"agent:{self.agent.id}"

    @property
    def _register(self) -> EmbeddedRegister:
        return EmbeddedRegister(self.desk.dossiers)

    def _not_on_site(self, dossier: DossierView) -> None:
        if dossier.register == "ants":
            raise NotNowError(
                "Cette demande est déposée sur le site de l'ANTS : ses pièces y sont examinées."
            )

    def _done(
        self,
        before: DossierView,
        decide: Callable[[], DossierView],
        action: str,
        notice: Callable[[DossierView], str],
        piece: str | None = None,
    ) -> Done:
        with _refusals():
            after = decide()
        detail = {"state": str(after.state)} | ({"piece": piece} if piece else {})
        self._record(action, after, detail)
        if after.state is not before.state:
            with Session(self.desk.database) as db, db.begin():
                changed = {"dossier": after.number, "state": str(after.state)}
                outbox.publish(db, "dossier.state", changed)
        today = self.desk.dossiers.today()
        told = notices.notify(self.desk.database, self.desk.live, after, notice(after), today)
        return Done(after, told is not None)

    def _record(self, action: str, dossier: DossierView, detail: dict[str, str]) -> None:
        named = f"dossier:{dossier.number}"
        audit.record(self.desk.database, self.agent, action, named, detail)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the dossiers refuse, in words for the agent."""
    try:
        yield
    except ChangedError as error:
        raise RefusedError(CHANGED, changed=True) from error
    except (NotNowError, TransitionError) as error:
        raise RefusedError(error.reason) from error
    except UnknownPieceError as error:
        raise RefusedError(NO_FILE) from error
    except ValueRefusedError as error:
        raise RefusedError("Cette réponse ne convient pas à cette question.") from error


def _label(dossier: DossierView, piece: str) -> str:
    entry = dossier.form.piece(piece)
    if entry is None:
        raise RefusedError("Ce dossier ne demande pas cette pièce.")
    return entry.label


def _clean(text: str) -> str:
    """What an agent writes, without control characters nor card numbers."""
    written = printable(text)
    if len(written) > MAX_MESSAGE:
        raise RefusedError(f"Ce texte dépasse {MAX_MESSAGE} caractères : raccourcissez-le.")
    return mask(written)
