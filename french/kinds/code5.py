"""A code of five digits."""

from french import lattice
from french.choosing import choose
from french.kinds.base import Keypad, Kind
from french.kinds.codes import OTHER, digits_only, same, say_each, wrong_length
from french.lexicon import digits_said
from french.reading import Context, Reading, refused, sure
from french.shapes import Shape

SHAPE = Shape(["DDDDD"])
UNREAD = "Je n’ai pas reconnu le code. Il compte cinq chiffres : dites-les un par un."


def _read(text: str, at: Context) -> Reading:
    if OTHER.search(text):
        return refused(UNREAD)
    exact = digits_only(text, 5)
    if exact:
        return sure(exact)
    return choose(lattice.read(text, SHAPE), same, wrong_length(text, UNREAD))


KIND = Kind(
    name="code5",
    reads=_read,
    says=say_each,
    spells=say_each,
    read_back=True,
    dictated=True,
    keypad=Keypad(5, "Tapez les cinq chiffres."),
    called=("code",),
    hints=digits_said(),
    example="48213",
    asked_again="Quel est le bon code ?",
)
