"""A dossier's number and code as callers dictate them."""

import random
from collections.abc import Callable

import pytest

from channels.phone.recall import read_code, read_number
from dossiers import numbers

DIGITS = "zéro un deux trois quatre cinq six sept huit neuf".split()
NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliette kilo lima mike novembre "
    "oscar papa québec roméo sierra tango uniforme victor whisky xray yankee zoulou"
).split()
FRENCH = (
    "anatole berthe célestin désiré eugène françois gaston henri irma joseph kléber louis marcel "
    "nicolas oscar pierre quintal raoul suzanne thérèse ursule victor william xavier yvonne zoé"
).split()


def _each(code: str, letter: Callable[[str], str]) -> str:
    return " ".join(DIGITS[int(c)] if c.isdigit() else letter(c) for c in code if c != "-")


STYLES: dict[str, Callable[[str], str]] = {
    "letters": lambda code: _each(code, str.lower),
    "nato": lambda code: _each(code, lambda c: NATO[ord(c) - ord("A")]),
    "french": lambda code: _each(code, lambda c: FRENCH[ord(c) - ord("A")]),
    "as in": lambda code: _each(code, lambda c: f"{c.lower()} comme {FRENCH[ord(c) - ord('A')]}"),
    "written": lambda code: code,
    "in one go": lambda code: code.replace("-", ""),
    "in two groups": lambda code: code.replace("-", " ").lower(),
}


@pytest.mark.parametrize("style", STYLES)
def test_numbers_and_codes_are_read(style: str) -> None:
    chance = random.Random(7)
    for _ in range(60):
        number, code = numbers.new_number(), numbers.new_secret()
        say = STYLES[style]
        opening = chance.choice(["", "c'est le ", "euh alors ", "mon numéro de dossier c'est "])
        assert read_number(opening + say(number)) == number
        if style == "in two groups" and not any(c.isdigit() for c in code):
            continue  # ordinary words, in writing
        assert read_code("le code est " + say(code)) == code


@pytest.mark.parametrize(
    "text", ["", "je ne sais plus", "oui", "attendez je cherche", "r p", "carte grise", "un deux"]
)
def test_other_words_are_neither(text: str) -> None:
    assert read_number(text) is None
    assert read_code(text) is None


def test_one_wrong_character_is_no_number() -> None:
    for _ in range(200):
        number = numbers.new_number()
        place = random.choice([3, 4, 5, 6, 8, 9, 10, 11])
        others = [c for c in numbers.ALPHABET if c != number[place]]
        wrong = number[:place] + random.choice(others) + number[place + 1 :]
        assert read_number(_each(wrong, str.lower)) != wrong
