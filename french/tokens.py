"""Words of a message, folded, with their place in it."""

import re
from dataclasses import dataclass

from french.plain import fold as fold
from french.plain import listed, spelled_words

# Longer messages hold no value that could be told apart from the rest.
MAX_CHARS = 2000

_PIECE = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*['’ʼ]?|[^\w\s]|_", re.UNICODE)
_HYPHENS = "-‐‑"


def word_set(words: str) -> frozenset[str]:
    """The words of a list written in one string."""
    return frozenset(words.split())


# Words said around a value, or while looking for it, that carry nothing of it.
FILLERS = frozenset().union(
    *(
        spelled_words("fillers", group)
        for group in ("hesitations", "openings", "polite", "around_values")
    )
)

HESITATIONS = frozenset({"euh", "heu", "hum"})

# What people say between a slip and its correction; longest first.
REPAIRS: tuple[tuple[str, ...], ...] = tuple(
    sorted((tuple(fold(phrase).split()) for phrase in listed("denial")["repairs"]), key=len)[::-1]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits or a mark. ``glued``: a hyphen ties it to the one before."""

    word: str
    raw: str
    start: int
    end: int
    glued: bool = False

    @property
    def is_digits(self) -> bool:
        return self.word.isascii() and self.word.isdigit()

    @property
    def is_word(self) -> bool:
        return self.word[:1].isalpha()


def tokenize(text: str) -> list[Token]:
    """Cut ``text``; a hyphen between two words becomes the second one's ``glued``."""
    tokens: list[Token] = []
    text = text[:MAX_CHARS]
    glued = False
    for match in _PIECE.finditer(text):
        raw = match.group()
        start, end = match.span()
        if raw in _HYPHENS and tokens and tokens[-1].end == start and end < len(text):
            before, after = tokens[-1].raw, text[end]
            if before[-1].isalnum() and after.isalnum():
                glued = True
                continue
        tokens.append(Token(fold(raw) or raw, raw, start, end, glued))
        glued = False
    return tokens


def repair_at(tokens: list[Token], index: int) -> int:
    """How many tokens from ``index`` on say that what was just said was wrong (0: none)."""
    for phrase in REPAIRS:
        end = index + len(phrase)
        if tuple(token.word for token in tokens[index:end]) == phrase:
            return len(phrase)
    return 0


def fluently(tokens: list[Token]) -> list[Token]:
    """What was said, without the hesitations."""
    return [token for token in tokens if token.word not in HESITATIONS]


def plain(text: str) -> str:
    """The folded words of ``text``, their apostrophes kept; new code takes ``french.plain``."""
    return " ".join(token.word for token in tokenize(text) if token.word[:1].isalnum())
