"""Postal addresses: number, way, complement, postcode and town, on one line.

Only the form is checked (no address base is asked): « 12 bis rue des Lilas, 75011 Paris ». A
missing postcode or town is a problem, a missing number a doubt, save for a place-name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from french.codes import known_place
from french.countries import is_country
from french.lexicon import number_sounds
from french.names import capitals
from french.numerals import Numbers, says_number, zeros
from french.reading import Reading, refused, sure, unsure
from french.tokens import FILLERS, Token, fold, repair_at, tokenize, word_set

EXAMPLE = "par exemple : 12 rue des Lilas, 75011 Paris"
_WAYS = {
    "rue": "rue", "r": "rue", "avenue": "avenue", "av": "avenue", "ave": "avenue",
    "boulevard": "boulevard", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "place": "place", "pl": "place", "chemin": "chemin", "ch": "chemin",
    "che": "chemin", "impasse": "impasse", "imp": "impasse", "allee": "allée", "allees": "allées",
    "all": "allée", "route": "route", "rte": "route", "quai": "quai", "cours": "cours",
    "square": "square", "sq": "square", "passage": "passage", "residence": "résidence",
    "res": "résidence", "lotissement": "lotissement", "lot": "lotissement", "sentier": "sentier",
    "ruelle": "ruelle", "esplanade": "esplanade", "promenade": "promenade", "hameau": "hameau",
    "faubourg": "faubourg", "fbg": "faubourg", "montee": "montée", "voie": "voie",
    "venelle": "venelle", "villa": "villa", "cite": "cité", "clos": "clos", "domaine": "domaine",
    "lieu-dit": "lieu-dit", "lieudit": "lieu-dit", "zone": "zone", "za": "ZA", "zi": "ZI",
    "rond-point": "rond-point", "traverse": "traverse", "cote": "côte", "mail": "mail",
    "parc": "parc", "bourg": "bourg", "quartier": "quartier", "pont": "pont", "port": "port",
}  # fmt: skip
_NO_NUMBER = frozenset(["lieu-dit", "résidence", "hameau", "bourg", "domaine", "zone", "ZA", "ZI"])
_REPEATS = frozenset({"bis", "ter", "quater"})
_SMALL = word_set("de du des d la le les l et en sur sous au aux a à lès lez bis ter près pres")
_LEAD = re.compile(
    r"^\W*(?:(?:alors|oui|eh bien|ben|voilà|bonjour|donc|c'est|je (?:suis|habite|demeure)"
    r"(?: au| à| à l'adresse)?|"
    r"j'habite(?: au| à)?|mon adresse(?: est| c'est)?|l'adresse(?: est| c'est)?|adresse|au)\b"
    r"[\s:,]*)+",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    r"(?:[\s,.]+(?:voilà|merci|s'il (?:vous )?plaît|svp|c'est (?:ça|tout)))+\W*$", re.IGNORECASE
)
_HESITATION = re.compile(r"\b(?:euh|heu|hum)\b[\s,.…]*", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<!\d)(\d{2} ?\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; those not given are empty."""

    number: str = ""
    way: str = ""
    complement: str = ""
    postcode: str = ""
    town: str = ""

    def line(self) -> str:
        street = f"{self.number} {self.way}".strip()
        head = ", ".join(part for part in (self.complement, street) if part)
        tail = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (head, tail) if part)


def _title(text: str, hyphens: bool = False) -> str:
    """Capitals for a way's or a town's name written all in one case."""
    words = re.split(r"([ '-])", " ".join(text.replace("’", "'").split()))
    if text not in (text.lower(), text.upper()):
        done = words
    else:
        done = [
            word.lower() if index and fold(word) in _SMALL else word[:1].upper() + word[1:].lower()
            for index, word in enumerate(words)
        ]
    out = "".join(done)
    if hyphens:
        out = re.sub(r"\b(St|Ste|Saint|Sainte)[ -](?=\w)", _saint, out)
        out = re.sub(r" (sur|sous|lès|les|en|et|de|du|des|la|le|aux) (?=\w)", _linked, out)
    return out


