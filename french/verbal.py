"""Writing made to be heard: every figure, sign, abbreviation and address in words.

``verbal(text)`` gives back plain sentences: letters, apostrophes, hyphens inside words, and the
marks of a pause. Values that one dictates (plates, e-mails, numbers of dossiers) are spelled out.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import yaml

from french import plates
from french.kinds import date, email, formule, phone, plate, postcode
from french.numerals import digit_words, words
from french.plain import fold

_LABEL_WORDS = 3  # a label this long is set apart by pauses
_LARGEST = 999_999
_LETTER = r"A-Za-zÀ-ÖØ-öø-ÿŒœ"

_ENDINGS = r"(?:fr|com|org|net|eu|be|ch|lu|info|gouv)"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s»)\]]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+{_ENDINGS}\b(?:/[^\s»)\],]*)?",
    re.IGNORECASE,
)
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\((?:https?:|/)[^)]*\)")
_MARKUP = re.compile(r"<[^<>]*>|[*_`#]{2,}|(?m:^\s*[#>*•–-]+\s+)")
_CODE = re.compile(
    r"(?<![\w-])(?=[A-Z0-9-]*\d|RP-)(?=[A-Z0-9-]*[A-Z])(?:[A-Z0-9]+-)+[A-Z0-9]+(?![\w-])"
)
_LONG_CODE = re.compile(r"(?<![\w-])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{5,}(?![\w-])")
_PAIRED_CODE = re.compile(r"(?<![\w-])[A-Z]{4}-[A-Z]{4}(?![\w-])")
_MIXED = re.compile(r"(?<![\w-])(?:[A-Z]{1,3}\d{1,5}|\d{1,2}[AB])(?![\w])")
_CERFA = re.compile(r"(?i)\b(cerfa)(?: (?:n°|no|numéro))? ?(\d{2})(\d{3})(?: ?\* ?(\d\d))?")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"

_UNITS = {
    "km/h": "kilomètres-heure", "km": "kilomètres", "kg": "kilos", "cm3": "centimètres cubes",
    "cm": "centimètres", "mm": "millimètres", "Mo": "mégaoctets", "Ko": "kilooctets",
    "Go": "gigaoctets", "CV": "chevaux", "ch": "chevaux", "min": "minutes", "mn": "minutes",
    "kW": "kilowatts", "t": "tonnes", "m": "mètres", "g": "grammes", "j": "jours",
}  # fmt: skip
_SHORT = {
    r"n[°º]\s*": "numéro ",
    r"N[°º]\s*": "Numéro ",
    r"p\. ?ex\.": "par exemple",
    r"c\.-à-d\.": "c'est-à-dire",
    r"etc\.?(?=\W|$)": "et cetera",
    r"\bex\. ?:": "par exemple :",
    r"\bréf\.": "référence",
    r"\btél\.": "téléphone",
    r"\bcf\.": "voir",
    r"\bart\.": "article",
    r"\bmax\.": "au plus",
    r"\bM\. (?=[A-ZÀ-Ý])": "monsieur ",
    r"\bMme\b\.?": "madame",
    r"\bMlle\b\.?": "mademoiselle",
    r"\bSt-": "Saint-",
    r"\bSte-": "Sainte-",
    r"\b24 ?h ?/ ?24\b": "vingt-quatre heures sur vingt-quatre",
    r"\b7 ?j ?/ ?7\b": "sept jours sur sept",
    r"\bet\s*/\s*ou\b": "et, ou,",
    r"\(s\)|\(es\)|\(e\)|\(x\)": "",
}
_SIGNS = {
    "€": " euros ", "%": " pour cent ", "&": " et ", "+": " plus ", "=": " égale ",
    "@": " arobase ", "°": " degrés ", "×": " fois ", "…": ".", ";": ".", "–": ", ", "—": ", ",
    "•": ", ", "|": ", ",
    "→": ", ", "’": "'", "ʼ": "'", "\u2011": "-", "\u2010": "-", "\u00ad": "",
}  # fmt: skip
_ORDINALS = {"1er": "premier", "1re": "première", "1ère": "première", "2nd": "second"}
_ROOTS = {"cinq": "cinqu", "neuf": "neuv"}


@cache
def abbreviations() -> dict[str, dict[str, str]]:
    """Abbreviation -> how it is said after an article, and alone."""
    path = Path(__file__).with_name("abbreviations.yml")
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: {"alone": entry["said"]} | entry for name, entry in loaded.items()}


def verbal(text: str) -> str:
    """``text`` in words, as one would read it aloud to somebody."""
    said = text
    for step in _STEPS:
        said = step(said)
    return said


def in_short(lines: Iterable[str], told: list[str]) -> list[str]:
    """``lines`` with what ``told`` names said in short; what they say in full is added to it."""
    said = []
    for line in lines:
        for name, entry in abbreviations().items():
            if "again" not in entry or entry["said"] not in line:
                continue
            if name in told:
                line = line.replace(entry["said"], entry["again"])
            else:
                told.append(name)
        said.append(line)
    return said


def spelled(code: str) -> str:
    """A code one character at a time: « RP-7K3M » -> « R, P, sept, K, trois, M »."""
    return ", ".join(digit_words(c) if c.isdigit() else c for c in code.upper() if c.isalnum())


def ordinal(number: int) -> str:
    """« premier », « deuxième », « vingt et unième »."""
    if number == 1:
        return "premier"
    cardinal = re.sub(r"s$", "", words(number)) if number % 100 == 80 else words(number)
    head, last = re.fullmatch(r"(.*?)([^ -]+)", cardinal).groups()  # type: ignore[union-attr]
    return f"{head}{_ROOTS.get(last, last.removesuffix('e'))}ième"


# -- steps, in order ------------------------------------------------------------------------


def _unmarked(text: str) -> str:
    text = _MARKDOWN_LINK.sub(r"\1", text.replace("\u202f", " ").replace("\u00a0", " "))
    return _MARKUP.sub(" ", text)


def _links(text: str) -> str:
    text = _EMAIL.sub(lambda match: email.say(match.group().lower()), text)
    return _LINK.sub(lambda match: _link(match.group()), text)


def _link(address: str) -> str:
    """Only the name of a site: nobody types a path that was heard."""
    tail = re.search(r"[.,;:!?]+$", address)
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", address, flags=re.I).split("/")[0]
    host = host.rstrip(".,;:!?")
    parts = [part.replace("-", " tiret ") for part in host.split(".")]
    if len(parts[-1]) == 2:
        parts[-1] = " ".join(parts[-1].upper())
    return " point ".join(parts) + (tail.group() if tail else "")


def _values(text: str) -> str:
    """Plates, telephone numbers, dates in figures, postcodes, codes."""
    finders: list[tuple[Callable[[str], list[tuple[str, int, int]]], Callable[[str], str]]] = [
        (plates.find, plate.say),
        (formule.find, formule.say),
        (phone.find, phone.say),
        (postcode.find, postcode.say),
    ]
    for find, say in finders:
        for value, start, end in reversed(find(text)):
            text = text[:start] + say(value) + text[end:]
    text = re.sub(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", _figured_date, text)
    text = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", lambda found: date.say(found.group()), text)
    text = _CERFA.sub(_cerfa, text)
    for pattern in (_CODE, _PAIRED_CODE, _LONG_CODE):
        text = pattern.sub(_spelled_code, text)
    return text


def _spelled_code(found: re.Match[str]) -> str:
    return found.group() if found.group() in abbreviations() else spelled(found.group())


def _figured_date(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return date.say(f"{year}-{int(month):02d}-{int(day):02d}")


def _cerfa(found: re.Match[str]) -> str:
    name, head, tail, version = found.groups()
    last = f", étoile {digit_words(version)}" if version else ""
    return f"{name.lower()} numéro {words(int(head))}, {digit_words(tail)}{last}"


def _shortened(text: str) -> str:
    for pattern, said in _SHORT.items():
        text = re.sub(pattern, said, text)
    return text


def _labels(text: str) -> str:
    """What the site shows, quoted: long labels are set apart by pauses."""
    text = re.sub(r"[«“\"]\s*([^»”\"]*?)\s*[»”\"]", _label, text)
    return re.sub(r"\[\s*([^\]]*?)\s*\]", _label, text)


def _label(found: re.Match[str]) -> str:
    label = found.group(1).strip("[]« »")
    if label.isupper() and label not in abbreviations():
        label = label.capitalize()
    label = label.rstrip(".")
    return f", {label}," if len(label.split()) >= _LABEL_WORDS else label


def _parentheses(text: str) -> str:
    """An aside between pauses; none where it only repeats in short what was just said."""
    for _ in range(3):
        text = re.sub(r"\s*\(([^()]*)\)", _aside, text)
    return re.sub(r"[()\[\]{}]", " ", text)


def _aside(found: re.Match[str]) -> str:
    inside = found.group(1).strip()
    before = fold(found.string[: found.start()])[-90:]
    entry = abbreviations().get(inside)
    if entry is not None and fold(entry["said"]).split()[0] in before:
        return ""
    last = re.search(r"([A-Z0-9]+)\s*$", found.string[: found.start()])
    named = abbreviations().get(last.group(1)) if last else None
    if named is not None and fold(named["said"])[:24] == fold(inside)[:24]:
        return ""
    return f", {inside}," if inside else ""


def _abbreviated(text: str) -> str:
    said_before: set[str] = set()

    def expand(found: re.Match[str]) -> str:
        name = found.group()
        entry = abbreviations().get(name)
        if entry is None:
            return name
        ahead = found.string[: found.start()]
        article = re.search(
            r"(?i)(?:\b(?:le|la|les|l|d|du|des|un|une|au|aux|ce|cette|son|votre)"
            r"[ '’]+|[ld]['’])$",
            ahead,
        )
        if entry["said"] in ahead:
            return " ".join(name)  # it is being explained: « une téléprocédure, ou T P »
        said = entry["said"] if article else entry["alone"]
        if name in said_before:
            said = said.replace(entry["said"], entry.get("again", entry["said"]))
        said_before.add(name)
        start = not ahead.strip() or ahead.rstrip()[-1] in ".!?"
        return said[0].upper() + said[1:] if start else said

    return re.sub(r"(?<![\w-])[A-Z]{2,5}\d?(?![\w])", expand, text)


def _numbers(text: str) -> str:
    text = _MIXED.sub(_mixed, text)
    text = re.sub(r"(\d+)\s*,\s*(\d\d)\s*(?:€|euros?\b)", _amount, text)
    text = re.sub(r"\b(1er|1re|1ère|2nde?)\b", lambda m: _ORDINALS.get(m[1], "second"), text)
    text = re.sub(r"\b(\d+)(?:e|ème|è)\b", lambda m: ordinal(int(m[1])), text)
    text = re.sub(r"\b(\d{1,2}) ?h(?: ?(\d\d))?\b", _hour, text)
    units = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    text = re.sub(rf"(\d) ?({units})(?!\w)", lambda m: f"{m[1]} {_UNITS[m[2]]}", text)
    text = re.sub(r"\b(\d{4})\s*[-–]\s*(\d{4})\b", r"\1 à \2", text)
    text = re.sub(r"(?<=\d)[ .](?=\d{3}(?!\d))", "", text)
    text = re.sub(rf"\b1(?= (?:{_MONTHS})\b)", "premier", text)
    text = re.sub(r"(\d+),(\d+)", r"\1 virgule \2", text)
    text = re.sub(r"(?<=\d)\s*/\s*(?=\d)", " sur ", text)
    text = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", text)
    return re.sub(r"\d+", lambda found: _number(found.group()), text)


def _mixed(found: re.Match[str]) -> str:
    """« B96 » -> « B quatre-vingt-seize », « F1707 » -> « F dix-sept, zéro sept »."""
    parts = re.findall(r"[A-Z]|\d+", found.group())
    return " ".join(_pairs(part) if part.isdigit() else part for part in parts)


def _pairs(digits: str) -> str:
    if len(digits) < 4:
        return _number(digits)
    head = len(digits) % 2 + 2 if len(digits) % 2 else 2
    groups = [digits[:head], *re.findall("..", digits[head:])]
    return ", ".join(digit_words(group) for group in groups)


def _number(digits: str) -> str:
    if digits.startswith("0"):
        return digit_words(digits)
    if int(digits) <= _LARGEST:
        return words(int(digits))
    return ", ".join(digit_words(digit) for digit in digits)


def _amount(found: re.Match[str]) -> str:
    euros, cents = int(found.group(1)), int(found.group(2))
    unit = "euro" if euros < 2 else "euros"
    return f"{_number(str(euros))} {unit}" + (f" {words(cents)}" if cents else "")


def _hour(found: re.Match[str]) -> str:
    hour, minutes = int(found.group(1)), found.group(2)
    said = "une heure" if hour == 1 else f"{words(hour)} heures"
    return said + (f" {words(int(minutes))}" if minutes and int(minutes) else "")


def _capitals(text: str) -> str:
    """Words in capitals: a name or a label is a word, a short one is spelled."""

    def lowered(found: re.Match[str]) -> str:
        word = found.group()
        return word.capitalize() if len(word) > 3 else " ".join(word)

    text = re.sub(r"\b[a-z][A-Z]{2,}\b", lambda found: " ".join(found.group()), text)  # iOS
    return re.sub(r"(?<![\w])[A-ZÀ-ÖØ-Ý]{2,}(?![\w])", lowered, text)


def _signs(text: str) -> str:
    text = re.sub(r"(?<=\w)\s*/\s*(?=\w)", " ou ", text)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, said)
    text = re.sub(r"\.{2,}", ".", text)
    text = re.sub(r"(?<![\w])-|-(?![\w])", " ", text)
    return re.sub(rf"[^{_LETTER}\s',.:?!-]", " ", text)


def _tidied(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.])", r"\1", text)
    text = re.sub(r"(?<=[^\s])\s*([?!:])", r" \1", text)
    text = re.sub(r"[,\s]*([:,])(?:\s*[,:])+", r"\1", text)
    text = re.sub(r",\s*([.?!])", r"\1", text).replace(" :,", " :")
    text = re.sub(r"([.?!:])\s*,", r"\1", text)
    text = re.sub(r"([.?!])(?:\s*[.])+", r"\1", text)
    text = re.sub(r"(?<=[^\s]):", " :", text)
    text = re.sub(r"([,.:?!])(?=[^\s,.:?!])", r"\1 ", text)
    return re.sub(r"^[\s,.:]+|[\s,]+$", "", text)


_STEPS: tuple[Callable[[str], str], ...] = (
    _unmarked,
    _links,
    _shortened,
    _values,
    _parentheses,
    _labels,
    _abbreviated,
    _numbers,
    _signs,
    _capitals,
    _tidied,
)
