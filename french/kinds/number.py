"""Plain numbers: « 3 », « cent vingt mille », « 6 CV », « 1 500 »."""

import re

from french.choosing import between
from french.kinds.base import Kind
from french.numerals import Numbers, words
from french.reading import Reading, refused, sure, unsure
from french.tokens import FILLERS, Token, tokenize, word_set

UNREAD = "Je n’ai pas reconnu de nombre. Donnez-le en chiffres, par exemple 12."
_AROUND = FILLERS - {"un", "une"} | word_set(
    """
    il y elle en je j'en j'ai ai a fait fais font vaut cv ch chevaux cheval kw km kilometres
    kilometre euros euro eur ans an places place personnes personne kg kilos kilo cm3 environ
    ca nous sommes on seulement juste au aux total . , ! : ; € y voiture voitures vehicules
    vehicule fiscaux metres
    """
)
_FIGURES = re.compile(r"(?<![\w.,-])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,9})(?![\w]|[.,]\d)")


def read(text: str) -> Reading:
    """A whole number, as its digits; words that are neither number nor unit are a problem."""
    tokens = tokenize(text)[:60]
    if re.search(r"\d[.,]\d{1,2}(?!\d)", text):
        return refused("Donnez un nombre entier, sans virgule.")
    if re.search(r"(?:^|\s)(?:-\s?\d|moins \w)", text.lower()):
        return refused("Donnez un nombre positif.")
    written = _FIGURES.findall(text)
    if len(written) == 1:
        rest = tokenize(_FIGURES.sub(" ", text))
        if all(token.word in _AROUND for token in rest):
            return sure(str(int(re.sub(r"\D", "", written[0]))))
    ends: list[tuple[float, str]] = []
    numbers = Numbers(tokens)
    for start in range(len(tokens)):
        for span in numbers.at(start):
            outside: list[Token] = [*tokens[:start], *tokens[span.end :]]
            if not span.heard and all(token.word in _AROUND for token in outside):
                ends.append((span.cost, str(span.value)))
    values = list(dict.fromkeys(value for _, value in sorted(ends)))
    if not values:
        return refused(UNREAD)
    if len(values) > 1:
        return unsure(values[0], between(values, str), values[1:])
    return sure(values[0])


def say(value: str) -> str:
    if value.isascii() and value.isdigit() and len(value) <= 6:
        return words(int(value))
    return value


KIND = Kind(
    name="number",
    reads=lambda text, at: read(text),
    says=say,
    called=("nombre",),
    example="12",
    asked_again="Quel est le bon nombre ?",
)
