"""The one way to make words comparable, and the one list of those that carry nothing.

``plain`` gives the words of a text in lower case, without accents, apostrophes or punctuation;
``words`` gives them with their places. ``cleaned`` makes any Unicode text readable (accents put
together, one apostrophe, one space) and says where each character was.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "ß": "ss"})
_APOSTROPHES = "’ʼ‘`´′＇"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_BREAK = re.compile(r"[,;:.!?\n()«»\"/]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, normalised; ``apart``: a mark stands between it and the one before."""

    word: str
    start: int
    end: int
    apart: bool = False


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or curly apostrophes."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(char for char in bare if not unicodedata.combining(char))


def flat(text: str) -> str:
    """Folded character by character: as long as ``text``, so that places are kept."""
    return "".join((fold(char) or char)[0] for char in text)


def plain(text: str) -> str:
    """The words of a text, one space between them."""
    return " ".join(_WORD.findall(fold(text)))


def words(text: str) -> list[Word]:
    """The words of a text with their places in it."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        apart = _BREAK.search(text, end, match.start()) is not None
        found.append(Word(fold(match.group()), match.start(), match.end(), apart))
        end = match.end()
    return found


def cleaned(text: str) -> tuple[str, list[int]]:
    """The text made readable, and where each of its characters (and its end) was."""
    out: list[str] = []
    places: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = _readable(text[start:end])
        out.append(piece)
        places += [start] * len(piece)
        start = end
    return "".join(out), [*places, len(text)]


def clean(text: str) -> str:
    return cleaned(text)[0]


def _readable(cluster: str) -> str:
    if cluster.isascii() and cluster.isprintable():
        return cluster
    if cluster in _APOSTROPHES:
        return "'"
    category = unicodedata.category(cluster[0])
    if category == "Cf":
        return ""
    if category[0] == "C" or category in ("Zs", "Zl", "Zp"):
        return "\n" if cluster in "\n\u2028\u2029" else " "
    return unicodedata.normalize("NFC", cluster).replace("‑", "-").replace("‐", "-")


@cache
def listed(name: str) -> Mapping[str, Any]:
    """The entries of a word list of this package: ``name.yml``."""
    path = Path(__file__).with_name(f"{name}.yml")
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise ValueError(f"{path.name} must hold a mapping")
    return loaded


@cache
def spelled_words(name: str, entry: str) -> frozenset[str]:
    """The words of an entry, folded as they are spelled (« j'ai »)."""
    return frozenset(fold(str(listed(name)[entry])).split())


@cache
def word_list(name: str, entry: str) -> frozenset[str]:
    """The words of an entry, normalised (« j'ai » gives « j » and « ai »)."""
    return frozenset(plain(str(listed(name)[entry])).split())


@cache
def phrase_list(name: str, entry: str) -> tuple[str, ...]:
    """The phrases of an entry, normalised, the longest first."""
    told = {plain(str(phrase)) for phrase in listed(name)[entry]}
    return tuple(sorted(told, key=lambda phrase: (-len(phrase), phrase)))


def any_of(name: str, entry: str) -> str:
    """One expression that any of the expressions of an entry matches, as they are written."""
    for pattern in listed(name)[entry]:
        if not isinstance(pattern, str):
            raise ValueError(f"{name}.yml: {entry}: {pattern!r} must stand between quotes")
    return f"(?:{'|'.join(listed(name)[entry])})"


def fillers(*groups: str) -> frozenset[str]:
    """The words of these groups of fillers.yml; of all of them without a name."""
    names: Sequence[str] = groups or tuple(listed("fillers"))
    return frozenset().union(*(word_list("fillers", name) for name in names))


def telling(text: str) -> list[str]:
    """The words of a text that carry something."""
    empty = fillers("hesitations", "asides", "openings", "polite", "light")
    return [word for word in plain(text).split() if word not in empty]


def glued(found: Sequence[Word]) -> bool:
    """Whether no mark stands between these words."""
    return not any(after.apart for _, after in pairwise(found))