def _saint(match: re.Match[str]) -> str:
    return "Sainte-" if match.group(1) in ("Ste", "Sainte") else "Saint-"


def _linked(match: re.Match[str]) -> str:
    """Inside a town's name (« Ivry sur Seine »), but not after its article (« La Ferté »)."""
    return f"-{match.group(1)}-"


def _figures(text: str) -> str:
    """Numbers in words turned into figures: the house number and the postcode."""
    tokens = tokenize(text)
    numbers = Numbers(tokens)
    out: list[str] = []
    at = last = 0
    while at < len(tokens):
        end, digits = _digits(numbers, at, first=not out or at == 0)
        if digits:
            out += [text[last : tokens[at].start], digits]
            last, at = tokens[end - 1].end, end
        else:
            at += 1
    return "".join([*out, text[last:]])


def _digits(numbers: Numbers, at: int, first: bool) -> tuple[int, str]:
    """The run of number words at ``at``, as a house number (first) or as a postcode."""
    tokens = numbers.tokens
    stop = at
    while stop < len(tokens) and (
        says_number(tokens[stop])
        or _sounds_so(tokens, stop)
        or tokens[stop].word in ("double", "triple", "fois", "zeros")
        or (tokens[stop].word == "et" and stop + 1 < len(tokens) and says_number(tokens[stop + 1]))
    ):
        stop += 1
    if stop == at or all(token.is_digits for token in tokens[at:stop]):
        return stop, ""
    found: list[tuple[float, str]] = []
    stack: list[tuple[int, str, float]] = [(at, "", 0.0)]
    while stack:
        here, digits, cost = stack.pop()
        if here == stop:
            found.append((cost + (0.0 if len(digits) == 5 or first else 3.0), digits))
            continue
        steps = [(span.end, str(span.value), span.cost + 0.3) for span in numbers.at(here)]
        if tokens[here].is_digits:
            steps.append((here + 1, tokens[here].word, 0.0))
        many = zeros(tokens, here)
        if many is not None:
            steps.append((many[0], "0" * many[1], 0.0))
        stack += [
            (end, digits + more, cost + extra)
            for end, more, extra in steps
            if end <= stop and len(digits + more) <= 5
        ]
    if not found or (not first and len(min(found)[1]) != 5):
        return stop, ""
    return stop, min(found)[1]


def _sounds_so(tokens: Sequence[Token], at: int) -> bool:
    """A word heard in place of a number's, beside another of its words: « seize mil »."""
    word = tokens[at].word
    if at == len(tokens) - 1:
        return False  # the town: « … mille deux cents Sète »
    if word in FILLERS or word in _SMALL or word == "saint" or word not in number_sounds():
        return False
    around = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(says_number(token) and not token.is_digits for token in around)


def split(text: str) -> Address:
    """The parts of an address written on one line."""
    told = _HESITATION.sub("", text[:300].replace("\n", ", ").replace("’", "'"))
    told = " ".join(_LEAD.sub("", told).split())
    told = _TRAIL.sub("", told)
    told = _figures(told)
    postcodes = [
        match for match in _POSTCODE.finditer(told) if known_place(match.group(1).replace(" ", ""))
    ]
    # A year or a house number is not five digits: the last run of five is the postcode.
    place = postcodes[-1] if postcodes else None
    street = told[: place.start()] if place else told
    town = told[place.end() :] if place else ""
    street = street.strip(" ,;.-")
    town = re.sub(r"(?i),?\s*france\s*$", "", town).strip(" ,;.-")
    if place and not town:
        # « …, Paris 75011 », « … à Paris 75011 »: the town before its postcode.
        before = re.fullmatch(r"(?i)(.*\w)\s*(?:,|\sà\s)\s*([^,\d]+)", street)
        street, town = before.groups() if before else (street, town)
    street = re.sub(r"(?i)\s*,?\s*(?:code postal|à|cp)\s*:?$", "", street)
    number, way, complement = _street(street)
    return Address(
        number=number,
        way=way,
        complement=complement,
        postcode=place.group(1).replace(" ", "") if place else "",
        town=_title(town.strip(), hyphens=True),
    )


