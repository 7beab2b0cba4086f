"""What a person sends, made harmless before it is stored or the engine sees it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import choice_payload
from channels.models import Conversation, StoredMessage
from channels.redaction import RESUME_CODE_MASK, mask
from dossiers import numbers

MAX_TEXT = 500
MOST_ALTERNATIVES = 4


class RefusedMessageError(Exception):
    """A message that cannot be taken; ``reason`` is French, for the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Incoming:
    """What a person sends: a text, or the value of a choice that the bot offered.

    ``alternatives``: other transcripts of the same words, when they were spoken.
    """

    text: str | None = None
    choice: str | None = None
    client_id: str | None = None
    channel: str = "web"
    alternatives: tuple[str, ...] = ()


def checked(db: Session, row: Conversation, incoming: Incoming) -> tuple[str, str | None]:
    """The text to store and the choice's value; refuses what cannot be taken."""
    if (incoming.text is None) == (incoming.choice is None):
        raise RefusedMessageError("Envoyez soit un texte, soit un choix.")
    if incoming.choice is not None:
        label = _offered_label(db, row.id, incoming.choice)
        if label is None:
            raise RefusedMessageError("Ce choix n'a pas été proposé dans cette conversation.")
        return label, incoming.choice
    return clean_text(incoming.text or ""), None


def clean_text(text: str) -> str:
    """A typed text made harmless: no control characters, no payload, card numbers masked.

    Raises RefusedMessageError when it is empty or over 500 characters.
    """
    typed = printable(text)
    if not typed:
        raise RefusedMessageError("Votre message est vide. Écrivez votre question, puis envoyez.")
    if len(typed) > MAX_TEXT:
        raise RefusedMessageError(
            f"Votre message est trop long ({len(typed)} caractères). "
            f"Résumez votre question en {MAX_TEXT} caractères au plus."
        )
    return mask(_without_resume_code(typed))


def resume_code_in(text: str) -> str:
    """The resume code that a message gives, beside a dossier's number or not; "" for none."""
    number = numbers.find_number(text)
    found = numbers.find_secret(text, number) if number else numbers.find_called_secret(text)
    return found or ""


def _without_resume_code(text: str) -> str:
    """A message whose resume code is neither stored nor told to the engine."""
    secret = resume_code_in(text)
    return numbers.without_secret(text, secret, RESUME_CODE_MASK) if secret else text


def printable(text: str) -> str:
    """A text without control characters, nor what they may hide."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text).strip()


def metadata(seq: int, incoming: Incoming) -> dict[str, Any]:
    """What the actions are told of a message besides its text."""
    alternatives = [
        mask(_without_resume_code(text[:MAX_TEXT]))
        for text in incoming.alternatives[:MOST_ALTERNATIVES]
    ]
    told = {"turn": seq, "channel": incoming.channel, "alternatives": alternatives}
    secret = resume_code_in(printable(incoming.text or ""))
    return told | {"secret": secret} if secret else told


def _offered_label(db: Session, conversation: str, value: str) -> str | None:
    """The label of a choice among those offered, latest first; None when it never was."""
    cards = db.scalars(
        select(StoredMessage.card)
        .where(StoredMessage.conversation_id == conversation, StoredMessage.author != "user")
        .order_by(StoredMessage.seq.desc())
    )
    for card in cards:
        for choice in (card or {}).get("choices", []):
            if choice["value"] == value:
                return str(choice["label"])
    return None


def payload_of(text: str, choice: str | None) -> str:
    """What the engine is told: a payload for a choice, else the text, never read as a payload."""
    if choice is not None:
        return choice_payload(choice)
    harmless = text.lstrip("/ \t\n")
    return harmless or "?"
