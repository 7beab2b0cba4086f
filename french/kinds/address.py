"""Postal addresses, typed, dictated, or told in a sentence.

A missing postcode or town is a problem, a missing number a doubt, save for a place-name.
"""

import re
from dataclasses import replace

from french.addresses import NO_NUMBER, Address, begins, in_sentence, parts, split, told
from french.countries import is_country
from french.kinds.base import Kind, Spot, same
from french.kinds.seeking import sought
from french.plain import flat, fold
from french.questions import is_question
from french.reading import Context, Reading, refused, sure, unsure
from french.tokens import repair_at, tokenize

EXAMPLE = "par exemple : 12 rue des Lilas, 75011 Paris"
UNREAD = f"Je n’ai pas reconnu d’adresse. Donnez-la en entier, {EXAMPLE}."
LONGEST = 160
MOST_TRIES = 12  # of places of a message where an address may begin
_NEAR = 8  # « c'est le 12 rue … »: what may stand before a number
_FIVE_FIGURES = re.compile(r"(?<!\d)\d{5}(?!\d)")
_HOUSE = re.compile(r"(?:le |au |numero |n° ?)*(\d{1,4}(?:-\d{1,4})?)\s*(bis|ter|quater|[a-d])?")


# « 12 rue des Lilas à Toulouse (31000) »: the postcode after its town.
_TOWN_FIRST = re.compile(
    r"(?P<way>.*\d.*?)(?:,| à )\s*(?P<town>[^\d,()]{2,40}?)\s*[(,]?\s*(?P<code>\d{5})\)?\W*"
)


def _read(text: str, at: Context) -> Reading:
    if is_question(text):
        return refused(UNREAD)
    again = _repaired(text[:600])
    if again:
        reading = _read(again, at)
        if reading.value is not None:
            return reading
    turned = _TOWN_FIRST.fullmatch(text[:600])
    if turned:
        return _read(f"{turned['way']}, {turned['code']} {turned['town']}", at)
    abroad = _abroad(text)
    if abroad:
        return unsure(abroad, f"J’ai noté une adresse à l’étranger : {abroad}. Est-ce bien cela ?")
    several = find(text, at)
    if len({value for value, _, _ in several}) > 1:
        return sought(several, same) or refused(UNREAD)
    address = _in_sentence(text)
    problem = _missing(address, text)
    if problem:
        return refused(problem)
    return _weighed(address, at)


def _weighed(address: Address, at: Context) -> Reading:
    value = address.line()
    street = flat(f"{address.complement} {address.way}")
    left = re.search(r"\d", address.after) or _CODE_INSIDE.search(street)
    if len(value) > LONGEST or left:
        return unsure(value, f"J’ai noté : {value}. Est-ce bien cela ?")
    unnumbered = not any(address.way.startswith(way) for way in NO_NUMBER)
    if not address.number and unnumbered:
        return unsure(value, f"Il n’y a pas de numéro dans « {value} ». Est-ce bien cela ?")
    if at.spoken:
        return unsure(value, f"J’ai noté : {value}. Est-ce bien cela ?")
    return sure(value)


_CODE_INSIDE = re.compile(r"(?<!\d)(?<!cs )(?<!bp )(?<!tsa )\d{2} ?\d{3}(?!\d)")


def _ends(before: str, after: str) -> bool:
    """Whether another address begins after a comma: what comes before had its way."""
    here = begins(after.lstrip())
    return begins(before) >= 0 and 0 <= here <= _NEAR


def _in_sentence(text: str) -> Address:
    """The address of a message, what comes before it left out where that is a sentence."""
    said = told(text)
    address = parts(said)
    before = address.complement or ("" if address.number else address.way)
    if before and in_sentence(before):
        start = begins(said)
        if start > 0:
            return parts(said[start:])
    return address


