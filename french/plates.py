"""Registration plates: reading, format, show and say.

Shapes: SIV AB-123-CD (no I, O, U; SS and 000 are not issued); WW-123-AB and W-123-AB
(provisional and W garage); mopeds A-12-B to AB-123-C; FNI 123 AB 01 (before 2009: 1 to 4 digits,
1 to 3 letters, department), whose WW and W series were provisional too.
"""

import re
from typing import Literal

from french import lattice
from french.choosing import choose, confirm
from french.numerals import digit_words
from french.reading import Reading, refused, unsure
from french.shapes import Shape
from french.tokens import word_set

PlateFormat = Literal["siv", "fni", "ww", "cyclo"]

_EXAMPLE = "Donnez-la par exemple ainsi : AB-123-CD, ou 123 AB 01 pour une ancienne plaque."
UNREAD = f"Je n'ai pas reconnu de plaque d'immatriculation. {_EXAMPLE}"

DEPARTMENTS = frozenset(
    [f"{number:02d}" for number in range(1, 96) if number != 20]
    + ["2A", "2B", "971", "972", "973", "974", "975", "976"]
)

_SIV = re.compile(r"([A-Z]{2})(\d{3})([A-Z]{2})")
_GARAGE = re.compile(r"(W)(\d{3})([A-Z]{2})")
_CYCLO = re.compile(r"([A-Z]{1,2})(\d{2,3})([A-Z])")
_FNI = re.compile(r"(\d{1,4})([A-Z]{1,3})(97\d|\d\d|2A|2B|\d)")


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


def _parts(bare: str) -> tuple[PlateFormat, tuple[str, str, str]] | None:
    """The format and the three blocks of a plate written without separators."""
    for form, pattern in (("siv", _SIV), ("ww", _GARAGE), ("cyclo", _CYCLO), ("fni", _FNI)):
        match = pattern.fullmatch(bare)
        if match is None:
            continue
        first, middle, last = match.groups()
        if (form, first) == ("siv", "WW") or (form == "fni" and middle in ("W", "WW")):
            return "ww", (first, middle, last)
        if form == "siv":
            return "siv", (first, middle, last)
        if form == "fni":
            return "fni", (first, middle, last)
        return ("ww" if form == "ww" else "cyclo"), (first, middle, last)
    return None


def _bare(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())


def normal(bare: str) -> str | None:
    """« AB123CD » -> « AB-123-CD »; None when it has no plate's shape."""
    parts = _parts(bare)
    if parts is None:
        return None
    first, middle, last = parts[1]
    if first.isdigit():
        return f"{first} {middle} {last.zfill(2)}"
    return f"{first}-{middle}-{last}"


def format_of(value: str) -> PlateFormat | None:
    """The format of a plate in normal form (or written any other way)."""
    parts = _parts(_bare(value))
    return parts[0] if parts else None


# The first day of the SIV's plates: a vehicle that bears one has no older document with it.
_SIV_SINCE = "2009-04-15"


def issued_since(value: str) -> str:
    """The first day of plates of this format, as an ISO date; "" where it is not told."""
    return _SIV_SINCE if format_of(value) == "siv" else ""


def _reservations(value: str) -> str | None:
    """Why a well-shaped plate could still not have been issued, as a French sentence."""
    parts = _parts(_bare(value))
    if parts is None:
        return None
    first, middle, last = parts[1]
    letters = middle if first.isdigit() else first + last
    odd = sorted(set(letters) & set("IOU"))
    if odd:
        named = f"ni {' ni '.join(odd)}" if len(odd) > 1 else f"pas la lettre {odd[0]}"
        return f"Les plaques ne portent {named}. Vérifiez-la sur votre carte grise."
    if not first.isdigit() and "SS" in (first, last):
        return "Aucune plaque ne porte les lettres SS. Vérifiez-la sur votre carte grise."
    if not first.isdigit() and not middle.strip("0"):
        return f"Aucune plaque ne porte le nombre {middle}. Vérifiez-la sur votre carte grise."
    return None


def _unusual(value: str) -> str | None:
    """What to ask about a plate that is possible, but less than its neighbours."""
    parts = _parts(_bare(value))
    if parts is None:
        return None
    form, (first, _, last) = parts
    written = normal(_bare(value))
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


