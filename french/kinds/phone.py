"""Telephone numbers: 0612345678 for a French one, +32475123456 for one from elsewhere.

Whether a foreign number exists is left to the ``phonenumbers`` library; a French one has ten
digits and is read, shown and said by pairs.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberMatcher

from french import lattice
from french.amending import amended
from french.choosing import choose, confirm
from french.kinds.base import Keypad, Kind
from french.kinds.seeking import sought
from french.lexicon import digits_said
from french.numerals import digit_words
from french.reading import Context, Reading, refused, unsure
from french.shapes import Shape

UNREAD = (
    "Je n’ai pas reconnu de numéro de téléphone. "
    "Donnez ses dix chiffres, par exemple 06 12 34 56 78."
)


def _pairs(prefix: str, piece: str) -> float:
    """French numbers go by pairs: a number across two pairs is a likely misreading."""
    if prefix.startswith("0") and not prefix.startswith("00") and len(piece) > 1:
        if len(piece) > 3:
            return 1.5
        return 1.5 if len(prefix) % 2 else 0.0
    return 0.0


def _templates() -> list[str]:
    french = ["0NDDDDDDDD", "+33NDDDDDDDD", "+330NDDDDDDDD", "0033NDDDDDDDD", "00330NDDDDDDDD"]
    return french + [head + "N" + "D" * size for head in ("+", "00") for size in range(7, 15)]


SHAPE = Shape(_templates(), _pairs)


def _parsed(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, "FR")
    except NumberParseException:
        return None


def normal(digits: str) -> str | None:
    """Digits with or without a country code -> normal form; None when not a number at all."""
    bare = re.sub(r"[^\d+]", "", digits)
    bare = re.sub(r"^00", "+", bare)
    bare = re.sub(r"^\+330?", "0", bare)
    if re.fullmatch(r"0[1-9]\d{8}", bare):
        return bare
    if re.fullmatch(r"\+[1-9]\d{7,14}", bare):
        number = _parsed(bare)
        if number is not None and phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None


def _exists(value: str) -> bool:
    number = _parsed(value)
    return number is not None and phonenumbers.is_valid_number(number)


def _read(text: str, at: Context) -> Reading:
    candidates = []
    for found in lattice.read(text.replace("(0)", ""), SHAPE):
        value = normal(found.value)
        if value is not None:
            odd = 0.0 if _exists(value) else 1.7
            candidates.append(found._replace(value=value, cost=found.cost + odd))
    reading = choose(candidates, show, UNREAD)
    if reading.value is None:
        return sought(find(text), show) or refused(_miscounted(text))
    if reading.doubt is None and not _exists(reading.value):
        question = confirm(reading.value, show)
        return unsure(reading.value, f"Ce numéro ne semble pas attribué. {question}")
    return reading


def _miscounted(text: str) -> str:
    bare = re.sub(r"[\s.\-/]", "", text)
    if bare.isascii() and bare.isdigit() and len(bare) != 10:
        count = f"{len(bare)} chiffre{'s' if len(bare) > 1 else ''}"
        return f"Vous avez donné {count}, il en faut dix. Par exemple : 06 12 34 56 78."
    return UNREAD


def show(value: str) -> str:
    """« 0612345678 » -> « 06 12 34 56 78 »; « +32475123456 » -> « +32 475 12 34 56 »."""
    if re.fullmatch(r"0\d{9}", value):
        return " ".join(value[at : at + 2] for at in range(0, 10, 2))
    number = _parsed(value) if value.startswith("+") else None
    if number is None:
        return value
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def say(value: str) -> str:
    """By pairs, « zéro six, douze, trente-quatre… »; foreign groups of four or more, by digit."""
    if not re.fullmatch(r"\+?\d+", value):
        return value
    said: list[str] = []
    for group in re.findall(r"\d+", show(value)):
        if len(group) <= 3:
            said.append(digit_words(group))
        else:
            said += [digit_words(char) for char in group]
    return ", ".join(["plus", *said] if value.startswith("+") else said)


_FRENCH = re.compile(
    r"(?<![\w+-])(?:(?:\+|00)33[ .-]?(?:\(0\))?|0)[ .]?[1-9](?:[ .-]?\d{2}){4}(?![ .-]?\d)"
)


def find(text: str) -> list[tuple[str, int, int]]:
    """Telephone numbers written in figures in ``text``."""
    found: dict[tuple[int, int], str] = {}
    for match in _FRENCH.finditer(text):
        value = normal(match.group().replace("(0)", ""))
        if value is not None:
            found[match.start(), match.end()] = value
    for foreign in PhoneNumberMatcher(text, None):
        taken = any(start < foreign.end and foreign.start < end for start, end in found)
        value = normal(foreign.raw_string)
        if value is not None and not taken:
            found[foreign.start, foreign.end] = value
    return [(value, start, end) for (start, end), value in sorted(found.items())]


KIND = Kind(
    name="phone",
    reads=_read,
    finds=lambda text, at: find(text),
    shows=show,
    says=say,
    amends=lambda value, text: amended(value, text, normal),
    format="phone",
    read_back=True,
    dictated=True,
    keypad=Keypad(10, "Tapez les dix chiffres du numéro."),
    called=("téléphone", "portable", "tel", "mobile", "numéro"),
    hints=digits_said(),
    example="06 12 34 56 78",
    asked_again="Quel est le bon numéro ?",
)