def _missing(address: Address, text: str) -> str:
    """What an address lacks ("" when it is whole)."""
    if not address.way or not any(char.isalpha() for char in address.way):
        if address.postcode and address.town:
            place = f"{address.postcode} {address.town}"
            return f"Il manque le numéro et la rue devant {place}. Donnez l’adresse, {EXAMPLE}."
        return UNREAD
    if in_sentence(address.way) and not address.number:
        return UNREAD
    if not address.postcode and not re.search(r"\d+\s|\s", address.line()):
        return UNREAD
    if not address.postcode and (figures := _FIVE_FIGURES.search(text)):
        code = figures.group()
        return f"Le code postal {code} n’existe pas. Donnez l’adresse, {EXAMPLE}."
    if not address.postcode:
        line = address.line()
        return f"Il manque le code postal dans « {line} ». Donnez l’adresse, {EXAMPLE}."
    if not any(char.isalpha() for char in address.town):
        return f"Il manque la ville après {address.postcode}. Donnez l’adresse, {EXAMPLE}."
    return ""


def _repaired(text: str) -> str:
    """What follows the last correction, when it is a whole address again."""
    tokens = tokenize(text)
    for index in range(len(tokens) - 1, 0, -1):
        size = repair_at(tokens, index)
        if size and index + size < len(tokens):
            return text[tokens[index + size].start :]
    return ""


def _abroad(text: str) -> str:
    """An address that ends with the name of a country, as it was written: its form is unknown."""
    said = re.sub(r"\s*,[\s,]*", ", ", told(text)).strip(" ,;.")
    place, _, country = said.rpartition(", ")
    return said if is_country(country) and len(place.split()) > 1 else ""


def find(text: str, at: Context) -> list[Spot]:
    """Whole addresses in a longer message, from their number or their way to their town."""
    found: list[Spot] = []
    offset = 0
    for _ in range(MOST_TRIES):
        start = begins(text[offset:])
        if start < 0:
            break
        start += offset
        end = _end(text[start:])
        if not end:
            offset = start + 1
            continue
        address = split(text[start : start + end])
        if address.number and not _missing(address, text):
            found.append((address.line(), start, start + end))
        offset = start + end
    return found


def _end(text: str) -> int:
    """How long the address is that begins a text; 0 where it is none."""
    for postcode in re.finditer(r"(?<![\d-])\d{2} ?\d{3}(?!\d)", text):
        rest = text[postcode.end() :]
        figure = re.search(r"(?<!edex )\d", rest)
        until = postcode.end() + (figure.start() if figure else len(rest))
        address = parts(text[:until])
        if not (address.postcode and address.town and address.way) or in_sentence(address.way):
            continue
        letters = [re.escape(part) for part in re.split(r"[ '-]+", flat(address.town)) if part]
        pattern = r"[ '.-]+".join(
            part if part not in ("saint", "sainte") else "s(?:ain)?te?" for part in letters
        )
        town = re.compile(pattern).search(flat(text), postcode.end())
        return town.end() if town else postcode.end()
    return 0


def _amend(value: str, text: str) -> str | None:
    """« c'est le 41 », « 75012 », « 14 bis »: the number or the postcode put right."""
    said = told(text).strip(" .,;!")
    address = split(value)
    if address.line() != value or not said:
        return None
    code = re.fullmatch(r"(?:code postal )?(\d{2}) ?(\d{3})", fold(said))
    house = _HOUSE.fullmatch(fold(said))
    if code:
        return replace(address, postcode="".join(code.groups())).line()
    if house and address.way:
        suffix = house.group(2) or ""
        joint = " " if len(suffix) > 1 else ""
        return replace(
            address, number=f"{house.group(1)}{joint}{suffix if joint else suffix.upper()}"
        ).line()
    return None


KIND = Kind(
    name="address",
    reads=_read,
    finds=find,
    amends=_amend,
    format="address",
    free=True,
    ends=_ends,
    dictated=True,
    spelled=True,
    called=("adresse", "rue", "domicile"),
    hints=(
        "rue",
        "avenue",
        "boulevard",
        "place",
        "chemin",
        "impasse",
        "allée",
        "route",
        "bis",
        "ter",
        "lotissement",
        "résidence",
        "code postal",
        "lieu-dit",
    ),
    example="12 rue des Lilas, 75011 Paris",
    asked_again="Quelle est la bonne adresse ?",
)
