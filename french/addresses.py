"""The parts of a postal address: number, way, complement, postcode and town, on one line.

Only the form is checked (no address base is asked): « 12 bis rue des Lilas, 75011 Paris ».
"""

import re
from dataclasses import dataclass
from functools import cache

from french.kinds.postcode import known_place
from french.names import capitals
from french.plain import any_of, flat, fold, listed, plain, word_list
from french.spoken_numbers import figured
from french.tokens import word_set

_REPEATS = frozenset({"bis", "ter", "quater"})
_SMALL = word_set("de du des d la le les l et en sur sous au aux a à lès lez bis ter près pres")
_OF_SENTENCES = word_list("ways", "of_sentences")


@cache
def _ways() -> dict[str, str]:
    """Folded way or abbreviation -> the way in full."""
    table: dict[str, str] = {}
    for way, short in listed("ways")["ways"].items():
        for name in (way, *short):
            table[fold(str(name))] = str(way)
    return table


def _either(names: list[str]) -> str:
    return "|".join(sorted((re.escape(fold(name)) for name in names), key=len, reverse=True))


def _expression(entry: str) -> str:
    """A long expression, written on several lines of the list."""
    return " ".join(str(listed("ways")[entry]).split()).replace("| ", "|")


_WITH_NUMBER = [str(name) for name in listed("ways")["with_number"]]
NO_NUMBER = frozenset(str(way) for way in listed("ways")["no_number"])
_ANY_WAY = rf"(?P<way>{_either(list(_ways()))})(?![\w'])\.?\s*"
_FREE = [way for way in _ways() if way not in {fold(name) for name in _WITH_NUMBER}]
_FREE_WAY = rf"(?P<way>{_either(_FREE)})(?![\w'])\.?\s*"
_NUMBER = (
    r"(?<![\w-])(?:n[°ºo]?\.?\s*)?(?P<number>\d{1,4}(?!\d)(?:\s?[-/]\s?\d{1,4}(?!\d)|\s(?:a|et)\s\d{1,4}(?!\d))?)"
    r"\s*(?P<suffix>bis|ter|quater|[a-d](?![\w'-]))?\s*,?\s*"
)
_NUMBERED = re.compile(_NUMBER + _ANY_WAY)
_NUMBERED_PLACE = re.compile(_NUMBER + r"(?=[a-z])")
_SHORT_WAY = rf"(?P<short>{_either(_WITH_NUMBER)})\.\s*"
_UNNUMBERED = re.compile(rf"(?:^|(?<=[,;] )|(?<=,))(?:{_FREE_WAY}|{_SHORT_WAY})")
_COMPLEMENT = re.compile(rf"(?:^|[\s,;(-]+){any_of('ways', 'complements')}")
_NO_POSTCODE = re.compile(r"(?:\bcs|\bbp|\btsa|\bb\.p\.?|\bcedex)\s*$")
_POSTCODE = re.compile(r"(?<![\d-])(?:F-?)?(\d{2} ?\d{3})(?!\d)")
_ABOUT_POSTCODE = re.compile(r"(?:\s*[,;]\s*|\s+|^)(?:[Cc]ode [Pp]ostal|à|a|cp|CP)\s*:?$")
_LEAD = re.compile(rf"^\W*(?:{_expression('leads')}(?![\w'])[\s:,]*)+")
_TRAIL = re.compile(r"(?:[\s,.]+(?:voila|merci|s'il (?:vous )?plait|svp|c'est (?:ca|tout)))+\W*$")
_AFTER_TOWN = re.compile(
    rf"(?:[\s,;.]+|^){_expression('after_town')}(?![\w']).*$|[;:!?\n(].*$",
    re.S,
)
_HESITATION = re.compile(r"(?i)\b(?:euh|heu|hum)\b[\s,.…]*")
_DISTRICT = re.compile(r"(?i)\s+(\d{1,2})\s*(?:er|e|è|ème|eme)(?:\s+arr(?:ondissement|t)?\.?)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; those not given are empty. ``start``, ``end``: where it stands."""

    number: str = ""
    way: str = ""
    complement: str = ""
    postcode: str = ""
    town: str = ""
    after: str = ""  # what the message goes on with

    def line(self) -> str:
        street = f"{self.number} {self.way}".strip()
        head = ", ".join(part for part in (self.complement, street) if part)
        tail = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (head, tail) if part)


