"""Postcodes: five digits, whose first two or three name a department or a territory."""

import re

from french import lattice
from french.choosing import choose, confirm
from french.kinds import number
from french.kinds.base import Keypad, Kind, Spot
from french.kinds.codes import OTHER, digits_only, same, wrong_length
from french.kinds.seeking import left_over, sought
from french.lexicon import digits_said
from french.numerals import digit_words
from french.reading import Context, Reading, refused, sure, unsure
from french.shapes import Shape


def _place(prefix: str, piece: str) -> float:
    """« quatre-vingt-dix-sept mille quatre cents » or two digits, then three."""
    whole = len(prefix + piece)
    return 0.3 if len(prefix) < 2 < whole and len(piece) > 1 else 0.0


SHAPE = Shape(["DDDDD"], _place)

_EXAMPLE = "Il compte cinq chiffres, par exemple 75011."
UNREAD = f"Je n’ai pas reconnu de code postal. {_EXAMPLE}"

_PLACES = frozenset(
    [f"{place:02d}" for place in range(1, 96)]
    + ["971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988"]
)


def known_place(value: str) -> bool:
    """Whether a postcode's head names a department or a territory (20 is Corsica)."""
    return value[:2] in _PLACES or value[:3] in _PLACES


def _whole(text: str) -> Reading:
    if OTHER.search(text):
        return refused(UNREAD)
    exact = digits_only(text, 5)
    inside = _WRITTEN.findall(text)
    if exact is None and len(inside) == 1:
        exact = inside[0].replace(" ", "")
    if exact:
        reading = sure(exact)
    elif short := _without_its_zero(text):
        reading = unsure(short, confirm(short, same))
    else:
        found = [
            item._replace(cost=item.cost + (0.0 if known_place(item.value) else 2.0))
            for item in lattice.read(text, SHAPE)
        ]
        reading = choose(found, same, wrong_length(text, UNREAD))
    if reading.value is not None and not known_place(reading.value):
        if reading.value.startswith("00"):
            return refused(
                "Aucun code postal ne commence par 00. Il compte cinq chiffres, par exemple 75011."
            )
        doubt = f"Je ne connais pas de code postal qui commence comme {reading.value}."
        return unsure(reading.value, f"{doubt} Est-ce bien cela ?", reading.alternatives)
    return reading


def _without_its_zero(text: str) -> str | None:
    """« huit mille » for 08000."""
    said = number.read(text).value or ""
    return f"0{said}" if len(said) == 4 and not re.search(r"\d", text) else None


_WRITTEN = re.compile(r"(?<![\w-])\d{2} ?\d{3}(?!\w)")


def _read(text: str, at: Context) -> Reading:
    reading = _whole(text)
    if reading.value is None:
        return sought(find(text), same) or reading
    spots = [(reading.value, *match.span()) for match in _WRITTEN.finditer(text)]
    if reading.doubt is None and left_over(text, spots, letters=False):
        return unsure(reading.value, confirm(reading.value, same))
    return reading


def say(value: str) -> str:
    """« 75011 » -> « soixante-quinze, zéro onze »."""
    if not (value.isascii() and value.isdigit() and len(value) == 5):
        return value
    return f"{digit_words(value[:2])}, {digit_words(value[2:])}"


_POSTCODE = re.compile(
    r"(?:(?:code postal|cp)\D{0,12}?(?P<told>\d{2} ?\d{3})(?!\d))"
    r"|(?<![\w-])(?P<placed>\d{5})(?= +(?![A-Z]{2}\d)[A-ZÀ-Ý][\w'-]{2})"
)


def find(text: str) -> list[Spot]:
    found: list[Spot] = []
    for match in _POSTCODE.finditer(text):
        group = "told" if match.group("told") else "placed"
        value = match.group(group).replace(" ", "")
        if known_place(value):
            found.append((value, match.start(group), match.end(group)))
    return found


KIND = Kind(
    name="postcode",
    reads=_read,
    finds=lambda text, at: find(text),
    says=say,
    keypad=Keypad(5, "Tapez les cinq chiffres."),
    called=("code postal",),
    hints=digits_said(),
    example="75011",
    asked_again="Quel est le bon code postal ?",
)
