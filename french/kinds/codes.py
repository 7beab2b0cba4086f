"""What the codes have in common: their shapes, and what is said of them."""

import re

from french.numerals import digit_words


def joined(prefix: str, piece: str) -> float:
    """Any short word fits where letters and digits mix: words read as letters are doubted."""
    return 2.5 if len(piece) > 1 and piece.isalpha() and len(set(piece)) > 1 else 0.0


def same(value: str) -> str:
    return value


def digits_only(text: str, length: int) -> str | None:
    """The one run of digits of a message that is nothing else, marks and spaces aside."""
    bare = re.sub(r"[\s.,;:!?\-'\"]", "", text)
    return bare if bare.isascii() and bare.isdigit() and len(bare) == length else None


def wrong_length(text: str, problem: str) -> str:
    bare = re.sub(r"[\s.\-]", "", text)
    if bare.isascii() and bare.isdigit() and len(bare) != 5:
        count = f"{len(bare)} chiffre{'s' if len(bare) > 1 else ''}"
        return f"Vous avez donné {count}, il en faut cinq. Pouvez-vous vérifier ?"
    return problem


OTHER = re.compile(r"\b[cs]erfa", re.IGNORECASE)  # a form's number has five digits too


def say_each(value: str) -> str:
    """« 00719 » -> « zéro, zéro, sept, un, neuf »."""
    return ", ".join(digit_words(char) if char.isdigit() else char for char in value)
