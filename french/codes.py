"""Codes: numéro de formule, code de cession, five-digit code, postcode.

Shapes: formule, 2 or 4 digits (the year), 2 letters, 5 digits (HistoVec also takes 3 digits at
its head); code de cession, 5 letters or digits, as sources differ; postcodes, 5 digits whose
first two or three name a department or an overseas territory.
"""

import re

from french import figures, lattice
from french.choosing import choose, confirm
from french.numerals import digit_words
from french.reading import Reading, refused, sure, unsure
from french.shapes import Shape


def _joined(prefix: str, piece: str) -> float:
    """Any short word fits where letters and digits mix: words read as letters are doubted."""
    return 2.5 if len(piece) > 1 and piece.isalpha() and len(set(piece)) > 1 else 0.0


def _single(prefix: str, piece: str) -> float:
    """In a long code, « deux k » is 2 and K rather than two K."""
    twice = len(piece) == 2 and piece.isalpha() and piece[0] == piece[1]
    return 1.3 if twice else _joined(prefix, piece)


CODE5_SHAPE = Shape(["DDDDD"])
FORMULE_SHAPE = Shape(["DDLLDDDDD", "DDDDLLDDDDD"])
CESSION_SHAPE = Shape(["*****"], _joined)
FILE_CODE_SHAPE = Shape(["*" * size for size in range(6, 25)], _single)


def _place(prefix: str, piece: str) -> float:
    """« quatre-vingt-dix-sept mille quatre cents » or two digits, then three."""
    whole = len(prefix + piece)
    return 0.3 if len(prefix) < 2 < whole and len(piece) > 1 else 0.0


POSTCODE_SHAPE = Shape(["DDDDD"], _place)

NO_FORMULE = (
    "Je n'ai pas reconnu de numéro de formule. Il compte quatre chiffres (parfois deux), "
    "deux lettres, puis cinq chiffres, par exemple 2019AB12345."
)
NO_CODE5 = "Je n'ai pas reconnu le code. Il compte cinq chiffres : dites-les un par un."
NO_CESSION = (
    "Je n'ai pas reconnu de code de cession. Il compte cinq chiffres ou lettres : "
    "donnez-les un par un."
)
NO_FILE_CODE = (
    "Je n'ai pas reconnu de code. Dites ses lettres et ses chiffres un par un, sans rien d'autre."
)
_EXAMPLE_POSTCODE = "Il compte cinq chiffres, par exemple 75011."
NO_POSTCODE = f"Je n'ai pas reconnu de code postal. {_EXAMPLE_POSTCODE}"

_PLACES = frozenset(
    [f"{number:02d}" for number in range(1, 96)]
    + ["971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988"]
)


def _same(value: str) -> str:
    return value


def _digits_only(text: str, length: int) -> str | None:
    """The one run of digits of a message that is nothing else, marks and spaces aside."""
    bare = re.sub(r"[\s.,;:!?\-'\"]", "", text)
    return bare if bare.isascii() and bare.isdigit() and len(bare) == length else None


def _wrong_length(text: str, problem: str) -> str:
    bare = re.sub(r"[\s.\-]", "", text)
    if bare.isascii() and bare.isdigit() and len(bare) != 5:
        count = f"{len(bare)} chiffre{'s' if len(bare) > 1 else ''}"
        return f"Vous avez donné {count}, il en faut cinq. Pouvez-vous vérifier ?"
    return problem


_OTHER = re.compile(r"\b[cs]erfa", re.IGNORECASE)  # a form's number has five digits too


def parse_code5(text: str) -> Reading:
    if _OTHER.search(text):
        return refused(NO_CODE5)
    exact = _digits_only(text, 5)
    if exact:
        return sure(exact)
    return choose(lattice.read(text, CODE5_SHAPE), _same, _wrong_length(text, NO_CODE5))


def parse_cession(text: str) -> Reading:
    if _OTHER.search(text):
        return refused(NO_CESSION)
    bare = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"[A-Za-z0-9]{5}", bare) and (
        " " not in text.strip() and (any(char.isdigit() for char in bare) or bare.isupper())
    ):
        return sure(bare.upper())
    return choose(lattice.read(text, CESSION_SHAPE), _same, NO_CESSION)


def parse_formule(text: str) -> Reading:
    bare = re.sub(r"[\s.\-]", "", text).upper()
    match = re.fullmatch(r"(\d{2,4})([A-Z]{2})(\d{5})", bare)
    if match and bare.isascii():
        reading = sure(bare)
    else:
        reading = choose(lattice.read(text, FORMULE_SHAPE), _same, NO_FORMULE)
    if reading.value is None or reading.doubt:
        return reading
    head = re.match(r"\d+", reading.value)
    digits = head.group() if head else ""
    if len(digits) == 3 or (len(digits) == 4 and not "1990" <= digits <= "2099"):
        return unsure(
            reading.value,
            f"Ce numéro commence d'ordinaire par une année. Est-ce bien {reading.value} ?",
        )
    return reading


