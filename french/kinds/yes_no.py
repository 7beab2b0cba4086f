"""Yes or no; a message that says a little of both is a doubt, never an answer."""

import re

from french.commands import command, yes_or_no
from french.kinds.base import Kind
from french.plain import any_of, plain
from french.questions import is_question
from french.reading import Context, Reading, refused, sure, unsure

UNREAD = "Je n’ai pas compris votre réponse. Pouvez-vous répondre par oui ou par non ?"
SHORT = 6  # in so few words, « c'est exact » is the whole answer
_YES = re.compile(rf"\b{any_of('yes_no', 'says_yes')}\b")
_NO = re.compile(rf"\b{any_of('yes_no', 'says_no')}\b")
_EASY = re.compile(rf"\b{any_of('yes_no', 'easy')}\b")
_TWICE = re.compile(rf"\b{any_of('yes_no', 'twice')}\b")
_MIXED = re.compile(rf"\b{any_of('yes_no', 'mixed')}\b")
_NEGATED = re.compile(r"\b(?:pas|jamais|rien|aucune?|plus)\b")
_SHOWN = {"yes": "oui", "no": "non"}


def read(text: str) -> Reading:
    """« yes » or « no »."""
    if is_question(text) and yes_or_no(text) is None:
        return refused(UNREAD)
    whole = yes_or_no(text)
    if whole is not None:
        return sure(whole)
    said = plain(text[:300])
    twice = _TWICE.search(said) is not None
    said = _EASY.sub("oui", _TWICE.sub(" ", said))
    yes, no = _YES.search(said), _NO.search(said)
    if not (yes or no) or command(text) is not None:
        return refused(UNREAD)
    if yes and no:
        return _doubted("yes" if yes.start() < no.start() else "no")
    value = "yes" if yes else "no"
    first = (yes or no).start() == 0 if yes or no else False  # type: ignore[union-attr]
    against = yes is not None and _NEGATED.search(said[yes.end() :]) is not None
    if twice or against or _MIXED.search(said):
        return _doubted(value)
    if not first and len(said.split()) > SHORT:
        return _doubted(value) if _opens(said) else refused(UNREAD)
    return sure(value)


def _opens(said: str) -> bool:
    """Whether the answer comes among the first words of a longer message."""
    head = " ".join(said.split()[:3])
    return bool(_YES.search(head) or _NO.search(head))


def _doubted(value: str) -> Reading:
    return unsure(value, f"Votre réponse est-elle bien « {_SHOWN[value]} » ?")


def show(value: str) -> str:
    return _SHOWN.get(value, value)


def _read(text: str, at: Context) -> Reading:
    return read(text)


KIND = Kind(
    name="yes_no",
    reads=_read,
    shows=show,
    format="choice",
    denies=False,
    hints=("oui", "non"),
    example="oui",
)