def told(text: str) -> str:
    """What a message says of an address, its figures put in figures."""
    said = " ".join(_HESITATION.sub("", text[:400].replace("\n", ", ")).split())
    said = re.sub(r"(?:\s*,){2,}", ",", said)
    said = re.sub(r"(?i)\blot\.?\s+(?=[^\W\d_])", "lotissement ", said)
    for _ in range(2):
        lead = _LEAD.match(flat(said))
        said = said[lead.end() :] if lead and lead.end() < len(said) else said
    trail = _TRAIL.search(flat(said))
    return figured(said[: trail.start()] if trail else said).strip()


def split(text: str) -> Address:
    """The parts of an address written on one line, or that stands in a sentence."""
    return parts(told(text))


def parts(said: str) -> Address:
    place = _place(said)
    head = said[: place.start()] if place else said
    tail = said[place.end() :] if place else ""
    town, after = _town(tail)
    street = head.strip(" ,;.-–")
    if place and not town:
        # « …, Paris 75011 », « … à Paris 75011 »: the town before its postcode.
        before = re.fullmatch(r"(?i)(.*\w)\s*(?:,|\sà\s)\s*([^,\d]+)", street)
        street, town = before.groups() if before else (street, town)
    about = _ABOUT_POSTCODE.search(street)
    street = street[: about.start()] if about else street
    if place and not street and _NUMBERED.match(flat(after)):
        street, after = after, ""  # « 29600 Morlaix, 4 rue Basse »
    number, way, complement = _street(street)
    if way and _COMPLEMENT.match(flat(after)):
        complement, after = ", ".join(part for part in (complement, after) if part), ""
    postcode = place.group(1).replace(" ", "") if place else ""
    district = _DISTRICT.search(town)
    if district and postcode[-2:] == district.group(1).zfill(2):
        town = town[: district.start()]
    return Address(number, way, complement, postcode, title(town, hyphens=True), after)


def _place(said: str) -> re.Match[str] | None:
    """The postcode: the last run of five figures that is neither a year nor a « CS » box."""
    places = [
        match
        for match in _POSTCODE.finditer(said)
        if known_place(match.group(1).replace(" ", ""))
        and not _NO_POSTCODE.search(flat(said[: match.start()]))
    ]
    named = [match for match in places if re.match(r"[\s,.;–-]*[^\W\d_]", said[match.end() :])]
    return (named or places)[-1] if places else None


def _town(tail: str) -> tuple[str, str]:
    """The town that follows a postcode, and what the sentence goes on with."""
    tail = re.sub(r"(?i)(?:\s*,\s*|(?<!\bde)\s+)france\s*$", "", tail.lstrip(" ,;.-–"))
    low = flat(tail)
    first = re.match(r"\S+", low)
    over = _AFTER_TOWN.search(low, first.end() if first else 0)
    if over is None:
        return _cedex(tail)
    town, _ = _cedex(tail[: over.start()])
    return town, tail[over.start() :].strip(" ,;.")


def _cedex(tail: str) -> tuple[str, str]:
    match = re.match(r"(?i)([^,\d]*?cedex(?: \d{1,2})?)(?![\w])(.*)$", tail, re.S)
    if match:
        return re.sub(r"(?i)cedex", "Cedex", match.group(1)), match.group(2).strip(" ,;.-")
    town, _, rest = tail.partition(",")
    return town.strip(" ;.-–"), rest.strip(" ,;.")