def known_place(value: str) -> bool:
    """Whether a postcode's head names a department or a territory (20 is Corsica)."""
    return value[:2] in _PLACES or value[:3] in _PLACES


def parse_file_code(text: str) -> Reading:
    """A long code of letters and figures, as a photographer's slip bears; any written one fits."""
    bare = re.sub(r"[\s.\-]", "", text).upper()
    if re.fullmatch(r"[A-Z0-9]{6,24}", bare) and any(char.isdigit() for char in bare):
        return sure(bare)
    return choose(lattice.read(text, FILE_CODE_SHAPE), _same, NO_FILE_CODE)


def normal_formule(bare: str) -> str | None:
    return bare if re.fullmatch(r"\d{2,4}[A-Z]{2}\d{5}", bare) else None


def normal_cession(bare: str) -> str | None:
    return bare if re.fullmatch(r"[A-Z0-9]{5}", bare) else None


def parse_postcode(text: str) -> Reading:
    if _OTHER.search(text):
        return refused(NO_POSTCODE)
    exact = _digits_only(text, 5)
    inside = re.findall(r"(?<![\w-])\d{2} ?\d{3}(?!\w)", text)
    if exact is None and len(inside) == 1:
        exact = inside[0].replace(" ", "")
    if exact:
        reading = sure(exact)
    elif short := _without_its_zero(text):
        reading = unsure(short, confirm(short, _same))
    else:
        found = [
            item._replace(cost=item.cost + (0.0 if known_place(item.value) else 2.0))
            for item in lattice.read(text, POSTCODE_SHAPE)
        ]
        reading = choose(found, _same, _wrong_length(text, NO_POSTCODE))
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
    said = figures.parse(text).value or ""
    return f"0{said}" if len(said) == 4 and not re.search(r"\d", text) else None


def say_each(value: str) -> str:
    """« 00719 » -> « zéro, zéro, sept, un, neuf »."""
    return ", ".join(digit_words(char) if char.isdigit() else char for char in value)


def say_postcode(value: str) -> str:
    """« 75011 » -> « soixante-quinze, zéro onze »."""
    if not (value.isascii() and value.isdigit() and len(value) == 5):
        return value
    return f"{digit_words(value[:2])}, {digit_words(value[2:])}"


def say_formule(value: str) -> str:
    """« 2019AB12345 » -> « deux mille dix-neuf, A, B, un, deux, trois, quatre, cinq »."""
    match = re.fullmatch(r"(\d{2,4})([A-Z]{2})(\d{5})", value)
    if match is None:
        return value
    head, letters, tail = match.groups()
    return ", ".join([digit_words(head), *letters, say_each(tail)])


_FORMULE = re.compile(r"(?<![\w-])((?:19|20)?\d{2})[ -]?([A-Z]{2})[ -]?(\d{5})(?![\w-])", re.I)
_POSTCODE = re.compile(
    r"(?:(?:code postal|cp)\D{0,12}?(?P<told>\d{2} ?\d{3})(?!\d))"
    r"|(?<![\w-])(?P<placed>\d{5})(?= +(?![A-Z]{2}\d)[A-ZÀ-Ý][\w'-]{2})"
)


# A code de cession looks like nothing else only where it is called so.
_CESSION = re.compile(
    r"\bcode(?: de cession)?\b(?:[ ,:=]|\best\b|\bc['’ ]?est\b|\bc\b){0,4}"
    r"(?P<code>(?=[A-Z]{0,4}\d)[A-Z0-9]{5})(?![\w-])",
    re.IGNORECASE,
)


def find_cession(text: str) -> list[tuple[str, int, int]]:
    """« le code de cession c'est 48K7P »; other codes have a name of their own."""
    return [(m["code"].upper(), m.start(), m.end()) for m in _CESSION.finditer(text)]


def find_formule(text: str) -> list[tuple[str, int, int]]:
    return [
        ("".join(match.groups()).upper(), match.start(), match.end())
        for match in _FORMULE.finditer(text)
    ]


def find_postcode(text: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for match in _POSTCODE.finditer(text):
        group = "told" if match.group("told") else "placed"
        value = match.group(group).replace(" ", "")
        if known_place(value):
            found.append((value, match.start(group), match.end(group)))
    return found
