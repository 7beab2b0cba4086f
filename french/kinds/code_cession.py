"""The code that a seller gives a buyer: five letters or digits, as sources differ."""

import re

from french import lattice
from french.amending import amended
from french.choosing import choose
from french.kinds.base import Keypad, Kind, Spot
from french.kinds.codes import OTHER, joined, same, say_each
from french.kinds.seeking import sought
from french.lexicon import alphabet_said, digits_said
from french.plain import fold
from french.reading import Context, Reading, refused, sure
from french.shapes import Shape
from french.tokens import FILLERS

SHAPE = Shape(["*****"], joined)
UNREAD = (
    "Je n’ai pas reconnu de code de cession. Il compte cinq chiffres ou lettres : "
    "donnez-les un par un."
)


def _read(text: str, at: Context) -> Reading:
    if OTHER.search(text):
        return refused(UNREAD)
    told = [word for word in text.strip(" .,;:!?").split() if fold(word.strip(",:")) not in FILLERS]
    bare = re.sub(r"[.\-,:]", "", told[0]) if len(told) == 1 else ""
    if re.fullmatch(r"[A-Za-z0-9]{5}", bare) and (
        any(char.isdigit() for char in bare) or bare.isupper()
    ):
        return sure(bare.upper())
    reading = choose(lattice.read(text, SHAPE), same, UNREAD)
    return reading if reading.value is not None else sought(find(text), same) or reading


def normal(bare: str) -> str | None:
    return bare if re.fullmatch(r"[A-Z0-9]{5}", bare) else None


# A code de cession looks like nothing else only where it is called so.
_CESSION = re.compile(
    r"\bcode(?: de cession)?\b(?:[ ,:=]|\best\b|\bc['’ ]?est\b|\bc\b){0,4}"
    r"(?P<code>(?=[A-Z]{0,4}\d)[A-Z0-9]{5})(?![\w-]| ?\d)",
    re.IGNORECASE,
)


def find(text: str) -> list[Spot]:
    """« le code de cession c'est 48K7P »; other codes have a name of their own."""
    return [(m["code"].upper(), m.start(), m.end()) for m in _CESSION.finditer(text)]


KIND = Kind(
    name="code_cession",
    reads=_read,
    finds=lambda text, at: find(text),
    says=say_each,
    spells=say_each,
    amends=lambda value, text: amended(value, text, normal),
    read_back=True,
    dictated=True,
    spelled=True,
    keypad=Keypad(5, "Si le code n’a que des chiffres, tapez-les, sinon épelez-le."),
    called=("code", "cession"),
    hints=(*digits_said(), *alphabet_said()),
    example="48K7P",
    asked_again="Quel est le bon code ?",
)
