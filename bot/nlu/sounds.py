"""How French words sound, roughly: so that « kel papié » and « quel papier » are alike.

Not a transcription: a key under which the usual misspellings, SMS spellings and transcription
errors of a word fall together. Rules are applied in order on an unaccented lower-case word.
"""

import re
from functools import lru_cache

_RULES = [
    (r"^(h|')", ""),
    (r"ph", "f"),
    (r"(?<!c)h", ""),
    (r"(qu|q|ck)", "k"),
    (r"sch|ch|sh", "#"),
    (r"sc(?=[eiy])", "s"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"ge(?=[aou])", "j"),
    (r"g(?=[eiy])", "j"),
    (r"gu(?=[eiy])", "g"),
    (r"gn", "n"),
    (r"x(?=[aeiouy])", "ks"),
    (r"tion", "sj3"),
    (r"(er|ez|et|est|ais|ait|aient|ai|ei|ee|es)$", "e"),
    (r"(ent|e)$", ""),
    (r"eau|au", "o"),
    (r"oin", "w1"),
    (r"oi|oy", "wa"),
    (r"ou", "u"),
    (r"(ain|ein|aim|in|im|yn|ym|un|um)(?![aeiouynm])", "1"),
    (r"(an|am|en|em|aon)(?![aeiouynm])", "2"),
    (r"(on|om)(?![aeiouynm])", "3"),
    (r"oeu|eu|oe", "e"),
    (r"ai|ei|ay|ey", "e"),
    (r"ill|ll(?=[ei])|y", "i"),
    (r"(?<=[aeiou123])s(?=[aeiou123])", "z"),
    (r"(.)\1+", r"\1"),
    (r"(?<=..)[stdxpz]+$", ""),
]
_COMPILED = [(re.compile(pattern), replacement) for pattern, replacement in _RULES]


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The key of a word's sound; the word itself when it holds digits."""
    if not word.isalpha():
        return word
    key = word
    for pattern, replacement in _COMPILED:
        key = pattern.sub(replacement, key)
    return key or word
