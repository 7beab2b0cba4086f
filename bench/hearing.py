"""What a caller makes of what the guide says."""

import re
from collections.abc import Iterator

from french.numerals import words
from french.verbal import abbreviations, in_short


def brief(lines: list[str]) -> list[str]:
    """Lines with no abbreviation said in full, whether they are the first to say it or not."""
    return in_short(lines, list(abbreviations()))


def bare(text: str) -> str:
    """Words without the marks between them."""
    return " ".join(re.sub(r"[.,:;?!]", " ", text).split())


def characters(text: str) -> str:
    """Spelled characters put together: « R, P, sept, K » -> « RP7K »."""
    digits = {words(n): str(n) for n in range(10)}
    digits |= {word.capitalize(): digit for word, digit in digits.items()}
    single = rf"(?:[A-Z]|\d|{'|'.join(digits)})"
    run = re.compile(rf"(?<!\w){single}(?:[,.]? {single})+(?!\w)")
    return run.sub(
        lambda found: "".join(
            digits.get(part, part) for part in re.split(r"[,.]? ", found.group())
        ),
        text,
    )


def spoken_characters(code: str) -> Iterator[str]:
    for char in code:
        yield words(int(char)) if char.isdigit() else char.lower()
