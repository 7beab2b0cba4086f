"""The choices that a text names, those that it denies left out (« pas volée, mais perdue »)."""

import re
from collections.abc import Sequence

from bot.actions.phrases import Phrases, bare
from knowledge.schema import Champ

# Words that may stand between a negation and what it denies: « pas pour un vol ».
_DENIAL = re.compile(
    r"\b(?:pas|ni|jamais|sans)(?: (?:un|une|le|la|les|de|du|des|d|l|pour|vraiment|ete)){0,3}$"
)

# « passez-moi », « aide-moi »: no « moi » that answers.
_ORDER = re.compile(r"\b(?:\w{2,}ez|dis|passe|aide|laisse|donne|explique|rappelle)$")

FEW_CHOICES = 4
_SMALL = Phrases(__file__).words("small")
# What may come before a choice that is given alone: « c'est pour ma mère ».
_FOR = re.compile(r"^(c est |ce sera |plutot )?(pour |avec |en |a )?")


def named(champ: Champ, text: str) -> str | None:
    """The only choice one of whose names stands in the text; longer names count first.

    Among few choices, two that are named (« perdue ou volée ? ») tell none; in a long list the
    longest name is the likeliest.
    """
    hits = _hits(champ, text)
    if len(champ.choices) <= FEW_CHOICES and len(_apart(hits)) > 1:
        return None
    found = named_at_length(champ, text)
    return found[0] if found else None


def named_at_length(champ: Champ, text: str) -> tuple[str, int] | None:
    """The choice that a text names, with the length of the name that stands in it."""
    hits = _hits(champ, text)
    if not hits:
        return None
    best = max(map(len, hits.values()))
    longest = [value for value, name in hits.items() if len(name) == best]
    return (longest[0], best) if len(longest) == 1 else None


def others_named(champ: Champ, value: str | None, text: str) -> bool:
    """Whether a text names other choices than this one."""
    return any(other != value for other in _apart(_hits(champ, text)))


def _hits(champ: Champ, text: str) -> dict[str, str]:
    """The choices that a text names, each with the longest of its names that stands in it."""
    plain = f" {bare(text)} "
    hits: dict[str, str] = {}
    for choice in champ.choices:
        for name in (choice.label, *choice.names):
            key = bare(name)
            if len(key) > 2 and _affirmed(plain, key):
                hits[choice.value] = max(hits.get(choice.value, ""), key, key=len)
    return hits


def _apart(hits: dict[str, str]) -> list[str]:
    """The choices whose name is no part of another's (« certifié », in « pas certifié »)."""
    return [
        value
        for value, name in hits.items()
        if not any(f" {name} " in f" {other} " for v, other in hits.items() if v != value)
    ]


def composed(fields: Sequence[Champ], text: str, least: int = 0) -> dict[str, str]:
    """The choices that make up a whole message, name after name (« certifié pour moi »).

    With ``least``, a part of the message, when it has as many names.
    """
    words = bare(text).split()
    names = _names(fields)
    for start in range(len(words) if least else 1):
        for end in range(len(words), start, -1) if least else (len(words),):
            found = _made_of(words[start:end], names)
            if found and len(found) >= least:
                return found
    return {}


def _names(fields: Sequence[Champ]) -> dict[tuple[str, ...], tuple[str, str]]:
    """The field and the choice that a name stands for; none for a name of two choices."""
    meant: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for champ in fields:
        for choice in champ.choices:
            for name in (choice.label, *choice.names):
                meant.setdefault(tuple(bare(name).split()), set()).add((champ.id, choice.value))
    return {name: next(iter(which)) for name, which in meant.items() if len(which) == 1}


def _made_of(
    words: list[str], names: dict[tuple[str, ...], tuple[str, str]]
) -> dict[str, str] | None:
    """The choices of a message that has no word besides their names and small words."""
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        size = next(
            (n for n in range(len(words) - at, 0, -1) if tuple(words[at : at + n]) in names), 0
        )
        if size:
            slot, value = names[tuple(words[at : at + size])]
            if found.setdefault(slot, value) != value:
                return None
        elif words[at] not in _SMALL:
            return None
        at += size or 1
    return found


def enumerated(champ: Champ, items: set[str]) -> str | None:
    """The only choice that one of these items is, word for word."""
    said = items | {_FOR.sub("", item) for item in items}
    hits = {c.value for c in champ.choices if said & {bare(n) for n in (c.label, *c.names)}}
    return hits.pop() if len(hits) == 1 else None


def _affirmed(plain: str, key: str) -> bool:
    """Whether a name stands in a text somewhere that no negation bears on it."""
    start = plain.find(f" {key} ")
    while start >= 0:
        ordered = key.startswith("moi") and _ORDER.search(plain[:start])
        if not _DENIAL.search(plain[:start]) and not ordered:
            return True
        start = plain.find(f" {key} ", start + 1)
    return False
