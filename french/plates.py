"""Registration plates: their formats, and those that are written in a text.

Shapes: SIV AB-123-CD (no I, O, U; SS and 000 are not issued); WW-123-AB and W-123-AB
(provisional and W garage); mopeds A-12-B to AB-123-C; FNI 123 AB 01 (before 2009: 1 to 4 digits,
1 to 3 letters, department), whose WW and W series were provisional too.
"""

import re
from typing import Literal

from french.tokens import word_set

PlateFormat = Literal["siv", "fni", "ww", "cyclo"]

DEPARTMENTS = frozenset(
    [f"{number:02d}" for number in range(1, 96) if number != 20]
    + ["2A", "2B", "971", "972", "973", "974", "975", "976"]
)

_SIV = re.compile(r"([A-Z]{2})(\d{3})([A-Z]{2})")
_GARAGE = re.compile(r"(W)(\d{3})([A-Z]{2})")
_CYCLO = re.compile(r"([A-Z]{1,2})(\d{2,3})([A-Z])")
_FNI = re.compile(r"(\d{1,4})([A-Z]{1,3})(97\d|\d\d|2A|2B|\d)")


def parts(bare: str) -> tuple[PlateFormat, tuple[str, str, str]] | None:
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


def bare_plate(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())


def normal(bare: str) -> str | None:
    """« AB123CD » -> « AB-123-CD »; None when it has no plate's shape."""
    blocks = parts(bare)
    if blocks is None:
        return None
    first, middle, last = blocks[1]
    if first.isdigit():
        return f"{first} {middle} {last.zfill(2)}"
    return f"{first}-{middle}-{last}"


def format_of(value: str) -> PlateFormat | None:
    """The format of a plate in normal form (or written any other way)."""
    blocks = parts(bare_plate(value))
    return blocks[0] if blocks else None


# The first day of the SIV's plates: a vehicle that bears one has no older document with it.
_SIV_SINCE = "2009-04-15"


def issued_since(value: str) -> str:
    """The first day of plates of this format, as an ISO date; "" where it is not told."""
    return _SIV_SINCE if format_of(value) == "siv" else ""


def reservations(value: str) -> str | None:
    """Why a well-shaped plate could still not have been issued, as a French sentence."""
    blocks = parts(bare_plate(value))
    if blocks is None:
        return None
    first, middle, last = blocks[1]
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
        value = normal(bare_plate(written))
        if value is None or reservations(value) or format_of(value) == "cyclo":
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
