"""Telling a person what an agent decided on her dossier, in the conversation that carries it on.

The message waits in the conversation for her return, and reaches her at once when it is open. A
dossier gone on with in another conversation is told of there: it is the dossier that remembers.
"""

from datetime import date

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from bot.dialogue import cards
from bot.messages import Message, PieceLine
from channels import transcript
from channels.live import Live
from channels.ownership import AGENT
from dossiers.states import State, text_of
from dossiers.views import DossierView
from french.phrasing import ended

ANSWERABLE = (State.ATTENTE_INFORMATION, State.ATTENTE_TELEDECLARANT)


def notify(
    database: Database, live: Live | None, dossier: DossierView, text: str, today: date
) -> int | None:
    """Write a message about a dossier in its conversation; its seq, None without conversation.

    ``live`` wakes who follows the conversation in this process; others notice by themselves.
    """
    if dossier.conversation_id is None:
        return None
    with Session(database) as db, db.begin():
        try:
            row = transcript.locked(db, dossier.conversation_id)
        except transcript.UnknownConversationError:
            return None  # erased: the person left no place where to tell her
        message = _message(dossier, text, today, guided=row.owner != AGENT)
        seq = transcript.add(db, row, "system", message).seq
    if live is not None:
        live.wake(dossier.conversation_id)
    return seq


def received(dossier: DossierView) -> str:
    """An agent takes the dossier up."""
    return f"Un agent examine votre dossier {dossier.number}. {_state(dossier)}"


def piece_accepted(dossier: DossierView, label: str) -> str:
    said = f"Dossier {dossier.number} : votre pièce « {label} » est acceptée."
    return f"{said} {_state(dossier)}" if dossier.state in ANSWERABLE else said


def piece_refused(dossier: DossierView, label: str, reason: str) -> str:
    return (
        f"Dossier {dossier.number} : votre pièce « {label} » est refusée. "
        f"Motif donné par l’agent : {_sentence(reason)} Envoyez-la de nouveau."
    )


def asked(dossier: DossierView, message: str) -> str:
    """An agent asks for something else than a pièce."""
    return (
        f"Dossier {dossier.number} : l’agent qui l’examine vous écrit : {_sentence(message)} "
        "Votre demande attend votre réponse."
    )


def moved(dossier: DossierView, reason: str = "") -> str:
    """The dossier is in another state."""
    why = f" Motif donné par l’agent : {_sentence(reason)}" if reason.strip() else ""
    return f"Dossier {dossier.number} : son état a changé. {_state(dossier)}{why}"


def _message(dossier: DossierView, text: str, today: date, *, guided: bool) -> Message:
    """The notice, in which a refused pièce can be sent again whoever answers the conversation.

    ``guided``: the guide answers there, and can go on with the dossier.
    """
    refused = [
        PieceLine(id=p.piece.id, label=p.piece.label, state=p.state)
        for p in dossier.pieces(today)
        if p.state == "refused"
    ]
    answerable = guided and dossier.state in ANSWERABLE
    choices = [cards.resume_choice(dossier)] if answerable else None
    said = cards.dossier_card(dossier, text, today)
    return said.showing(pieces=refused or None, choices=choices)


def _state(dossier: DossierView) -> str:
    state = text_of(dossier.state, dossier.register)
    return f"État : {state.title.lower()}. {state.meaning} {state.next}"


def _sentence(text: str) -> str:
    """A text on one line, which ends."""
    return ended(" ".join(text.split()))
