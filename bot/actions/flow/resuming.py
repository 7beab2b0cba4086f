"""Finding the dossier that a person wants to go on with."""

import re

from bot.actions.flow import replies
from bot.actions.messages import Message, smalltalk, topic_choice
from dossiers import numbers
from dossiers.register import Dossiers, LockedError, WrongSecretError
from dossiers.views import DossierView

_SECRET = re.compile(r"\b[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}\b")
MOST_OFFERED = 4

HOW = (
    "Pour reprendre un dossier préparé avec moi, donnez-moi dans un même message son numéro "
    "(par exemple RP-7K3M-92QD) et son code de reprise."
)


def resume(dossiers: Dossiers, conversation: str, text: str) -> DossierView | Message | None:
    """The dossier whose number and code a message gives; None when it gives no number."""
    number = numbers.find_number(text)
    if number is None:
        return None
    own = next((d for d in dossiers.of_conversation(conversation) if d.number == number), None)
    if own is not None:
        return own
    secret = _secret_in(text, number)
    if secret is None:
        return smalltalk(
            f"Pour reprendre le dossier {number}, redonnez son numéro avec son code de reprise, "
            "dans le même message."
        )
    try:
        return dossiers.resume(number, secret, conversation)
    except WrongSecretError:
        return smalltalk(
            "Aucun dossier ne correspond à ce numéro et à ce code. Vérifiez les deux, puis "
            "redonnez-les dans le même message."
        )
    except LockedError as error:
        return smalltalk(
            f"Trop d'essais. Attendez {error.minutes} minutes avant de redonner le code."
        )


def offer(dossiers: Dossiers, conversation: str) -> DossierView | Message:
    """This conversation's only open dossier, or the choice of one, or how to name one."""
    own = [d for d in dossiers.of_conversation(conversation) if not d.closed]
    if len(own) == 1:
        return own[0]
    if own:
        choices = [replies.resume_choice(d) for d in own[:MOST_OFFERED]]
        return smalltalk("Quel dossier voulez-vous reprendre ?", choices)
    on_the_site = topic_choice("Reprendre une démarche sur le site", "etapes/reprise")
    return smalltalk(HOW, [on_the_site])


def _secret_in(text: str, number: str) -> str | None:
    """The code that stands beside the number."""
    bare = re.sub(re.escape(number), " ", text, flags=re.IGNORECASE)
    bare = re.sub(r"\bRP[ -]?\w{4}[ -]?\w{4}\b", " ", bare, flags=re.IGNORECASE)
    found = [m.group() for m in _SECRET.finditer(bare) if any(c.isdigit() for c in m.group())]
    return found[-1] if found else None
