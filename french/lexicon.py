"""The sounds of letters, numbers and names, from ``homophones.yml``."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from french.plain import fold

NAME_COST = 0.1
SOUND_COST = 1.0
FAINT_COST = 2.6  # enough to be confirmed


class Sound(NamedTuple):
    """``text`` may stand behind a word, at ``cost`` (0 when the word says just that)."""

    text: str
    cost: float


@cache
def _data() -> dict[str, Any]:
    path = Path(__file__).with_name("homophones.yml")
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise ValueError(f"{path.name} must hold a mapping")
    return loaded


@cache
def letters() -> dict[str, tuple[Sound, ...]]:
    """Folded word -> the letters it may say."""
    table: dict[str, list[Sound]] = {}
    for letter, groups in _data()["letters"].items():
        table.setdefault(letter.lower(), []).append(Sound(letter, 0.0))
        for group, cost in (
            ("names", NAME_COST),
            ("alphabet", NAME_COST),
            ("sounds", SOUND_COST),
            ("faint", FAINT_COST),
        ):
            for word in groups.get(group, ()):
                table.setdefault(fold(word), []).append(Sound(letter, cost))
    return {word: tuple(sounds) for word, sounds in table.items()}


@cache
def letter_phrases() -> dict[tuple[str, ...], str]:
    """Several folded words -> the one letter they name (« i grec »)."""
    return {
        tuple(fold(phrase).split()): letter
        for letter, phrases in _data()["phrases"].items()
        for phrase in phrases
    }


@cache
def number_sounds() -> dict[str, str]:
    """Folded word -> the number word it sounds like (« sans » -> « cent »)."""
    return {fold(word): number for number, words in _data()["numbers"].items() for word in words}


@cache
def spellings() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded words of a name -> its one-word spellings, the most frequent first."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for group in _data()["spellings"]:
        written = tuple(dict.fromkeys(name for name in group if " " not in name))
        for name in group:
            table[tuple(name.split())] = written
    return table


@cache
def plain_names() -> frozenset[str]:
    return frozenset(_data()["plain"])


@cache
def domains() -> dict[str, str]:
    """A mail domain or one of its deformations -> the domain."""
    table: dict[str, str] = {}
    for domain, slips in _data()["domains"].items():
        for slip in slips:
            table[slip] = domain
    for domain in _data()["domains"]:
        table[domain] = domain
    return table


@cache
def alphabet_said() -> tuple[str, ...]:
    """The words of the spelling alphabets, the postal one first: what a recogniser may expect."""
    groups = [groups.get("alphabet", ()) for groups in _data()["letters"].values()]
    return tuple(
        dict.fromkeys(
            word for rank in (0, 1) for words in groups for word in words[rank : rank + 1]
        )
    )


@cache
def digits_said() -> tuple[str, ...]:
    """The words of numbers that people dictate, as a recogniser writes them."""
    return tuple(str(word) for word in _data()["dictated_numbers"])