def parse(text: str, spoken: bool = False) -> Reading:
    """A plate. One that is never issued is doubted when typed, asked again when spoken."""
    bare = _exact(text)
    read = lattice.read(text, SHAPE) if bare is None else (lattice.Candidate(bare, 0.0, 0.0),)
    candidates = []
    for found in read:
        value = normal(found.value)
        if value is not None:
            rare = 1.0 if _unusual(found.value) else 0.0
            never = 1.5 if _reservations(value) else 0.0
            candidates.append(found._replace(value=value, cost=found.cost + rare + never))
    reading = choose(candidates, str, UNREAD)
    if reading.value is None:
        return _slipped(text) or refused(_missing(text))
    never_issued = _reservations(reading.value)
    if never_issued:
        if spoken:
            again = f"J'ai compris {reading.value}. {never_issued} Redites-la, lettre par lettre."
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
    bare = _bare(text)
    if re.fullmatch(r"[A-Z]{2}\d{1,2}[A-Z]{2}|[A-Z]{2}\d{4,}[A-Z]{2}", bare):
        return f"Il faut trois chiffres entre les lettres de la plaque. {_EXAMPLE}"
    if re.fullmatch(r"\d{1,4}[A-Z]{1,3}", bare):
        return "Il manque le département à la fin de la plaque, par exemple 123 AB 01."
    if re.fullmatch(r"[A-Z]{2}\d{3}", bare):
        return f"Il manque les deux dernières lettres de la plaque. {_EXAMPLE}"
    return UNREAD


def show(value: str) -> str:
    return normal(_bare(value)) or value


def say(value: str) -> str:
    """« AB-123-CD » -> « A, B, cent vingt-trois, C, D »."""
    parts = _parts(_bare(value))
    if parts is None:
        return value
    said: list[str] = []
    for part in (parts[1][0], parts[1][1], parts[1][2]):
        if part.isdigit():
            said.append(digit_words(part))
        else:
            said += [digit_words(char) if char.isdigit() else char for char in part]
    return ", ".join(said)


# Words that make « la 308 sw » or « 10 km 30 » look like plates.
_NOT_LETTERS = word_set(
    """
    LA LE DE DU MA TA SA UN ET EN AU CE IL ON TU JE ME NE SE TE SI OU NI CA MON TON SON LES
    DES MES UNE PAR SUR A AN ANS KM CV GTI HDI TDI DCI H MN MIN KG RUE AV BD EUR MAI BIS TER
    CH KW M G L T EST PAS QUE
    """
)
_FIND = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<a>[A-Z]{2})(?P<s1>[-\s.]?)(?P<b>\d{3})(?P<s2>[-\s.]?)(?P<c>[A-Z]{2})"
    r"|(?P<spelled>[A-Z] [A-Z] \d ?\d ?\d [A-Z] [A-Z])"
    r"|(?P<w>W)-(?P<wb>\d{3})-(?P<wc>[A-Z]{2})"
    r"|(?P<n>[1-9]\d{0,3})[-\s.]?(?P<l>[A-Z]{1,3})[-\s.]?(?P<d>97[1-6]|2[AB]|\d\d)"
    r")(?![\w-])",
    re.IGNORECASE,
)


def find(text: str) -> list[tuple[str, int, int]]:
    """Plates written in ``text``: only what can hardly be anything else."""
    found: list[tuple[str, int, int]] = []
    for match in _FIND.finditer(text):
        written = match.group()
        value = normal(_bare(written))
        if value is None or _reservations(value) or format_of(value) == "cyclo":
            continue
        if not _trusted(match, written):
            continue
        if value[0].isdigit() and value.split()[-1] not in DEPARTMENTS:
            continue
        found.append((value, match.start(), match.end()))
    return found


def _trusted(match: re.Match[str], written: str) -> bool:
    """Whether the writing is a plate's: capitals, hyphens, or letters that are no word."""
    groups = match.groupdict()
    capital = written.upper() == written
    if groups["a"]:
        if groups["s1"] == "-" == groups["s2"] or not (groups["s1"] or groups["s2"]):
            return True
        return capital or not {groups["a"].upper(), groups["c"].upper()} & _NOT_LETTERS
    if groups["spelled"]:
        return True
    if groups["l"]:
        letters = groups["l"].upper()
        if capital and " " in written and letters not in ("CV", "KM", "KW", "CH", "H"):
            return True
        return letters not in _NOT_LETTERS and len(groups["n"]) > 1
    return capital
