"""Registration plates, typed or dictated."""

import re

from french import lattice
from french.amending import amended
from french.choosing import choose, confirm
from french.kinds.base import Kind
from french.kinds.seeking import left_over, sought
from french.lexicon import alphabet_said, digits_said
from french.numerals import digit_words
from french.plates import DEPARTMENTS, bare_plate, find, normal, parts, reservations
from french.reading import Context, Reading, refused, unsure
from french.shapes import Shape

_EXAMPLE = "Donnez-la par exemple ainsi : AB-123-CD, ou 123 AB 01 pour une ancienne plaque."
UNREAD = f"Je n’ai pas reconnu de plaque d’immatriculation. {_EXAMPLE}"


def _price(prefix: str, piece: str) -> float:
    """Styles seldom used are dearer, and letters that plates don't bear."""
    cost = 1.5 * sum(piece.count(letter) for letter in "IOU")
    if prefix.isdigit() and piece.isdigit():
        # A lone digit after a longer number (« cent vingt, trois ») is not how people dictate.
        if len(piece) == 1 and len(prefix) >= 2 and prefix[-2:] != piece * 2:
            cost += 0.2
        if len(prefix) == 3 and piece != "0":
            cost += 0.4
    return cost


def _templates() -> list[str]:
    shapes = ["LLDDDLL", "wDDDLL", "LDDL", "LDDDL", "LLDDL", "LLDDDL"]
    for digits in ("N", "ND", "NDD", "NDDD"):
        for letters in ("L", "LL", "LLL"):
            shapes += [digits + letters + place for place in ("DD", "2A", "2B", "97D", "N")]
    return shapes


SHAPE = Shape(_templates(), _price)


def _unusual(value: str) -> str | None:
    """What to ask about a plate that is possible, but less than its neighbours."""
    blocks = parts(bare_plate(value))
    if blocks is None:
        return None
    form, (first, _, last) = blocks
    written = normal(bare_plate(value))
    if form == "cyclo":
        return f"{written} est une plaque de cyclomoteur. Est-ce bien cela ?"
    if first.isdigit() and last.zfill(2) not in DEPARTMENTS:
        return f"Je ne connais pas le département {last}. La plaque est-elle bien {written} ?"
    if first.isdigit() and len(last) == 1:
        return f"La plaque est-elle bien {written}, département {last.zfill(2)} ?"
    return None


_EXACT = re.compile(
    r"[\W_]*(?:([A-Za-z]{1,2})[\s.-]*(\d{2,3})[\s.-]*([A-Za-z]{1,2})"
    r"|([1-9]\d{0,3})[\s.-]*([A-Za-z]{1,3})[\s.-]*(\d{1,3}|2[AaBb]))[\W_]*"
)


def _exact(text: str) -> str | None:
    """The plate that a message is, written in letters and figures and nothing else."""
    match = _EXACT.fullmatch(text)
    bare = "".join(filter(None, match.groups())).upper() if match else ""
    return bare if bare.isascii() and normal(bare) else None


def _read(text: str, at: Context) -> Reading:
    """A plate, or one that is written in a longer message and nothing beside it."""
    reading = _whole(text, at.spoken)
    if reading.alternatives or (reading.value is not None and reading.doubt is None):
        return reading
    spots = find(text)
    if reading.value in (None, *(value for value, _, _ in spots)) and not left_over(text, spots):
        return sought(spots, show) or reading
    if reading.value is None and spots:
        return unsure(spots[0][0], confirm(spots[0][0], show))
    return reading


def _whole(text: str, spoken: bool = False) -> Reading:
    """A plate. One that is never issued is doubted when typed, asked again when spoken."""
    bare = _exact(text)
    read = lattice.read(text, SHAPE) if bare is None else (lattice.Candidate(bare, 0.0, 0.0),)
    candidates = []
    for found in read:
        value = normal(found.value)
        if value is not None:
            rare = 1.0 if _unusual(found.value) else 0.0
            never = 1.5 if reservations(value) else 0.0
            candidates.append(found._replace(value=value, cost=found.cost + rare + never))
    reading = choose(candidates, str, UNREAD)
    if reading.value is None:
        return _slipped(text) or refused(_missing(text))
    never_issued = reservations(reading.value)
    if never_issued:
        if spoken:
            again = f"J’ai compris {reading.value}. {never_issued} Redites-la, lettre par lettre."
            return refused(again, (reading.value, *reading.alternatives))
        return unsure(
            reading.value,
            f"{never_issued} La plaque est-elle bien {reading.value} ?",
            reading.alternatives,
        )
    if reading.doubt is None:
        # As it was read: a department of one digit has been completed since.
        question = _unusual(
            next(item.value for item in read if normal(item.value) == reading.value)
        )
        if question:
            return unsure(reading.value, question)
    return reading


_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "U": "0"})


def _slipped(text: str) -> Reading | None:
    """A typed SIV plate with a letter O or I for a figure, or the reverse."""
    match = re.fullmatch(r"\W*([A-Z01]{2})[-\s.]*([\dOI]{3})[-\s.]*([A-Z01]{2})\W*", text.upper())
    if match is None:
        return None
    first, middle, last = match.groups()
    value = normal(first + middle.translate(_LOOKALIKES) + last)
    return unsure(value, confirm(value, str)) if value else None


def _missing(text: str) -> str:
    bare = bare_plate(text)
    if re.fullmatch(r"[A-Z]{2}\d{1,2}[A-Z]{2}|[A-Z]{2}\d{4,}[A-Z]{2}", bare):
        return f"Il faut trois chiffres entre les lettres de la plaque. {_EXAMPLE}"
    if re.fullmatch(r"\d{1,4}[A-Z]{1,3}", bare):
        return "Il manque le département à la fin de la plaque, par exemple 123 AB 01."
    if re.fullmatch(r"[A-Z]{2}\d{3}", bare):
        return f"Il manque les deux dernières lettres de la plaque. {_EXAMPLE}"
    return UNREAD


def show(value: str) -> str:
    return normal(bare_plate(value)) or value


def say(value: str) -> str:
    """« AB-123-CD » -> « A, B, cent vingt-trois, C, D »."""
    blocks = parts(bare_plate(value))
    if blocks is None:
        return value
    said: list[str] = []
    for part in (blocks[1][0], blocks[1][1], blocks[1][2]):
        if part.isdigit():
            said.append(digit_words(part))
        else:
            said += [digit_words(char) if char.isdigit() else char for char in part]
    return ", ".join(said)


KIND = Kind(
    name="plate",
    reads=_read,
    finds=lambda text, at: find(text),
    shows=show,
    says=say,
    spells=say,
    amends=lambda value, text: amended(value, text, normal),
    format="plate",
    read_back=True,
    dictated=True,
    spelled=True,
    called=("plaque", "plaques", "immatriculation", "matricule", "immat"),
    hints=(*alphabet_said(), *digits_said(), "double"),
    example="AB-123-CD",
    asked_again="Quelle est la bonne plaque ?",
)