def _street(street: str) -> tuple[str, str, str]:
    """(number, way, complement) of what precedes the postcode."""
    words = "|".join(sorted((re.escape(word) for word in _WAYS), key=len, reverse=True))
    way = rf"(?P<way>{words}|allée|allées|montée|cité|résidence|côte)(?!\w)\.?\s*(?P<rest>.*)$"
    number = r"(?<!\w)(?P<number>\d{1,4})\s*(?P<suffix>bis|ter|quater|[a-d])?\s*,?\s+"
    match = re.search(number + way, street, re.IGNORECASE) or re.search(
        rf"(?<!\w)(?P<number>)(?P<suffix>){way}", street, re.IGNORECASE
    )
    if match is None:
        return "", _title(street), ""
    before = street[: match.start()].strip(" ,;-")
    kind = _WAYS[fold(match.group("way"))]
    rest, _, after = match.group("rest").strip(" ,;-").partition(",")
    number, suffix = match.group("number"), match.group("suffix")
    if suffix:
        number = (
            f"{number} {suffix.lower()}" if fold(suffix) in _REPEATS else number + suffix.upper()
        )
    way = f"{kind} {_name(rest.strip())}".strip()
    extra = ", ".join(part for part in (before, after.strip(" ,;-")) if part)
    return number, way, extra


def _name(rest: str) -> str:
    """A way's name: its article stays small (« des Lilas »), the rest takes capitals."""
    if rest not in (rest.lower(), rest.upper()):
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
    told = _HESITATION.sub("", text[:300].replace("\n", ", ").replace("’", "'"))
    told = " ".join(_LEAD.sub("", told).split())
    told = _TRAIL.sub("", told)
    told = re.sub(r"\s*,[\s,]*", ", ", told).strip(" ,;.")
    place, _, country = told.rpartition(", ")
    return told if is_country(country) and len(place.split()) > 1 else ""


_FIVE_FIGURES = re.compile(r"(?<!\d)\d{5}(?!\d)")


def parse(text: str, spoken: bool = False) -> Reading:
    again = _repaired(text[:600])
    if again:
        reading = parse(again, spoken)
        if reading.value is not None:
            return reading
    abroad = _abroad(text)
    if abroad:
        return unsure(abroad, f"J'ai noté une adresse à l'étranger : {abroad}. Est-ce bien cela ?")
    address = split(text)
    if not address.way or not any(char.isalpha() for char in address.way):
        return refused(f"Je n'ai pas reconnu d'adresse. Donnez-la en entier, {EXAMPLE}.")
    if not address.postcode and not re.search(r"\d+\s|\s", address.line()):
        return refused(f"Je n'ai pas reconnu d'adresse. Donnez-la en entier, {EXAMPLE}.")
    if not address.postcode and (figures := _FIVE_FIGURES.search(text)):
        return refused(
            f"Le code postal {figures.group()} n'existe pas. Donnez l'adresse, {EXAMPLE}."
        )
    if not address.postcode:
        return refused(
            f"Il manque le code postal dans « {address.line()} ». Donnez l'adresse, {EXAMPLE}."
        )
    if not any(char.isalpha() for char in address.town):
        return refused(f"Il manque la ville après {address.postcode}. Donnez l'adresse, {EXAMPLE}.")
    value = address.line()
    first = address.way.split()[0]
    if not address.number and first not in _NO_NUMBER:
        return unsure(value, f"Il n'y a pas de numéro dans « {value} ». Est-ce bien cela ?")
    if spoken:
        return unsure(value, f"J'ai noté : {value}. Est-ce bien cela ?")
    return sure(value)
