"""Finding the dossier that a person wants to go on with."""

import re

from bot.actions.flow import cards
from bot.actions.messages import Message, smalltalk, topic_choice
from dossiers import numbers
from dossiers.register import Dossiers, LockedError, WrongSecretError
from dossiers.views import DossierView

# Read at every place of a text in capitals, so that a word before a code does not hide it.
_SECRET = re.compile(
    rf"(?<![0-9A-Z])(?=([{numbers.ALPHABET}]{{4}}[ .-]?[{numbers.ALPHABET}]{{4}})(?![0-9A-Z]))"
)
_CODE = re.compile(r"\bCODE\b(?: DE REPRISE| SECRET)?(?: EST| C['’]EST)?\s*:?")
MOST_OFFERED = 4

HOW = (
    "Pour reprendre un dossier préparé avec moi, donnez-moi dans un même message son numéro "
    "(par exemple RP-7K3M-92QD) et son code de reprise."
)

MISTYPED = (
    "Ce numéro de dossier contient une erreur. Vérifiez-le, puis redonnez-le avec son code de "
    "reprise, dans le même message."
)


def resume(dossiers: Dossiers, conversation: str, text: str) -> DossierView | Message | None:
    """The dossier whose number and code a message gives; None when it gives no number."""
    number = numbers.find_number(text)
    if number is None and numbers.has_mistake(text):
        return smalltalk(MISTYPED)
    if number is None:
        return None
    own = next((d for d in dossiers.of_conversation(conversation) if d.number == number), None)
    if own is not None:
        return own
    secret = secret_in(text, number)
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
        wait = "une minute" if error.minutes == 1 else f"{error.minutes} minutes"
        return smalltalk(f"Trop d'essais. Attendez {wait} avant de redonner le code.")


def offer(dossiers: Dossiers, conversation: str) -> DossierView | Message:
    """This conversation's only open dossier, or the choice of one, or how to name one."""
    own = [d for d in dossiers.of_conversation(conversation) if not d.closed]
    if len(own) == 1:
        return own[0]
    if own:
        choices = [cards.resume_choice(d) for d in own[:MOST_OFFERED]]
        return smalltalk("Quel dossier voulez-vous reprendre ?", choices)
    on_the_site = topic_choice("Reprendre une démarche sur le site", "etapes/reprise")
    return smalltalk(HOW, [on_the_site])


def secret_in(text: str, number: str) -> str | None:
    """The code that stands beside the number: said to be one, or written like one."""
    letters = number.replace("-", "")
    rest = re.sub(r"\W*".join(letters), " ", text, flags=re.IGNORECASE)
    named = _CODE.search(rest.upper())
    after = _SECRET.findall(rest.upper(), named.end() if named else len(rest))
    # A code may have no digit; a word of eight letters has no dash, and is rarely in capitals.
    found = _SECRET.findall(rest.upper())
    dashed = [one for one in found if "-" in one]
    likely = [one for one in found if any(c.isdigit() for c in one) or one in rest]
    return next(iter([*after[:1], *dashed, *likely[-1:]]), None)
