"""The kinds of values: one table from a kind's name to how it is read, found, shown and said."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from french import addresses, answers, codes, dates, emails, figures, names, phones, plates
from french.reading import Choice, Found, Reading, listed, refused, sure, unsure
from french.tokens import MAX_CHARS

Spot = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Context:
    today: date | None
    choices: Sequence[Choice]
    spoken: bool


def _text(text: str, _: Context) -> Reading:
    kept = "".join(
        char if unicodedata.category(char)[0] != "C" or char == "\n" else " " for char in text
    )
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    value = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return sure(value) if value else refused("Je n'ai rien reçu. Pouvez-vous l'écrire à nouveau ?")


_PARSERS: dict[str, Callable[[str, Context], Reading]] = {
    "plate": lambda text, at: plates.parse(text, at.spoken),
    "date": lambda text, at: dates.parse(text, at.today),
    "postcode": lambda text, at: codes.parse_postcode(text),
    "phone": lambda text, at: phones.parse(text),
    "email": lambda text, at: emails.parse(text, at.spoken),
    "formule": lambda text, at: codes.parse_formule(text),
    "code5": lambda text, at: codes.parse_code5(text),
    "code_cession": lambda text, at: codes.parse_cession(text),
    "file_code": lambda text, at: codes.parse_file_code(text),
    "name": lambda text, at: names.parse(text, at.spoken),
    "yes_no": lambda text, at: answers.parse_yes_no(text),
    "choice": lambda text, at: answers.parse_choice(text, at.choices),
    "number": lambda text, at: figures.parse(text),
    "address": lambda text, at: addresses.parse(text, at.spoken),
    "text": _text,
}
KINDS = tuple(_PARSERS)

_FINDERS: dict[str, Callable[[str, date | None], list[Spot]]] = {
    "plate": lambda text, today: plates.find(text),
    "date": dates.find,
    "email": lambda text, today: emails.find(text),
    "phone": lambda text, today: phones.find(text),
    "postcode": lambda text, today: codes.find_postcode(text),
    "formule": lambda text, today: codes.find_formule(text),
    "code_cession": lambda text, today: codes.find_cession(text),
}

_YES_NO = {"yes": "oui", "no": "non"}
_SHOWN: dict[str, Callable[[str], str]] = {
    "plate": plates.show,
    "date": dates.show,
    "phone": phones.show,
    "yes_no": lambda value: _YES_NO.get(value, value),
}
_SAID: dict[str, Callable[[str], str]] = {
    "plate": plates.say,
    "date": dates.say,
    "postcode": codes.say_postcode,
    "phone": phones.say,
    "email": emails.say,
    "formule": codes.say_formule,
    "code5": codes.say_each,
    "code_cession": codes.say_each,
    "file_code": codes.say_each,
    "number": figures.say,
    "yes_no": lambda value: _YES_NO.get(value, value),
}


def parse(
    kind: str,
    text: str,
    *,
    today: date | None = None,
    choices: Sequence[Choice] | None = None,
    spoken: bool = False,
) -> Reading:
    """Read a value of ``kind`` in the answer ``text``; never raises for any text.

    ``spoken``: the text is a transcript, so what can be misheard is doubted more.
    """
    parser = _PARSERS.get(kind)
    if parser is None:
        raise ValueError(f"unknown kind of value: {kind}")
    context = Context(today, tuple(choices or ()), spoken)
    reading = parser(_clean(text), context)
    found = _FINDERS.get(kind)
    long = reading.doubt is not None and kind in ("plate", "formule")
    if found is not None and not reading.alternatives and (reading.value is None or long):
        # A long message around a value written plainly.
        spots = list(dict.fromkeys(spot[0] for spot in found(text[:MAX_CHARS], today)))
        if len(spots) == 1 and reading.value in (None, spots[0]):
            return sure(spots[0])
        if len(spots) > 1:
            named = listed([show(kind, spot) for spot in spots[:4]])
            doubt = f"J'ai trouvé plusieurs réponses : {named}. Laquelle est la bonne ?"
            return unsure(spots[0], doubt, spots[1:])
    return reading


def _clean(text: str) -> str:
    """The text without control characters, at most ``MAX_CHARS`` long."""
    return "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs") and char != "\n" else char
        for char in text[:MAX_CHARS]
    )


def find(kind: str, text: str, today: date | None = None) -> list[Found]:
    """Values of ``kind`` that ``text`` says beyond doubt, in order; [] for other kinds."""
    finder = _FINDERS.get(kind)
    if finder is None:
        return []
    return [Found(*spot) for spot in finder(text[:MAX_CHARS], today)]


def show(kind: str, value: str) -> str:
    """A value as it is written: « 12 mars 2019 », « 06 12 34 56 78 », « AB-123-CD »."""
    shown = _SHOWN.get(kind)
    return shown(value) if shown else value


def say(kind: str, value: str) -> str:
    """A value as one dictates it: « A, B, cent vingt-trois, C, D »."""
    said = _SAID.get(kind)
    return said(value) if said else show(kind, value)
