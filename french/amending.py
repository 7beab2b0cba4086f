"""Corrections of one place of a value: « non, b comme bravo »."""

from collections.abc import Callable, Iterator

from french import lattice
from french.shapes import Shape

# Letters that are taken for one another on a telephone, by their names.
_ALIKE = ("BPDTVGC", "MN", "FSX", "AHK", "QU", "IJG", "LRN", "ZD", "EAI")
_TWINS = ("BP", "DT", "BV", "MN", "FS", "GJ", "CS", "QU", "SX", "AK", "DZ")
_FRAGMENTS = {
    "letters": Shape(["L", "LL", "LLL"]),
    "digits": Shape(["D", "DD", "DDD", "DDDD"]),
}


def amended(value: str, text: str, normal: Callable[[str], str | None]) -> str | None:
    """``value`` with the fragment that ``text`` says put where it fits best; None where unsure."""
    bare = "".join(char for char in value if char.isalnum())
    for shape in _FRAGMENTS.values():
        read = lattice.read(text, shape)
        if not read or read[0].risk >= 1:
            continue
        ranked = sorted(_places(bare, read[0].value))
        if ranked and (len(ranked) == 1 or ranked[1][0] > ranked[0][0]):
            at = ranked[0][1]
            return normal(bare[:at] + read[0].value + bare[at + len(read[0].value) :])
    return None


def _places(bare: str, said: str) -> Iterator[tuple[int, int]]:
    """(unlikeness, index) of the places of ``bare`` that ``said`` may correct."""
    size = len(said)
    for at in range(len(bare) - size + 1):
        there = bare[at : at + size]
        whole = (at == 0 or bare[at - 1].isdigit() != there[0].isdigit()) and (
            at + size == len(bare) or bare[at + size].isdigit() != there[-1].isdigit()
        )
        alike_kind = there.isdigit() == said.isdigit() and there.isalpha() == said.isalpha()
        if there == said or not alike_kind or (size > 1 and not whole):
            continue
        yield sum(_unlike(old, new) for old, new in zip(there, said, strict=True)), at


def _unlike(old: str, new: str) -> int:
    if old == new:
        return 0
    if any(old in twins and new in twins for twins in _TWINS):
        return 1
    return 2 if any(old in group and new in group for group in _ALIKE) else 4