def _street(street: str) -> tuple[str, str, str]:
    """(number, way, complement) of what precedes the postcode."""
    low = flat(street)
    match = _first_way(low)
    if match is None:
        place = _NUMBERED_PLACE.match(low)
        if place and place.end() < len(street):
            name, after = _apart(street[place.end() :])
            return _numbered(place), title(name), after
        name, extra = _apart(street)
        return "", title(name), extra
    before = street[: match.start()].strip(" ,;-")
    rest, after = _apart(street[match.end() :])
    kind = _ways()[match["way"] or match["short"]]
    way = f"{kind} {_name(rest)}".strip()
    extra = ", ".join(part for part in (before, after) if part)
    return (_numbered(match) if match.groupdict().get("number") else ""), way, extra


def _first_way(low: str) -> re.Match[str] | None:
    """The way: after its number, or at the beginning of what is said of the street."""
    for match in _NUMBERED.finditer(low):
        if not _COMPLEMENT.fullmatch(" " + low[match.start() : match.end("number")]):
            return match
    return _UNNUMBERED.search(low)


def _numbered(match: re.Match[str]) -> str:
    number = re.sub(r"\s*(?:[-/]|\b(?:a|et)\b)\s*", "-", match["number"])
    suffix = match["suffix"] or ""
    if suffix in _REPEATS:
        return f"{number} {suffix}"
    return number + suffix.upper()


def _apart(rest: str) -> tuple[str, str]:
    """A way's name, and the complement that follows it (« appartement 4 », « BP 12 »)."""
    rest = rest.strip(" ,;-")
    complement = _COMPLEMENT.search(flat(rest))
    comma = rest.find(",")
    at = complement.start() if complement else -1
    if at < 0 or 0 <= comma < at:
        at = comma
    if at <= 0:
        return rest, ""
    return rest[:at].strip(" ,;-("), rest[at:].strip(" ,;-()")


def title(text: str, hyphens: bool = False) -> str:
    """Capitals for a way's or a town's name written all in one case."""
    text = " ".join(text.split())
    words = re.split(r"([ '-])", text)
    if text in (text.lower(), text.upper()):
        words = [
            word.lower() if index and fold(word) in _SMALL else word[:1].upper() + word[1:].lower()
            for index, word in enumerate(words)
        ]
    out = re.sub(
        r"\b(?:Bp|Cs|Tsa|Za|Zi|Rd|Rn)\b", lambda found: found.group().upper(), "".join(words)
    )
    if hyphens:
        out = re.sub(r"\b(St|Ste|Saint|Sainte)[ -](?=\w)", _saint, out)
        out = re.sub(r"(?<=\w) (sur|sous|lès|les|en|et|de|du|des|la|le|aux) (?=\w)", r"-\1-", out)
    return out


def _saint(match: re.Match[str]) -> str:
    return "Sainte-" if match.group(1) in ("Ste", "Sainte") else "Saint-"


def _name(rest: str) -> str:
    """A way's name: its article stays small (« des Lilas »), the rest takes capitals."""
    if rest not in (rest.lower(), rest.upper()) or len(rest) == 1:
        return rest
    return re.sub(
        r"[^\W\d_]+",
        lambda found: (
            found.group().lower()
            if fold(found.group()) in _SMALL
            else capitals(found.group().lower())
        ),
        rest,
    )


def begins(text: str) -> int:
    """Where an address begins in a sentence: at its number, its way or its complement."""
    low = flat(text)
    match = _NUMBERED.search(low) or re.compile(rf"(?<![\w'-]){_FREE_WAY}").search(low)
    if match is None:
        return -1
    complement = _COMPLEMENT.search(low, 0, match.start())
    return min(match.start(), complement.start()) if complement else match.start()


def in_sentence(said: str) -> bool:
    """Whether what should be a street is words of a sentence."""
    return any(word in _OF_SENTENCES for word in plain(said).split())
