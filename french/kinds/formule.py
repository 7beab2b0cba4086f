"""The number of a registration certificate's form (numéro de formule).

Two or four digits (the year), two letters, five digits; HistoVec also takes three digits first.
"""

import re

from french import lattice
from french.amending import amended
from french.choosing import choose
from french.kinds.base import Kind, Spot
from french.kinds.codes import same, say_each
from french.kinds.seeking import left_over, sought
from french.lexicon import alphabet_said, digits_said
from french.numerals import digit_words
from french.reading import Context, Reading, sure, unsure
from french.shapes import Shape

SHAPE = Shape(["DDLLDDDDD", "DDDDLLDDDDD"])
UNREAD = (
    "Je n’ai pas reconnu de numéro de formule. Il compte quatre chiffres (parfois deux), "
    "deux lettres, puis cinq chiffres, par exemple 2019AB12345."
)


def _whole(text: str) -> Reading:
    bare = re.sub(r"[\s.\-]", "", text).upper()
    match = re.fullmatch(r"(\d{2,4})([A-Z]{2})(\d{5})", bare)
    if match and bare.isascii():
        reading = sure(bare)
    else:
        reading = choose(lattice.read(text, SHAPE), same, UNREAD)
    if reading.value is None or reading.doubt:
        return reading
    head = re.match(r"\d+", reading.value)
    digits = head.group() if head else ""
    if len(digits) == 3 or (len(digits) == 4 and not "1990" <= digits <= "2099"):
        return unsure(
            reading.value,
            f"Ce numéro commence d’ordinaire par une année. Est-ce bien {reading.value} ?",
        )
    return reading


def _read(text: str, at: Context) -> Reading:
    reading = _whole(text)
    spots = find(text)
    if reading.alternatives or (reading.value is not None and reading.doubt is None):
        return reading
    if reading.value in (None, *(value for value, _, _ in spots)) and not left_over(text, spots):
        return sought(spots, same) or reading
    return reading


def normal(bare: str) -> str | None:
    return bare if re.fullmatch(r"\d{2,4}[A-Z]{2}\d{5}", bare) else None


def say(value: str) -> str:
    """« 2019AB12345 » -> « deux mille dix-neuf, A, B, un, deux, trois, quatre, cinq »."""
    match = re.fullmatch(r"(\d{2,4})([A-Z]{2})(\d{5})", value)
    if match is None:
        return value
    head, letters, tail = match.groups()
    return ", ".join([digit_words(head), *letters, say_each(tail)])


_FORMULE = re.compile(r"(?<![\w-])((?:19|20)?\d{2})[ -]?([A-Z]{2})[ -]?(\d{5})(?![\w-])", re.I)


def find(text: str) -> list[Spot]:
    return [
        ("".join(match.groups()).upper(), match.start(), match.end())
        for match in _FORMULE.finditer(text)
    ]


KIND = Kind(
    name="formule",
    reads=_read,
    finds=lambda text, at: find(text),
    says=say,
    spells=say,
    amends=lambda value, text: amended(value, text, normal),
    read_back=True,
    dictated=True,
    spelled=True,
    called=("formule",),
    hints=(*digits_said(), *alphabet_said()),
    example="2019AB12345",
    asked_again="Quel est le bon numéro de formule ?",
)
