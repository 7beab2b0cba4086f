"""A long code of letters and figures, as a photographer's slip bears; any written one fits."""

import re

from french import lattice
from french.choosing import choose
from french.kinds.base import Kind
from french.kinds.codes import joined, same, say_each
from french.lexicon import alphabet_said, digits_said
from french.plain import any_of, plain, word_list
from french.reading import Context, Reading, sure, unsure
from french.shapes import Shape


def _single(prefix: str, piece: str) -> float:
    """In a long code, « deux k » is 2 and K rather than two K."""
    twice = len(piece) == 2 and piece.isalpha() and piece[0] == piece[1]
    return 1.3 if twice else joined(prefix, piece)


SHAPE = Shape(["*" * size for size in range(6, 25)], _single)
UNREAD = (
    "Je n’ai pas reconnu de code. Donnez ses lettres et ses chiffres un par un, sans rien d’autre."
)
_BEFORE = re.compile(rf"^\W*(?:{any_of('sentences', 'before_code')}\b[\s:]*)+", re.I)
_CODE = re.compile(r"[A-Z0-9](?:[ .-]?[A-Z0-9]){3,39}")
# … and one that stands in a sentence has both letters and figures.
_INSIDE = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6,24}\b")
# … or is written in capitals, in groups: « Réf. : 6HC2-RM9X-VL ».
_GROUPS = re.compile(r"\b[A-Z0-9]{2,}(?:[ .-][A-Z0-9]{2,})+\b")
_OF_SENTENCES = word_list("sentences", "sentences")


def _read(text: str, at: Context) -> Reading:
    written = _written(text)
    if written and (not at.spoken or any(char.isdigit() for char in written)):
        return _without_figures(written)
    reading = choose(lattice.read(text, SHAPE), same, UNREAD)
    if at.spoken or reading.value is None:
        return reading
    return unsure(
        reading.value,
        reading.doubt or f"J’ai noté le code {reading.value}. Est-ce bien cela ?",
        reading.alternatives,
    )


def _written(text: str) -> str:
    """The code that a text is, or the only one in its sentence."""
    told = _BEFORE.sub("", text).strip(" .,;:!?").upper()
    words = told.split()
    sentence = len(words) > 1 and any(len(word) > 3 and word.isalpha() for word in words)
    alone = any(plain(word) in _OF_SENTENCES for word in words if len(word) > 1)
    if _CODE.fullmatch(told) and told.isascii() and not sentence and not alone:
        code = re.sub(r"[ .-]", "", told)
        return code if len(words) == 1 or any(char.isdigit() for char in code) else ""
    inside = [re.sub(r"[ .-]", "", run) for run in _GROUPS.findall(text)]
    inside = [code for code in inside if _INSIDE.fullmatch(code)] or _INSIDE.findall(text.upper())
    return inside[0] if len(set(inside)) == 1 else ""  # said twice, it is still the same


def _without_figures(code: str) -> Reading:
    if any(char.isdigit() for char in code):
        return sure(code)
    return unsure(code, f"J’ai noté le code {code}, sans chiffre. Est-ce bien cela ?")


KIND = Kind(
    name="file_code",
    reads=_read,
    says=say_each,
    spells=say_each,
    free=True,
    read_back=True,
    dictated=True,
    spelled=True,
    called=("code photo", "code"),
    hints=(*alphabet_said(), *digits_said()),
    example="7KD42MX9QT",
    asked_again="Quel est le bon code ?",
)
