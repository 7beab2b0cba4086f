"""The shapes a dictated code may take, as templates of one character class a position.

``D`` a digit, ``N`` a digit but 0, ``L`` a letter, ``*`` either; any other character stands for
itself (``w`` for a literal W, so that ``L`` and ``D`` keep their meaning).
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CLASSES: dict[str, frozenset[str]] = {
    "D": _DIGITS,
    "N": _DIGITS - {"0"},
    "L": _LETTERS,
    "*": _DIGITS | _LETTERS,
}

# A further cost for saying ``piece`` once ``prefix`` has been said.
Price = Callable[[str, str], float]


def _free(prefix: str, piece: str) -> float:
    return 0.0


class Shape:
    """A set of templates, and what it costs to fill them piece by piece."""

    def __init__(self, templates: Iterable[str], price: Price = _free) -> None:
        self.templates = tuple(dict.fromkeys(templates))
        self.price = price
        self._rows = [
            tuple(_CLASSES.get(char, frozenset(char.upper())) for char in template)
            for template in self.templates
        ]
        self.longest = max(map(len, self.templates))
        used = {char for row in self._rows for allowed in row for char in allowed}
        self.has_digits = bool(used & _DIGITS)
        self.has_letters = bool(used & _LETTERS)
        self.has_plus = "+" in used
        self.live = lru_cache(maxsize=50_000)(self._live)

    def _live(self, prefix: str) -> bool:
        """Whether ``prefix`` can still become a value."""
        return any(self._matches(row, prefix) for row in self._rows)

    def complete(self, value: str) -> bool:
        return any(len(row) == len(value) and self._matches(row, value) for row in self._rows)

    @staticmethod
    def _matches(row: tuple[frozenset[str], ...], prefix: str) -> bool:
        return len(prefix) <= len(row) and all(
            char in allowed for char, allowed in zip(prefix, row, strict=False)
        )
